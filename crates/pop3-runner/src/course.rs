//! The plays of a run, in their order, and what is done when the server ends in between.

use std::cell::RefCell;

use futures_util::stream::{self, StreamExt as _};
use pop3_scenario::event::{ScenarioFinished, ScenarioStarted};
use pop3_scenario::scenario::{Hook, Tier};
use pop3_scenario::verdict::Verdict;

use crate::account::Account;
use crate::plan::Planned;
use crate::run::own_result;
use crate::session::Session;
use crate::slow;

/// After so many ends of the server the rest of the run is not played.
const ENDS_AT_MOST: usize = 30;

/// The id of the result that tells of an end that no scenario brings about alone.
const ENDED: &str = "target/keeps-running";

/// All plays of a run.
#[derive(Clone, Copy)]
pub(crate) struct Course<'c, 'r> {
    pub(crate) session: &'c Session<'r>,
    pub(crate) planned: &'c [Planned<'c>],
    /// Why a scenario is not played, for each of `planned`.
    pub(crate) obstacles: &'c [Option<(Verdict, String)>],
    /// The account of each of `planned`.
    pub(crate) accounts: &'c [Account],
    /// Plays at the same time at most, as the user wishes.
    pub(crate) jobs: Option<usize>,
}

/// What came of a play.
enum Came {
    Result(Box<ScenarioFinished>),
    /// The server ended meanwhile, by this play or by another beside it; the number of
    /// the play.
    Ended(usize),
}

impl Course<'_, '_> {
    /// Plays all, and hands out each result. Why not all were played, if the server could
    /// not be started again.
    pub(crate) async fn run(
        self,
        begun: &dyn Fn(ScenarioStarted),
        finish: &dyn Fn(ScenarioFinished),
    ) -> Option<String> {
        let concurrency = self.session.target.concurrency;
        let mut groups: [Vec<usize>; 4] = Default::default();
        for (index, planned) in self.planned.iter().enumerate() {
            if let Some(group) = groups.get_mut(group(planned) as usize) {
                group.push(index);
            }
        }
        let [others, alone, slow, ending] = groups;
        let jobs = self.jobs.unwrap_or(usize::MAX).min(concurrency).max(1);
        let play = |index| self.play(index, begun);
        let others = stream::iter(others).map(play).buffer_unordered(jobs);
        let others = others.chain(stream::iter(alone).map(play).buffer_unordered(1));
        let slow_ones = stream::iter(slow).map(play).buffer_unordered(slow::slots(concurrency));
        let suspects = RefCell::new(Vec::new());
        let came = |came| {
            match came {
                Came::Result(result) => finish(*result),
                Came::Ended(index) => suspects.borrow_mut().push(index),
            }
            std::future::ready(())
        };
        if slow::beside_the_rest(concurrency) {
            stream::select(slow_ones, others).for_each(came).await;
        } else {
            others.chain(slow_ones).for_each(came).await;
        }
        stream::iter(ending).map(play).buffer_unordered(1).for_each(came).await;
        let given_up = self.look_again(&suspects.into_inner(), finish).await;
        // What a scenario killed is no end of the run.
        given_up.or(self.session.revive().await.err())
    }

    /// Plays one, or says why not.
    async fn play(self, index: usize, begun: &dyn Fn(ScenarioStarted)) -> Came {
        let (Some(planned), Some(obstacle), Some(account)) =
            (self.planned.get(index), self.obstacles.get(index), self.accounts.get(index))
        else {
            return Came::Ended(index);
        };
        let left_out =
            |verdict, why: &str| Came::Result(Box::new(self.session.left_out(planned, verdict, why.to_owned())));
        if let Some((verdict, why)) = obstacle {
            return left_out(*verdict, why);
        }
        if self.session.target.deaths() >= ENDS_AT_MOST {
            return left_out(Verdict::Inconclusive, "not played: the server ended too often before");
        }
        if let Err(why) = self.session.revive().await {
            return left_out(Verdict::Inconclusive, &format!("the server could not be started again: {why}"));
        }
        begun(ScenarioStarted { id: planned.id.clone(), at_ms: self.session.clock.elapsed_ms() });
        let deaths = self.session.target.deaths();
        // Numbers of accounts begin behind that of the first look.
        let result = self.session.play(planned, account, index + 1).await;
        if self.session.target.deaths() > deaths { Came::Ended(index) } else { Came::Result(Box::new(result)) }
    }

    /// Plays those again, one by one, that were under way when the server ended: which of
    /// them is it that ends it?
    async fn look_again(self, suspects: &[usize], finish: &dyn Fn(ScenarioFinished)) -> Option<String> {
        let target = &self.session.target;
        let mut names = Vec::new();
        let mut found = false;
        let mut last_words = String::new();
        for index in suspects {
            let (Some(planned), Some(account)) = (self.planned.get(*index), self.accounts.get(*index)) else {
                continue;
            };
            names.push(planned.id.as_str());
            let revived = self.session.revive().await;
            if revived.is_err() || target.deaths() >= 2 * ENDS_AT_MOST {
                let why = "the server ended while it was played, and it was not played again";
                finish(self.session.left_out(planned, Verdict::Inconclusive, why.to_owned()));
                continue;
            }
            let deaths = target.deaths();
            let mut result = self.session.play(planned, account, index + 1).await;
            if target.deaths() > deaths {
                found = true;
                result.verdict = result.verdict.max(Verdict::Fail);
                let why = target.check_alive().err().unwrap_or_default();
                result.reason = Some(self.session.masked(account, &why));
            }
            if let (true, Err(why)) = (last_words.is_empty(), target.check_alive()) {
                last_words = why;
            }
            finish(result);
        }
        if !names.is_empty() && !found {
            let reason = format!(
                "the server ended by itself while these were played, none of which ends it alone, and was started again: {}",
                names.join(", ")
            );
            finish(own_result(ENDED, "The server runs until it is stopped", reason));
        }
        (target.deaths() >= ENDS_AT_MOST).then(|| {
            let last = target.check_alive().err().unwrap_or(last_words);
            format!("the server ended {} times by itself, and what was left was not played; {last}", target.deaths())
        })
    }
}

/// The order of plays: what takes room or time from others comes behind them, and what
/// ends the server last.
enum Group {
    Others,
    Alone,
    Slow,
    Ending,
}

fn group(planned: &Planned<'_>) -> Group {
    let scenario = planned.scenario;
    let ends = |hook: &Hook| matches!(hook, Hook::Kill | Hook::Restart);
    match () {
        () if scenario.needs.hook.iter().any(ends) => Group::Ending,
        () if scenario.tier == Tier::Slow => Group::Slow,
        () if scenario.plays_alone() => Group::Alone,
        () => Group::Others,
    }
}

//! The plays of a run, in their order, and what is done when the server ends in between.

use std::cell::RefCell;
use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt as _};
use pop3_scenario::event::{ScenarioFinished, ScenarioStarted};
use pop3_scenario::scenario::{Hook, Tier};
use pop3_scenario::verdict::Verdict;

use crate::account::Account;
use crate::plan::Planned;
use crate::run::own_result;
use crate::session::Session;
use crate::slow;
use held::{BELIEVED_AFTER, Came, Held, Suspect};

mod held;

/// After so many ends of the server the rest of the run is not played.
const ENDS_AT_MOST: usize = 30;

/// So often may it end while plays are played again.
const ENDS_AGAIN_AT_MOST: usize = 2 * ENDS_AT_MOST;

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
    /// How often the server had ended before this run.
    pub(crate) ended_before: usize,
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
        let held = RefCell::new(Held::default());
        let came = |came: Option<Came>| {
            if let Some(came) = came {
                let _ = self.session.target.check_alive();
                held.borrow_mut().take(came, self.session.clock.elapsed(), self.ends(), finish);
            }
            std::future::ready(())
        };
        if slow::beside_the_rest(concurrency) {
            stream::select(slow_ones, others).for_each(came).await;
        } else {
            others.chain(slow_ones).for_each(came).await;
        }
        stream::iter(ending).map(play).buffer_unordered(1).for_each(came).await;
        let mut held = held.into_inner();
        self.session.dies_within(BELIEVED_AFTER, self.session.target.deaths()).await;
        held.note(self.ends());
        held.believe_all(finish);
        let given_up = self.look_again(&held.suspects, finish).await;
        // What a scenario killed is no end of the run.
        given_up.or(self.session.revive().await.err())
    }

    /// How often the server has ended by itself in this run.
    fn ends(self) -> usize {
        self.session.target.deaths() - self.ended_before
    }

    /// Plays one, or says why not.
    async fn play(self, index: usize, begun: &dyn Fn(ScenarioStarted)) -> Option<Came> {
        let (planned, obstacle, account) =
            (self.planned.get(index)?, self.obstacles.get(index)?, self.accounts.get(index)?);
        let came = |result, ends_before| {
            Some(Came { index, result: Box::new(result), ends_before, over_at: self.session.clock.elapsed() })
        };
        let left_out = |verdict, why: &str| came(self.session.left_out(planned, verdict, why.to_owned()), None);
        if let Some((verdict, why)) = obstacle {
            return left_out(*verdict, why);
        }
        if self.ends() >= ENDS_AT_MOST {
            return left_out(Verdict::Inconclusive, "not played: the server ended too often before");
        }
        if let Err(why) = self.session.revive().await {
            return left_out(Verdict::Inconclusive, &format!("the server could not be started again: {why}"));
        }
        begun(ScenarioStarted { id: planned.id.clone(), at_ms: self.session.clock.elapsed_ms() });
        let before = self.ends();
        // Numbers of accounts begin behind that of the first look.
        let result = self.session.play(planned, account, index + 1).await;
        came(result, Some(before))
    }

    /// Plays those again, one by one, that were under way when the server ended: which of
    /// them is it that ends it?
    async fn look_again(self, suspects: &[Suspect], finish: &dyn Fn(ScenarioFinished)) -> Option<String> {
        let target = &self.session.target;
        let ends = self.ends();
        let before = target.deaths();
        let mut explained = BTreeSet::new();
        let mut innocent = Vec::new();
        let mut last_words = String::new();
        for suspect in suspects {
            let index = suspect.index;
            let (Some(planned), Some(account)) = (self.planned.get(index), self.accounts.get(index)) else {
                continue;
            };
            let revived = self.session.revive().await;
            if revived.is_err() || target.deaths() - before >= ENDS_AGAIN_AT_MOST {
                let why = "the server ended while it was played, and it was not played again";
                finish(self.session.left_out(planned, Verdict::Inconclusive, why.to_owned()));
                continue;
            }
            let deaths = target.deaths();
            let mut result = self.session.play(planned, account, index + 1).await;
            if self.session.dies_within(BELIEVED_AFTER, deaths).await {
                explained.extend(suspect.ends.clone());
                let why = target.check_alive().err().unwrap_or_default();
                result.verdict = Verdict::Fail;
                result.reason = Some(why.clone());
                last_words = why;
            } else {
                innocent.push((planned.id.as_str(), suspect));
            }
            finish(result);
        }
        let unexplained: Vec<usize> = (1..=ends).filter(|end| !explained.contains(end)).collect();
        let under_way = |(_, suspect): &&(&str, &Suspect)| unexplained.iter().any(|end| suspect.ends.contains(end));
        let names: Vec<&str> = innocent.iter().filter(under_way).map(|(id, _)| *id).collect();
        let nobody = suspects.iter().all(|suspect| !unexplained.iter().any(|end| suspect.ends.contains(end)));
        let times = unexplained.len();
        if !names.is_empty() {
            let reason = format!(
                "the server ended by itself while these were played ({times} of {ends} ends are left without a scenario that ends it alone), and was started again: {}",
                names.join(", ")
            );
            finish(own_result(ENDED, "The server runs until it is stopped", reason));
        } else if nobody && times > 0 {
            let reason = format!("the server ended by itself when no scenario was under way, {times} times");
            finish(own_result(ENDED, "The server runs until it is stopped", reason));
        }
        (ends >= ENDS_AT_MOST).then(|| {
            let last = target.check_alive().err().unwrap_or(last_words);
            format!("the server ended {ends} times by itself, and what was left was not played; {last}")
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

//! Steps that play other steps.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use pop3_scenario::scenario::{Branch, Condition, Foreach, ForeachValues, Retry, Step, Verb, When};
use pop3_scenario::value::Value;
use tokio::sync::Barrier;
use tokio::time::{MissedTickBehavior, interval};

use super::{Engine, Played, Scope, Stop, path};

/// How often a `retry` looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Values of one `foreach` at most: a captured number must not make us play for ever.
const MAX_ROUNDS: i128 = 100_000;

impl Engine<'_> {
    /// Plays branches side by side. All of them end before a fault counts; then
    /// the gravest does.
    pub(super) async fn parallel(&self, branches: &[Branch], scope: &Scope) -> Played {
        let mut meeting: BTreeMap<String, usize> = BTreeMap::new();
        for branch in branches {
            let mut named = Vec::new();
            barriers_in(&branch.steps, &mut named);
            named.sort_unstable();
            named.dedup();
            for name in named {
                *meeting.entry(name.to_owned()).or_default() += 1;
            }
        }
        let barriers = meeting.into_iter().map(|(name, branches)| (name, Rc::new(Barrier::new(branches)))).collect();
        let barriers = Rc::new(barriers);
        let scopes = branches.iter().zip(path::branches(branches)).map(|(branch, names)| Scope {
            session: branch.name.clone(),
            barriers: Rc::clone(&barriers),
            holding: Rc::default(),
            ..scope.within(&names)
        });
        let scopes: Vec<Scope> = scopes.collect();
        let plays = branches.iter().zip(&scopes).map(|(branch, scope)| async {
            let played = self.steps(&branch.steps, scope).await;
            let released = self.release(scope).await;
            played.and(released)
        });
        let played = join_all(plays).await;
        gravest(played.into_iter().filter_map(Result::err))
    }

    pub(super) async fn barrier(&self, name: &str, scope: &Scope) -> Played {
        let Some(barrier) = scope.barriers.get(name) else {
            return Err(Stop::Ours(format!("barrier `{name}` stands in no `parallel`")));
        };
        // A branch that has ended early never comes; its finding is recorded.
        let waited = tokio::time::timeout(self.access.patience.whole, barrier.wait()).await;
        waited.map(drop).map_err(|_| Stop::Inconclusive(format!("not every branch came to the barrier `{name}`")))
    }

    /// Plays steps again and again until they hold, or time is up.
    pub(super) async fn retry(&self, retry: &Retry, scope: &Scope) -> Played {
        let started = self.clock.elapsed();
        let within = self.deadline(retry.within);
        let mut opened = Vec::new();
        sessions_opened(&retry.steps, scope, &mut opened);
        let mut ticks = interval(LOOK_AGAIN);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.release(scope).await?;
            ticks.tick().await;
            for session in &opened {
                self.retire(session).await;
            }
            let (played, round) = self.round(&retry.steps, scope).await;
            let over = self.clock.elapsed().saturating_sub(started) >= within;
            let holds = played.is_ok() && round.findings.is_empty();
            if holds || over || matches!(played, Err(Stop::Ours(_))) {
                self.keep(round);
                return played;
            }
            self.forget(round);
        }
    }

    pub(super) async fn foreach(&self, foreach: &Foreach, scope: &Scope) -> Played {
        let values: Vec<Value> = match &foreach.values {
            ForeachValues::Listed(texts) => {
                let mut values = Vec::new();
                for text in texts {
                    values.push(Value::Octets(self.resolve(|captures| text.resolve(|name| captures.octets(name)))?));
                }
                values
            }
            ForeachValues::Captured(name) => match self.captures.borrow().get(name) {
                Some(Value::List(values)) => values.clone(),
                _ => return Err(self.cannot(format!("`{name}` is no captured list"))),
            },
            ForeachValues::Range(from, to) => {
                let number = |expression: &pop3_scenario::expression::Expression| {
                    self.resolve(|captures| expression.number(captures).map_err(|error| error.to_string()))
                };
                let (from, to) = (number(from)?, number(to)?);
                if to.saturating_sub(from) > MAX_ROUNDS {
                    return Err(self.cannot(format!("more than {MAX_ROUNDS} rounds")));
                }
                (from..=to).map(Value::Number).collect()
            }
        };
        // One by one, too, where the target takes no more: the rounds know nothing of each other.
        if foreach.at_once > 1 {
            return self.side_by_side(foreach, values, scope).await;
        }
        for (index, value) in values.into_iter().enumerate() {
            let scope = scope.within(&(index + 1).to_string());
            self.steps_with(vec![(foreach.var.clone(), value)], &foreach.steps, &scope).await?;
        }
        Ok(())
    }

    /// Plays the rounds of a `foreach` beside each other; what came of them is kept in
    /// their order.
    async fn side_by_side(&self, foreach: &Foreach, values: Vec<Value>, scope: &Scope) -> Played {
        let at_once = foreach.at_once.min(self.access.at_once).max(1);
        let rounds = values.into_iter().zip(1..).map(async |(value, number): (Value, usize)| {
            let apart = self.apart();
            let scope = Scope::outermost(scope.within(&number.to_string()).path);
            let played = apart.steps_with(vec![(foreach.var.clone(), value)], &foreach.steps, &scope).await;
            let released = apart.release(&scope).await;
            apart.hang_up().await;
            (played.and(released), apart.outcome.into_inner())
        });
        let mut came = stream::iter(rounds).buffered(at_once);
        let mut stopped = Vec::new();
        // Kept one by one: when the budget is over, what was found stays found.
        while let Some((played, round)) = came.next().await {
            let mut outcome = self.outcome.borrow_mut();
            outcome.findings.extend(round.findings);
            outcome.choices.extend(round.choices);
            outcome.transcript.extend(round.transcript);
            stopped.extend(played.err());
        }
        gravest(stopped)
    }

    pub(super) async fn when(&self, when: &When, scope: &Scope) -> Played {
        let holds = match &when.condition {
            Condition::Capa(tag) => self.access.capabilities.contains(tag),
            Condition::NotCapa(tag) => !self.access.capabilities.contains(tag),
            Condition::Check(expression) => {
                self.resolve(|captures| expression.truth(captures).map_err(|error| error.to_string()))?
            }
        };
        if holds { self.steps(&when.steps, scope).await } else { Ok(()) }
    }
}

/// Of what was played side by side, the first of the gravest stops counts.
fn gravest(stopped: impl IntoIterator<Item = Stop>) -> Played {
    let graver = |first: Stop, next: Stop| if next.gravity() > first.gravity() { next } else { first };
    stopped.into_iter().reduce(graver).map_or(Ok(()), Err)
}

fn inner(step: &Step) -> Vec<&[Step]> {
    match &step.verb {
        Verb::OneOf(alternatives) => alternatives.iter().map(|alternative| alternative.then.as_slice()).collect(),
        Verb::Retry(retry) => vec![&retry.steps],
        Verb::Foreach(foreach) => vec![&foreach.steps],
        Verb::When(when) => vec![&when.steps],
        Verb::Use(used) => vec![&used.steps],
        _ => Vec::new(),
    }
}

/// The barriers that a branch meets, those of a `parallel` within it left out.
fn barriers_in<'s>(steps: &'s [Step], named: &mut Vec<&'s str>) {
    for step in steps {
        if let Verb::Barrier(name) = &step.verb {
            named.push(name);
        }
        inner(step).into_iter().for_each(|steps| barriers_in(steps, named));
    }
}

/// The sessions that steps open.
fn sessions_opened(steps: &[Step], scope: &Scope, opened: &mut Vec<String>) {
    for step in steps {
        let session = step.session.clone().unwrap_or_else(|| scope.session.clone());
        if matches!(step.verb, Verb::Open(_)) {
            opened.push(session.clone());
        }
        let inside = match &step.verb {
            Verb::Use(_) => Scope { session, ..scope.clone() },
            _ => scope.clone(),
        };
        inner(step).into_iter().for_each(|steps| sessions_opened(steps, &inside, opened));
    }
}

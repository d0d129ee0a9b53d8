//! What takes minutes: how it is played beside the rest, and how long that will be.

use std::time::Duration;

use pop3_scenario::event::SlowPart;
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Verdict;

use crate::error::RunError;
use crate::plan::Planned;
use crate::run::Options;
use crate::target::TargetSpec;

/// Factors of times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// For everything but what follows; at least 1.
    pub(crate) usual: f64,
    /// For scenarios of tier slow, and for the timers of the embedded server.
    pub(crate) slow: f64,
}

impl Times {
    /// What the options ask for.
    ///
    /// # Errors
    /// The user's fault: times out of reason, or minutes that are none.
    pub(crate) fn of(options: &Options, planned: &[Planned<'_>]) -> Result<Self, RunError> {
        let longest = Duration::from_secs(24 * 3600);
        if !(options.time_scale > 0.0 && options.time_scale <= 1000.0)
            || options.deadline.is_some_and(|deadline| deadline > longest)
        {
            return Err(RunError::Usage(
                "the deadline may be a day at most, and the factor of times up to 1000, more than 0".to_owned(),
            ));
        }
        let minutes = planned.iter().any(|planned| planned.scenario.tier == Tier::Slow);
        if options.time_scale < 1.0 && minutes && !matches!(options.target, TargetSpec::Embedded(_)) {
            return Err(RunError::Usage(format!(
                "a factor of times of {} is for the embedded server, whose timers follow it: what is said about ten minutes of another server takes ten minutes\n  help: leave --time-scale out, or the tier slow",
                options.time_scale
            )));
        }
        // Where nothing waits for them, short timers of the server would only disturb.
        let usual = options.time_scale.max(1.0);
        Ok(Self { usual, slow: if minutes { options.time_scale } else { usual } })
    }
}

/// Whether slow scenarios can wait while others work: not where all have one account,
/// whose maildrop one session locks.
pub(crate) fn beside_the_rest(concurrency: usize) -> bool {
    concurrency > 1
}

/// How many slow scenarios wait at the same time. They take no place from the others.
pub(crate) fn slots(concurrency: usize) -> usize {
    concurrency.max(1)
}

/// What is told before the run.
pub(crate) fn announced(
    planned: &[Planned<'_>],
    obstacles: &[Option<(Verdict, String)>],
    concurrency: usize,
    scale: f64,
) -> Option<SlowPart> {
    let played = planned.iter().zip(obstacles).filter(|(_, obstacle)| obstacle.is_none());
    let budgets: Vec<Duration> = played.filter_map(|(planned, _)| planned.scenario.budget).collect();
    let longest = longest(&budgets, slots(concurrency)).mul_f64(scale);
    (!budgets.is_empty()).then(|| SlowPart {
        scenarios: budgets.len(),
        at_once: budgets.len().min(slots(concurrency)),
        longest_ms: u64::try_from(longest.as_millis()).unwrap_or(u64::MAX),
    })
}

/// How long all of them may take, with so many at a time, in this order.
fn longest(budgets: &[Duration], slots: usize) -> Duration {
    let mut ends = vec![Duration::ZERO; slots.clamp(1, budgets.len().max(1))];
    for budget in budgets {
        if let Some(first_free) = ends.iter_mut().min() {
            *first_free = first_free.saturating_add(*budget);
        }
    }
    ends.into_iter().max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_side_by_side() {
        let check = |minutes: &[u64], slots, want: u64| {
            let budgets: Vec<Duration> = minutes.iter().map(|minutes| Duration::from_secs(60 * minutes)).collect();
            assert_eq!(longest(&budgets, slots), Duration::from_secs(60 * want), "{minutes:?} {slots}");
        };
        check(&[], 4, 0);
        check(&[11, 13, 12], 4, 13);
        check(&[11, 13, 12], 3, 13);
        check(&[11, 13, 12], 2, 23);
        check(&[11, 13, 12], 1, 36);
    }
}

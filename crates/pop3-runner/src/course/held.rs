//! Results that wait until the server was seen to run behind them: a crash may show a moment
//! after the dialogue that brought it about has ended well.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::Duration;

use pop3_scenario::event::ScenarioFinished;

/// How long behind a play the server must be seen to run.
pub(super) const BELIEVED_AFTER: Duration = Duration::from_millis(50);

/// What came of a play.
pub(super) struct Came {
    /// The number of the play.
    pub(super) index: usize,
    pub(super) result: Box<ScenarioFinished>,
    /// How often the server had ended when it began; `None` if it was not played.
    pub(super) ends_before: Option<usize>,
    /// When it was over.
    pub(super) over_at: Duration,
}

/// A play that was under way, or just over, when the server ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    /// The number of the play.
    pub(super) index: usize,
    /// At which of the ends.
    pub(super) ends: RangeInclusive<usize>,
}

/// The results that wait, and the plays that are not to be believed.
#[derive(Default)]
pub(super) struct Held {
    waiting: VecDeque<Came>,
    /// Ends of the server that have been dealt with.
    seen: usize,
    pub(super) suspects: Vec<Suspect>,
}

impl Held {
    /// Takes what came of one more play; what may be believed now goes to `finish`. By `now`
    /// the server has ended so often (`ends`).
    pub(super) fn take(&mut self, came: Came, now: Duration, ends: usize, finish: &dyn Fn(ScenarioFinished)) {
        self.note(ends);
        match came.ends_before {
            None => finish(*came.result),
            Some(before) if ends > before => {
                self.suspects.push(Suspect { index: came.index, ends: before + 1..=ends });
            }
            Some(_) => self.waiting.push_back(came),
        }
        let is_old = |came: &Came| now.saturating_sub(came.over_at) >= BELIEVED_AFTER;
        while self.waiting.front().is_some_and(is_old)
            && let Some(came) = self.waiting.pop_front()
        {
            finish(*came.result);
        }
    }

    /// The server has ended so often by now: what waits is suspected of what is new.
    pub(super) fn note(&mut self, ends: usize) {
        if ends > self.seen {
            let new = self.seen + 1..=ends;
            let suspects = self.waiting.drain(..).map(|came| Suspect { index: came.index, ends: new.clone() });
            self.suspects.extend(suspects);
            self.seen = ends;
        }
    }

    /// Hands out all that waits.
    pub(super) fn believe_all(&mut self, finish: &dyn Fn(ScenarioFinished)) {
        self.waiting.drain(..).for_each(|came| finish(*came.result));
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::run::own_result;

    /// Plays `(number, over at, ends before)` come at these times, when the server had ended so
    /// often (`now`, `ends`).
    #[test]
    fn what_waits_is_suspected_of_an_end_and_believed_without_one() {
        type Step = (usize, u64, Option<usize>, u64, usize);
        let check = |steps: &[Step], believed: &[&str], suspected: &[(usize, RangeInclusive<usize>)]| {
            let told = RefCell::new(Vec::new());
            let finish = |result: ScenarioFinished| told.borrow_mut().push(result.id);
            let mut held = Held::default();
            for (index, over_at, ends_before, now, ends) in steps.iter().copied() {
                let result = Box::new(own_result(&index.to_string(), "", String::new()));
                let came = Came { index, result, ends_before, over_at: Duration::from_millis(over_at) };
                held.take(came, Duration::from_millis(now), ends, &finish);
            }
            assert_eq!(told.borrow().as_slice(), believed, "{steps:?}");
            let suspects: Vec<_> = held.suspects.iter().map(|one| (one.index, one.ends.clone())).collect();
            assert_eq!(suspects, suspected, "{steps:?}");
        };
        check(&[(1, 0, Some(0), 0, 0)], &[], &[]);
        check(&[(1, 0, Some(0), 0, 0), (2, 50, Some(0), 50, 0)], &["1"], &[]);
        check(&[(1, 0, None, 0, 0)], &["1"], &[]);
        // It ends while 2 is played, and 1 is just over.
        check(&[(1, 0, Some(0), 0, 0), (2, 10, Some(0), 10, 1)], &[], &[(1, 1..=1), (2, 1..=1)]);
        // It has ended behind 1, and was started again before 2 began.
        check(&[(1, 0, Some(0), 0, 0), (2, 10, Some(1), 10, 1)], &[], &[(1, 1..=1)]);
        // The first had been believed long before.
        let late = [(1, 0, Some(0), 0, 0), (2, 60, Some(0), 60, 0), (3, 70, Some(0), 70, 2)];
        check(&late, &["1"], &[(2, 1..=2), (3, 1..=2)]);
    }
}

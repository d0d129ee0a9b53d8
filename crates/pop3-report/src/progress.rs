//! How far a run has got: a line for each result where output is piped, and
//! numbers for whoever draws a bar.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use pop3_scenario::event::{Event, SlowPart};
use pop3_scenario::slow::minutes;
use pop3_scenario::verdict::Verdict;

use crate::visible::visible;

/// Follows the events of a run. It has no clock: time is what the events say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    expected: usize,
    counts: BTreeMap<Verdict, usize>,
    running: BTreeSet<String>,
    elapsed_ms: u64,
    slow: Option<SlowPart>,
    minutes: u64,
}

impl Progress {
    /// Progress before the first event.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of an event; gives the line (without its end) to print for it
    /// where there is no terminal to draw a bar on.
    pub fn observe(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::RunStarted(started) => {
                self.expected = started.selected;
                self.slow = started.slow;
                self.slow.map(announcement)
            }
            Event::TargetReady(ready) => {
                self.advance(ready.at_ms);
                None
            }
            Event::ScenarioStarted(started) => {
                self.advance(started.at_ms);
                self.running.insert(started.id.clone());
                None
            }
            Event::ScenarioFinished(result) => {
                self.advance(result.at_ms);
                self.running.remove(&result.id);
                *self.counts.entry(result.verdict).or_default() += 1;
                Some(format!("{:<12}  {}  {} ms", result.verdict.as_str(), visible(&result.id), result.elapsed_ms))
            }
            Event::InvariantFinished(invariant) if invariant.verdict.needs_attention() => {
                let (word, id) = (invariant.verdict.as_str(), visible(&invariant.id));
                let times = if invariant.breaches == 1 { "time" } else { "times" };
                Some(format!("{word:<12}  {id}  broken {} {times}", invariant.breaches))
            }
            Event::InvariantFinished(_) => None,
            Event::RunFinished(footer) => {
                self.advance(footer.elapsed_ms);
                None
            }
        }
    }

    /// Results to expect; never fewer than have come.
    #[must_use]
    pub fn expected(&self) -> usize {
        self.expected.max(self.finished())
    }

    /// Results so far.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.counts.values().sum()
    }

    /// Scenarios under way.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running.len()
    }

    /// Whether minutes will go by in which nothing can be seen.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.slow.is_some()
    }

    /// Of a run that takes minutes, at this time since its start: how much of the longest
    /// time has gone by, and what is waited for.
    #[must_use]
    pub fn clock(&self, elapsed: Duration) -> Option<String> {
        let slow = self.slow?;
        let mut names = self.running.iter().map(|id| visible(id));
        let waiting = match (names.next(), names.len()) {
            (None, _) => String::new(),
            (Some(first), 0) => format!("; waiting for {first}"),
            (Some(first), more) => format!("; waiting for {first} and {more} more"),
        };
        Some(format!("{} of {} at most{waiting}", clock(elapsed), clock(Duration::from_millis(slow.longest_ms))))
    }

    /// The same, as a line once a minute.
    pub fn each_minute(&mut self, elapsed: Duration) -> Option<String> {
        let minute = elapsed.as_secs() / 60;
        if minute <= self.minutes {
            return None;
        }
        self.minutes = minute;
        self.clock(elapsed)
    }

    /// Results so far with this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.counts.get(&verdict).copied().unwrap_or(0)
    }

    /// Milliseconds from the start to the last event.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        self.elapsed_ms
    }

    /// Results a second so far; `None` before the first of them.
    #[must_use]
    pub fn per_second(&self) -> Option<f64> {
        let finished = u32::try_from(self.finished()).ok().filter(|n| *n > 0)?;
        let elapsed = u32::try_from(self.elapsed_ms).ok().filter(|ms| *ms > 0)?;
        Some(f64::from(finished) * 1000.0 / f64::from(elapsed))
    }

    /// Milliseconds to the end if it goes on like this; `None` before the first result.
    #[must_use]
    pub fn eta_ms(&self) -> Option<u64> {
        let finished = self.finished() as u64;
        let left = self.expected() as u64 - finished;
        self.elapsed_ms.saturating_mul(left).checked_div(finished)
    }

    fn advance(&mut self, at_ms: u64) {
        self.elapsed_ms = self.elapsed_ms.max(at_ms);
    }
}

/// What is told before the run.
fn announcement(slow: SlowPart) -> String {
    let longest = minutes(Duration::from_millis(slow.longest_ms));
    let how = match (slow.scenarios, slow.at_once) {
        (1, _) => "1 scenario of tier slow".to_owned(),
        (all, 1) => format!("{all} scenarios of tier slow, one after the other"),
        (all, at_once) if all == at_once => format!("{all} scenarios of tier slow, side by side"),
        (all, at_once) => format!("{all} scenarios of tier slow, {at_once} at a time"),
    };
    format!("{how}: {longest} at most")
}

/// `6:05`: minutes and seconds.
fn clock(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

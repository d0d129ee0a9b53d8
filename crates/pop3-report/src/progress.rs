//! How far a run has got: a line for each result where output is piped, and
//! numbers for whoever draws a bar.

use std::collections::BTreeMap;

use pop3_scenario::event::Event;
use pop3_scenario::verdict::Verdict;

use crate::visible::visible;

/// Follows the events of a run. It has no clock: time is what the events say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    expected: usize,
    counts: BTreeMap<Verdict, usize>,
    running: usize,
    elapsed_ms: u64,
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
                None
            }
            Event::TargetReady(ready) => {
                self.advance(ready.at_ms);
                None
            }
            Event::ScenarioStarted(started) => {
                self.advance(started.at_ms);
                self.running += 1;
                None
            }
            Event::ScenarioFinished(result) => {
                self.advance(result.at_ms);
                self.running = self.running.saturating_sub(1);
                *self.counts.entry(result.verdict).or_default() += 1;
                Some(format!("{:<12}  {}  {} ms", result.verdict.as_str(), visible(&result.id), result.elapsed_ms))
            }
            Event::InvariantFinished(invariant) if invariant.verdict.needs_attention() => {
                let (word, id) = (invariant.verdict.as_str(), visible(&invariant.id));
                Some(format!("{word:<12}  {id}  broken {} times", invariant.breaches))
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
        self.running
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

//! One run of the suite against the reference server, reduced to what the rules ask.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use futures_util::future::join;
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::event::{Event, Finding, InvariantFinished, ScenarioFinished};
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Verdict;
use pop3_spec::registry::Registry;

use super::{PATIENT, idle_time};
use crate::RunError;
use crate::plan::{Selection, fits};
use crate::run::{Options, run};
use crate::target::{EmbeddedTarget, TargetSpec};

/// Scenarios at the same time in one run: several runs go side by side.
const JOBS: usize = 8;

/// Where an assertion stands: file, line and column.
pub(super) type Place = (String, u32, u32);

fn place_of(finding: &Finding) -> Place {
    (finding.place.file.clone(), finding.place.line, finding.place.column)
}

/// What the suite says of one server.
#[derive(Debug, Default)]
pub(super) struct Played {
    /// By id of scenario, variants joined, or of always-on check.
    pub(super) results: BTreeMap<String, Outcome>,
}

/// What one scenario or check says.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// The gravest verdict of all variants.
    pub(super) verdict: Verdict,
    /// Whether it is an always-on check.
    pub(super) is_check: bool,
    /// The requirements that its broken assertions cite.
    pub(super) requirements: BTreeSet<String>,
    /// Where its broken assertions stand.
    pub(super) places: BTreeSet<Place>,
    /// What was found first, or why nothing could be said.
    pub(super) summary: String,
}

impl Outcome {
    /// Whether it speaks against the server.
    pub(super) fn is_catch(&self) -> bool {
        matches!(self.verdict, Verdict::Fail | Verdict::Warn)
    }

    /// What was found first, and where the broken assertions stand.
    pub(super) fn found(&self) -> String {
        let places: Vec<String> =
            self.places.iter().map(|(file, line, column)| format!("{file}:{line}:{column}")).collect();
        if places.is_empty() { self.summary.clone() } else { format!("{} ({})", self.summary, places.join(", ")) }
    }

    fn join(&mut self, other: Self) {
        if other.verdict > self.verdict {
            self.verdict = other.verdict;
            self.summary = other.summary;
        }
        self.requirements.extend(other.requirements);
        self.places.extend(other.places);
    }
}

/// What is played, and how patiently.
#[derive(Clone)]
pub(super) struct Play<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) registry: &'c Registry,
    pub(super) target: EmbeddedTarget,
    /// Ids; empty for all.
    pub(super) only: Vec<String>,
    /// Ids of what takes no part.
    pub(super) skip: Vec<String>,
    /// Factor for what takes minutes.
    pub(super) time_scale: f64,
    pub(super) deadline: Duration,
    /// Whether scenarios follow one another, so that replies come in one order.
    pub(super) one_at_a_time: bool,
}

/// An address that no play has had for long. A port that was in use is free again after a
/// minute only (RFC 9293 section 3.6.1), and plays by the thousand use up those of one.
fn fresh_address() -> Option<Ipv4Addr> {
    static PLAYS: AtomicU16 = AtomicU16::new(0);
    let [high, low] = PLAYS.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    // Elsewhere 127.0.0.1 is all there is, unless somebody adds to it.
    cfg!(any(target_os = "linux", windows)).then(|| Ipv4Addr::new(127, 1, high, low))
}

impl Play<'_> {
    /// Plays on a runtime of this thread. `on_start` hears when a scenario begins.
    pub(super) fn play(&self, on_start: &mut dyn FnMut()) -> Result<Played, RunError> {
        let played = RefCell::new(Played::default());
        let on_start = RefCell::new(on_start);
        let target = EmbeddedTarget { loopback: fresh_address(), ..self.target.clone() };
        let part = async |only: Vec<String>, skip: Vec<String>, time_scale: f64| {
            let options = Options {
                target: TargetSpec::Embedded(target.clone()),
                selection: Selection { only, skip, from: Tier::Gate, tier: Tier::Slow },
                seed: Some(1),
                time_scale,
                deadline: Some(self.deadline),
                jobs: Some(if self.one_at_a_time { 1 } else { JOBS }),
                ..Options::embedded()
            };
            let mut on_event = |event: Event| match event {
                Event::ScenarioStarted(_) => (on_start.borrow_mut())(),
                Event::ScenarioFinished(result) => played.borrow_mut().note(*result),
                // Where ten minutes are seconds, a QUIT may meet the timer on a busy machine.
                Event::InvariantFinished(result) if time_scale >= 1.0 => played.borrow_mut().note_check(*result),
                _ => {}
            };
            run(&options, self.catalogue, self.registry, &mut on_event).await
        };
        // What takes minutes has a server of its own: timers that run faster would end the
        // sessions of others on a machine that is busy.
        let slow = self.catalogue.scenarios.iter().filter(|scenario| scenario.tier == Tier::Slow);
        let wanted = |id: &String| {
            (self.only.is_empty() || self.only.iter().any(|pattern| fits(pattern, id))) && !self.skip.contains(id)
        };
        let slow: Vec<String> = slow.map(|scenario| scenario.id.clone()).filter(wanted).collect();
        let skip = slow.iter().chain(&self.skip).cloned().collect();
        let any_slow = !slow.is_empty();
        let slow = async { if any_slow { part(slow, Vec::new(), self.time_scale).await.map(drop) } else { Ok(()) } };
        let both = idle_time::block_on(join(part(self.only.clone(), skip, 1.0), slow));
        let (others, slow) = both.map_err(|error| RunError::Internal(format!("no runtime: {error}")))?;
        slow?;
        match others {
            Err(RunError::NothingSelected(_)) if any_slow || !self.skip.is_empty() => {}
            others => drop(others?),
        }
        Ok(played.into_inner())
    }

    /// Plays, and plays again what takes minutes and was other than on the honest
    /// server, with more time: a loaded machine must not decide.
    pub(super) fn play_twice_if_slow(&self) -> Result<Played, RunError> {
        let mut played = self.play(&mut || {})?;
        let is_slow = |id: &str| self.catalogue.scenario(id).is_some_and(|scenario| scenario.tier == Tier::Slow);
        let other = played.results.iter().filter(|(id, outcome)| outcome.verdict > Verdict::Info && is_slow(id));
        let again: Vec<String> = other.map(|(id, _)| id.clone()).collect();
        if !again.is_empty() {
            played.replace(self.patiently(again).play(&mut || {})?);
        }
        Ok(played)
    }

    /// These scenarios alone.
    pub(super) fn only(&self, only: Vec<String>) -> Self {
        Self { only, ..self.clone() }
    }

    /// These scenarios again, with patience.
    pub(super) fn patiently(&self, only: Vec<String>) -> Self {
        Self { deadline: PATIENT, time_scale: self.time_scale * 4.0, ..self.only(only) }
    }
}

impl Played {
    /// Where assertions were broken.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.results.values().flat_map(|outcome| &outcome.places)
    }

    /// Takes the place of what was played before, where it was played again.
    pub(super) fn replace(&mut self, again: Self) {
        for (id, outcome) in again.results {
            match self.results.get_mut(&id) {
                // A check has seen other dialogues this time; both count.
                Some(before) if outcome.is_check => before.join(outcome),
                _ => drop(self.results.insert(id, outcome)),
            }
        }
    }

    fn note(&mut self, result: ScenarioFinished) {
        let broken =
            || result.findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Fail | Verdict::Warn));
        let summary = broken().map(|finding| finding.summary.clone()).next();
        let outcome = Outcome {
            verdict: result.verdict,
            is_check: false,
            requirements: broken().map(|finding| finding.requirement.clone()).collect(),
            places: broken().map(place_of).collect(),
            summary: summary.or_else(|| result.reason.clone()).unwrap_or_default(),
        };
        let id = result.id.split('[').next().unwrap_or(&result.id).to_owned();
        match self.results.get_mut(&id) {
            Some(before) => before.join(outcome),
            None => drop(self.results.insert(id, outcome)),
        }
    }

    fn note_check(&mut self, result: InvariantFinished) {
        let example = result.examples.first();
        let summary = example
            .map(|breach| format!("in {}: expected {}, got {}", breach.scenario, breach.expected, breach.actual));
        let outcome = Outcome {
            verdict: result.verdict,
            is_check: true,
            requirements: result.broken.into_iter().collect(),
            places: BTreeSet::new(),
            summary: summary.unwrap_or_default(),
        };
        match self.results.get_mut(&result.id) {
            Some(before) => before.join(outcome),
            None => drop(self.results.insert(result.id, outcome)),
        }
    }
}

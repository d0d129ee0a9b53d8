//! The suite graded by servers whose every defect is known: the kill matrix.
//!
//! It plays the catalogue on the honest reference server, on it in every legal
//! variation and with every seeded fault; then it spoils replies one by one until
//! every assertion was seen to fail. [`Rule`] says what must come of that.

mod assertions;
mod exceptions;
mod idle_time;
mod play;
mod rules;
mod sabotage;
mod workers;

use std::collections::BTreeMap;
use std::time::Duration;

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::matrix::Matrix;
#[cfg(doc)]
use pop3_scenario::matrix::Rule;
use pop3_scenario::scenario::{Scenario, Tier};
use pop3_scenario::verdict::Verdict;
use pop3_server::fault::{Fault, Planted};
use pop3_server::variation::Variation;
use pop3_spec::registry::Registry;

pub use exceptions::{Exceptions, ExceptionsError, FORMAT as EXCEPTIONS_FORMAT};

use crate::RunError;
use crate::run::QUICK_SLOW_TIER;
use crate::target::EmbeddedTarget;
use assertions::Assertions;
use play::{Place, Play, Played};

/// The longest silence on a server with a fault, at the first attempt. Only what
/// a promise depends on is tried again with patience.
const QUICK: Duration = Duration::from_millis(2000);

/// Faults that strike by the clock within a second, or by where the system cuts what it
/// carries: what they hit differs from run to run, so that only what promises to detect
/// them is heard.
const BY_CHANCE: &[Fault] = &[Fault::AutologoutAtOnce, Fault::CrEndsCommand];

/// The longest silence where time must not decide.
const PATIENT: Duration = Duration::from_secs(5);

/// What to prove, and with how many hands.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The faults to switch on, one after the other.
    pub faults: Vec<Fault>,
    /// The legal variations to play.
    pub variations: Vec<Variation>,
    /// Ids of the scenarios that take part; empty for all.
    pub only: Vec<String>,
    /// Whether replies are spoiled to prove the assertions that no fault proves.
    pub assertions: bool,
    /// Runs at the same time; each has a thread of its own.
    pub workers: usize,
}

impl Scope {
    /// Everything there is.
    #[must_use]
    pub fn whole() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            faults: Fault::ALL.to_vec(),
            variations: Variation::ALL.to_vec(),
            only: Vec::new(),
            assertions: true,
            workers: cores * 3,
        }
    }

    /// Whether it is everything, so that what was not needed never is.
    fn is_whole(&self) -> bool {
        self.faults.len() == Fault::ALL.len()
            && self.variations.len() == Variation::ALL.len()
            && self.only.is_empty()
            && self.assertions
    }
}

/// A way in which a server differs from the honest one.
#[derive(Clone, Copy)]
enum Departure {
    Fault(Fault),
    Variation(Variation),
}

/// What all runs came to.
struct Seen {
    honest: Played,
    faults: BTreeMap<Fault, Result<Played, String>>,
    variations: BTreeMap<Variation, Result<Played, String>>,
    assertions: Assertions,
    /// By place, how the reply was spoiled that made the assertion fail.
    spoiled: BTreeMap<Place, String>,
}

/// Plays everything in `scope` and holds it against the rules. `progress` hears
/// how many runs are done of how many.
///
/// # Errors
/// No run could be made at all: our fault, or an unknown id.
pub fn self_test(
    scope: &Scope,
    catalogue: &Catalogue,
    registry: &Registry,
    exceptions: &Exceptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Matrix, RunError> {
    let play = |target: EmbeddedTarget, deadline: Duration| Play {
        catalogue,
        registry,
        target,
        only: scope.only.clone(),
        skip: Vec::new(),
        time_scale: QUICK_SLOW_TIER,
        deadline,
        one_at_a_time: false,
    };
    let honest = play(EmbeddedTarget::default(), PATIENT).play_twice_if_slow()?;
    let done = workers::Progress::new(scope.faults.len() + scope.variations.len(), progress);
    // Variations first: some wait for delays of seconds, and faults fill that time.
    let variations = scope.variations.iter().copied().map(Departure::Variation);
    let departures: Vec<Departure> = variations.chain(scope.faults.iter().copied().map(Departure::Fault)).collect();
    let mut variations = workers::each(scope.workers, &departures, |departure| {
        let played = match *departure {
            Departure::Fault(fault) => {
                let target = EmbeddedTarget { faults: vec![Planted::from(fault)], ..EmbeddedTarget::default() };
                on_fault(fault, &play(target, QUICK), &honest)
            }
            Departure::Variation(variation) => {
                let target = EmbeddedTarget { variations: vec![variation], ..EmbeddedTarget::default() };
                play(target, PATIENT).play_twice_if_slow().map_err(|error| error.to_string())
            }
        };
        done.one_more();
        played
    });
    let faults = variations.split_off(scope.variations.len());
    // What no time was left for is asked once more, now that nothing else goes on.
    for (variation, played) in scope.variations.iter().zip(&mut variations) {
        let Ok(played) = played else { continue };
        let undecided = played.results.iter().filter(|(id, outcome)| {
            let verdict = Verdict::Inconclusive;
            outcome.verdict == verdict && exceptions.remark(variation.slug(), id, verdict).is_none()
        });
        let again: Vec<String> = undecided.map(|(id, _)| id.clone()).collect();
        if !again.is_empty() {
            let target = EmbeddedTarget { variations: vec![*variation], ..EmbeddedTarget::default() };
            played.replace(play(target, PATIENT * 4).only(again).play(&mut || {})?);
        }
    }
    let mut seen = Seen {
        honest,
        faults: scope.faults.iter().copied().zip(faults).collect(),
        variations: scope.variations.iter().copied().zip(variations).collect(),
        assertions: assertions::of(catalogue),
        spoiled: BTreeMap::new(),
    };
    if !scope.only.is_empty() {
        seen.assertions
            .retain(|_, assertion| assertion.scenarios.iter().any(|id| seen.honest.results.contains_key(id)));
    }
    if scope.assertions {
        seen.spoiled = sabotage::spoil(scope, catalogue, registry, exceptions, &seen, progress)?;
    }
    Ok(rules::judge(scope, catalogue, exceptions, &seen))
}

/// Plays the catalogue on a fault. Faults that swallow a reply are waited for, and
/// a loaded machine must not decide: what a promise depends on is tried again.
fn on_fault(fault: Fault, play: &Play<'_>, honest: &Played) -> Result<Played, String> {
    let kills = |scenario: &Scenario| scenario.kills.iter().any(|slug| slug == fault.slug());
    // What waits for seconds, or moves a lot of mail, is played where it promises something.
    let idle = play.catalogue.scenarios.iter().filter(|scenario| scenario.tier != Tier::Gate && !kills(scenario));
    let mut play = Play { skip: idle.map(|scenario| scenario.id.clone()).collect(), ..play.clone() };
    let by_chance = BY_CHANCE.contains(&fault) && play.only.is_empty();
    if by_chance {
        play.only = play.catalogue.scenarios.iter().filter(|it| kills(it)).map(|it| it.id.clone()).collect();
    }
    let mut played = play.play(&mut || {}).map_err(|error| error.to_string())?;
    if by_chance {
        played.results.retain(|_, outcome| !outcome.is_check);
    }
    let promises = |id: &&String| play.catalogue.scenario(id).is_some_and(kills);
    let missed = |id: &&String| played.results.get(*id).is_none_or(|outcome| !outcome.is_catch());
    let mut again: Vec<String> = honest.results.keys().filter(promises).filter(missed).cloned().collect();
    let nothing = !played.results.values().any(play::Outcome::is_catch);
    if again.is_empty() && nothing {
        again = play.only.clone();
    } else if again.is_empty() {
        return Ok(played);
    }
    played.replace(play.patiently(again).play(&mut || {}).map_err(|error| error.to_string())?);
    Ok(played)
}

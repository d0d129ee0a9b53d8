//! Replies spoiled one by one, until every assertion was seen to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::scenario::Tier;
use pop3_server::fault::{Sabotage, Spoiled, Tally};
use pop3_server::variation::Variation;
use pop3_spec::registry::Registry;

use super::play::{Place, Play, Played};
use super::workers::{self, Progress};
use super::{Exceptions, Scope, Seen};
use crate::RunError;
use crate::target::EmbeddedTarget;

/// The longest silence: one reply is missing at most.
const DEADLINE: Duration = Duration::from_secs(2);

/// For each assertion that no fault made fail: what did it to the reply that did.
///
/// # Errors
/// A play could not be made at all: our fault.
pub(super) fn spoil(
    scope: &Scope,
    catalogue: &Catalogue,
    registry: &Registry,
    exceptions: &Exceptions,
    seen: &Seen,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<BTreeMap<Place, String>, RunError> {
    let by_faults: BTreeSet<&Place> = seen.faults.values().flatten().flat_map(Played::places).collect();
    let mut open: BTreeMap<&str, BTreeSet<Place>> = BTreeMap::new();
    for (place, assertion) in seen.assertions.iter().filter(|(place, _)| !by_faults.contains(place)) {
        // Each would be tried in vain, in every way.
        if exceptions.unproven(&place.0, &assertion.text).is_some() {
            continue;
        }
        // An assertion of a fragment is proven where it first stands.
        // One that takes minutes is proven by faults alone: there are too many replies to spoil.
        let quick = |id: &&String| catalogue.scenario(id).is_some_and(|scenario| scenario.tier != Tier::Slow);
        let here = assertion.scenarios.iter().filter(quick).find(|id| seen.honest.results.contains_key(*id));
        if let Some(id) = here {
            open.entry(id).or_default().insert(place.clone());
        }
    }
    let mut open: Vec<(&str, BTreeSet<Place>)> = open.into_iter().collect();
    // What takes longest must not be left to the end, when nothing else is left to do.
    open.sort_by_key(|(id, _)| catalogue.scenario(id).is_some_and(|scenario| scenario.tier == Tier::Gate));
    let done = Progress::new(open.len(), progress);
    let proven = workers::each(scope.workers, &open, |(id, places)| {
        let proven = Scenario { id, catalogue, registry }.prove(places.clone());
        done.one_more();
        proven
    });
    let proven: Vec<_> = proven.into_iter().collect::<Result<_, _>>()?;
    Ok(proven.into_iter().flatten().collect())
}

struct Scenario<'c> {
    id: &'c str,
    catalogue: &'c Catalogue,
    registry: &'c Registry,
}

/// Variations whose branches of a scenario the plain server does not come to.
const VARIED: &[Variation] = &[
    Variation::ExpireThirty,
    Variation::NoExpire,
    Variation::NoPipelining,
    Variation::NoRespCodes,
    Variation::BareLfEndsLine,
    Variation::SharedMaildrop,
    Variation::Surrogates,
    Variation::ExpireAtOnce,
    Variation::PoliciesPerUser,
    Variation::Utf8Refused,
    Variation::ClearTextRefused,
    Variation::PlainOnly,
    Variation::NoCapa,
];

/// Replies that are spoiled at each end of a scenario.
const END: u64 = 50;

/// Ways that show whether an open assertion is come to at all.
const PROBES: usize = 4;

impl Scenario<'_> {
    /// Spoils each reply in each way, until nothing is open; then the same on a few
    /// legal variations.
    fn prove(&self, mut open: BTreeSet<Place>) -> Result<Vec<(Place, String)>, RunError> {
        let mut proven = Vec::new();
        self.spoil(None, Spoiled::ALL, &mut open, &mut proven)?;
        for variation in VARIED {
            let before = open.len();
            let (probes, others) = Spoiled::ALL.split_at_checked(PROBES).unwrap_or_default();
            self.spoil(Some(*variation), probes, &mut open, &mut proven)?;
            if open.len() < before {
                self.spoil(Some(*variation), others, &mut open, &mut proven)?;
            }
        }
        Ok(proven)
    }

    /// Spoils each reply in these ways.
    fn spoil(
        &self,
        variation: Option<Variation>,
        ways: &[Spoiled],
        open: &mut BTreeSet<Place>,
        proven: &mut Vec<(Place, String)>,
    ) -> Result<(), RunError> {
        if open.is_empty() {
            return Ok(());
        }
        let tally = Tally::default();
        let mut before = None;
        self.play(variation, tally.clone(), None, &mut || {
            before.get_or_insert_with(|| tally.replies());
        })?;
        let (Some(first), last) = (before, tally.replies()) else { return Ok(()) };
        // Of a flood the two ends: what stands between is one assertion, many times.
        let replies: Vec<u64> =
            (first + 1..=last).filter(|reply| *reply <= first + END || *reply > last.saturating_sub(END)).collect();
        for (spoiled, reply) in ways.iter().flat_map(|spoiled| replies.iter().map(move |reply| (spoiled, *reply))) {
            if open.is_empty() {
                break;
            }
            let sabotage = Sabotage { reply, spoiled: *spoiled };
            let played = self.play(variation, Tally::default(), Some(sabotage), &mut || {})?;
            for place in played.places().filter(|place| open.remove(place)) {
                let how = match variation {
                    None => spoiled.to_string(),
                    Some(variation) => format!("{spoiled}, of {variation}"),
                };
                proven.push((place.clone(), how));
            }
        }
        Ok(())
    }

    fn play(
        &self,
        variation: Option<Variation>,
        tally: Tally,
        sabotage: Option<Sabotage>,
        on_start: &mut dyn FnMut(),
    ) -> Result<Played, RunError> {
        let target = EmbeddedTarget {
            variations: variation.into_iter().collect(),
            sabotage: Some((tally, sabotage)),
            ..EmbeddedTarget::default()
        };
        let play = Play {
            catalogue: self.catalogue,
            registry: self.registry,
            target,
            only: vec![self.id.to_owned()],
            skip: Vec::new(),
            time_scale: 1.0,
            deadline: DEADLINE,
            one_at_a_time: true,
        };
        play.play(on_start)
    }
}

//! Replies spoiled one by one, until every assertion was seen to fail.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use pop3_scenario::catalogue::Catalogue;
use pop3_server::fault::{Sabotage, Spoiled, Tally};
use pop3_spec::registry::Registry;

use super::play::{Place, Play, Played};
use super::workers::{self, Progress};
use super::{Scope, Seen};
use crate::target::EmbeddedTarget;

/// The longest silence: one reply is missing at most, and the server is in this
/// process.
const DEADLINE: Duration = Duration::from_millis(250);

/// For each assertion that no fault made fail: what did it to the reply that did.
pub(super) fn spoil(
    scope: &Scope,
    catalogue: &Catalogue,
    registry: &Registry,
    seen: &Seen,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> BTreeMap<Place, &'static str> {
    let by_faults: BTreeSet<&Place> = seen.faults.values().flatten().flat_map(Played::places).collect();
    let mut open: BTreeMap<&str, BTreeSet<Place>> = BTreeMap::new();
    for (place, assertion) in seen.assertions.iter().filter(|(place, _)| !by_faults.contains(place)) {
        // An assertion of a fragment is proven where it first stands.
        let here = assertion.scenarios.iter().find(|id| seen.honest.results.contains_key(*id));
        if let Some(id) = here {
            open.entry(id).or_default().insert(place.clone());
        }
    }
    let open: Vec<(&str, BTreeSet<Place>)> = open.into_iter().collect();
    let done = Progress::new(open.len(), progress);
    let proven = workers::each(scope.workers, &open, |(id, places)| {
        let proven = Scenario { id, catalogue, registry }.prove(places.clone());
        done.one_more();
        proven
    });
    proven.into_iter().flatten().collect()
}

struct Scenario<'c> {
    id: &'c str,
    catalogue: &'c Catalogue,
    registry: &'c Registry,
}

impl Scenario<'_> {
    /// Spoils each reply in each way, until nothing is open.
    fn prove(&self, mut open: BTreeSet<Place>) -> Vec<(Place, &'static str)> {
        let mut proven = Vec::new();
        let tally = Tally::default();
        let mut before = None;
        let honest = self.play(tally.clone(), None, &mut || {
            before.get_or_insert_with(|| tally.replies());
        });
        let (Some(first), last) = (before, tally.replies()) else { return proven };
        if honest.is_none() {
            return proven;
        }
        for spoiled in Spoiled::ALL {
            for reply in first + 1..=last {
                if open.is_empty() {
                    return proven;
                }
                let sabotage = Sabotage { reply, spoiled: *spoiled };
                let Some(played) = self.play(Tally::default(), Some(sabotage), &mut || {}) else { continue };
                for place in played.places() {
                    if open.remove(place) {
                        proven.push((place.clone(), spoiled.as_str()));
                    }
                }
            }
        }
        proven
    }

    fn play(&self, tally: Tally, sabotage: Option<Sabotage>, on_start: &mut dyn FnMut()) -> Option<Played> {
        let target = EmbeddedTarget { sabotage: Some((tally, sabotage)), ..EmbeddedTarget::default() };
        let play = Play {
            catalogue: self.catalogue,
            registry: self.registry,
            target,
            only: vec![self.id.to_owned()],
            deadline: DEADLINE,
            one_at_a_time: true,
        };
        play.play(on_start).ok()
    }
}

//! How often each verdict was given.

use std::collections::BTreeMap;

use pop3_scenario::event::ScenarioFinished;
use pop3_scenario::verdict::Verdict;

/// A number of results for each verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally(BTreeMap<Verdict, usize>);

impl Tally {
    /// Counts the verdicts of results.
    pub(crate) fn of<'r>(results: impl IntoIterator<Item = &'r ScenarioFinished>) -> Self {
        let mut tally = Self::default();
        results.into_iter().for_each(|result| tally.add(result.verdict));
        tally
    }

    pub(crate) fn add(&mut self, verdict: Verdict) {
        *self.0.entry(verdict).or_default() += 1;
    }

    /// How many have this verdict.
    pub(crate) fn get(&self, verdict: Verdict) -> usize {
        self.0.get(&verdict).copied().unwrap_or(0)
    }

    pub(crate) fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// The verdicts that were given at all, mildest first.
    pub(crate) fn occurring(&self) -> impl Iterator<Item = (Verdict, usize)> {
        self.0.iter().map(|(verdict, n)| (*verdict, *n))
    }
}

/// The tallies of the parts of a run, by the names that `part` gives to ids.
pub(crate) fn by_part<'r>(
    results: impl IntoIterator<Item = &'r ScenarioFinished>,
    part: impl Fn(&'r str) -> &'r str,
) -> BTreeMap<&'r str, Tally> {
    let mut parts: BTreeMap<&str, Tally> = BTreeMap::new();
    for result in results {
        parts.entry(part(&result.id)).or_default().add(result.verdict);
    }
    parts
}

/// The first folder of an id: `rfc1939`.
pub(crate) fn folder(id: &str) -> &str {
    id.split('/').next().unwrap_or_default()
}

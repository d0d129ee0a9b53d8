//! The always-on checks over all transcripts of a run.

use std::collections::{BTreeMap, BTreeSet};

use pop3_proto::client::Limits;
use pop3_proto::escape::escape;
use pop3_scenario::event::{self, InvariantFinished};
use pop3_scenario::verdict::{Level, Verdict};
use pop3_spec::invariant;
use pop3_spec::requirement::Strength;
use pop3_spec::transcript::History;

use crate::transcript::Secrets;

/// Breaches that are kept as examples.
const EXAMPLES: usize = 10;

/// Octets of a breach that are shown.
const SHOWN: usize = 200;

/// What was seen so far.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    connections: usize,
    breaches: BTreeMap<&'static str, Broken>,
}

/// The breaches of one invariant.
#[derive(Debug, Default)]
struct Broken {
    count: usize,
    examples: Vec<event::Breach>,
    /// The requirements that they break.
    requirements: BTreeSet<&'static str>,
}

impl Watch {
    /// Holds the connections of a play against every invariant.
    pub(crate) fn see(&mut self, scenario: &str, history: &History, limits: Limits, secrets: &Secrets) {
        self.connections += history.connections.len();
        for (invariant, breach) in invariant::check(history, limits) {
            let broken = self.breaches.entry(invariant.id).or_default();
            broken.count += 1;
            broken.requirements.insert(breach.requirement);
            if broken.examples.len() < EXAMPLES {
                let shown = |octets: &[u8]| secrets.mask(&escape(octets.get(..SHOWN).unwrap_or(octets)));
                let session = history.connections.get(breach.connection).map(|connection| connection.session.clone());
                let main = breach.requirement == invariant.requirement();
                broken.examples.push(event::Breach {
                    scenario: scenario.to_owned(),
                    session: session.unwrap_or_default(),
                    requirement: if main { String::new() } else { breach.requirement.to_owned() },
                    command: secrets.mask_line(&shown(&breach.command)),
                    octet: breach.octet,
                    expected: secrets.mask(&breach.expected),
                    actual: shown(&breach.actual),
                });
            }
        }
    }

    /// The verdict of each invariant.
    pub(crate) fn finish(mut self) -> Vec<InvariantFinished> {
        let results = invariant::ALL.iter().map(|invariant| {
            let Broken { count: breaches, mut examples, requirements } =
                self.breaches.remove(invariant.id).unwrap_or_default();
            // Scenarios run side by side; the log must not depend on who came first.
            examples.sort_by(|a, b| (&a.scenario, &a.session, a.octet).cmp(&(&b.scenario, &b.session, b.octet)));
            let level = match invariant.binding {
                Strength::Must | Strength::MustNot => Level::Must,
                Strength::Should | Strength::ShouldNot => Level::Should,
                Strength::May => Level::May,
            };
            InvariantFinished {
                id: invariant.id.to_owned(),
                title: invariant.title.to_owned(),
                requirement: invariant.requirement().to_owned(),
                broken: requirements.into_iter().map(str::to_owned).collect(),
                level,
                verdict: if breaches == 0 { Verdict::Pass } else { level.when_broken() },
                breaches,
                connections: self.connections,
                examples,
            }
        });
        results.collect()
    }
}

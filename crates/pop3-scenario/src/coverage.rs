//! Which requirements of a server something asks for, and why the others are not asked.

use std::collections::BTreeMap;

use pop3_spec::invariant::Invariant;
use pop3_spec::registry::Registry;
use pop3_spec::requirement::{Requirement, Side, Strength};
use serde::Serialize;

use crate::scenario::Scenario;

/// The server's requirements in force, in the order of the registry.
#[derive(Clone, Debug)]
pub struct Coverage<'r> {
    /// One for each.
    pub rows: Vec<Row<'r>>,
}

/// A requirement and what asks for it.
#[derive(Clone, Debug)]
pub struct Row<'r> {
    /// The requirement.
    pub requirement: &'r Requirement,
    /// The scenarios whose findings can cite it, by id.
    pub scenarios: Vec<&'r str>,
    /// The always-on checks that rest on it, by id.
    pub checks: Vec<&'r str>,
    /// The seeded faults that break it, by slug.
    pub faults: Vec<&'r str>,
    /// Where it stands.
    pub state: State,
}

/// Whether a breach of a requirement would be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A finding of a scenario can cite it.
    Asked,
    /// An always-on check watches it, in every dialogue.
    Watched,
    /// Another row says the same, and that one is asked or watched.
    AskedAs,
    /// Nothing can ask for it, and the row says why.
    Unasked,
    /// Nothing asks for it.
    Missing,
}

impl State {
    /// All of them, best first.
    pub const ALL: [Self; 5] = [Self::Asked, Self::Watched, Self::AskedAs, Self::Unasked, Self::Missing];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Watched => "watched",
            Self::AskedAs => "asked as another",
            Self::Unasked => "unasked",
            Self::Missing => "missing",
        }
    }

    /// Whether a breach would be told.
    #[must_use]
    pub fn is_covered(self) -> bool {
        matches!(self, Self::Asked | Self::Watched | Self::AskedAs)
    }
}

impl<'r> Coverage<'r> {
    /// Holds the registry against what asks. `faults` gives each seeded fault's slug and
    /// the requirements that it breaks.
    #[must_use]
    pub fn of<S: AsRef<str>>(
        registry: &'r Registry,
        scenarios: &'r [Scenario],
        checks: &'r [Invariant],
        faults: &'r [(S, impl AsRef<[S]>)],
    ) -> Self {
        let mut asking: BTreeMap<&str, Vec<&'r str>> = BTreeMap::new();
        for scenario in scenarios {
            for id in scenario.cites() {
                asking.entry(id).or_default().push(&scenario.id);
            }
        }
        let mut watching: BTreeMap<&str, Vec<&'r str>> = BTreeMap::new();
        for check in checks {
            for id in check.requirements {
                watching.entry(id).or_default().push(check.id);
            }
        }
        let mut breaking: BTreeMap<&str, Vec<&'r str>> = BTreeMap::new();
        for (slug, requirements) in faults {
            for id in requirements.as_ref() {
                breaking.entry(id.as_ref()).or_default().push(slug.as_ref());
            }
        }
        let found = |of: &BTreeMap<&str, Vec<&'r str>>, id: &str| of.get(id).cloned().unwrap_or_default();
        let state = |row: &Requirement| match row {
            row if asking.contains_key(row.id.as_str()) => State::Asked,
            row if watching.contains_key(row.id.as_str()) => State::Watched,
            row if row.asked_as.is_some() => State::AskedAs,
            row if row.unasked.is_some() => State::Unasked,
            _ => State::Missing,
        };
        let bound = registry.iter().filter(|row| row.side == Side::Server && row.is_in_force());
        let rows = bound.map(|requirement| Row {
            requirement,
            scenarios: found(&asking, &requirement.id),
            checks: found(&watching, &requirement.id),
            faults: found(&breaking, &requirement.id),
            state: state(requirement),
        });
        Self { rows: rows.collect() }
    }

    /// What is wrong with the coverage; empty when every row is as it has to be.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem<'r>> {
        let states: BTreeMap<&str, State> =
            self.rows.iter().map(|row| (row.requirement.id.as_str(), row.state)).collect();
        let mut problems = Vec::new();
        for row in &self.rows {
            let other = row.requirement.asked_as.as_deref();
            let is_must = matches!(row.requirement.binding(), Strength::Must | Strength::MustNot);
            let what = match row.state {
                State::Missing => Wrong::Missing,
                State::Watched if is_must && other.is_none() => Wrong::OnlyWatched,
                State::Asked | State::Watched if row.requirement.unasked.is_some() => Wrong::AskedAfterAll,
                State::AskedAs
                    if !other.and_then(|other| states.get(other)).is_some_and(|state| state.is_covered()) =>
                {
                    Wrong::OtherMissing
                }
                _ => continue,
            };
            problems.push(Problem { requirement: row.requirement, what });
        }
        problems
    }

    /// How many rows of these are in each state.
    #[must_use]
    pub fn count<'a>(rows: impl IntoIterator<Item = &'a Row<'r>>) -> Counts
    where
        'r: 'a,
    {
        let mut counts = Counts::default();
        for row in rows {
            *counts.0.entry(row.state).or_default() += 1;
        }
        counts
    }
}

/// A row that is not as it has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem<'r> {
    /// The row.
    pub requirement: &'r Requirement,
    /// What is wrong with it.
    pub what: Wrong,
}

/// What can be wrong with a row's coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing asks for it.
    Missing,
    /// A must that an always-on check watches has no scenario of its own.
    OnlyWatched,
    /// The row that stands for it is not asked itself.
    OtherMissing,
    /// It is called unasked, and something asks for it.
    AskedAfterAll,
}

impl Wrong {
    /// What it is, and what the author of the catalogue does about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Missing => "nothing asks for it; write a scenario, or say `asked_as` or `unasked` in its row",
            Self::OnlyWatched => "a must with no scenario of its own; let an assertion name it",
            Self::OtherMissing => "it is `asked_as` a row for which nothing asks; write a scenario for that one",
            Self::AskedAfterAll => "it is called `unasked`, and a finding can cite it; take `unasked` away",
        }
    }
}

/// Numbers of rows by state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<State, usize>);

impl Counts {
    /// Rows in this state.
    #[must_use]
    pub fn of(&self, state: State) -> usize {
        self.0.get(&state).copied().unwrap_or(0)
    }

    /// All rows.
    #[must_use]
    pub fn all(&self) -> usize {
        self.0.values().sum()
    }

    /// Rows whose breach shows on the wire, as far as is known.
    #[must_use]
    pub fn observable(&self) -> usize {
        self.all() - self.of(State::Unasked)
    }

    /// Rows whose breach would be told.
    #[must_use]
    pub fn covered(&self) -> usize {
        State::ALL.into_iter().filter(|state| state.is_covered()).map(|state| self.of(state)).sum()
    }

    /// The share of [`Counts::observable`] that is covered, in whole percent, rounded
    /// down; none when there is none of them.
    #[must_use]
    pub fn percent(&self) -> Option<usize> {
        (self.covered() * 100).checked_div(self.observable())
    }
}

//! Two runs compared: what is fixed, broken or otherwise, which choices changed, what is
//! new and what is gone. A pure function of two logs.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use pop3_scenario::event::{Choice, Finding, InvariantFinished, ScenarioFinished};
use pop3_scenario::verdict::Verdict;

use crate::log::Run;

pub use table::{DiffReport, table};

/// What became of one thing between two runs. The order is that of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It needs attention and did not, or a must is broken in place of a should.
    Broken,
    /// Its verdict is another, or rests on other findings.
    Changed,
    /// The target took another alternative of a `one_of`.
    Choice,
    /// It needed attention and passes.
    Fixed,
    /// Only the later run has it.
    New,
    /// Only the earlier run has it.
    Gone,
}

impl Change {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 6] = [Self::Broken, Self::Changed, Self::Choice, Self::Fixed, Self::New, Self::Gone];

    /// The word in the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Changed => "changed",
            Self::Choice => "choice",
            Self::Fixed => "fixed",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// One thing that is not the same in two runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What became of it.
    pub change: Change,
    /// The scenario with its variant, or the always-on check.
    pub id: String,
    /// What the earlier run has: a verdict, or the alternatives taken; `-` for nothing.
    pub before: String,
    /// The same of the later run.
    pub after: String,
    /// What else there is to say: which `one_of`, which findings; may be empty.
    pub note: String,
    /// The later verdict, or the earlier one where there is no later.
    pub verdict: Verdict,
}

/// What is not the same in two runs, by [`Change`] and id. Times, transcripts and the
/// order of results are no differences, and neither is how often a check was broken.
#[must_use]
pub fn compare(before: &Run, after: &Run) -> Vec<Difference> {
    let mut found = Vec::new();
    pairs(&results(before), &results(after), |id, pair| match pair {
        (Some(before), Some(after)) => {
            found.extend(verdicts(before, after));
            choices(before, after, &mut found);
        }
        (before, after) => {
            found.extend(one_sided(id, before.map(|result| result.verdict), after.map(|result| result.verdict)));
        }
    });
    pairs(&checks(before), &checks(after), |id, pair| match pair {
        (Some(before), Some(after)) => {
            let counts = match (before.breaches, after.breaches) {
                (0, after) => format!("{after} times"),
                (before, after) => format!("{before} times before, {after} after"),
            };
            found.extend(verdict(id, before.verdict, after.verdict, &counts));
        }
        (before, after) => {
            found.extend(one_sided(id, before.map(|check| check.verdict), after.map(|check| check.verdict)));
        }
    });
    found.sort();
    found
}

fn results(run: &Run) -> BTreeMap<String, &ScenarioFinished> {
    run.results.iter().map(|result| (result.id.clone(), result)).collect()
}

fn checks(run: &Run) -> BTreeMap<String, &InvariantFinished> {
    run.invariants.iter().map(|check| (check.id.clone(), check)).collect()
}

/// Calls `look` with each key of either map and what both have for it.
fn pairs<T>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    mut look: impl FnMut(&str, (Option<&T>, Option<&T>)),
) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter().for_each(|key| look(key, (before.get(key), after.get(key))));
}

fn one_sided(id: &str, before: Option<Verdict>, after: Option<Verdict>) -> Option<Difference> {
    let word = |verdict: Option<Verdict>| verdict.map_or_else(|| "-".to_owned(), |verdict| verdict.to_string());
    Some(Difference {
        change: if after.is_some() { Change::New } else { Change::Gone },
        id: id.to_owned(),
        before: word(before),
        after: word(after),
        note: String::new(),
        verdict: after.or(before)?,
    })
}

fn verdict(id: &str, before: Verdict, after: Verdict, note: &str) -> Option<Difference> {
    use Verdict::{Fail, Info, Pass, Warn};
    let change = match (before, after) {
        _ if before == after => return None,
        (Warn, Fail) => Change::Broken,
        _ if after.needs_attention() && !before.needs_attention() => Change::Broken,
        (_, Pass | Info) if before.needs_attention() => Change::Fixed,
        _ => Change::Changed,
    };
    Some(Difference {
        change,
        id: id.to_owned(),
        before: before.to_string(),
        after: after.to_string(),
        note: note.to_owned(),
        verdict: after,
    })
}

fn verdicts(before: &ScenarioFinished, after: &ScenarioFinished) -> Option<Difference> {
    let mut notes = Vec::new();
    if before.rev != after.rev {
        notes.push(format!("rev {}, was {}", after.rev, before.rev));
    }
    let (old, new) = (findings(before), findings(after));
    notes.extend(new.difference(&old).map(|finding| finding.to_string()));
    if let Some(found) = verdict(&after.id, before.verdict, after.verdict, &notes.join("; ")) {
        return Some(found);
    }
    if old == new {
        return None;
    }
    notes.extend(old.difference(&new).map(|finding| format!("no more {finding}")));
    Some(Difference {
        change: Change::Changed,
        id: after.id.clone(),
        before: before.verdict.to_string(),
        after: after.verdict.to_string(),
        note: notes.join("; "),
        verdict: after.verdict,
    })
}

/// What of a finding outlives edits elsewhere in its file: not the line's number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    verdict: Verdict,
    requirement: &'a str,
    file: &'a str,
    text: &'a str,
}

impl<'a> Place<'a> {
    fn of(finding: &'a Finding) -> Self {
        let Finding { verdict, requirement, place, .. } = finding;
        Self { verdict: *verdict, requirement, file: &place.file, text: place.text.trim() }
    }
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} at `{}`", self.verdict, self.requirement, self.text)
    }
}

fn findings(result: &ScenarioFinished) -> BTreeSet<Place<'_>> {
    result.findings.iter().map(Place::of).collect()
}

fn choices(before: &ScenarioFinished, after: &ScenarioFinished, found: &mut Vec<Difference>) {
    // Old logs know lines only.
    let by_path = [before, after].iter().all(|result| result.choices.iter().all(|choice| !choice.step.is_empty()));
    let key = |choice: &Choice| if by_path { choice.step.clone() } else { format!("line {}", choice.line) };
    let taken = |result: &'_ ScenarioFinished| -> BTreeMap<String, Vec<String>> {
        let mut taken: BTreeMap<String, Vec<String>> = BTreeMap::new();
        result.choices.iter().for_each(|choice| taken.entry(key(choice)).or_default().push(choice.id.clone()));
        taken.values_mut().for_each(|ids| ids.sort());
        taken
    };
    pairs(&taken(before), &taken(after), |step, (old, new)| {
        if old == new {
            return;
        }
        let word = |ids: Option<&Vec<String>>| ids.map_or_else(|| "-".to_owned(), |ids| ids.join(", "));
        found.push(Difference {
            change: Change::Choice,
            id: after.id.clone(),
            before: word(old),
            after: word(new),
            note: step.to_owned(),
            verdict: after.verdict,
        });
    });
}

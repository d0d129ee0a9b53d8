//! What needs attention on any server: scenarios and always-on checks, with the clause.

use std::collections::BTreeMap;

use pop3_scenario::verdict::Verdict;

use super::grid::{self, Grid};
use super::{Entry, letter};
use crate::log::Run;
use crate::told;

/// A scenario or check a row, one letter a server.
pub(super) fn grid(entries: &[Entry]) -> Grid {
    let verdicts: Vec<BTreeMap<&str, Verdict>> = entries.iter().map(|entry| verdicts(&entry.run)).collect();
    // With the clauses that its gravest findings rest on, of whichever server.
    let mut rows: BTreeMap<&str, (Verdict, String)> = BTreeMap::new();
    for (entry, verdicts) in entries.iter().zip(&verdicts) {
        for (id, verdict) in verdicts.iter().filter(|(_, verdict)| verdict.needs_attention()) {
            let row = rows.entry(id).or_insert((Verdict::Pass, String::new()));
            if *verdict > row.0 {
                *row = (*verdict, clauses(&entry.run, id, *verdict));
            }
        }
    }
    let rows = rows.into_iter().map(|(id, (_, clause))| {
        let cells = verdicts.iter().map(|verdicts| verdicts.get(id).map_or("-", |verdict| letter(*verdict)).to_owned());
        [id.to_owned(), clause].into_iter().chain(cells).collect()
    });
    let mut header = grid::header("scenario or check", entries);
    header.insert(1, "clause".to_owned());
    Grid { header, rows: rows.collect(), words: 2 }
}

/// The verdicts of a run by id.
fn verdicts(run: &Run) -> BTreeMap<&str, Verdict> {
    let results = run.results.iter().map(|result| (result.id.as_str(), result.verdict));
    results.chain(run.invariants.iter().map(|check| (check.id.as_str(), check.verdict))).collect()
}

/// `RFC 1939 section 3`, of the findings with this verdict, or of all that is covered.
fn clauses(run: &Run, id: &str, verdict: Verdict) -> String {
    let mut ids: Vec<&String> = Vec::new();
    for result in run.results.iter().filter(|result| result.id == id) {
        let findings = result.findings.iter().filter(|finding| finding.verdict == verdict);
        ids.extend(findings.map(|finding| &finding.requirement));
        if ids.is_empty() {
            ids.extend(&result.requirements);
        }
    }
    for check in run.invariants.iter().filter(|check| check.id == id) {
        ids.extend(told::broken_by(check));
    }
    let mut clauses: Vec<String> = Vec::new();
    for id in ids {
        let clause = told::cited(run, id).map_or_else(|| id.clone(), |cited| cited.clause());
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    clauses.join(", ")
}

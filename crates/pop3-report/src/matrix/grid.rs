//! The tables as text, whatever they will look like.

use std::collections::{BTreeMap, BTreeSet};

use pop3_scenario::verdict::Verdict;

use super::{Entry, letter};
use crate::delays::delays;
use crate::tally::{self, Tally};
use crate::told::{self, duration};

/// What the times of the servers mean.
pub(super) const TIMES: &str = "Delays are those of the server before it refuses a login: their sum over \
    scenarios that run side by side, and how much of the time at least one of them went on (covered).";

/// What the letters and numbers of the other tables mean.
pub(super) const LETTERS: &str = "A part shows how many of its results are right (pass or info), then \
    the others: w warn, F fail, ? inconclusive, E error, u unsupported or skipped. In a column of its own \
    `.` is pass, i info, s skipped, - not played.";

/// The verdicts in the order of the table of servers.
const VERDICTS: [Verdict; 8] = [
    Verdict::Pass,
    Verdict::Info,
    Verdict::Unsupported,
    Verdict::Skipped,
    Verdict::Warn,
    Verdict::Fail,
    Verdict::Inconclusive,
    Verdict::Error,
];

/// A table.
pub(super) struct Grid {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// How many columns, from the left, hold words; the others hold numbers.
    pub(super) words: usize,
}

/// A server a row: what it is, counts, times.
pub(super) fn servers(entries: &[Entry]) -> Grid {
    let mut header: Vec<String> = ["server", "version", "date", "suite"].map(str::to_owned).into();
    let words = header.len();
    header.extend(VERDICTS.map(|verdict| verdict.to_string()));
    header.extend(["checks broken", "time", "until ready", "delays", "covered"].map(str::to_owned));
    let rows = entries.iter().map(|entry| {
        let run = &entry.run;
        let tally = Tally::of(&run.results);
        let date = run.started.started.split('T').next().unwrap_or_default();
        let mut row: Vec<String> = vec![
            run.started.target.clone(),
            run.started.target_version.clone().unwrap_or_else(|| "-".to_owned()),
            date.to_owned(),
            run.started.suite.clone(),
        ];
        row.extend(VERDICTS.map(|verdict| number(tally.get(verdict))));
        row.push(number(run.invariants.iter().filter(|check| check.verdict.needs_attention()).count()));
        let delays = delays(run);
        let time = duration(run.elapsed_ms());
        row.push(if run.is_complete() { time } else { format!("{time}, incomplete") });
        row.push(run.ready.as_ref().map_or_else(|| "-".to_owned(), |ready| duration(ready.at_ms)));
        row.extend([delays.sum_ms, delays.covered_ms].map(|ms| if ms == 0 { "-".to_owned() } else { duration(ms) }));
        row
    });
    Grid { header, rows: rows.collect(), words }
}

/// A part of the catalogue a row, a server a column.
pub(super) fn parts(entries: &[Entry]) -> Grid {
    let tallies: Vec<BTreeMap<&str, Tally>> =
        entries.iter().map(|entry| tally::by_part(&entry.run.results, part)).collect();
    let parts: BTreeSet<&str> = tallies.iter().flat_map(|tallies| tallies.keys().copied()).collect();
    let rows = parts.into_iter().map(|part| {
        let cells = tallies.iter().map(|tallies| tallies.get(part).map_or_else(|| "-".to_owned(), cell));
        std::iter::once(part.to_owned()).chain(cells).collect()
    });
    Grid { header: header("part", entries), rows: rows.collect(), words: 1 }
}

/// The first column's name, then the servers.
pub(super) fn header(first: &str, entries: &[Entry]) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(names(entries)).collect()
}

/// What the servers are called; with their versions, where a name is there twice.
fn names(entries: &[Entry]) -> impl Iterator<Item = String> {
    entries.iter().map(move |entry| {
        let name = &entry.run.started.target;
        let is_alone = entries.iter().filter(|other| other.run.started.target == *name).count() == 1;
        if is_alone { name.clone() } else { told::target(&entry.run) }
    })
}

/// The first folder of an id; inside RFC 1939, which is large, the second too.
fn part(id: &str) -> &str {
    match id.strip_prefix("rfc1939/").and_then(|rest| rest.find('/')) {
        Some(end) => id.get(.."rfc1939/".len() + end).unwrap_or(id),
        None => tally::folder(id),
    }
}

/// `183 · 5 w · 2 F`.
fn cell(tally: &Tally) -> String {
    let right = tally.get(Verdict::Pass) + tally.get(Verdict::Info);
    let not_asked = tally.get(Verdict::Unsupported) + tally.get(Verdict::Skipped);
    let mut cell = right.to_string();
    let others = [Verdict::Warn, Verdict::Fail, Verdict::Inconclusive, Verdict::Error];
    let others = others.map(|verdict| (tally.get(verdict), letter(verdict)));
    for (n, letter) in others.into_iter().chain([(not_asked, letter(Verdict::Unsupported))]) {
        if n > 0 {
            cell.push_str(&format!(" · {n} {letter}"));
        }
    }
    cell
}

fn number(n: usize) -> String {
    if n == 0 { "-".to_owned() } else { n.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc1939_is_told_by_second_folder() {
        let check = |id, want| assert_eq!(part(id), want);
        check("rfc1939/retr/dots[file=a/b]", "rfc1939/retr");
        check("rfc1939/odd", "rfc1939");
        check("rfc2449/capa/lists", "rfc2449");
        check("target", "target");
    }

    #[test]
    fn a_cell_counts_what_is_right_first() {
        let check = |verdicts: &[Verdict], want: &str| {
            let mut tally = Tally::default();
            verdicts.iter().for_each(|verdict| tally.add(*verdict));
            assert_eq!(cell(&tally), want);
        };
        check(&[Verdict::Pass, Verdict::Info], "2");
        check(&[Verdict::Pass, Verdict::Warn, Verdict::Fail, Verdict::Warn], "1 · 2 w · 1 F");
        check(&[Verdict::Skipped, Verdict::Unsupported], "0 · 2 u");
        check(&[Verdict::Error, Verdict::Inconclusive], "0 · 1 ? · 1 E");
    }
}

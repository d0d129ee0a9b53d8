//! Several servers side by side.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use pop3_report::delays::{Delays, delays};
use pop3_report::log::{Run, read};
use pop3_report::matrix::{Entry, page, slowest, terminal};
use pop3_report::style::Style;
use pop3_scenario::event::{ConnectionTranscript, TranscriptEntry, Who};
use pop3_scenario::verdict::Verdict;
use snapbox::{assert_data_eq, file};

fn run(name: &str) -> Run {
    let path = format!("{}/tests/logs/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    read(fs::read(path).unwrap().as_slice()).unwrap()
}

/// A login that is refused, of a scenario that began so many milliseconds into the run.
fn refused(run: &mut Run, n: usize, began_ms: u64, took_ms: u64) {
    let entry = |at_ms, who, text: &str| TranscriptEntry { at_ms, order: 0, who, text: text.to_owned(), elided: 0 };
    let entries =
        vec![entry(10, Who::Client, "PASS ********\\r\\n"), entry(10 + took_ms, Who::Server, "-ERR no\\r\\n")];
    run.results[n].played_at_ms = Some(began_ms);
    run.results[n].transcript = vec![ConnectionTranscript { session: String::new(), entries }];
}

/// Two servers of one name, and one that has another.
fn entries() -> Vec<Entry> {
    let entry = |folder: &str, run: Run, findings: &str| Entry {
        folder: folder.to_owned(),
        files: ["report.md", "run.jsonl"].map(str::to_owned).into(),
        findings: findings.to_owned(),
        run,
    };
    let mut old = run("v1");
    old.started.target_version = Some("1.0".to_owned());
    let mut new = run("v1");
    new.started.target_version = Some("2.0-rc_1|x".to_owned());
    for result in new.results.iter_mut().filter(|result| result.verdict == Verdict::Fail) {
        result.verdict = Verdict::Pass;
    }
    refused(&mut new, 0, 100, 2000);
    refused(&mut new, 1, 1100, 2000);
    new.finished = None;
    let mut other = run("all-pass");
    other.started.target = "other".to_owned();
    other.started.target_options = "--target scenarios/targets/other/target.yaml".to_owned();
    vec![
        entry("example-1.0", old, "\nIt counts what is *gone*.\n\n"),
        entry("example 2", new, ""),
        entry("other", other, ""),
    ]
}

#[test]
fn a_page_of_servers() {
    assert_data_eq!(page(&entries()), file!["golden/matrix.md"].raw());
}

#[test]
fn tables_of_servers() {
    let text = terminal(&entries(), Style { color: false, width: 100 });
    assert_data_eq!(text, file!["golden/matrix.txt"].raw());
}

#[test]
fn delays_are_summed_and_united() {
    let check = |refusals: &[(u64, u64)], want: (usize, u64, u64)| {
        let mut run = run("v1");
        run.results.iter_mut().for_each(|result| result.transcript.clear());
        for (n, (began, took)) in refusals.iter().enumerate() {
            refused(&mut run, n, *began, *took);
        }
        let (count, sum_ms, covered_ms) = want;
        assert_eq!(delays(&run), Delays { count, sum_ms, covered_ms }, "{refusals:?}");
    };
    check(&[], (0, 0, 0));
    check(&[(0, 299)], (0, 0, 0));
    check(&[(0, 2000)], (1, 2000, 2000));
    // Apart, overlapping, one inside the other, out of order.
    check(&[(0, 2000), (5000, 1000)], (2, 3000, 3000));
    check(&[(0, 2000), (500, 2000)], (2, 4000, 2500));
    check(&[(0, 5000), (500, 2000)], (2, 7000, 5000));
    check(&[(4000, 1000), (0, 2000), (1000, 500)], (3, 3500, 3000));
}

/// An old log does not tell when the transcript began.
#[test]
fn without_a_time_a_transcript_begins_with_its_scenario() {
    let mut run = run("v1");
    run.results.iter_mut().for_each(|result| result.transcript.clear());
    for n in 0..2 {
        refused(&mut run, n, 0, 1000);
        run.results[n].played_at_ms = None;
    }
    (run.results[0].at_ms, run.results[1].at_ms) = (0, 600);
    assert_eq!(delays(&run), Delays { count: 2, sum_ms: 2000, covered_ms: 1600 });
}

#[test]
fn the_slowest_come_first_and_are_ten() {
    let mut run = run("v1");
    let one = run.results[0].clone();
    run.results = (0..20_u64)
        .map(|n| {
            let mut result = one.clone();
            result.id = format!("a/b/{n:02}");
            result.elapsed_ms = [0, 5, 7][usize::try_from(n).unwrap() % 3];
            result
        })
        .collect();
    let ids: Vec<&str> = slowest(&run).iter().map(|result| &result.id[4..]).collect();
    assert_eq!(ids, ["02", "05", "08", "11", "14", "17", "01", "04", "07", "10"]);
}

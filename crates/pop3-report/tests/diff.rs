//! What is not the same in two runs.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use pop3_report::diff::{Change, DiffReport, compare};
use pop3_report::log::{Run, read};
use pop3_report::style::Style;
use pop3_scenario::event::{Choice, ScenarioFinished};
use pop3_scenario::verdict::Verdict;
use snapbox::{assert_data_eq, file};

fn run() -> Run {
    let log = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs/v1.jsonl")).unwrap();
    read(log.as_slice()).unwrap()
}

fn result<'r>(run: &'r mut Run, id: &str) -> &'r mut ScenarioFinished {
    run.results.iter_mut().find(|result| result.id == id).unwrap()
}

fn choice(line: u32, step: &str, id: &str) -> Choice {
    Choice { line, step: step.to_owned(), id: id.to_owned(), verdict: Verdict::Pass, note: None, ruling: None }
}

const FAILS: &str = "rfc1939/stat/counts-agree-with-list";
const PASSES: &str = "rfc1939/quit/says-goodbye";

/// The differences when the later run was changed so.
fn changed(edit: impl FnOnce(&mut Run)) -> Vec<(Change, String)> {
    let (before, mut after) = (run(), run());
    edit(&mut after);
    compare(&before, &after).into_iter().map(|each| (each.change, each.id)).collect()
}

#[test]
fn a_run_is_the_same_as_itself() {
    let run = run();
    assert_eq!(compare(&run, &run), []);
    let text = DiffReport::new(&run, &run, Style::default()).to_string();
    assert!(text.ends_with("\nno difference in 10 results\n"), "{text}");
}

#[test]
fn what_never_counts() {
    let none = changed(|after| {
        after.started.started = "2030-01-01T00:00:00Z".to_owned();
        after.started.seed += 1;
        for result in &mut after.results {
            result.at_ms += 5;
            result.elapsed_ms += 5;
            result.transcript.clear();
            // A comment more at the top of the file.
            result.findings.iter_mut().for_each(|finding| finding.place.line += 1);
        }
        after.results.reverse();
        after.invariants.iter_mut().filter(|check| check.breaches > 0).for_each(|check| check.breaches += 1);
    });
    assert_eq!(none, []);
}

#[test]
fn each_kind_of_change() {
    let check = |edit: fn(&mut Run), want: &[(Change, &str)]| {
        let found = changed(edit);
        let found: Vec<(Change, &str)> = found.iter().map(|(change, id)| (*change, id.as_str())).collect();
        assert_eq!(found, want);
    };
    check(|after| result(after, PASSES).verdict = Verdict::Fail, &[(Change::Broken, PASSES)]);
    check(|after| result(after, PASSES).verdict = Verdict::Skipped, &[(Change::Changed, PASSES)]);
    check(
        |after| {
            result(after, FAILS).verdict = Verdict::Pass;
            result(after, FAILS).findings.clear();
        },
        &[(Change::Fixed, FAILS)],
    );
    check(|after| result(after, FAILS).verdict = Verdict::Warn, &[(Change::Changed, FAILS)]);
    check(|after| result(after, FAILS).findings[0].place.text = "- S: +OK".to_owned(), &[(Change::Changed, FAILS)]);
    check(|after| result(after, FAILS).findings[0].requirement = "r".to_owned(), &[(Change::Changed, FAILS)]);
    check(|after| result(after, PASSES).id = "new/one".to_owned(), &[(Change::New, "new/one"), (Change::Gone, PASSES)]);
    check(|after| after.invariants[0].verdict = Verdict::Pass, &[(Change::Fixed, "always/crlf")]);
    check(|after| drop(after.invariants.remove(0)), &[(Change::Gone, "always/crlf")]);
}

#[test]
fn choices_are_compared_by_their_path_without_their_order() {
    let check = |old: &[&Choice], new: &[&Choice], want: usize| {
        let (mut before, mut after) = (run(), run());
        result(&mut before, PASSES).choices = old.iter().map(|choice| (*choice).clone()).collect();
        result(&mut after, PASSES).choices = new.iter().map(|choice| (*choice).clone()).collect();
        let found = compare(&before, &after);
        assert!(found.iter().all(|each| each.change == Change::Choice));
        assert_eq!(found.len(), want, "{found:#?}");
    };
    let (yes, no) = (choice(7, "{no|yes}", "yes"), choice(7, "{no|yes}", "no"));
    check(&[&yes], &[&choice(9, "{no|yes}", "yes")], 0);
    check(&[&yes], &[&no], 1);
    check(&[&yes], &[], 1);
    check(&[&yes, &no], &[&no, &yes], 0);
    check(&[&yes, &choice(9, "{no|yes}#2", "no")], &[&no, &choice(9, "{no|yes}#2", "yes")], 2);
    // A log from before there were paths.
    check(&[&choice(7, "", "yes")], &[&yes], 0);
    check(&[&choice(7, "", "yes")], &[&no], 1);
}

#[test]
fn a_person_reads_the_worst_first() {
    let (before, mut after) = (run(), run());
    result(&mut after, PASSES).verdict = Verdict::Fail;
    result(&mut after, PASSES).choices.push(choice(12, "{closed|open}", "open"));
    let fixed = result(&mut after, FAILS);
    fixed.verdict = Verdict::Pass;
    fixed.findings.clear();
    let other = after.results.iter_mut().find(|result| result.findings.len() == 1).unwrap();
    other.findings[0].place.text = "  - S: +OK".to_owned();
    other.rev += 1;
    after.results[0].id = "rfc1939/apop/\u{1b}[2Jnew".to_owned();
    after.invariants[0].verdict = Verdict::Pass;
    after.started.delivery = pop3_scenario::delivery::Delivery::Coalesced;
    after.finished = None;
    let plain = DiffReport::new(&before, &after, Style::default()).to_string();
    assert_data_eq!(plain, file!["golden/diff.txt"].raw());
    let colored = DiffReport::new(&before, &after, Style { color: true, width: 80 }).to_string();
    assert!(colored.contains('\u{1b}') && colored.contains("\u{1b}[0m"));
    assert!(!colored.contains("\u{1b}[2J"));
}

//! A run as Markdown, HTML and JSON, failures first.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use pop3_report::log::{Run, read};
use pop3_report::{html, json, markdown};
use pop3_scenario::event::ChosenRuling;
use pop3_scenario::verdict::Verdict;
use pop3_spec::ruling::Reading;
use snapbox::{assert_data_eq, file};

fn run(name: &str) -> Run {
    let path = format!("{}/tests/logs/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    read(fs::read(path).unwrap().as_slice()).unwrap()
}

/// A run with everything that a page can tell.
fn full() -> Run {
    let mut run = run("v1");
    run.started.target_version = Some("2.3.19".to_owned());
    run.started.rulings = vec![ChosenRuling { id: "a-09".to_owned(), chosen: Reading::Info, default: Reading::Warn }];
    run.ready.as_mut().unwrap().capabilities = vec!["TOP".to_owned(), "SASL PLAIN".to_owned()];
    let failed = run.results.iter_mut().find(|result| result.verdict == Verdict::Fail).unwrap();
    "The client shows an error where `STAT` counts too much.".clone_into(&mut failed.why);
    "Count what is not marked.".clone_into(&mut failed.fix);
    failed.played_at_ms = Some(failed.at_ms + 3);
    run
}

fn json_text(run: &Run) -> String {
    let mut out = Vec::new();
    json::write(run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The page with a line for each element, without the style and the script.
fn elements(page: &str) -> String {
    let without = |page: &str, name: &str| {
        let (before, rest) = page.split_once(&format!("<{name}>")).unwrap();
        let (_, after) = rest.split_once(&format!("</{name}>")).unwrap();
        format!("{before}<{name}></{name}>{after}")
    };
    let page = without(&without(page, "style"), "script");
    let mut lines = String::new();
    for (n, part) in page.split('<').enumerate() {
        if n > 0 {
            // The end of an element stays with what is in it.
            lines.push_str(if part.starts_with('/') { "<" } else { "\n<" });
        }
        lines.push_str(part);
    }
    lines.trim_start().to_owned() + "\n"
}

#[test]
fn a_page_of_a_repository() {
    assert_data_eq!(markdown::page(&full()), file!["golden/failures.md"].raw());
}

#[test]
fn a_page_of_a_browser() {
    assert_data_eq!(elements(&html::page(&full())), file!["golden/failures.html"].raw());
}

#[test]
fn a_document_for_programs() {
    assert_data_eq!(json_text(&full()), file!["golden/failures.json"].raw());
}

#[test]
fn a_clean_run_is_short() {
    let page = markdown::page(&run("all-pass"));
    assert!(!page.contains("## What fails") && !page.contains("## Warnings") && !page.contains("###"), "{page}");
    let page = html::page(&run("all-pass"));
    assert!(!page.contains("<h3>What fails") && !page.contains(" open>"), "{page}");
}

#[test]
fn half_a_run_says_so() {
    let mut run = run("all-pass");
    run.finished = None;
    let says = "The log has no footer";
    assert!(markdown::page(&run).contains(says) && html::page(&run).contains(says));
    let document: serde_json::Value = serde_json::from_str(&json_text(&run)).unwrap();
    assert_eq!((&document["complete"], &document["exit"]), (&false.into(), &serde_json::Value::Null));
}

/// A page of a whole run is read in a browser, not downloaded overnight.
#[test]
fn what_passes_is_told_briefly() {
    let mut run = run("v1");
    let result = run.results.iter_mut().find(|result| !result.transcript.is_empty()).unwrap();
    let connection = &mut result.transcript[0];
    let mut entry = connection.entries[0].clone();
    entry.text = "x".repeat(4000) + &"y\\r\\n".repeat(500);
    connection.entries = vec![entry; 1000];
    result.findings.clear();
    let id = result.id.clone();
    let mut size = |verdict: Verdict| {
        run.results.iter_mut().find(|result| result.id == id).unwrap().verdict = verdict;
        html::page(&run).len()
    };
    let (passed, failed) = (size(Verdict::Pass), size(Verdict::Fail));
    assert!(passed < 60_000 && (100_000..600_000).contains(&failed), "{passed} {failed}");
}

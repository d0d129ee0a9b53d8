//! What a person reads of the kill matrix, broken rules first.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use pop3_report::self_test::{pages, summary};
use pop3_scenario::matrix::Matrix;
use snapbox::{assert_data_eq, file};

fn matrix(name: &str) -> Matrix {
    let path = format!("{}/tests/matrices/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn broken_rules_come_first() {
    let text = summary(&matrix("broken"), Duration::from_millis(41_250));
    assert_data_eq!(text, file!["golden/self-test-broken.txt"].raw());
}

#[test]
fn nothing_is_broken() {
    let mut matrix = matrix("broken");
    matrix.problems.clear();
    let text = summary(&matrix, Duration::from_millis(900));
    assert!(text.ends_with("\nEvery rule holds. It took 0.9 s.\n"), "{text}");
}

#[test]
fn pages_link_scenarios_and_faults_both_ways() {
    let pages: Vec<(&str, String)> = pages(&matrix("broken"));
    let all: String = pages.iter().map(|(name, text)| format!("==== {name}\n{text}")).collect();
    assert_data_eq!(all, file!["golden/self-test-pages.txt"].raw());
}

/// The page for programs is the matrix.
#[test]
fn json_reads_back() {
    let matrix = matrix("broken");
    let pages = pages(&matrix);
    let (_, json) = pages.iter().find(|(name, _)| name.ends_with(".json")).unwrap();
    assert_eq!(serde_json::from_str::<Matrix>(json).unwrap(), matrix);
}

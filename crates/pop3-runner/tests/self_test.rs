//! The rules of the self-test, each seen broken and seen kept.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::Path;

use pop3_runner::self_test::{Exceptions, Scope, self_test};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::matrix::{Ground, Matrix, Proof, Rule};
use pop3_server::fault::Fault;
use pop3_spec::registry::{Registry, is_requirement_file};

const LOGIN: &str = "\
format: pop3-fragment/1
title: Log in
steps:
- open: {}
- S: +OK
- auth: any
";

/// Loads scenarios with these bodies, called `t/0`, `t/1` and so on.
fn catalogue(scenarios: &[&str]) -> Catalogue {
    let head =
        |id: usize| format!("format: pop3-scenario/1\nid: t/{id}\nrev: 1\ntitle: A test\nwhy: A test.\nmailbox: []\n");
    let files = scenarios.iter().enumerate().map(|(id, body)| (format!("t/{id}.yaml"), format!("{}{body}", head(id))));
    let fragments = [
        ("fragments/login.yaml".to_owned(), LOGIN.to_owned()),
        ("fragments/control.yaml".to_owned(), LOGIN.to_owned()),
    ];
    let (catalogue, diagnostics) = Catalogue::load(files.chain(fragments), None);
    assert!(diagnostics.is_empty(), "{}", diagnostics.iter().map(ToString::to_string).collect::<String>());
    catalogue
}

fn registry() -> Registry {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/requirements");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = files.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    let files = files.filter(|(name, _)| is_requirement_file(name));
    Registry::load(files.map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))).unwrap()
}

fn exceptions(rows: &str) -> Exceptions {
    Exceptions::load("self-test.yaml", &format!("format: pop3-self-test/1\n{rows}")).unwrap()
}

fn prove(faults: &[Fault], assertions: bool, scenarios: &[&str], exceptions: &Exceptions) -> Matrix {
    let scope = Scope { faults: faults.to_vec(), variations: Vec::new(), only: Vec::new(), assertions, workers: 2 };
    self_test(&scope, &catalogue(scenarios), &registry(), exceptions, &|_, _| {}).unwrap()
}

/// Checks which rules are broken, and by what: a part of each problem's text.
fn check(matrix: &Matrix, want: &[(Rule, &str)]) {
    let problems: Vec<String> =
        matrix.problems.iter().map(|problem| format!("{:?}: {}", problem.rule, problem.what)).collect();
    assert_eq!(matrix.problems.len(), want.len(), "{problems:#?}");
    for (rule, part) in want {
        let found = matrix.problems.iter().any(|problem| problem.rule == *rule && problem.what.contains(part));
        assert!(found, "{rule:?} {part} is not in {problems:#?}");
    }
}

/// Asks what NOOP is answered, and cites the requirement that the fault breaks.
const NOOP: &str = "requirements: [rfc1939-5-noop-positive-no-effect]\nkills: [noop-refused]\nsteps: [{use: login}, {C: NOOP}, {S: +OK}]\n";

#[test]
fn a_scenario_that_wants_what_no_server_does() {
    let wrong = "requirements: [rfc1939-5-noop-positive-no-effect]\nkills: [noop-refused]\nsteps: [{use: login}, {C: NOOP}, {S: +OK the wrong words}]\n";
    let matrix = prove(&[], false, &[wrong], &exceptions(""));
    check(&matrix, &[(Rule::HonestPasses, "t/0 says `fail` of the honest server")]);
}

#[test]
fn a_fault_that_nothing_detects() {
    let matrix = prove(&[Fault::RsetDoesNothing], false, &[NOOP], &exceptions(""));
    check(&matrix, &[(Rule::FaultDetected, "nothing detects `rset-does-nothing`")]);
}

#[test]
fn promises_that_are_not_kept() {
    let blind = "requirements: [rfc1939-5-noop-positive-no-effect]\nkills: [noop-refused, no-such-fault]\nsteps: [{use: login}, {C: STAT}, {S: +OK}]\n";
    let matrix = prove(&[Fault::NoopRefused], false, &[NOOP, blind], &exceptions(""));
    check(
        &matrix,
        &[
            (Rule::PromiseKept, "t/1 does not detect `noop-refused`"),
            (Rule::PromiseKept, "t/1 promises to detect `no-such-fault`"),
        ],
    );
}

#[test]
fn a_failure_for_another_reason_is_listed_or_a_problem() {
    let other = "requirements: [rfc1939-5-stat-count-of-messages]\nkills: [stat-count-off]\nsteps: [{use: login}, {C: NOOP}, {S: +OK}]\n";
    let matrix = prove(&[Fault::NoopRefused], false, &[NOOP, other], &exceptions(""));
    check(
        &matrix,
        &[(Rule::ReasonRight, "on `noop-refused` t/1 says `fail` and cites rfc1939-5-stat-count-of-messages")],
    );
    for by in ["t/1", "t"] {
        let rows = format!("collateral: [{{on: [noop-refused], by: [{by}], why: It asks NOOP first.}}]\n");
        let matrix = prove(&[Fault::NoopRefused], false, &[NOOP, other], &exceptions(&rows));
        check(&matrix, &[]);
        let grounds: Vec<&Ground> = matrix.faults[0].catches.iter().map(|catch| &catch.ground).collect();
        let listed = Ground::Listed { why: "It asks NOOP first.".to_owned() };
        assert!(grounds.contains(&&Ground::Promised) && grounds.contains(&&listed), "{grounds:?}");
    }
}

#[test]
fn assertions_are_proven_by_faults_or_by_spoiled_replies() {
    let never = "requirements: [rfc1939-5-stat-count-of-messages]\nkills: [noop-refused]\nsteps: [{use: login}, {C: STAT}, {S: '+OK {n:uint}'}, {check: n < 18446744073709551615}]\n";
    let matrix = prove(&[Fault::NoopRefused], true, &[NOOP, never], &exceptions(""));
    check(
        &matrix,
        &[(Rule::PromiseKept, "t/1 does not detect `noop-refused`"), (Rule::AssertionProven, "t/1.yaml:9:")],
    );
    let proofs: Vec<&Proof> = matrix.assertions.iter().map(|row| &row.proof).collect();
    let by_fault = Proof::Faults { count: 1, first: "noop-refused".to_owned() };
    let spoiled = Proof::Spoiled { how: "status".to_owned() };
    assert!(proofs.contains(&&by_fault) && proofs.contains(&&spoiled) && proofs.contains(&&Proof::None), "{proofs:?}");
}

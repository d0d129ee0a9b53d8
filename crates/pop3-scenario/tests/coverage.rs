//! Which requirements are asked, and what is wrong when one is not.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use pop3_scenario::Catalogue;
use pop3_scenario::coverage::{Coverage, State, Wrong};
use pop3_scenario::scenario::Scenario;
use pop3_spec::registry::Registry;

const ROWS: [(&str, &str); 9] = [
    ("asked-first", "must"),
    ("asked-in-step", "must"),
    ("asked-in-alternative", "should"),
    ("watched", "should"),
    ("watched-must", "must"),
    ("missing", "must"),
    ("after-all", "must\n  unasked: {because: setting, why: nobody}"),
    ("unasked", "may\n  unasked: {because: permission, why: nothing to break}"),
    ("as-other", "must\n  asked_as: rfc0-1-asked-first"),
];

fn registry(rows: &[(&str, &str)]) -> Registry {
    let row = |(slug, level): &(&str, &str)| {
        format!(
            "- id: rfc0-1-{slug}\n  side: server\n  section: '1'\n  text: T.\n  observe: O.\n  class: [wire]\n  level: {level}\n"
        )
    };
    let rows: String = rows.iter().map(row).collect();
    let text = format!("format: pop3-requirements/1\nrfc: 0\ntitle: T\nsections:\n  '1': One\nrequirements:\n{rows}");
    Registry::load([("rfc0.yaml".to_owned(), text)]).unwrap()
}

/// Its header names `missing` too, but no assertion falls back on that.
const SCENARIO: &str = "format: pop3-scenario/1\nid: own/one\ntitle: T\n\
    requirements: [rfc0-1-asked-first, rfc0-1-missing]\nsteps:\n- open: {}\n- S: +OK\n\
    - C: NOOP\n- S: {status: +OK, requirement: rfc0-1-asked-in-step}\n\
    - C: NOOP\n- one_of:\n  - {id: good, S: +OK, verdict: pass, requirement: rfc0-1-unasked}\n  \
    - {id: bad, S: -ERR, verdict: warn, requirement: rfc0-1-asked-in-alternative}\n\
    - C: NOOP\n- S: {status: +OK, requirement: rfc0-1-after-all}\n";

const NO_FAULTS: [(&str, &[&str]); 0] = [];

fn scenarios() -> Vec<Scenario> {
    let (catalogue, found) = Catalogue::load([("own/one.yaml".to_owned(), SCENARIO.to_owned())], None);
    assert_eq!(catalogue.scenarios.len(), 1, "{found:?}");
    catalogue.scenarios
}

#[test]
fn each_row_has_the_state_that_its_citations_give_it() {
    let registry = registry(&ROWS);
    let scenarios = scenarios();
    let mut check = pop3_spec::invariant::ALL[0];
    check.requirements = &["rfc0-1-watched", "rfc0-1-watched-must"];
    let faults: [(&str, &[&str]); 1] = [("some-fault", &["rfc0-1-watched"])];
    let checks = [check];
    let coverage = Coverage::of(&registry, &scenarios, &checks, &faults);
    let got: Vec<(&str, State)> =
        coverage.rows.iter().map(|row| (&row.requirement.id["rfc0-1-".len()..], row.state)).collect();
    let want = [
        ("asked-first", State::Asked),
        ("asked-in-step", State::Asked),
        ("asked-in-alternative", State::Asked),
        ("watched", State::Watched),
        ("watched-must", State::Watched),
        ("missing", State::Missing),
        ("after-all", State::Asked),
        ("unasked", State::Unasked),
        ("as-other", State::AskedAs),
    ];
    assert_eq!(got, want);
    assert_eq!(coverage.rows[3].faults, ["some-fault"]);
    assert_eq!(coverage.rows[0].scenarios, ["own/one"]);
    let counts = Coverage::count(&coverage.rows);
    assert_eq!((counts.all(), counts.observable(), counts.covered(), counts.percent()), (9, 8, 7, Some(87)));
    let problems: Vec<(&str, Wrong)> =
        coverage.problems().iter().map(|each| (&each.requirement.id["rfc0-1-".len()..], each.what)).collect();
    let want = [("watched-must", Wrong::OnlyWatched), ("missing", Wrong::Missing), ("after-all", Wrong::AskedAfterAll)];
    assert_eq!(problems, want);
}

#[test]
fn a_row_that_leads_to_a_missing_one_is_told() {
    let registry = registry(&[("first", "must\n  asked_as: rfc0-1-second"), ("second", "must")]);
    let coverage = Coverage::of(&registry, &[], &[], &NO_FAULTS);
    let wrong: Vec<Wrong> = coverage.problems().iter().map(|each| each.what).collect();
    assert_eq!(wrong, [Wrong::OtherMissing, Wrong::Missing]);
    assert_eq!(Coverage::count(&coverage.rows).percent(), Some(50));
}

#[test]
fn there_is_no_share_of_nothing() {
    assert_eq!(Coverage::count([]).percent(), None);
}

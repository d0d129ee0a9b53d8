//! Nothing cites a requirement that the registry lacks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pop3_scenario::Catalogue;
use pop3_scenario::scenario::Scenario;
use pop3_server::fault::Fault;
use pop3_spec::invariant;
use pop3_spec::registry::{Registry, is_requirement_file};

/// Where an id of a requirement may stand. Tests elsewhere have logs and scenarios
/// of their own, and published reports show what was cited then.
const PLACES: &[&str] =
    &["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "crates/*/src", "docs", "scenarios", "xtask/src"];

/// Files whose tokens of this shape are no citations, and what they are.
const OTHER_NAMES: &[(&str, &str)] = &[("crates/pop3-fuzzkit/src/seeds.rs", "names of seeds, which are files")];

/// No RFC has this number: ids that a test invents are of it.
const NO_RFC: &str = "rfc0-";

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn registry() -> Registry {
    let folder = root().join("scenarios/requirements");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files = names.filter(|name| is_requirement_file(name)).map(|name| {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        (name, text)
    });
    Registry::load(files).unwrap()
}

/// The path from the root and the text of each file below these places.
fn texts(places: &[&str]) -> Vec<(String, String)> {
    let mut waiting: Vec<String> = places.iter().rev().map(|place| (*place).to_owned()).collect();
    let mut texts = Vec::new();
    while let Some(place) = waiting.pop() {
        let (path, each) = match place.split_once("/*") {
            Some((folder, rest)) => (folder.to_owned(), Some(rest)),
            None => (place, None),
        };
        if root().join(&path).is_dir() {
            let entries = fs::read_dir(root().join(&path)).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            waiting.extend(names.map(|name| format!("{path}/{name}{}", each.unwrap_or_default())));
        } else if let Ok(text) = fs::read_to_string(root().join(&path)) {
            texts.push((path, text));
        }
    }
    texts
}

/// Every token of the form `rfcNNNN-SECTION-slug`, with its line from 1. What
/// stands behind a slash is a file's name.
fn citations(text: &str) -> Vec<(usize, &str)> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for (start, _) in line.match_indices("rfc") {
            let before = line[..start].chars().next_back();
            let token = line[start..].split(|c| !is_part(c)).next().unwrap_or_default();
            let mut parts = token.splitn(3, '-');
            let (rfc, section, slug) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
            let slug = slug.split('.').next().unwrap_or_default().trim_end_matches('-');
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
            let (Some(rfc), Some(section)) = (rfc, section) else { continue };
            let begins = before.is_none_or(|c| !is_part(c) && !c.is_ascii_uppercase() && c != '/');
            if begins && is_number(&rfc[3..]) && !section.is_empty() && !slug.is_empty() {
                found.push((at + 1, &token[..rfc.len() + section.len() + slug.len() + 2]));
            }
        }
    }
    found
}

/// `file:line: id` for each citation that the registry lacks.
fn unknown(registry: &Registry, path: &str, text: &str) -> Vec<String> {
    let lacking = |id: &str| !id.starts_with(NO_RFC) && registry.by_id(id).is_none();
    let citations = citations(text).into_iter().filter(|(_, id)| lacking(id));
    citations.map(|(line, id)| format!("{path}:{line}: {id}")).collect()
}

#[test]
fn no_text_cites_what_the_registry_lacks() {
    let registry = registry();
    let texts = texts(PLACES);
    let is_other = |path: &str| OTHER_NAMES.iter().any(|(other, _)| *other == path);
    let problems: Vec<String> = texts
        .iter()
        .filter(|(path, _)| !is_other(path))
        .flat_map(|(path, text)| unknown(&registry, path, text))
        .collect();
    assert!(
        problems.is_empty(),
        "not in scenarios/requirements; correct the id, add the row, or let a test invent ids of RFC 0:\n{}",
        problems.join("\n")
    );
    // The citations were looked for where they are, and exceptions are still needed.
    for place in
        ["scenarios/rfc1939/", "scenarios/fragments/", "crates/pop3-spec/src/", "crates/pop3-server/src/", "docs/"]
    {
        let here = texts.iter().filter(|(path, _)| path.starts_with(place));
        assert!(here.clone().any(|(_, text)| !citations(text).is_empty()), "{place} cites nothing");
    }
    for (path, what) in OTHER_NAMES {
        let text = texts.iter().find(|(file, _)| file == path).map(|(_, text)| text);
        assert!(text.is_some_and(|text| !unknown(&registry, path, text).is_empty()), "{path} has no {what}");
    }
}

#[test]
fn a_citation_is_found_wherever_it_stands() {
    let registry = registry();
    let check = |text: &str, want: &[&str]| assert_eq!(unknown(&registry, "f", text), want, "{text}");
    check("requirements: [rfc1939-5-no-such-row]", &["f:1: rfc1939-5-no-such-row"]);
    check(
        "one\n\"rfc2449-8.1.1-no-such-row\", `rfc4422-a.1-no-such-row`.",
        &["f:2: rfc2449-8.1.1-no-such-row", "f:2: rfc4422-a.1-no-such-row"],
    );
    check("rfc9999-1-a. And rfc1957-observations-b,", &["f:1: rfc9999-1-a", "f:1: rfc1957-observations-b"]);
    check("rfc1939-3-byte-stuffin", &["f:1: rfc1939-3-byte-stuffin"]);
    // Known, invented for a test, and no ids at all.
    check("rfc1939-3-byte-stuffing and rfc0-5-noop", &[]);
    check("rfc1939/stat/no-such, rfc1939.yaml, rfc1939-3-, RFC 1939, corpus/rfc1939-10-session", &[]);
}

/// The ids that scenarios (with their fragments), always-on checks and faults name
/// once they are loaded, however they were written.
#[test]
fn nothing_loaded_cites_what_the_registry_lacks() {
    let registry = registry();
    let mut cited: BTreeSet<(String, String)> = BTreeSet::new();
    // Any id is let pass here, so that this test and no loader decides.
    let (catalogue, _) = Catalogue::load(texts(&["scenarios"]).into_iter().map(below_scenarios), None);
    for scenario in &catalogue.scenarios {
        cited.extend(of_scenario(scenario).into_iter().map(|id| (scenario.id.clone(), id)));
    }
    let scenarios = cited.len();
    for check in invariant::ALL {
        cited.extend(check.requirements.iter().map(|id| (check.id.to_owned(), (*id).to_owned())));
    }
    let checks = cited.len();
    for fault in Fault::ALL {
        cited.extend(fault.requirements().iter().map(|id| (fault.slug().to_owned(), (*id).to_owned())));
    }
    assert!(scenarios >= catalogue.scenarios.len() && !catalogue.scenarios.is_empty());
    assert!(checks >= scenarios + invariant::ALL.len() && cited.len() >= checks + Fault::ALL.len());
    let lacking: Vec<_> = cited.iter().filter(|(_, id)| registry.by_id(id).is_none()).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn what_a_scenario_cites_is_seen() {
    let text = "format: pop3-scenario/1\nid: own/one\nrev: 1\ntitle: T\nrequirements: [rfc0-1-header]\nlevel: must\n\
        tier: gate\ndestructive: false\nsteps:\n- open: {}\n- S: {status: +OK, requirement: rfc0-1-step}\n- C: QUIT\n\
        - S: +OK\n- eof: {}\n";
    let (catalogue, found) = Catalogue::load([("own/one.yaml".to_owned(), text.to_owned())], None);
    assert_eq!(catalogue.scenarios.len(), 1, "{found:?}");
    assert_eq!(of_scenario(&catalogue.scenarios[0]), ["rfc0-1-header", "rfc0-1-step"]);
}

fn below_scenarios((path, text): (String, String)) -> (String, String) {
    (path.strip_prefix("scenarios/").unwrap_or(&path).to_owned(), text)
}

fn of_scenario(scenario: &Scenario) -> Vec<String> {
    let mut ids = scenario.requirements.clone();
    ids.extend(scenario.cites().into_iter().map(str::to_owned));
    ids.sort();
    ids.dedup();
    ids
}

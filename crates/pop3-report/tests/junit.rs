//! JUnit XML: what a CI service is told.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use pop3_report::junit::xml;
use pop3_report::log::{Run, read};
use pop3_scenario::event::ChosenRuling;
use pop3_spec::ruling::Reading;
use quick_xml::Reader;
use quick_xml::events::Event;
use snapbox::{assert_data_eq, file};

fn run(name: &str) -> Run {
    let path = format!("{}/tests/logs/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    read(fs::read(path).unwrap().as_slice()).unwrap()
}

/// How often each element occurs; the document is well-formed if this returns.
fn elements(xml: &str) -> BTreeMap<String, usize> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut counts = BTreeMap::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    attribute.unwrap();
                }
                *counts.entry(String::from_utf8(element.name().as_ref().to_vec()).unwrap()).or_default() += 1;
            }
            Event::Eof => return counts,
            _ => {}
        }
    }
}

#[test]
fn every_verdict_has_its_element() {
    let document = xml(&run("v1")).unwrap();
    let counts = elements(&document);
    let count = |name: &str| counts.get(name).copied().unwrap_or(0);
    assert_eq!((count("testcase"), count("failure"), count("error"), count("skipped")), (12, 2, 2, 4), "{counts:?}");
    assert_data_eq!(document, file!["golden/junit.xml"].raw());
}

#[test]
fn rulings_read_otherwise_are_properties() {
    let mut run = run("all-pass");
    assert!(!xml(&run).unwrap().contains("\"ruling\""));
    let (chosen, default) = (Reading::Info, Reading::Warn);
    run.started.rulings = vec![ChosenRuling { id: "a-11".to_owned(), chosen, default }];
    let document = xml(&run).unwrap();
    assert!(document.contains("<property name=\"ruling\" value=\"a-11=info\"/>"), "{document}");
    elements(&document);
}

#[test]
fn half_a_run_is_not_green() {
    let mut run = run("all-pass");
    let whole = elements(&xml(&run).unwrap());
    assert_eq!(whole.get("error"), None);
    run.finished = None;
    let document = xml(&run).unwrap();
    assert_eq!(elements(&document).get("error"), Some(&1));
    assert!(document.contains("<testcase name=\"complete\" classname=\"run\">"), "{document}");
}

#[test]
fn the_variant_belongs_to_the_name() {
    let mut run = run("all-pass");
    run.results[0].id = "rfc1939/quit/says-goodbye[file=a/b]".to_owned();
    run.results[1].id = "plain".to_owned();
    let document = xml(&run).unwrap();
    assert!(document.contains("<testcase name=\"says-goodbye[file=a/b]\" classname=\"rfc1939.quit\""), "{document}");
    assert!(document.contains("<testcase name=\"plain\" classname=\"plain\""), "{document}");
}

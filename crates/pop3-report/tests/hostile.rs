//! Whatever the strings of a log hold, reports neither panic nor let it act.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "hostile/markup.rs"]
mod markup;

use pop3_report::format::{Format, render};
use pop3_report::log::{Run, read};
use pop3_report::matrix::{self, Entry};
use pop3_report::progress::Progress;
use pop3_report::style::Style;
use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::{
    Breach, Choice, ChosenRuling, CitedRequirement, ConnectionTranscript, FORMAT, Finding, InvariantFinished, Place,
    RunFinished, RunStarted, ScenarioFinished, ScenarioStarted, SlowPart, TargetReady, TranscriptEntry, Who,
};
use pop3_scenario::verdict::{Exit, Level, Verdict};
use pop3_spec::ruling::Reading;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Any characters, with those over-represented that some reader acts on.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => any::<char>().prop_map(String::from),
        4 => "[ -~]{0,12}",
        1 => Just("\u{1b}[2J".to_owned()),
        1 => Just("\r\n\n".to_owned()),
        1 => Just("\u{202e}\u{9b}\u{7}\0\u{fffe}".to_owned()),
        1 => Just("]]></system-out><!-- &#0;".to_owned()),
        1 => Just("<script>alert(1)</script>\" onclick=x '".to_owned()),
        1 => Just("`` ``` ~~~ [a](http://b) ![c](d) | --- ### e\n# f\n* g\n1. h\n<b> &lt; **i** $j$ [^k] ".to_owned()),
        1 => Just("\\x1B\\u{2".to_owned()),
        1 => "[a-z/]{0,300}",
    ];
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

/// Takes strings from a pool, round and round.
struct Pool(Vec<String>, usize);

impl Pool {
    fn text(&mut self) -> String {
        self.1 += 1;
        self.0[self.1 % self.0.len()].clone()
    }

    fn result(&mut self, verdict: Verdict, number: u32) -> ScenarioFinished {
        let finding = |pool: &mut Self| Finding {
            verdict,
            level: Level::Must,
            requirement: pool.text(),
            ruling: Some(pool.text()),
            place: Place { file: pool.text(), line: number, column: number, text: pool.text() },
            session: pool.text(),
            summary: pool.text(),
            command: Some(pool.text()),
            expected: pool.text(),
            actual: pool.text(),
            advice: Some(pool.text()),
        };
        let entry = |pool: &mut Self, who| TranscriptEntry {
            at_ms: u64::from(number),
            order: u64::from(number),
            who,
            text: pool.text(),
            elided: u64::from(number),
        };
        let findings: Vec<Finding> = (0..number % 3).map(|_| finding(self)).collect();
        let sessions: Vec<String> =
            findings.iter().map(|finding| finding.session.clone()).chain([self.text()]).collect();
        ScenarioFinished {
            id: self.text(),
            rev: number,
            title: self.text(),
            file: self.text(),
            verdict,
            reason: Some(self.text()),
            level: Level::Should,
            security: number.is_multiple_of(2),
            why: self.text(),
            fix: self.text(),
            requirements: vec![self.text()],
            at_ms: u64::from(number),
            elapsed_ms: u64::from(number),
            played_at_ms: Some(u64::from(number)),
            findings,
            choices: vec![Choice {
                line: number,
                step: self.text(),
                id: self.text(),
                verdict: Verdict::Info,
                note: Some(self.text()),
                ruling: Some(self.text()),
            }],
            transcript: sessions
                .into_iter()
                .map(|session| ConnectionTranscript {
                    session,
                    entries: [Who::Event, Who::Client, Who::Server].map(|who| entry(self, who)).into(),
                })
                .collect(),
        }
    }

    fn run(&mut self, number: u32) -> Run {
        let invariant = |pool: &mut Self, verdict| InvariantFinished {
            id: pool.text(),
            title: pool.text(),
            requirement: pool.text(),
            broken: vec![pool.text()],
            level: Level::Must,
            verdict,
            breaches: 3,
            connections: 2,
            examples: vec![Breach {
                scenario: pool.text(),
                session: pool.text(),
                requirement: pool.text(),
                command: pool.text(),
                octet: u64::from(number),
                expected: pool.text(),
                actual: pool.text(),
            }],
        };
        Run {
            started: RunStarted {
                format: FORMAT.to_owned(),
                suite: self.text(),
                started: self.text(),
                target: self.text(),
                target_version: Some(self.text()),
                target_description: self.text(),
                target_options: self.text(),
                selected: 8,
                left_out: 0,
                seed: 1,
                requirements: self
                    .0
                    .clone()
                    .into_iter()
                    .map(|id| CitedRequirement { id, rfc: number, section: self.text(), text: self.text() })
                    .collect(),
                delivery: Delivery::Coalesced,
                rulings: vec![ChosenRuling { id: self.text(), chosen: Reading::Fail, default: Reading::Warn }],
                slow: Some(SlowPart { scenarios: 3, at_once: 2, longest_ms: u64::MAX }),
            },
            ready: Some(TargetReady { greeting: self.text(), capabilities: vec![self.text()], at_ms: 1 }),
            results: Verdict::ALL.into_iter().map(|verdict| self.result(verdict, number)).collect(),
            unfinished: vec![ScenarioStarted { id: self.text(), at_ms: u64::from(number) }],
            invariants: Verdict::ALL.into_iter().map(|verdict| invariant(self, verdict)).collect(),
            is_kept: number.is_multiple_of(2),
            finished: (!number.is_multiple_of(3)).then(|| RunFinished {
                elapsed_ms: 1,
                exit: Exit::Failed,
                aborted: Some(self.text()),
            }),
        }
    }
}

fn rendered(run: &Run, format: Format, width: usize) -> String {
    let mut out = Vec::new();
    render(run, format, &Style { color: false, width }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// XML 1.0, production 2 `Char`.
fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_safe_on_a_terminal(c: char) -> bool {
    c == '\n'
        || !(c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
}

fn check(run: &Run, width: usize) {
    let terminal = rendered(run, Format::Terminal, width);
    assert_eq!(terminal.chars().find(|c| !is_safe_on_a_terminal(*c)), None);

    let xml = rendered(run, Format::Junit, width);
    assert_eq!(xml.chars().find(|c| !is_xml_character(*c)), None);
    let mut reader = Reader::from_str(&xml);
    let mut cases = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                cases += usize::from(element.name().as_ref() == b"testcase");
                for attribute in element.attributes() {
                    attribute.unwrap().normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
                }
            }
            Event::GeneralRef(reference) => {
                assert!(matches!(&*reference, b"lt" | b"gt" | b"amp" | b"quot" | b"apos"), "{reference:?}")
            }
            Event::Comment(_) | Event::CData(_) | Event::PI(_) | Event::DocType(_) => panic!("forged markup in {xml}"),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(cases, run.results.len() + run.invariants.len() + usize::from(!run.is_complete()));

    let log = rendered(run, Format::JsonLines, width);
    assert_eq!(log.lines().count(), run.events().count());
    read(log.as_bytes()).unwrap();

    let html = rendered(run, Format::Html, width);
    assert_eq!(html.chars().find(|c| !is_safe_on_a_terminal(*c)), None);
    markup::check_html(&html, run);

    let markdown = rendered(run, Format::Markdown, width);
    assert_eq!(markdown.chars().find(|c| !is_safe_on_a_terminal(*c)), None);
    markup::check_markdown(&markdown, run);

    let text = |n: usize| run.results[n].title.clone();
    let entry = Entry { folder: text(0), files: vec![text(1)], findings: String::new(), run: run.clone() };
    let tables = matrix::terminal(std::slice::from_ref(&entry), Style { color: false, width });
    assert_eq!(tables.chars().find(|c| !is_safe_on_a_terminal(*c)), None);
    let page = matrix::page(&[entry]);
    assert_eq!(page.chars().find(|c| !is_safe_on_a_terminal(*c)), None);
    markup::check_matrix(&page);

    let json = rendered(run, Format::Json, width);
    assert_eq!(json.chars().find(|c| !is_safe_on_a_terminal(*c)), None);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["results"].as_array().unwrap().len(), run.results.len());
    assert_eq!(json["results"][0]["title"], run.results[0].title);

    let mut progress = Progress::new();
    for line in run.events().filter_map(|event| progress.observe(&event)) {
        assert_eq!(line.chars().find(|c| *c == '\n' || !is_safe_on_a_terminal(*c)), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_strings_stay_text(pool in prop::collection::vec(text(), 1..20), number in any::<u32>(), width in 0_usize..200) {
        check(&Pool(pool, 0).run(number), width);
    }
}

#[test]
fn extremes_render() {
    for number in [0, 1, u32::MAX] {
        for text in ["", " ", "\n", "\\", "\u{1b}", &"x".repeat(2000), &"a\n".repeat(1000)] {
            check(&Pool(vec![text.to_owned()], 0).run(number), usize::try_from(number).unwrap());
        }
    }
}

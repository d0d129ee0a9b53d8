//! Laws: what is written reads back the same, and no text makes the reader panic.
#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::path::Path;

use pop3_scenario::Catalogue;
use pop3_scenario::expression::Expression;
use pop3_scenario::pattern::{Pattern, Template};
use pop3_scenario::scenario::Scenario;
use pop3_scenario::value::{Captures, Value};
use pop3_scenario::write;
use proptest::prelude::*;

fn catalogue() -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    Catalogue::load_dir(&folder, None).0
}

fn written_reads_back(catalogue: &Catalogue, scenario: &Scenario) {
    let text = write::scenario(scenario);
    let (again, diagnostics) = catalogue.read_scenario("written.yaml", &text);
    let shown: String = diagnostics.iter().map(ToString::to_string).collect();
    let again = again.unwrap_or_else(|| panic!("{shown}\n{text}"));
    assert_eq!(write::without_places(&again), write::without_places(scenario), "{text}");
    assert_eq!(write::scenario(&again), text);
}

#[test]
fn every_scenario_of_the_catalogue_reads_back() {
    let catalogue = catalogue();
    for scenario in &catalogue.scenarios {
        written_reads_back(&catalogue, scenario);
    }
    let (everything, diagnostics) = catalogue.read_scenario("everything.yaml", include_str!("right/everything.yaml"));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    written_reads_back(&catalogue, &everything.unwrap());
}

/// A quoted text that YAML cannot spoil.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Text as a person may write it into a dialogue, with the characters that YAML
/// and we give a meaning.
fn wild() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof!["[ -~]{0,6}", "[#:{}\\[\\]'\"\\\\$&*!|>%@`, ~+-]{1,3}", "\\PC{0,3}", Just("true".to_owned())],
        0..4,
    )
    .prop_map(|parts| parts.concat())
}

fn template() -> impl Strategy<Value = String> {
    wild().prop_map(|text| quoted(&text.replace('$', "$$").replace(':', ";")))
}

fn pattern() -> impl Strategy<Value = String> {
    wild().prop_map(|text| text.replace('$', "$$").replace('{', "{{").replace('}', "}}"))
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        template().prop_map(|text| format!("{{C: {text}}}")),
        pattern().prop_map(|text| format!("{{S: {}}}", quoted(&format!("+OK {text}")))),
        (pattern(), any::<bool>(), 0_u32..9).prop_map(|(text, exact, count)| format!(
            "{{S: {{status: any, text: {}, exact: {exact}, count: {count}, took: t, level: may}}}}",
            quoted(&text)
        )),
        (pattern(), pattern()).prop_map(|(a, b)| format!(
            "{{S: {{lines: [{}, {}], unordered: true}}}}",
            quoted(&a),
            quoted(&b)
        )),
        (prop::collection::vec(any::<u8>(), 0..9), 1_u32..5).prop_map(|(octets, repeat)| {
            let raw: String = octets.iter().map(|octet| format!("\\x{octet:02X}")).collect();
            format!("{{send: {{raw: '{raw}', repeat: {repeat}, then: '\\r\\n', chunking: 3}}}}")
        }),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(|octets| {
            let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            format!("{{send: {{hex: \"{hex}\"}}}}")
        }),
        (1_u64..3_600_000).prop_map(|millis| format!("{{silent: {millis}ms}}")),
        (template(), pattern())
            .prop_map(|(text, reply)| format!("{{sentinel: {text}, expect: {}}}", quoted(&format!("any {reply}")))),
        template().prop_map(|note| format!("{{check: {{that: 1 == 1, note: {note}}}}}")),
    ]
}

fn step() -> impl Strategy<Value = String> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        let steps = || prop::collection::vec(inner.clone(), 1..4).prop_map(|steps| format!("[{}]", steps.join(", ")));
        prop_oneof![
            steps().prop_map(|steps| format!("{{retry: {{within: 5s, steps: {steps}}}}}")),
            steps().prop_map(|steps| format!("{{foreach: {{var: n, in: {{from: 1, to: 2 + 3}}, steps: {steps}}}}}")),
            (template(), steps()).prop_map(|(text, steps)| format!("{{foreach: {{var: n, in: [{text}], steps: {steps}}}}}")),
            steps().prop_map(|steps| format!("{{when: {{not_capa: TOP, steps: {steps}}}}}")),
            (steps(), template()).prop_map(|(then, note)| format!(
                "{{one_of: [{{id: a, S: -ERR, verdict: pass, note: {note}, then: {then}}}, {{id: b, eof: {{within: 90s}}, verdict: fail}}]}}"
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_steps_read_back(steps in prop::collection::vec(step(), 1..5), title in template()) {
        let catalogue = Catalogue::default();
        let text = format!(
            "format: pop3-scenario/1\nid: a/b\ntitle: {title}\ndestructive: true\nsteps:\n  - open: {{}}\n{}",
            steps.iter().map(|step| format!("  - {step}\n")).collect::<String>()
        );
        let (scenario, diagnostics) = catalogue.read_scenario("generated.yaml", &text);
        let shown: String = diagnostics.iter().map(ToString::to_string).collect();
        prop_assert!(shown.is_empty(), "{text}\n{shown}");
        prop_assert!(scenario.is_some());
        if let Some(scenario) = scenario {
            written_reads_back(&catalogue, &scenario);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}", lines in prop::collection::vec("[ -~\t]{0,30}", 0..12)) {
        let catalogue = Catalogue::default();
        let header = "format: pop3-scenario/1\nid: a/b\ntitle: t\nsteps:\n";
        for text in [text.clone(), lines.join("\n"), format!("{header}{}", lines.join("\n")), format!("{header}  - C: {text}\n"), format!("{header}  - {text}: {text}\n")] {
            let (_, diagnostics) = catalogue.read_scenario("arbitrary.yaml", &text);
            diagnostics.iter().for_each(|diagnostic| drop(diagnostic.to_string()));
        }
        drop(Pattern::parse(&text));
        drop(Template::parse_raw(&text));
        drop(Expression::parse(&text));
    }

    /// Real files with a few characters changed reach far into the reader.
    #[test]
    fn spoilt_files_never_panic(at in prop::collection::vec((any::<prop::sample::Index>(), "[ -~\n\u{e9}\u{0}]{0,3}"), 1..6)) {
        let mut text: Vec<char> = include_str!("right/everything.yaml").chars().collect();
        for (index, with) in at {
            let index = index.index(text.len());
            text.splice(index..=index, with.chars());
        }
        let text: String = text.into_iter().collect();
        let (_, diagnostics) = Catalogue::default().read_scenario("spoilt.yaml", &text);
        diagnostics.iter().for_each(|diagnostic| drop(diagnostic.to_string()));
    }

    #[test]
    fn matching_never_panics_and_accounts_for_every_octet(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        for text in ["{a:uint} {b:word}", "{a:uid}", "{t:timestamp}{r:rest}", "{b:base64}", "+OK ${user}", "{:octets}{:word} x"] {
            let pattern = Pattern::parse(text).unwrap();
            match pattern.match_prefix(&octets, |_| Some(b"u".to_vec())) {
                Ok(found) => prop_assert!(octets.ends_with(found.rest)),
                Err(mismatch) => prop_assert!(mismatch.at <= octets.len()),
            }
        }
    }

    #[test]
    fn evaluation_never_panics(a in any::<i128>(), b in any::<i128>(), text in "[abln0-9 +<=!()-]{0,20}") {
        let mut captures = Captures::new();
        captures.set("a", Value::Number(a));
        captures.set("b", Value::Number(b));
        captures.set("l", Value::List(vec![Value::Number(a), Value::Number(b)]));
        for text in [text.as_str(), "a + b - a == sum(l) + min(l) - max(l)", "unique(l)", "a - b <= b"] {
            if let Ok(expression) = Expression::parse(text) {
                drop(expression.evaluate(&captures));
                let printed = expression.to_string();
                prop_assert_eq!(Expression::parse(&printed).unwrap(), expression, "{}", printed);
            }
        }
    }
}

/// Files made to be slow come to an end; a reader that took the square of their
/// size would take minutes over these.
#[test]
fn hostile_files_end() {
    let catalogue = Catalogue::default();
    let header = "format: pop3-scenario/1\nid: a/b\ntitle: t\nsteps:\n";
    let fill = |piece: &str| piece.repeat((1 << 17) / piece.len());
    let flow = format!("  - S: {{lines: [{}]}}\n", "a,".repeat(1800));
    for text in [
        fill("["),
        fill("- "),
        fill("{a: "),
        fill("? "),
        fill("a\n"),
        fill("\"a\n"),
        fill("a: b\n"),
        fill("- a\n"),
        fill("&a *a\n"),
        format!("{header}{}", fill("  - C: ${x}\n")),
        format!("{header}{}", fill("  - frobnicate: ${x}\n")),
        format!("{header}{}", fill(&flow)),
        format!("{header}  - parallel: {{a: [],\n{}", fill("    b: [],\n")),
        format!("{header}  - one_of: [{}]", fill("{id: a,\n  tls: ok},")),
        format!("requirements: [{}]", fill("abcdefgh,\n ")),
        format!("{header}  - check: {}", fill("1+\n    ")),
        format!("{header}  - C: {}", fill("${x}\n    ")),
    ] {
        let (scenario, diagnostics) = catalogue.read_scenario("hostile.yaml", &text);
        assert!(scenario.is_none() && !diagnostics.is_empty() && diagnostics.len() <= 50, "{}", &text[..80]);
        diagnostics.iter().for_each(|diagnostic| drop(diagnostic.to_string()));
    }
}

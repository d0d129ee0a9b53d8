//! Correct files load, with every value where it belongs.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::path::Path;

use pop3_scenario::Catalogue;
use pop3_scenario::scenario::{Scenario, Verb};
use pop3_spec::ruling::Chosen;

fn show(diagnostics: &[pop3_scenario::diagnostic::Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

fn catalogue() -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let (catalogue, diagnostics) = Catalogue::load_dir(&folder, None);
    let diagnostics: Vec<_> = diagnostics
        .into_iter()
        .filter(|diagnostic| {
            ["fragments/", "mailboxes/"].iter().any(|folder| diagnostic.span.file.path.starts_with(folder))
        })
        .collect();
    assert!(diagnostics.is_empty(), "{}", show(&diagnostics));
    catalogue
}

fn load(text: &str) -> Scenario {
    let (scenario, diagnostics) = catalogue().read_scenario("test.yaml", text);
    assert!(diagnostics.is_empty(), "{}", show(&diagnostics));
    scenario.unwrap()
}

const EVERYTHING: &str = include_str!("right/everything.yaml");

#[test]
fn every_verb_loads() {
    let scenario = load(EVERYTHING);
    let mut verbs = std::collections::BTreeSet::new();
    scenario.for_each_step(|step| {
        let verb = format!("{:?}", step.verb);
        verbs.insert(verb.split(['(', ' ']).next().unwrap_or_default().to_owned());
    });
    assert_eq!(verbs.len(), 21, "{verbs:?}");
    assert_eq!(scenario.mailbox.as_ref().map(Vec::len), Some(5));
    assert!(
        scenario.security && scenario.destructive && scenario.retrieves() && scenario.is_negative(&Chosen::default())
    );
    assert_eq!(scenario.sessions().into_iter().collect::<Vec<_>>(), ["", "a", "b", "crowd"]);
}

#[test]
fn steps_know_their_place_and_session() {
    let scenario =
        load("format: pop3-scenario/1\nid: x/y\ntitle: t\nsteps:\n  - use@b: login\n  - C@b: NOOP\n  - S@b: +OK\n");
    let place = |at: usize| {
        (scenario.steps[at].span.line, scenario.steps[at].span.column, scenario.steps[at].session.as_deref())
    };
    assert_eq!(place(0), (5, 5, Some("b")));
    assert_eq!(place(1), (6, 5, Some("b")));
    let Verb::Use(login) = &scenario.steps[0].verb else { panic!("{:?}", scenario.steps[0]) };
    assert!(login.steps.iter().all(|step| step.session.as_deref() == Some("b")));
    assert_eq!(&*login.steps[1].span.file.path, "fragments/login.yaml");
}

#[test]
fn fixtures_hold_what_they_are_named_for() {
    let catalogue = catalogue();
    let octets = |name: &str| catalogue.fixtures[name].octets();
    let has = |name: &str, part: &[u8]| octets(name).windows(part.len()).any(|window| window == part);
    let names: Vec<&str> = catalogue.fixtures.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "bare-cr",
            "bare-header-a",
            "bare-header-b",
            "bare-lf",
            "big",
            "big-25",
            "blanks",
            "chunk-borders",
            "control-octets",
            "copy",
            "dots",
            "dots-everywhere",
            "dots-inside-lines",
            "eight-bit",
            "empty",
            "empty-body",
            "empty-lines-first",
            "equal-a",
            "final-cr",
            "first-octet-dot",
            "folded-header",
            "from-first-line",
            "from-line",
            "from-lines",
            "header-only",
            "hostile-fields",
            "hostile-fields-again",
            "huge",
            "line-of-100000",
            "lone-dot-bare-lf",
            "long-header-line",
            "long-lines",
            "longest-line",
            "looks-like-a-session",
            "looks-like-replies",
            "many-header-lines",
            "mime",
            "no-final-line-end",
            "no-header",
            "nul-in-header",
            "nul-octets",
            "only-dots",
            "plain",
            "reply-header",
            "same-field-a",
            "same-field-b",
            "same-header-a",
            "same-header-b",
            "short-lines",
            "smuggled-cr",
            "smuggled-lf",
            "smuggled-mixed",
            "ten-lines",
            "trace-fields",
            "two-lines",
            "utf8-header",
        ]
    );
    for (name, fixture) in &catalogue.fixtures {
        let sent = fixture.canonical();
        assert!(sent.ends_with(b"\r\n") || name == "empty", "{name}");
        let changed = ["bare-lf", "final-cr", "lone-dot-bare-lf", "no-final-line-end", "smuggled-lf", "smuggled-mixed"]
            .contains(&name.as_str());
        assert_eq!(sent != fixture.octets(), changed, "{name}");
        assert_eq!(fixture.octets().len(), fixture.length(), "{name}");
    }
    for line in ["\r\n\r\n.\r\n", "\r\n..\r\n", "\r\n.x\r\n", "\r\n...\r\n", "\r\na.b\r\n", "\r\n .\r\n"] {
        assert!(has("dots", line.as_bytes()), "{line:?}");
    }
    assert!(octets("dots").ends_with(b"\r\n.\r\n"));
    assert!(octets("first-octet-dot").starts_with(b"."));
    for (one, other) in [("same-header-a", "same-header-b"), ("bare-header-a", "bare-header-b")] {
        let [one, other] = [one, other].map(|name| String::from_utf8(octets(name)).unwrap());
        assert_eq!(one.split_once("\r\n\r\n").unwrap().0, other.split_once("\r\n\r\n").unwrap().0);
        assert_ne!(one, other);
    }
    assert!(!octets("no-final-line-end").ends_with(b"\n"));
    assert!(!has("header-only", b"\r\n\r\n"));
    assert!(octets("empty-body").ends_with(b"\r\n\r\n"));
    let lengths: Vec<usize> = octets("long-lines").split(|octet| *octet == b'\n').map(<[u8]>::len).collect();
    assert!(lengths.contains(&999) && lengths.contains(&5001), "{lengths:?}");
    assert!(has("eight-bit", "ü".as_bytes()) && has("eight-bit", b"caf\xe9"));
    assert!(!octets("bare-lf").contains(&b'\r') && has("bare-lf", b"\n."));
    assert!(has("looks-like-replies", b"\r\n+OK\r\n") && has("looks-like-replies", b"\r\n1 100\r\n"));
    assert!((900_000..1_100_000).contains(&octets("big").len()));
    assert!(octets("ten-lines").ends_with(b"\r\nline 9 of 10\r\nline 10 of 10\r\n"));
    let borders = octets("chunk-borders");
    for (border, cut) in [(4096, 2), (8192, 1), (16384, 0), (65536, 2)] {
        assert_eq!(&borders[border - cut..border - cut + 3], b"\r\n.", "{border}");
    }
}

#[test]
fn the_whole_catalogue_loads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let (_, diagnostics) = Catalogue::load_dir(&folder, None);
    assert!(diagnostics.is_empty(), "{}", show(&diagnostics));
}

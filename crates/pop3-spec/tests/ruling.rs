//! The file of rulings loads, and each defect gets its own error.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use pop3_spec::invariant;
use pop3_spec::registry::Registry;
use pop3_spec::requirement::Strength;
use pop3_spec::ruling::{Chosen, Reading, Rulings};

const ROW: &str = "\
- id: a-11
  question: May a server ignore an argument too many?
  options: [warn, fail, info]
  texts: No text names the case.
  default: warn
  why: No known client depends on it.
  effect: A positive answer is a warning.
  seen: Some ignore it.
  checks: [always/crlf]
";

fn file(rows: &str) -> String {
    format!("format: pop3-rulings/1\nrulings:\n{rows}")
}

fn load(text: &str) -> Result<Rulings, String> {
    Rulings::load("rulings.yaml", text).map_err(|e| e.to_string())
}

#[test]
fn a_row_is_read_with_all_its_fields() {
    let second = ROW.replace("a-11", "a-102").replace("warn, fail, info", "graded, warn, pass");
    let second = second.replace("  seen: Some ignore it.\n  checks: [always/crlf]\n", "");
    let rulings = load(&file(&format!("{ROW}{second}"))).unwrap();
    assert_eq!(rulings.iter().map(|ruling| ruling.id.as_str()).collect::<Vec<_>>(), ["a-11", "a-102"]);
    let first = rulings.by_id("a-11").unwrap();
    assert_eq!(first.question, "May a server ignore an argument too many?");
    assert_eq!(
        (first.texts.as_str(), first.why.as_str()),
        ("No text names the case.", "No known client depends on it.")
    );
    assert_eq!(
        (first.effect.as_str(), first.seen.as_deref()),
        ("A positive answer is a warning.", Some("Some ignore it."))
    );
    assert_eq!(rulings.of_check("always/crlf").map(|ruling| ruling.id.as_str()), Some("a-11"));
    assert!(rulings.of_check("always/printable").is_none());
    assert!(rulings.by_id("a-102").unwrap().seen.is_none());
    assert_eq!(
        (first.default, first.options.as_slice()),
        (Reading::Warn, &[Reading::Warn, Reading::Fail, Reading::Info][..])
    );
    assert_eq!(rulings.by_id("a-102").unwrap().options, [Reading::Graded, Reading::Warn, Reading::Pass]);
    assert!(rulings.by_id("a-12").is_none());
}

#[test]
fn every_defect_is_named_with_file_and_id() {
    // (what is replaced in a good row, by what, what the error says)
    let table = [
        ("a-11", "a-1", "id `a-1` is no ruling's id"),
        ("a-11", "b-11", "id `b-11` is no ruling's id"),
        ("a-11", "a-1x", "id `a-1x` is no ruling's id"),
        ("a-11", "''", "id `` is no ruling's id"),
        ("May a server ignore an argument too many?", "' '", "`a-11` has an empty `question`"),
        ("[warn, fail, info]", "[]", "`a-11` has an empty `options`"),
        ("No text names the case.", "''", "`a-11` has an empty `texts`"),
        ("No known client depends on it.", "''", "`a-11` has an empty `why`"),
        ("A positive answer is a warning.", "''", "`a-11` has an empty `effect`"),
        ("Some ignore it.", "''", "`a-11` has an empty `seen`"),
        ("  effect: A positive answer is a warning.\n", "", "missing field `effect`"),
        ("[warn, fail, info]", "[warn, fail, warn]", "`a-11` has the option `warn` twice"),
        ("[warn, fail, info]", "[fail, info]", "`a-11` has `default: warn`, which is none of its options"),
        ("[warn, fail, info]", "[warn, perhaps]", "unknown variant `perhaps`"),
        ("  default: warn\n", "", "missing field `default`"),
        ("  texts:", "  txets: x\n  texts:", "rulings[0]: unknown field `txets`"),
    ];
    for (from, to, want) in table {
        assert!(ROW.contains(from), "{from}");
        let error = load(&file(&ROW.replace(from, to))).unwrap_err();
        assert!(error.starts_with("rulings.yaml: ") && error.contains(want), "{from} -> {to}: {error}");
    }
    let twice = load(&file(&format!("{ROW}{ROW}"))).unwrap_err();
    assert!(twice.contains("rulings.yaml: id `a-11` is already used"), "{twice}");
    let check = load(&file(&format!("{ROW}{}", ROW.replace("a-11", "a-12")))).unwrap_err();
    assert!(check.contains("id `a-12` names the check `always/crlf`, which rests on another"), "{check}");
    assert!(load(&file(ROW)).is_ok());
}

#[test]
fn another_version_is_told_apart_from_a_typing_error() {
    let error = load(&file(ROW).replace("rulings/1", "rulings/2").replace("  why:", "  because:")).unwrap_err();
    assert!(error.contains("format is \"pop3-rulings/2\", expected \"pop3-rulings/1\""), "{error}");
}

#[test]
fn a_choice_that_makes_no_sense_says_what_would() {
    let rulings = load(&file(ROW)).unwrap();
    let check = |words: &[&str], want: &str| {
        let error = Chosen::parse(&rulings, words.iter().copied()).unwrap_err().to_string();
        assert_eq!(error, want, "{words:?}");
    };
    let form = "chooses nothing: a choice has the form ID=OPTION, such as `a-11=fail`";
    check(&["a-11"], &format!("`a-11` {form}"));
    check(&["fail"], &format!("`fail` {form}"));
    check(&[""], &format!("`` {form}"));
    check(&["a-12=fail"], "no ruling is called `a-12`");
    check(&["=fail"], "no ruling is called ``");
    check(&["A-11=fail"], "no ruling is called `A-11`, did you mean `a-11`?");
    check(&["a-11=pass"], "ruling a-11 has no option `pass`; it has warn (the default), fail, info");
    check(&["a-11=Fail"], "ruling a-11 has no option `Fail`; it has warn (the default), fail, info");
    check(&["a-11="], "ruling a-11 has no option ``; it has warn (the default), fail, info");
    check(&["a-11=fail=info"], "ruling a-11 has no option `fail=info`; it has warn (the default), fail, info");
    check(&["a-11=fail", "a-11=info"], "ruling a-11 is chosen twice, as `fail` and as `info`; choose one");
    check(&["a-11=fail", "a-11=warn"], "ruling a-11 is chosen twice, as `fail` and as `warn`; choose one");
}

#[test]
fn a_choice_reaches_the_ruling_and_its_checks() {
    let rulings = load(&file(ROW)).unwrap();
    let check = |words: &[&str], want: Option<Reading>| {
        let chosen = Chosen::parse(&rulings, words.iter().copied()).unwrap();
        assert_eq!(chosen.reading("a-11"), want, "{words:?}");
        assert_eq!(chosen.reading_of_check("always/crlf"), want, "{words:?}");
        assert_eq!(chosen.iter().len(), usize::from(want.is_some()), "{words:?}");
        assert_eq!((chosen.reading("a-12"), chosen.reading_of_check("always/printable")), (None, None));
    };
    check(&[], None);
    check(&["a-11=fail"], Some(Reading::Fail));
    check(&["a-11=info", "a-11=info"], Some(Reading::Info));
    // The default is no choice.
    check(&["a-11=warn"], None);
}

fn published() -> Rulings {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/rulings.yaml");
    load(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|e| panic!("{e}"))
}

/// The file of this repository, as it is now: an id is never taken away.
#[test]
fn the_published_rulings_are_complete() {
    let ids: BTreeSet<String> = published().iter().map(|ruling| ruling.id.clone()).collect();
    let missing: Vec<String> = (1..=70).map(|n| format!("a-{n:02}")).filter(|id| !ids.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Requirements rest on rulings that exist.
#[test]
fn the_rulings_of_the_published_requirements_exist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/requirements");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let files = files.map(|path| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
    });
    let registry = Registry::load(files).unwrap_or_else(|e| panic!("{e}"));
    let rulings = published();
    let cited: Vec<(&str, &str)> =
        registry.iter().filter_map(|row| Some((row.id.as_str(), row.ruling.as_deref()?))).collect();
    assert!(cited.len() > 100, "{}", cited.len());
    let unresolved: Vec<_> = cited.iter().filter(|(_, ruling)| rulings.by_id(ruling).is_none()).collect();
    assert!(unresolved.is_empty(), "{unresolved:?}");
}

/// Always-on checks that a ruling names exist, and bind as strongly as its default.
#[test]
fn the_published_rulings_agree_with_the_always_on_checks() {
    let rulings = published();
    for invariant in invariant::ALL {
        let known = invariant.ruling.is_none_or(|id| rulings.by_id(id).is_some());
        assert!(known, "{} names {:?}, which is no ruling", invariant.id, invariant.ruling);
    }
    for ruling in published().iter() {
        for check in &ruling.checks {
            let invariant = invariant::ALL.iter().find(|invariant| invariant.id == check);
            let binding = invariant.unwrap_or_else(|| panic!("{}: there is no check {check}", ruling.id)).binding;
            let reading = match binding {
                Strength::Must | Strength::MustNot => Reading::Fail,
                Strength::Should | Strength::ShouldNot => Reading::Warn,
                Strength::May => Reading::Info,
            };
            assert!([reading, Reading::Graded].contains(&ruling.default), "{}: {check} is {reading}", ruling.id);
        }
    }
}

//! The file of rulings loads, and each defect gets its own error.

use pop3_spec::ruling::{Reading, Rulings};

const ROW: &str = "\
- id: a-11
  question: May a server ignore an argument too many?
  options: [warn, fail, info]
  texts: No text names the case.
  default: warn
  why: No known client depends on it.
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
    let rulings = load(&file(&format!("{ROW}{second}"))).unwrap();
    assert_eq!(rulings.iter().map(|ruling| ruling.id.as_str()).collect::<Vec<_>>(), ["a-11", "a-102"]);
    let first = rulings.by_id("a-11").unwrap();
    assert_eq!(first.question, "May a server ignore an argument too many?");
    assert_eq!(
        (first.texts.as_str(), first.why.as_str()),
        ("No text names the case.", "No known client depends on it.")
    );
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
    assert!(load(&file(ROW)).is_ok());
}

#[test]
fn another_version_is_told_apart_from_a_typing_error() {
    let error = load(&file(ROW).replace("rulings/1", "rulings/2").replace("  why:", "  because:")).unwrap_err();
    assert!(error.contains("format is \"pop3-rulings/2\", expected \"pop3-rulings/1\""), "{error}");
}

/// The file of this repository, as it is now.
#[test]
fn the_published_rulings_load() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/rulings.yaml");
    let rulings = load(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|e| panic!("{e}"));
    assert!(rulings.iter().len() >= 23, "{}", rulings.iter().len());
}

//! The requirement files load, and each defect gets its own error.

use pop3_spec::registry::{Registry, is_requirement_file};
use pop3_spec::requirement::{Class, Level, Side, Strength};

const ROW: &str = "\
- id: rfc1939-3-greeting-first
  side: server
  section: '3'
  level: implied
  strength: must
  text: The server speaks first.
  observe: Connect and wait.
  class: [wire, two-connections]
";

const SECTIONS: &str = "\
sections:
  '3': Basic Operation
  4: The AUTHORIZATION State
  '10': Example POP3 Session
  A: Differences from RFC 1725
";

fn file(rows: &str) -> String {
    format!("format: pop3-requirements/1\nrfc: 1939\ntitle: POP3\n{SECTIONS}requirements:\n{rows}")
}

fn load(text: &str) -> Result<Registry, String> {
    Registry::load([("rfc1939.yaml".to_owned(), text.to_owned())]).map_err(|e| e.to_string())
}

#[test]
fn a_row_is_read_with_all_its_fields() {
    let second = "\
- id: rfc1939-a-limit
  side: client
  section: A
  level: should-not
  text: T.
  observe: O.
  class: [not-observable]
  ruling: a-01
  since: 0.2.0
  withdrawn: said twice
";
    let registry = load(&file(&format!("{ROW}{second}"))).unwrap();
    assert_eq!(registry.len(), 2);
    assert_eq!(registry.rfcs().collect::<Vec<_>>(), [(1939, "POP3")]);
    assert_eq!(registry.of_rfc(1939).count(), 2);
    assert_eq!(registry.of_rfc(2449).count(), 0);

    let first = registry.by_id("rfc1939-3-greeting-first").unwrap();
    assert_eq!(
        (first.rfc, first.side, first.level, first.binding()),
        (1939, Side::Server, Level::Implied, Strength::Must)
    );
    assert_eq!(first.class, [Class::Wire, Class::TwoConnections]);
    assert_eq!(first.clause(), "RFC 1939 section 3");
    assert!(first.is_in_force());

    let last = registry.iter().last().unwrap();
    assert_eq!((last.level, last.binding()), (Level::ShouldNot, Strength::ShouldNot));
    assert_eq!(last.clause(), "RFC 1939 appendix A");
    assert_eq!((last.ruling.as_deref(), last.since.as_deref()), (Some("a-01"), Some("0.2.0")));
    assert!(!last.is_in_force());
    assert!(registry.by_id("rfc1939-3-nothing").is_none());

    assert_eq!(registry.section_title(1939, "3"), Some("Basic Operation"));
    assert_eq!(registry.section_title(1939, "4"), Some("The AUTHORIZATION State"));
    assert_eq!(registry.section_title(1939, "5"), None);
    assert_eq!(registry.section_title(2449, "3"), None);
}

#[test]
fn a_row_stands_in_a_section_that_the_rfc_has() {
    let check = |section: &str, want: &str| {
        let row = ROW.replace("rfc1939-3-", &format!("rfc1939-{}-", section.to_ascii_lowercase()));
        let error = load(&file(&row.replace("'3'", &format!("'{section}'")))).map(|_| String::new());
        let error = error.unwrap_or_else(|error| error);
        assert!(if want.is_empty() { error.is_empty() } else { error.contains(want) }, "{section}: {error}");
        assert!(want.is_empty() || error.contains("-greeting-first` has `section: '"), "{section}: {error}");
    };
    check("3", "");
    check("A", "");
    check(
        "3.1",
        "RFC 1939 has no such section in the file's `sections`; nearest are `3` (Basic Operation) and `4` (The",
    );
    check("5", "nearest are `4` (The AUTHORIZATION State) and `10` (Example POP3 Session);");
    check("B", "nearest are `A` (Differences from RFC 1725);");
}

#[test]
fn the_map_of_sections_is_checked() {
    let check = |from: &str, to: &str, want: &str| {
        assert!(SECTIONS.contains(from), "{from}");
        let error = load(&file(ROW).replace(SECTIONS, &SECTIONS.replace(from, to))).unwrap_err();
        assert!(error.starts_with("rfc1939.yaml: ") && error.contains(want), "{from} -> {to}: {error}");
    };
    check("  A:", "  Appendix A:", "`sections` has `Appendix A: Differences from RFC 1725`, expected a number");
    check("Basic Operation", "''", "`sections` has `3: `");
    check("  4:", "  '3':", "section `3` has a duplicate entry");
    check(SECTIONS, "", "missing field `sections`");
}

/// RFC 1957 numbers none of its sections.
#[test]
fn a_heading_serves_where_there_are_no_numbers() {
    let text = file(ROW)
        .replace("1939", "1957")
        .replace(SECTIONS, "sections:\n  Observations: Observations\n")
        .replace("section: '3'", "section: Observations")
        .replace("rfc1957-3-", "rfc1957-observations-");
    let registry = Registry::load([("rfc1957.yaml".to_owned(), text)]).unwrap();
    let row = registry.by_id("rfc1957-observations-greeting-first").unwrap();
    assert_eq!(row.clause(), "RFC 1957 section Observations");
}

#[test]
fn only_requirement_files_are_such() {
    let check = |name: &str, want: bool| assert_eq!(is_requirement_file(name), want, "{name}");
    check("rfc1939.yaml", true);
    ["ids.txt", "rfc1939.yml", "rfc.yaml", "rfc1939-old.yaml", "rfc1939.yaml~"]
        .iter()
        .for_each(|name| check(name, false));
}

#[test]
fn every_defect_is_named_with_file_and_id() {
    // (what is replaced in a good row, by what, what the error says)
    let table = [
        (
            "rfc1939-3-greeting-first",
            "rfc1939-4-greeting-first",
            "`rfc1939-4-greeting-first` does not begin with `rfc1939-3-`",
        ),
        ("rfc1939-3-greeting-first", "RFC1939-3-greeting-first", "does not begin with `rfc1939-3-`"),
        ("greeting-first", "7", "ends in `7`"),
        ("greeting-first", "Greeting", "ends in `Greeting`"),
        ("greeting-first", "a--b", "ends in `a--b`"),
        ("greeting-first", "a_b", "ends in `a_b`"),
        ("  strength: must\n", "", "`rfc1939-3-greeting-first` has `level: implied` and no strength"),
        ("level: implied", "level: may", "`level: may` and `strength: must`"),
        ("level: implied", "level: perhaps", "unknown variant `perhaps`"),
        ("The server speaks first.", "' '", "empty `text`"),
        ("Connect and wait.", "''", "empty `observe`"),
        ("[wire, two-connections]", "[]", "empty `class`"),
        ("[wire, two-connections]", "[telepathy]", "unknown variant `telepathy`"),
        ("  text:", "  txet: x\n  text:", "unknown field `txet`"),
        ("  text:", "  level: implied\n  text:", "duplicate"),
        ("  observe: Connect and wait.\n", "", "missing field `observe`"),
    ];
    for (from, to, want) in table {
        assert!(ROW.contains(from), "{from}");
        let error = load(&file(&ROW.replace(from, to))).unwrap_err();
        assert!(error.starts_with("rfc1939.yaml: ") && error.contains(want), "{from} -> {to}: {error}");
    }
    assert!(load(&file(ROW)).is_ok());
}

#[test]
fn another_version_is_told_apart_from_a_typing_error() {
    let later = file(ROW).replace("requirements/1", "requirements/2").replace("title:", "heading:");
    let error = load(&later).unwrap_err();
    assert!(error.contains("format is \"pop3-requirements/2\", expected \"pop3-requirements/1\""), "{error}");
    let error = load(&file(&ROW.replace("  text:", "  txet: x\n  text:"))).unwrap_err();
    assert!(
        error.contains("requirements[0]: unknown field `txet`") && error.contains("at line 15 column 3"),
        "{error}"
    );
}

#[test]
fn files_are_held_against_each_other() {
    let twice = load(&file(&format!("{ROW}{ROW}"))).unwrap_err();
    assert!(twice.contains("already used in rfc1939.yaml"), "{twice}");

    let load = |files: &[(&str, String)]| {
        Registry::load(files.iter().map(|(name, text)| ((*name).to_owned(), text.clone()))).map_err(|e| e.to_string())
    };
    let error = load(&[("a/rfc2449.yaml", file(ROW))]).unwrap_err();
    assert!(error.contains("name it rfc1939.yaml"), "{error}");
    let error = load(&[("rfc1939.yaml", file(ROW)), ("more.yaml", file(ROW))]).unwrap_err();
    assert!(error.contains("more.yaml: RFC 1939 has been loaded"), "{error}");
}

/// The files of this repository, as they are now.
#[test]
fn the_published_requirements_load() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/requirements");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| is_requirement_file(&path.file_name().unwrap().to_string_lossy()));
    files.sort();
    let texts = files
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()));
    let registry = Registry::load(texts).unwrap_or_else(|e| panic!("{e}"));
    assert!(registry.of_rfc(1939).count() >= 169, "{}", registry.len());
}

#[test]
fn a_row_that_is_not_asked_says_why_or_in_whose_name_it_is() {
    let check = |keys: &str, want: Option<&str>| {
        let other = ROW.replace("greeting-first", "other");
        let client = ROW.replace("greeting-first", "client").replace("server", "client");
        let unasked = ROW.replace("greeting-first", "unasked");
        let rows = format!(
            "{ROW}{keys}{other}{client}{unasked}  unasked: {{because: setting, why: nobody can switch it}}\n\
             {}  asked_as: rfc1939-3-other\n",
            ROW.replace("greeting-first", "third"),
        );
        match (load(&file(&rows)), want) {
            (Ok(registry), None) => {
                let row = registry.by_id("rfc1939-3-greeting-first").unwrap();
                assert!(row.asked_as.is_some() || row.unasked.is_some(), "{keys}");
            }
            (Err(error), Some(want)) => assert!(error.contains(want), "{keys}: {error}"),
            (got, want) => panic!("{keys}: {got:?}, expected {want:?}"),
        }
    };
    check("  asked_as: rfc1939-3-other\n", None);
    check("  unasked: {because: not-observable, why: nothing shows}\n", None);
    check("  asked_as: rfc1939-3-nothing\n", Some("there is no such row"));
    check("  asked_as: rfc1939-3-greeting-first\n", Some("that is this row"));
    check("  asked_as: rfc1939-3-client\n", Some("binds the other side"));
    check("  asked_as: rfc1939-3-unasked\n", Some("that row is `unasked`"));
    check("  asked_as: rfc1939-3-third\n", Some("that row is `asked_as` a third one"));
    check("  unasked: {because: tedious, why: long}\n", Some("unknown variant `tedious`"));
    check("  unasked: {because: setting, why: ' '}\n", Some("empty `unasked: why`"));
    check(
        "  asked_as: rfc1939-3-other\n  unasked: {because: setting, why: nothing}\n",
        Some("both `asked_as` and `unasked`"),
    );
}

//! `docs/format.md` says what the loader does.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pop3_scenario::diagnostic::CODES;
use pop3_scenario::pattern::HoleType;
use pop3_scenario::{Catalogue, schema};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn page() -> String {
    fs::read_to_string(root().join("docs/format.md")).unwrap()
}

#[test]
fn the_page_names_every_verb_key_and_type() {
    let page = page();
    let schema = schema::scenario();
    let mut words: BTreeSet<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
    for definition in ["reply-map", "body", "payload", "auth", "alternative"] {
        words.extend(schema["$defs"][definition]["properties"].as_object().unwrap().keys().cloned());
    }
    let verbs = schema["$defs"]["step"]["patternProperties"].as_object().unwrap().keys();
    words.extend(verbs.map(|verb| verb.trim_start_matches('^').split(['(', '$']).next().unwrap().to_owned()));
    assert!(words.len() > 50, "{words:?}");
    let missing: Vec<&String> = words.iter().filter(|word| !page.contains(&format!("`{word}"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for hole in HoleType::ALL {
        assert!(page.contains(&format!("{{name:{}}}", hole.as_str())), "{hole:?}");
    }
}

/// The table on the page is that of the codes that `explain` knows, row by row.
#[test]
fn the_page_lists_the_codes_that_are_explained() {
    let page = page();
    let table = page.split("| about | codes |\n|---|---|\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut want = String::new();
    for row in CODES.chunk_by(|a, b| a.about == b.about) {
        let codes: Vec<String> = row.iter().map(|code| format!("`{}`", code.code)).collect();
        want.push_str(&format!("| {} | {} |\n", row[0].about, codes.join(" ")));
    }
    assert_eq!(format!("{table}\n"), want);
}

/// Every code in the source is on the page, and no other.
#[test]
fn the_page_lists_every_error_code() {
    let page = page();
    let table = page.split("| about | codes |").nth(1).unwrap().split("## Limits").next().unwrap();
    let listed: BTreeSet<&str> = table.split('`').skip(1).step_by(2).collect();
    let mut source = String::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    for code in &listed {
        assert!(source.contains(&format!("\"{code}\"")), "`{code}` is reported nowhere");
    }
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("error[")) {
            let code = line.split(']').next().unwrap();
            assert!(listed.contains(code), "`{code}` is not on the page");
        }
    }
    let reported = source.split(['(', ',']).map(str::trim).filter_map(|word| word.strip_prefix('"')?.strip_suffix('"'));
    let slugs = reported.filter(|word| word.contains('-') && word.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'));
    let other =
        ["split-crlf", "a-name", "reply-map", "believed-absent", "tls-exporter", "tls-server-end-point", "host-name"];
    let missing: BTreeSet<&str> = slugs.filter(|word| !listed.contains(word) && !other.contains(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn gather(folder: &Path, source: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, source);
        } else if !path.ends_with("diagnostic/codes.rs") {
            // That one explains codes, and reports none.
            source.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// The examples are files, or lists of steps behind a login.
#[test]
fn the_examples_load() {
    let (shelf, _) = Catalogue::load_dir(&root().join("scenarios"), None);
    let page = page();
    let mut count = 0;
    for example in page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
        let (path, text) = if example.starts_with("format: pop3-fragment") {
            ("fragments/example.yaml", example.to_owned())
        } else if example.starts_with("format: pop3-fixture") {
            ("mailboxes/example.yaml", example.to_owned())
        } else if example.starts_with("format: pop3-scenario") {
            ("rfc1939/stat/counts-agree-with-list.yaml", example.to_owned())
        } else {
            let head = "format: pop3-scenario/1\nid: example\ntitle: t\nsteps:\n- use: login\n";
            ("example.yaml", format!("{head}{example}"))
        };
        let shown: String = if path == "example.yaml" {
            shelf.read_scenario(path, &text).1.iter().map(ToString::to_string).collect()
        } else {
            let mut files = vec![(path.to_owned(), text)];
            for folder in ["fragments/", "mailboxes/"] {
                for entry in fs::read_dir(root().join("scenarios").join(folder)).unwrap() {
                    let file = entry.unwrap().path();
                    let name = file.file_name().unwrap().to_str().unwrap();
                    files.push((format!("{folder}{name}"), fs::read_to_string(&file).unwrap()));
                }
            }
            Catalogue::load(files, None).1.iter().map(ToString::to_string).collect()
        };
        assert_eq!(shown, "", "{example}");
        count += 1;
    }
    assert_eq!(count, 5);
}

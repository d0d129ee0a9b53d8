//! What a person reads who wrote a file wrong. `SNAPSHOTS=overwrite` writes the
//! expected texts anew; read every changed line.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pop3_scenario::Catalogue;
use snapbox::{Assert, Data};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Some files of the real catalogue; not all, since it grows.
const SHELF: [&str; 6] = [
    "fragments/greeting.yaml",
    "fragments/login.yaml",
    "fragments/login-stls.yaml",
    "fragments/login-tls.yaml",
    "fragments/quit.yaml",
    "mailboxes/plain.yaml",
];

fn shelf() -> Vec<(String, String)> {
    let read = |path: &str| fs::read_to_string(root().join("../../scenarios").join(path)).unwrap();
    SHELF.iter().map(|path| ((*path).to_owned(), read(path))).collect()
}

/// What the fragments of the catalogue cite.
const OF_FRAGMENTS: &[&str] = &[
    "rfc1939-3-login-enters-transaction",
    "rfc1939-4-greeting-positive",
    "rfc1939-6-quit-closes-connection",
    "rfc1939-6-quit-releases-lock",
    "rfc1939-6-quit-reports-removal-status",
    "rfc2595-4-handshake-directly-after-ok",
    "rfc2595-4-stls-announced-permitted-now",
];

fn load(extra: &[(&str, String)]) -> (Catalogue, String) {
    let mut files = shelf();
    files.extend(extra.iter().map(|(path, text)| ((*path).to_owned(), text.clone())));
    let invented = ["rfc1939-5-stat-count", "rfc1939-7-top-lines"];
    let requirements = invented.iter().chain(OF_FRAGMENTS).map(|id| (*id).to_owned()).collect::<BTreeSet<String>>();
    let (catalogue, diagnostics) = Catalogue::load(files, Some(requirements));
    (catalogue, diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect())
}

#[test]
fn every_wrong_file_is_refused_with_the_expected_words() {
    let assert = Assert::new().action_env("SNAPSHOTS").normalize_paths(false);
    let mut count = 0;
    let mut names: Vec<_> =
        fs::read_dir(root().join("tests/wrong")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for path in names.iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml")) {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let below = format!("wrong/{stem}.yaml");
        let broken = ("fragments/broken.yaml", "format: pop3-fragment/1\ntitle: t\nsteps: {}\n".to_owned());
        let extra = [(below.as_str(), fs::read_to_string(path).unwrap()), broken];
        let (catalogue, shown) = load(if stem == "unknown-names" { &extra } else { &extra[..1] });
        assert!(catalogue.scenarios.is_empty(), "{stem} loads");
        assert.eq(shown, Data::read_from(&path.with_extension("txt"), None));
        count += 1;
    }
    assert!(count >= 30, "{count}");
}

#[test]
fn fragments_and_fixtures_are_refused_too() {
    let check = |path: &str, text: &str, want: &str| {
        let (_, shown) = load(&[(path, text.to_owned())]);
        assert!(shown.contains(want), "{path}\n{text}\n{shown}");
    };
    let fragment = "format: pop3-fragment/1\ntitle: t\nsteps:\n";
    check("fragments/x.yaml", &format!("{fragment}  - use: x\n"), "the fragment `x` uses itself");
    check(
        "fragments/x.yaml",
        &format!("{fragment}  - use: nothing-like-it\n"),
        "there is no fragment `nothing-like-it`",
    );
    check(
        "fragments/x.yaml",
        "format: pop3-scenario/1\ntitle: t\nsteps: [{C: A}]\n",
        "the format must be `pop3-fragment/1`",
    );
    let fixture = |rest: &str| format!("format: pop3-fixture/1\ntitle: t\n{rest}");
    check(
        "mailboxes/x.yaml",
        &fixture("octets: 4\ncontent: [{lines: [a]}]\n"),
        "`octets` says 4, and the content has 3",
    );
    check("mailboxes/x.yaml", &fixture("content: [{lines: [Subject: x]}]\n"), "quote it: ");
    check("mailboxes/x.yaml", &fixture("content: [{raw: 'a', repeat: 67108865}]\n"), "from 1 to 67108864");
    check("mailboxes/x.yaml", &fixture("content: [{raw: 'ab', repeat: 67108864}]\n"), "more than 67108864 octets");
    check("mailboxes/x.yaml", &fixture("content: [{raw: '${user}'}]\n"), "a fixture has no captures");
    check("mailboxes/x.yaml", &fixture("final_line_end: false\ncontent: [{raw: 'a'}]\n"), "does not end in one");
}

#[test]
fn large_and_empty_files_are_refused() {
    let check = |text: String, want: &str| {
        let (_, shown) = load(&[("wrong/x.yaml", text)]);
        assert!(shown.contains(want), "{shown}");
    };
    check("# ".to_owned() + &"x".repeat(1 << 20), "1048576 are the most");
    check(String::new(), "the file is empty");
    check("# nothing\n".to_owned(), "the file is empty");
    check("\u{feff}format: pop3-scenario/1\n".to_owned(), "byte order mark");
}

#[test]
fn a_folder_is_read_without_following_links() {
    let folder = tempfile::tempdir().unwrap();
    let text = "format: pop3-scenario/1\nid: a/b\ntitle: t\nsteps: [{open: {}}, {S: +OK}]\n";
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::write(folder.path().join("a/b.yaml"), text).unwrap();
    fs::write(folder.path().join("a/c.yaml"), b"\xff").unwrap();
    fs::write(folder.path().join("rulings.yaml"), "not: ours\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
    let (catalogue, diagnostics) = Catalogue::load_dir(folder.path(), None);
    assert_eq!(catalogue.scenarios.len(), 1);
    assert!(catalogue.scenario("a/b").is_some());
    let shown: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["error[cannot-read]: the file is not UTF-8 at octet 0\n --> a/c.yaml\n"]);
}

#[test]
fn warnings_do_not_stop_a_file() {
    let text = "format: pop3-scenario/1\nid: wrong/Odd_Name\ntitle: t\nsteps: [{use: login}, {C: STAT}, {S: \"+OK {count:uint} {octets:octets}\"}, {check: count == 1}]\n";
    let (catalogue, shown) = load(&[("wrong/Odd_Name.yaml", text.to_owned())]);
    assert_eq!(shown, "");
    let codes: Vec<&str> =
        pop3_scenario::lint::scenario(&catalogue.scenarios[0]).iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["no-requirement", "no-kills", "no-text", "no-text", "id-style", "unused-capture"]);
}

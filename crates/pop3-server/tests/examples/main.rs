//! The dialogues that the RFCs print, in our transcription, one file each beside
//! this one; `format.rs` says how to write them. Each is replayed three ways:
//! the client's lines through the command parser, the client's lines through a
//! session of the reference server, and the server's lines through the reader.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails here fails the test")]

mod commands;
mod contents;
mod dialogue;
mod format;
mod host;
mod meaning;
mod reader;
mod session;
mod understood;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use format::Example;

/// Runs one way of replaying over all examples. A failure names every example
/// that fails in this way, and how.
fn check(way: fn(&Example) -> Result<(), String>) {
    let examples = examples();
    let mut failed = String::new();
    for example in &examples {
        if let Err(why) = way(example) {
            write!(failed, "\n{} ({}): {why}", example.name, example.shows).unwrap();
        }
    }
    assert!(failed.is_empty(), "of {} examples:{failed}", examples.len());
}

#[test]
fn the_client_s_lines_are_commands() {
    check(commands::parse);
}

#[test]
fn the_reference_server_answers_as_the_rfc_shows() {
    check(session::replay);
}

#[test]
fn a_mechanism_that_stands_in_is_really_missing() {
    check(session::refuse);
}

#[test]
fn the_reader_finds_nothing_off_that_the_rfc_does_not_commit() {
    check(reader::replay);
}

#[test]
fn every_example_is_there() {
    contents::check(&examples());
}

#[test]
fn an_example_that_is_wrong_fails() {
    let check = |way: fn(&Example) -> Result<(), String>, server: &str, dialogue: &str, want: &str| {
        let dialogue = dialogue.replace('\n', "\n  ");
        let text = format!(
            "rfc: 1\nsection: \"1\"\nshows: x\nserver: {server}\ndialogue: |\n  {dialogue}\nends: AUTHORIZATION\n"
        );
        let why = Example::read("rfc1-1-x.yaml", &text).and_then(|example| way(&example)).err().unwrap_or_default();
        assert!(if want.is_empty() { why.is_empty() } else { why.contains(want) }, "{dialogue}: {why:?}, not {want:?}");
    };
    let mail = "{accounts: {a: {secret: b, messages: [120]}}, log_in: a}";
    let plain = "{accounts: {a: {secret: b}}, mechanisms: [PLAIN]}";
    let missing =
        "{accounts: {a: {secret: b}}, stand_in: {mechanism: PLAIN, enters: a, why: RFC 1}, mechanisms: [PLAIN]}";
    check(commands::parse, "{}", "C: CAPA\nS: +OK\nS: .", "");
    check(commands::parse, "{}", "C: RETR 0\nS: +OK", "no command that this test knows");
    check(commands::parse, "{}", "C: AUTH PLAIN\nS: +\nC: A\nS: +OK", "line 3: \"A\": NotBase64");
    check(session::replay, mail, "C: STAT\nS: +OK 1 121", "listing: the RFC shows [\"1\", \"121\"]");
    check(session::replay, mail, "C: STAT\nS: +OK 1 120", "the session ends in Some(Transaction), not AUTHORIZATION");
    check(session::replay, mail, "C: DELE 1\nS: -ERR", "status: the RFC shows \"-ERR\", our server says \"+OK\"");
    check(session::replay, mail, "C: DELE 1\nS: +OK\nD: status -ERR | RFC 1", "status");
    check(session::replay, mail, "C: DELE 1\nS: +OK\nD: status +OK | RFC 1", "a difference is stated that is none");
    check(session::replay, mail, "C: STAT\nS: +OK 1 120\nD: lacks TOP | RFC 1", "our server does not differ so");
    check(session::replay, mail, "L: DELE 2\nC: QUIT\nS: +OK", "what the RFC leaves out is not answered +OK");
    check(session::replay, mail, "C: RETR 1\nS: +OK\nM: 1 1\nS: .", "body");
    check(session::replay, "{}", "E: tls\nC: CAPA\nS: +OK\nS: .", "the server awaits no TLS handshake");
    check(session::replay, "{}", "C: CAPA\nS: +OK\nS: TOP\nS: .", "capabilities");
    check(session::replay, "{timestamp: <a@b>}", "S: +OK <a@c>", "timestamp");
    check(session::refuse, missing, "C: AUTH PLAIN AGEAYg==\nS: +OK", "PLAIN is there");
    check(reader::replay, plain, "C: AUTH PLAIN\nS: +\nC: AGEAYg==\nS: +OK", "finds [\"ChallengeWithoutSpace\"]");
    check(reader::replay, plain, "C: CAPA\nS: +OK\nR: BareLf | RFC 1", "the reader waits for more");
    check(reader::replay, plain, "C: NOOP\nS: +OK\nS: .", "the reader stops before \".\\r\\n\"");
    check(reader::replay, plain, "C: NOOP\nS: OK", "[\"NoStatusIndicator\"]");
    check(reader::replay, plain, "C: NOOP\nS: -ERR\nR: BareLf | RFC 1", "finds [], the example names [\"BareLf\"]");
    check(reader::replay, mail, "C: STAT\nS: +OK  2 320", "\" 2 320\" is not understood");
    check(reader::replay, mail, "C: LIST\nS: +OK\nS: 1\nS: .", "\"1\" is not understood");
    check(reader::replay, mail, "C: UIDL 1\nS: +OK 1", "\"1\" is not understood");
    check(reader::replay, plain, "C: CAPA\nS: +OK\nS: STLS x\nS: .", "\"STLS x\" is not understood");
    check(reader::replay, plain, "S: +OK <a>", "the timestamp is not found");
    check(reader::replay, mail, "C: NOOP\nS: +OK", "the reader ends in Some(Transaction), not AUTHORIZATION");
    check(reader::replay, plain, "C: NOOP\nS: -ERR\nR: BareLf | so", "line 3 of the dialogue: the reason names no RFC");
}

/// All examples, by file name.
fn examples() -> Vec<Example> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| name.starts_with("rfc"))
        .collect();
    names.sort();
    names.iter().map(|name| Example::read(name, &text(name)).unwrap_or_else(|why| panic!("{name}: {why}"))).collect()
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples"))
}

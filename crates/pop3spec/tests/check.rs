//! `pop3spec check`: breaches first, then what cannot be read, then what is clean.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use program::{Ended, pop3spec, run};
use snapbox::{assert_data_eq, str};

/// Checks a text of this name.
#[track_caller]
fn check(name: &str, text: &str, code: i32) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    let mut command = pop3spec(&["check", name]);
    command.current_dir(folder.path());
    run(&mut command).exits(code)
}

#[test]
fn a_breach_has_its_line_clause_and_octets() {
    let text = "S: +OK ready\nC: USER mrose\nS: +OK\nC: PASS tanstaaf\nS: +OK\nC: STAT\nS: +OK 2 320\n\
        C: DELE 1\nS: +OK\nC: DELE 1\nS: +OK\nC: QUIT\nS: +OK\n* closed by the server\n";
    let ended = check("own.txt", text, 1);
    assert_data_eq!(
        ended.stdout,
        str![[r#"
own.txt:11: fail always/number-bad: Commands about a message that is not there, or is marked as deleted, are refused.
    RFC 1939 section 5 (must): [..]
    in connection 1, octet 37 of the server
    answer to: DELE 1
    expected:  -ERR: message 1 is marked as deleted
    actual:    +OK
    explained by: pop3spec explain rfc1939-5-dele-twice-negative or a-01

1 breach in 1 connection, [..] always-on checks

"#]]
    );
}

#[test]
fn a_password_is_not_shown_again() {
    let text = "S: +OK ready\nC: PASS tanstaaf\nS: +OK\nC: QUIT\nS: +OK\n";
    let ended = check("own.txt", text, 1);
    assert!(ended.stdout.contains("answer to: PASS ********\n"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("tanstaaf"), "{}", ended.stdout);
}

#[test]
fn a_broken_should_is_a_warning() {
    let text = "S: +OK ready\nC: CAPA\nS: +OK\nS: TOP\nS: TOP\nS: .\nC: QUIT\nS: +OK\n";
    let ended = check("own.txt", text, 0);
    assert!(ended.stdout.starts_with("own.txt:3: warn always/capability-once: "), "{}", ended.stdout);
}

#[test]
fn sessions_of_one_maildrop_are_compared() {
    let session = |name: &str, count: u32| {
        format!("S: +OK\nC: USER {name}\nS: +OK\nC: PASS p\nS: +OK\nC: STAT\nS: +OK {count} 9\nC: QUIT\nS: +OK\n")
    };
    let lost = |name: &str| format!("{}== next\n{}", session("mrose", 2), session(name, 1));
    let ended = check("own.txt", &lost("mrose"), 1);
    assert!(ended.stdout.starts_with("own.txt:17: fail always/nothing-lost: "), "{}", ended.stdout);
    check("own.txt", &lost("other"), 0);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let says = |name: &str, text: &str, words: &str| drop(check(name, text, 2).complains(&[words]));
    says("own.txt", "S: +OK\nSTAT\n", "own.txt:2: expected `C: ` or `S: `");
    says("own.txt", "S: +OK \\q\n", "own.txt:1: character 5: \\q is no escape; write");
    says("own.txt", "* went away\n", "own.txt:1: unknown event; known are");
    says("run.jsonl", "{\"event\":\"scenario\"}\n", "run.jsonl:1: no event of a log: unknown variant");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin1.txt");
    std::fs::write(&path, b"S: +OK\nS: \xe9\n").unwrap();
    let ended = run(&mut pop3spec(&["check", path.to_str().unwrap()])).exits(2);
    ended.complains(&["latin1.txt:2: not UTF-8; a transcript is text: write octets"]);
    let ended = run(&mut pop3spec(&["check", folder.path().join("none").to_str().unwrap()])).exits(2);
    ended.complains(&["none: No such file"]);
}

/// The session that RFC 1939 section 10 has as its example, and one as the reference
/// server prints it.
#[test]
fn right_dialogues_are_clean() {
    let example = "
        S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
        C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
        S: +OK mrose's maildrop has 2 messages (320 octets)
        C: STAT
        S: +OK 2 320
        C: LIST
        S: +OK 2 messages (320 octets)
        S: 1 120
        S: 2 200
        S: .
        C: DELE 1
        S: +OK message 1 deleted
        C: LIST
        S: +OK 1 message
        S: 2 200
        S: .
        C: QUIT
        S: +OK dewey POP3 server signing off (maildrop empty)
        * closed by the server
    ";
    let ended = check("own.txt", example, 0);
    assert!(ended.stdout.starts_with("0 breaches in 1 connection, "), "{}", ended.stdout);
    let recorded = "-- TLS\nS: +OK hello\\r\\n\nC: USER a\\r\\n\nS: +OK\\r\\n\nC: PASS ***\\r\\n\nS: +OK\\r\\n\n\
        C: LIST\\r\\n\nS: +OK\\r\\n1 5\\\nS: \\r\\n.\\r\\n\nC: QUIT\\r\\n\nS: +OK\\r\\n\n-- ended: Update\n";
    check("server.txt", recorded, 0);
}

#[test]
fn a_log_is_checked_by_scenario() {
    let entry = |who: &str, text: &str| format!("{{\"at_ms\":1,\"who\":\"{who}\",\"text\":\"{text}\"}}");
    let log = |entries: &[String]| {
        format!(
            "{{\"event\":\"scenario-finished\",\"id\":\"rfc1939/own\",\"rev\":1,\"title\":\"T\",\"file\":\"f\",\
             \"verdict\":\"pass\",\"level\":\"must\",\"requirements\":[],\"at_ms\":1,\"elapsed_ms\":1,\"findings\":[],\
             \"choices\":[],\"transcript\":[{{\"session\":\"b\",\"entries\":[{}]}}]}}\n",
            entries.join(",")
        )
    };
    let greeting = entry("S", "+ok ready\\\\r\\\\n");
    let ended = check("run.jsonl", &log(&[greeting, entry("*", "something of later")]), 1);
    assert!(ended.stdout.starts_with("run.jsonl:1: fail always/status-upper-case: "), "{}", ended.stdout);
    assert!(ended.stdout.contains("in connection 1 (b) of rfc1939/own, octet 0 "), "{}", ended.stdout);
    // What is left out is nobody's fault, and is told.
    let retr = |body: &str| {
        let long = format!(
            "{{\"at_ms\":1,\"who\":\"S\",\"text\":\"+OK\\\\r\\\\n{body}\\\\r\\\\n.\\\\r\\\\n\",\"elided\":9000}}"
        );
        let lines = ["+OK", "+OK", "+OK", "+OK 1 5"].map(|line| entry("S", &format!("{line}\\\\r\\\\n")));
        let [greeting, user, pass, list] = lines;
        let sent = |line: &str| entry("C", &format!("{line}\\\\r\\\\n"));
        log(&[greeting, sent("USER u"), user, sent("PASS p"), pass, sent("LIST 1"), list, sent("RETR 1"), long])
    };
    let ended = check("run.jsonl", &retr(&"x".repeat(4086)), 0);
    assert!(ended.stdout.contains("1 connection with octets left out by the record"), "{}", ended.stdout);
}

//! For each invariant a dialogue that breaks it, and beside it one that nearly does.
//!
//! Scripts are transcripts as text, where `greet` stands for a greeting, `login` for
//! a greeting and a login of `u`, and `bye` for QUIT and its end.

mod list;

use super::*;
use crate::transcript::{Connection, Deliveries, text};
use list::TWINS;

fn connections(script: &str) -> Vec<Connection> {
    let lines = script.lines().map(|line| match line.trim() {
        "greet" => "S: +OK ready",
        "login" => "S: +OK ready\nC: USER u\nS: +OK\nC: PASS p\nS: +OK",
        "bye" => "C: QUIT\nS: +OK\n* closed by the server",
        _ => line,
    });
    text::read(&lines.collect::<Vec<_>>().join("\n")).unwrap()
}

fn broken(script: &str, deliveries: Deliveries) -> Vec<&'static str> {
    let history = History { connections: connections(script), deliveries, ..History::default() };
    let mut ids: Vec<&str> =
        check(&history, Limits::default()).into_iter().map(|(invariant, _)| invariant.id).collect();
    ids.dedup();
    ids
}

#[test]
fn twins_differ_in_one_thing() {
    for (id, wrong, right) in TWINS {
        assert_eq!(broken(wrong, Deliveries::Possible), [*id], "{wrong}");
        assert_eq!(broken(right, Deliveries::Possible), Vec::<&str>::new(), "{right}");
    }
}

#[test]
fn what_quit_removed_is_gone_unless_mail_came() {
    let stays = "login\nC: STAT\nS: +OK 2 9\nC: DELE 1\nS: +OK\nbye\n==\nlogin\nC: STAT\nS: +OK 2 9\nbye";
    assert_eq!(broken(stays, Deliveries::None), ["always/removed-is-gone"]);
    assert_eq!(broken(stays, Deliveries::Possible), Vec::<&str>::new());
    let refused = stays.replace("bye\n==", "C: QUIT\nS: -ERR\n* closed by the server\n==");
    assert_eq!(broken(&refused, Deliveries::None), Vec::<&str>::new());
}

/// N01 to N08, N14, N16, N19, N21 to N24: what a server may do.
#[test]
fn legal_variations_are_silent() {
    for script in [
        "greet\nC: USER nobody\nS: +OK\nC: PASS x\nS: -ERR\n* closed by the server",
        "greet\nC: USER nobody\nS: -ERR\nC: USER u\nS: +OK\\r\\n\nC: PASS p\nS: +OK\nbye",
        "login\nC: STAT\nS: +OK 1 5 \nC: LIST\nS: +OK words\nS: 1 5 words\nS: .\nbye",
        "login\nC: TOP 1 0\nS: -ERR\nC: UIDL\nS: -ERR\nC: CAPA\nS: -ERR\nC: APOP a b\nS: -ERR\nbye",
        "greet\nC: USER u\nS: -ERR\nC: AUTH PLAIN AHUAcA==\nS: +OK\nC: STAT\nS: +OK 0 0\nbye",
        "greet\nC: CAPA\nS: +OK\nS: x-a\nS: Top\nS: uidl\nS: Resp-Codes\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: -ERR [LOGIN-DELAY] wait\nbye",
        "greet\nC: UTF8\nS: -ERR\nC: LANG\nS: -ERR\nC: USER u\nS: +OK\nC: PASS a b\nS: -ERR\nbye",
        "login\nC: STAT\\n\nS: +OK 1 5\nbye",
    ] {
        assert_eq!(broken(script, Deliveries::None), Vec::<&str>::new(), "{script}");
    }
}

#[test]
fn what_the_record_leaves_out_is_nobodys_fault() {
    let retr = "login\nC: LIST 1\nS: +OK 1 100\nC: RETR 1\nS: +OK\\r\\na\\";
    for rest in [
        // The gap is within the body, which ends with the entry.
        "* 50 octets left out\nS: b\\r\\n.\nC: NOOP\nS: +OK\nbye",
        // What looks like the end may be a line of the message.
        "* 50 octets left out\nS: \\r\\n.\\r\\nb\\r\\n.\nC: NOOP\nS: +OK\nbye",
        "* 50 octets left out\nS: b\\\nC: NOOP\nS: +OK\nbye",
        "* 50 octets left out\nC: NOOP\nS: +OK\nbye",
        "* 50 octets left out",
        "* 0 octets left out\nS: \\r\\n.",
    ] {
        let script = format!("{retr}\n{rest}");
        let want: &[&str] = if rest.starts_with("* 0 ") { &["always/retr-octets-equal-list"] } else { &[] };
        assert_eq!(broken(&script, Deliveries::None), want, "{script}");
    }
    // The dialogue goes on behind the gap.
    let script = format!("{retr}\n* 50 octets left out\nS: b\\r\\n.\nC: NOOP\nS: -ERR\nbye");
    assert_eq!(broken(&script, Deliveries::None), ["always/always-positive"]);
    // A mask stands for a secret of any length.
    let masked = "login\nC: LIST 1\nS: +OK 1 100\nC: RETR 1\nS: +OK\nS: ********\nS: .\nbye";
    assert_eq!(broken(masked, Deliveries::None), Vec::<&str>::new());
}

#[test]
fn every_invariant_of_several_replies_has_twins() {
    let elsewhere = [
        // In `tests`, with octets that text cannot show so well.
        "always/byte-stuffing",
        "always/challenge-form",
        "always/crlf",
        "always/first-line-length",
        "always/listing-form",
        "always/multi-line-termination",
        "always/numbers-stable",
        "always/one-reply-per-command",
        "always/printable",
        "always/retr-octets-equal-list",
        "always/stat-equals-list",
        "always/status-indicator",
        "always/status-upper-case",
        "always/unique-id-form",
        // Above, and below.
        "always/removed-is-gone",
        "always/capability-line-length",
    ];
    for invariant in ALL {
        let has_twins = TWINS.iter().any(|(id, ..)| *id == invariant.id);
        assert!(has_twins != elsewhere.contains(&invariant.id), "{}", invariant.id);
    }
    let list = |octets: usize| format!("greet\nC: CAPA\nS: +OK\nS: X-{}\nS: .\nbye", "A".repeat(octets - 4));
    assert_eq!(broken(&list(513), Deliveries::None), ["always/capability-line-length"]);
    assert_eq!(broken(&list(512), Deliveries::None), Vec::<&str>::new());
}

//! Each invariant is silent on a right dialogue and speaks on a wrong one.

use super::*;
use crate::transcript::{ClosedBy, Connection, Entry, What};

/// A connection from lines: `C ` sends, `S ` receives, escapes as in
/// `pop3_proto::escape`; `X` is the server's close.
fn connection(script: &str) -> Connection {
    let octets = |text: &str| pop3_proto::escape::unescape(text).unwrap();
    let entries = script.lines().map(str::trim_start).filter(|line| !line.is_empty()).map(|line| {
        let what = match line.split_at(2.min(line.len())) {
            ("C ", text) => What::Sent([octets(text), b"\r\n".to_vec()].concat()),
            ("c ", text) => What::Sent(octets(text)),
            ("S ", text) => What::Received([octets(text), b"\r\n".to_vec()].concat()),
            ("s ", text) => What::Received(octets(text)),
            ("X", _) => What::Closed(ClosedBy::Server),
            ("T", _) => What::TlsEstablished("TLS".to_owned()),
            other => panic!("{other:?}"),
        };
        Entry { what, ..Entry::default() }
    });
    Connection { entries: entries.collect(), ..Connection::default() }
}

/// The ids of the invariants broken behind a good greeting and login.
fn broken(script: &str) -> Vec<&'static str> {
    let login = if script.starts_with("C STLS") { "" } else { "C USER u\nS +OK\nC PASS p\nS +OK\n" };
    let all = format!("S +OK ready\n{login}{script}");
    let breaches = check(&History { connections: vec![connection(&all)], ..History::default() }, Limits::default());
    breaches.into_iter().map(|(invariant, _)| invariant.id).collect()
}

#[test]
fn right_dialogues_are_silent() {
    for script in [
        "C STAT\nS +OK 2 320\nC LIST\nS +OK\\r\\n1 120\\r\\n2 200\\r\\n.",
        "C LIST 1\nS +OK 1 6\nC RETR 1\nS +OK\\r\\na\\r\\n..\\r\\n.\nC DELE 1\nS +OK\nC STAT\nS +OK 0 0",
        // Ruling a-07: the CRLF added at the end is not counted.
        "C LIST 1\nS +OK 1 1\nC RETR 1\nS +OK\\r\\na\\r\\n.",
        "C UIDL\nS +OK\\r\\n1 abc\\r\\n2 d\\r\\n.\nC UIDL 2\nS +OK 2 d",
        "C STAT\nS +OK 1 5 and more\nC LIST\nS +OK\\r\\n1 5 more\\r\\n.",
        "C AUTH PLAIN\nS + \nC *\nS -ERR",
        "C AUTH PLAIN \nS + \nC *\nS -ERR",
        "C AUTH LOGIN\nS + \nC bm9ib2R5MR==\nS + \nC *\nS -ERR",
        "C RETR 1\nS +OK\\r\\na\\nb\\r\\n.",
        "C RETR 9\nS -ERR\nC QUIT\nS +OK\nX",
        // An empty line without an answer shifts those that follow.
        "C \nC STAT\nS +OK 2 320\nC QUIT\nS +OK bye",
        // Two replies to one malformed line are the scenario's business.
        "c A\\nB\\r\\n\nS -ERR\nS -ERR",
        "C LIST\ns +OK\\r\\n1 5",
        // RFC 5034 section 4: a challenge may be of any length.
        &format!("C AUTH X\nS + {}\nC *\nS -ERR", "AAAA".repeat(200)),
        // A last word before an idle session is closed.
        "C NOOP\nS +OK\nS -ERR idle for too long\nX",
        // What was sent ahead of the handshake may be joined with what follows.
        "C STLS\nc NO\nS +OK\nT\nC QUIT\nS -ERR\nX",
        // A message without a header.
        "C RETR 1\nS +OK\\r\\n\\r\\na\\r\\nb\\r\\n.\nC TOP 1 1\nS +OK\\r\\n\\r\\na\\r\\nb\\r\\n.",
        // A response that is not base64, refused in the end.
        "C AUTH LOGIN\nS + \nC !\nS + \nC Ym9i\nS -ERR",
        // Half a line at the end of the input may be answered.
        "C NOOP\nS +OK\nc QUI\nS -ERR what?",
        // A greeting once more behind the handshake.
        "C STLS\nS +OK\nT\nC USER u\nS +OK hello\nC PASS p\nS +OK\nC STAT\nS +OK in\nS +OK 1 5",
        // Behind STLS a TLS alert, and what answers something sent in the clear.
        "C STLS\nS +OK\ns \\x15\\x03\\x01\nX",
        "C STLS\nS +OK\nC NOOP\nS -ERR\nX",
        // The terminator of a response that a line ended by LF alone may have drawn.
        "c LIST\\nNOOP\\r\\n\nS +OK\nS 1 5\nS .\nS +OK",
    ] {
        assert_eq!(broken(script), Vec::<&str>::new(), "{script}");
    }
}

#[test]
fn wrong_dialogues_are_named() {
    let check = |script: &str, want: &[&str]| assert_eq!(broken(script), want, "{script}");
    check("C NOOP\ns +OK\\n", &["always/crlf"]);
    check("C AUTH LOGIN\nS + \nC !\nS + \nC Ym9i\nS +OK", &["always/auth-exchange"]);
    check("C NOOP\nS +OK\nS -ERR what?", &["always/one-reply-per-command"]);
    check("C LIST\ns +OK\\r\\n1 5\\n2 5\\r\\n.\\r\\n", &["always/crlf"]);
    check("C NOOP\nS +ok", &["always/status-upper-case"]);
    check("C NOOP\nS +ERR", &["always/status-indicator"]);
    check("C NOOP\nS +OKAY", &["always/status-indicator"]);
    check(&format!("C NOOP\nS +OK {}", "x".repeat(507)), &["always/first-line-length"]);
    check(&format!("C NOOP\nS +OK {}", "x".repeat(506)), &[]);
    check("C XY\nS -ERR no \\xFF", &["always/printable"]);
    check("C RETR 1\nS +OK\\r\\n.x\\r\\n.", &["always/byte-stuffing"]);
    check("C LIST\ns +OK\\r\\n1 5\nX", &["always/multi-line-termination"]);
    check("C NOOP\nS +OK\nS +OK", &["always/one-reply-per-command"]);
    check("C QUIT\nS +OK\nS -ERR\nX", &["always/silence-after-quit"]);
    check("C NOOP\nS +OK\nS -ERR\nC NOOP\nS +OK\nX", &["always/one-reply-per-command"]);
    check("C STLS\nS +OK\nT\nC USER a\nS +OK\nS +OK\nS +OK", &["always/one-reply-per-command"]);
    check("C AUTH PLAIN\nS +\nC *\nS -ERR", &["always/challenge-form"]);
    check("C STAT\nS +OK 2  320", &["always/listing-form"]);
    check("C LIST 1\nS +OK here it comes", &["always/listing-form"]);
    check("C UIDL 1\nS +OK abc", &["always/listing-form"]);
    check("C STAT\nS +OK 2 320\nC LIST\nS +OK\\r\\n1 120\\r\\n.", &["always/stat-equals-list"]);
    check("C LIST\nS +OK\\r\\n1 120\\r\\n.\nC STAT\nS +OK 1 121", &["always/stat-equals-list"]);
    check("C LIST 1\nS +OK 1 5\nC LIST\nS +OK\\r\\n1 6\\r\\n.", &["always/numbers-stable"]);
    check("C UIDL 2\nS +OK 2 a\nC UIDL\nS +OK\\r\\n1 b\\r\\n2 b\\r\\n.", &["always/numbers-stable"]);
    check("C LIST 1\nS +OK 1 5\nC RETR 1\nS +OK\\r\\na\\r\\n\\r\\n\\r\\n.", &["always/retr-octets-equal-list"]);
    // One more empty line than LIST counted is not the CRLF of ruling a-07.
    check("C LIST 1\nS +OK 1 3\nC RETR 1\nS +OK\\r\\na\\r\\n\\r\\n.", &["always/retr-octets-equal-list"]);
    check("C UIDL 1\nS +OK 1 a b", &["always/unique-id-form"]);
    check(&format!("C UIDL 1\nS +OK 1 {}", "x".repeat(71)), &["always/unique-id-form"]);
}

#[test]
fn the_list_is_in_order_and_every_entry_can_break() {
    let ids: Vec<&str> = ALL.iter().map(|invariant| invariant.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
}

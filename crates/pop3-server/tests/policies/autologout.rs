//! The autologout timer (RFC 1939 section 3).

use std::time::Duration;

use pop3_proto::server::Ending;
use pop3_proto::state::State;
use pop3_server::account::Account;
use pop3_server::store::Store;

use crate::line::{Line, at, just_before, logged_in};

const TEN_MINUTES: Duration = at(600);

fn store() -> Store {
    let store = Store::with_id("s");
    store.add_account("alice", Account::new("secret"));
    store.deliver("alice", b"x\r\n").unwrap();
    store
}

/// Lives through an hour with a command at the last moment each time, then falls
/// silent.
#[track_caller]
fn check(mut line: Line, commands: &[&str]) {
    let mut now = at(0);
    let mut commands = commands.iter().cycle();
    while now < at(3600) {
        now = just_before(line.deadline());
        assert_eq!(line.tick(now), None, "at {now:?}");
        let reply = line.asks(commands.next().unwrap(), now);
        assert!(reply.starts_with("+OK") || reply.starts_with("-ERR") || reply == "+ \r\n", "{reply}");
        assert_eq!(line.deadline(), now + TEN_MINUTES, "any command resets it");
    }
    // Half a line is no command.
    let half = now + at(300);
    assert_eq!(line.hears(b"NOO", half), "");
    assert_eq!(line.deadline(), now + TEN_MINUTES);
    assert_eq!(line.tick(just_before(now + TEN_MINUTES)), None);
    assert_eq!(line.tick(now + TEN_MINUTES), Some(Ending::Autologout));
    // It is over, and nothing more is said.
    assert_eq!((line.asks("P", now + TEN_MINUTES), line.state()), (String::new(), State::Ended));
    assert_eq!(line.ending, Some(Ending::Autologout));
}

#[test]
fn an_hour_in_authorization() {
    for commands in [&["CAPA"][..], &["USER alice", "PASS wrong"], &["NONSENSE"], &["AUTH PLAIN", "*"]] {
        check(Line::open(&store(), at(0)), commands);
    }
}

#[test]
fn an_hour_in_transaction_and_no_update() {
    let store = store();
    let mut line = logged_in(&store, "alice", at(0));
    line.says("DELE 1", at(0), "+OK");
    assert_eq!(line.state(), State::Transaction);
    check(line, &["NOOP", "STAT", "NONSENSE", "RETR 1", "LIST"]);
    assert_eq!(store.messages("alice").unwrap().len(), 1);
    assert!(!store.is_locked("alice").unwrap());
    // By QUIT it goes.
    let mut line = logged_in(&store, "alice", at(9000));
    line.says("DELE 1", at(9000), "+OK");
    line.says("QUIT", at(9000), "+OK");
    assert_eq!(store.messages("alice").unwrap().len(), 0);
}

/// Somebody who leaves an exchange open is no exception.
#[test]
fn in_the_middle_of_auth() {
    let mut line = Line::open(&store(), at(0));
    assert_eq!(line.asks("AUTH PLAIN", at(1)), "+ \r\n");
    assert_eq!(line.tick(just_before(at(601))), None);
    assert_eq!(line.tick(at(601)), Some(Ending::Autologout));
    assert_eq!(line.asks("AGFsaWNlAHNlY3JldA==", at(601)), "");
}

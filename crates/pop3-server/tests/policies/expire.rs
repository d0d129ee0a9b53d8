//! EXPIRE (RFC 2449 section 6.7).

use std::time::Duration;

use pop3_proto::capability::Retention;
use pop3_server::account::{Account, Policies};
use pop3_server::store::Store;

use crate::line::{Line, Way, at, just_before, logged_in, visits};

const DAY: u64 = 24 * 60 * 60;

const fn day(day: u64) -> Duration {
    at(day * DAY)
}

fn expire(retention: Retention) -> Policies {
    Policies { expire: Some(retention), ..Policies::default() }
}

/// A store with two messages for alice.
fn store(policies: Policies) -> Store {
    let store = Store::with_id("s");
    store.set_policies(policies);
    store.add_account("alice", Account::new("secret"));
    for _ in 0..2 {
        store.deliver("alice", b"Subject: x\r\n\r\ny\r\n").unwrap();
    }
    store
}

/// What a login at this time lists, by unique-id.
#[track_caller]
fn listed(store: &Store, now: Duration) -> Vec<String> {
    let mut line = logged_in(store, "alice", now);
    let listing = line.asks("UIDL", now);
    line.says("QUIT", now, "+OK");
    listing.lines().filter_map(|line| line.split_once(' ')?.1.strip_prefix("s-").map(str::to_owned)).collect()
}

#[test]
fn days_are_counted_from_the_login_that_first_lists_a_message() {
    for days in [1, 2, 60] {
        let store = store(expire(Retention::Days(days)));
        let days = u64::from(days);
        assert_eq!(listed(&store, at(5)), ["1", "2"]);
        store.deliver("alice", b"").unwrap();
        // Logins between do not begin it anew.
        let later = just_before(at(5) + day(days));
        assert_eq!(listed(&store, later), ["1", "2", "3"]);
        assert_eq!(listed(&store, at(5) + day(days)), ["3"]);
        assert_eq!(listed(&store, just_before(later + day(days))), ["3"]);
        assert_eq!(listed(&store, later + day(days)), [""; 0]);
    }
}

/// What nobody could have fetched does not go.
#[test]
fn what_was_never_listed_stays() {
    let store = store(expire(Retention::Days(1)));
    // Nothing is listed to somebody who does not get in.
    let wrong = Line::open(&store, at(0)).logs_in(Way::Password, "alice", "wrong", at(0));
    assert!(wrong.starts_with("-ERR"), "{wrong}");
    assert_eq!(listed(&store, day(1000)), ["1", "2"]);
    assert_eq!(listed(&store, day(1001)), [""; 0]);
}

/// A message that is due stays for the session that listed it.
#[test]
fn a_session_keeps_what_it_listed() {
    let store = store(expire(Retention::Days(1)));
    let mut long = logged_in(&store, "alice", at(0));
    long.says("RETR 2", day(3), "+OK 17 octets\r\nSubject: x\r\n\r\ny\r\n.\r\n");
    long.says("STAT", day(3), "+OK 2 34");
    long.says("QUIT", day(3), "+OK");
    assert_eq!(listed(&store, day(3)), [""; 0]);
}

/// How a session under `EXPIRE 0` ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Quit,
    Disconnect,
    Autologout,
}

#[test]
fn under_0_what_was_retrieved_goes_at_update() {
    let check = |retention, commands: &[&str], end: End, left: &[&str]| {
        let store = store(expire(retention));
        let mut line = logged_in(&store, "alice", at(0));
        for command in commands {
            line.says(command, at(1), "+OK");
        }
        assert_eq!(store.messages("alice").unwrap().len(), 2, "before UPDATE");
        match end {
            End::Quit => line.says("QUIT", at(2), "+OK"),
            End::Disconnect => line.drops(),
            End::Autologout => assert!(line.tick(at(3600)).is_some()),
        }
        assert_eq!(listed(&store, at(4000)), left, "{retention:?} {commands:?} {end:?}");
    };
    let none = Retention::Days(0);
    check(none, &["RETR 1"], End::Quit, &["2"]);
    check(none, &["RETR 1", "RETR 1", "RETR 2"], End::Quit, &[]);
    check(none, &["RETR 1", "DELE 1"], End::Quit, &["2"]);
    check(none, &["RETR 1", "DELE 2"], End::Quit, &[]);
    // Neither a look at it nor its listing is a retrieval.
    check(none, &["TOP 1 100", "LIST", "UIDL 1", "STAT"], End::Quit, &["1", "2"]);
    // There is no UPDATE but by QUIT.
    check(none, &["RETR 1"], End::Disconnect, &["1", "2"]);
    check(none, &["RETR 1", "DELE 2"], End::Autologout, &["1", "2"]);
    for kept in [Retention::Days(1), Retention::Never] {
        check(kept, &["RETR 1"], End::Quit, &["1", "2"]);
        check(kept, &["RETR 1", "DELE 1"], End::Quit, &["2"]);
    }
}

/// Under `EXPIRE 0` time alone removes nothing.
#[test]
fn what_is_not_due_stays() {
    for policies in [expire(Retention::Never), expire(Retention::Days(0)), Policies::default()] {
        let store = store(policies);
        for now in [day(0), day(1), day(10_000)] {
            assert_eq!(listed(&store, now), ["1", "2"], "{policies:?}");
        }
    }
}

#[test]
fn each_user_for_himself() {
    let store = store(expire(Retention::Days(1)));
    store.add_account("bob", Account::new("secret").with_policies(expire(Retention::Never)));
    store.deliver("bob", b"").unwrap();
    for now in [day(0), day(2)] {
        visits(&store, "alice", now);
        visits(&store, "bob", now);
    }
    let left = |name| store.messages(name).unwrap().len();
    assert_eq!((left("alice"), left("bob")), (0, 1));
}

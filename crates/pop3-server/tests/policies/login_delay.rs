//! LOGIN-DELAY (RFC 2449 sections 6.5 and 8.1.1).

use std::time::Duration;

use pop3_proto::server::ServerConfig;
use pop3_server::Server;
use pop3_server::account::{Account, Policies};
use pop3_server::store::Store;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::line::{Line, Way, at, config, just_before, logged_in, visits};

const TOO_SOON: &str = "-ERR [LOGIN-DELAY] ";
const WRONG: &str = "-ERR [AUTH] ";

fn delay(seconds: u64) -> Policies {
    Policies { login_delay: Some(seconds), ..Policies::default() }
}

/// Logins have to be a minute apart.
fn store() -> Store {
    let store = Store::with_id("s");
    store.set_policies(delay(60));
    store.add_account("alice", Account::new("secret"));
    store
}

/// Tries to log in, and goes again.
#[track_caller]
fn check(store: &Store, way: Way, password: &str, now: Duration, want: &str) {
    let mut line = Line::open(store, now);
    let reply = line.logs_in(way, "alice", password, now);
    assert!(reply.starts_with(want), "{way:?} with {password} at {now:?}: {reply}");
    line.drops();
}

#[test]
fn whichever_ways_the_logins_take() {
    for first in Way::ALL {
        for second in Way::ALL {
            let store = store();
            // The first login ever is not too soon, whenever it comes.
            check(&store, first, "secret", at(0), "+OK");
            for now in [at(0), at(1), just_before(at(60))] {
                check(&store, second, "secret", now, TOO_SOON);
                // Who has the wrong password does not learn that somebody was here.
                check(&store, second, "wrong", now, WRONG);
            }
            check(&store, second, "secret", at(60), "+OK");
        }
    }
}

#[test]
fn only_a_login_that_succeeds_begins_it() {
    let store = store();
    let check = |password, now, want| check(&store, Way::Password, password, now, want);
    check("wrong", at(0), WRONG);
    check("secret", at(1), "+OK");
    // Neither a wrong password nor one that comes too soon does.
    check("wrong", at(59), WRONG);
    check("secret", at(60), TOO_SOON);
    check("secret", at(61), "+OK");
    // Nor one that is right and finds the maildrop in use.
    let mut long = logged_in(&store, "alice", at(200));
    check("secret", at(300), "-ERR [IN-USE] ");
    long.says("QUIT", at(301), "+OK");
    check("secret", at(302), "+OK");
}

/// It runs from the `+OK`, however long the session is and however it ends.
#[test]
fn the_end_of_a_session_is_of_no_account() {
    let store = store();
    logged_in(&store, "alice", at(0)).drops();
    check(&store, Way::Password, "secret", just_before(at(60)), TOO_SOON);
    let mut long = logged_in(&store, "alice", at(60));
    long.says("QUIT", at(119), "+OK");
    check(&store, Way::Password, "secret", at(120), "+OK");
}

/// It is no failure that a session is closed for.
#[test]
fn coming_too_soon_is_not_guessing() {
    let store = store();
    visits(&store, "alice", at(0));
    let mut line = Line::with(ServerConfig { failed_logins: 2, ..config() }, &store, at(1));
    for _ in 0..10 {
        assert!(line.logs_in(Way::Password, "alice", "secret", at(1)).starts_with(TOO_SOON));
    }
    assert!(line.logs_in(Way::Password, "alice", "secret", at(60)).starts_with("+OK"));
    // Two wrong ones are.
    let mut line = Line::with(ServerConfig { failed_logins: 2, ..config() }, &store, at(61));
    line.logs_in(Way::Password, "alice", "wrong", at(61));
    assert_eq!(line.ending, None);
    line.logs_in(Way::Password, "alice", "wrong", at(61));
    assert!(line.ending.is_some());
}

#[test]
fn each_user_for_himself() {
    let store = store();
    store.add_account("bob", Account::new("secret").with_policies(delay(3600)));
    store.add_account("carol", Account::new("secret").with_policies(delay(0)));
    for name in ["alice", "bob", "carol"] {
        visits(&store, name, at(0));
    }
    visits(&store, "carol", at(0));
    visits(&store, "alice", at(60));
    let mut bob = Line::open(&store, at(60));
    assert!(bob.logs_in(Way::Apop, "bob", "secret", just_before(at(3600))).starts_with(TOO_SOON));
    assert!(bob.logs_in(Way::Apop, "bob", "secret", at(3600)).starts_with("+OK"));
}

/// The LOGIN-DELAY lines of CAPA before a login and behind it.
async fn announced(server: &Server, name: &str) -> Vec<String> {
    let (mut client, stream) = tokio::io::duplex(4096);
    let server = server.clone();
    tokio::spawn(async move { server.serve_stream(stream).await });
    let dialogue = format!("CAPA\r\nUSER {name}\r\nPASS secret\r\nCAPA\r\nQUIT\r\n");
    client.write_all(dialogue.as_bytes()).await.unwrap();
    let mut got = String::new();
    client.read_to_string(&mut got).await.unwrap();
    got.lines().filter(|line| line.starts_with("LOGIN-DELAY")).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_longest_before_a_login_and_ones_own_behind_it() {
    let store = store();
    let server = |store: &Store| Server::builder().store(store.clone()).build().unwrap();
    assert_eq!(announced(&server(&store), "alice").await, ["LOGIN-DELAY 60", "LOGIN-DELAY 60"]);
    store.add_account("bob", Account::new("secret").with_policies(delay(3600)));
    store.add_account("carol", Account::new("secret").with_policies(delay(0)));
    let server = server(&store);
    for (name, own) in [("bob", "LOGIN-DELAY 3600"), ("carol", "LOGIN-DELAY 0")] {
        assert_eq!(announced(&server, name).await, ["LOGIN-DELAY 3600 USER", own]);
    }
    // As announced, so kept: bob was there just now.
    assert_eq!(announced(&server, "bob").await, ["LOGIN-DELAY 3600 USER", "LOGIN-DELAY 3600 USER"]);
    assert_eq!(announced(&server, "carol").await, ["LOGIN-DELAY 3600 USER", "LOGIN-DELAY 0"]);
}

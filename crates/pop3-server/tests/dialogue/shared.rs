//! A store that others use too while a server serves it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_proto::capability::Retention;
use pop3_server::Server;
use pop3_server::account::{Account, Policies};
use pop3_server::sasl::{Iterations, Mechanism, ScramHash, ScramKeys};
use pop3_server::store::Store;

use crate::peer::{connect, duplex};

#[tokio::test(start_paused = true)]
async fn a_login_delay_is_as_long_for_the_next_server() {
    let store = Store::new();
    store.add_account("alice", Account::new("secret"));
    let check = async |wait: u64, want: &str| {
        tokio::time::advance(Duration::from_secs(wait)).await;
        let server = Server::builder().store(store.clone()).login_delay(30).transcript().build().unwrap();
        let mut peer = duplex(&server);
        peer.raw(b"USER alice\r\nPASS secret\r\nQUIT\r\n").await;
        let replies = String::from_utf8(peer.rest().await).unwrap();
        assert!(replies.lines().nth(2).unwrap().starts_with(want), "{wait}: {replies}");
        // A transcript has the times of its own server.
        let connections = server.transcript().unwrap().connections();
        assert!(connections[0].entries.iter().all(|entry| entry.at < Duration::from_secs(10)), "{connections:?}");
    };
    check(1000, "+OK").await;
    check(10, "-ERR [LOGIN-DELAY]").await;
    check(25, "+OK").await;
}

#[tokio::test]
async fn a_maildrop_is_locked_at_every_server() {
    let store = Store::new();
    store.add_account("alice", Account::new("secret"));
    let first = Server::builder().store(store.clone()).start().await.unwrap();
    let second = Server::builder().store(store.clone()).start().await.unwrap();
    let mut peer = connect(&first).await;
    peer.log_in().await;
    let mut late = connect(&second).await;
    late.raw(b"USER alice\r\nPASS secret\r\n").await;
    late.line().await;
    assert_eq!(late.line().await, "-ERR [IN-USE] maildrop already locked\r\n");
    // The one ends in the middle of the session of the other.
    first.stop().await;
    late.log_in().await;
}

#[tokio::test]
async fn policies_are_announced_as_they_are_now() {
    let server = Server::builder().account("alice", "secret").build().unwrap();
    let check = async |want: [&[&str]; 2]| {
        let mut peer = duplex(&server);
        peer.raw(b"CAPA\r\nUSER alice\r\nPASS secret\r\nCAPA\r\nQUIT\r\n").await;
        let replies = String::from_utf8(peer.rest().await).unwrap();
        let (before, behind) = replies.split_once("+OK maildrop has").unwrap();
        for (replies, want) in [(before, want[0]), (behind, want[1])] {
            let policy = |line: &&str| line.starts_with("LOGIN-DELAY") || line.starts_with("EXPIRE");
            assert_eq!(replies.lines().filter(policy).collect::<Vec<_>>(), want);
        }
    };
    let store = server.store();
    check([&[], &[]]).await;
    let own = Policies { login_delay: Some(60), expire: Some(Retention::Days(7)) };
    store.add_account("bob", Account::new("secret").with_policies(own));
    check([&["LOGIN-DELAY 60 USER", "EXPIRE 7 USER"], &["LOGIN-DELAY 0", "EXPIRE NEVER"]]).await;
    store.set_policies(Policies { login_delay: None, expire: Some(Retention::Days(3)) });
    check([&["LOGIN-DELAY 60 USER", "EXPIRE 3 USER"], &["LOGIN-DELAY 0", "EXPIRE 3"]]).await;
    store.add_account("bob", Account::new("secret"));
    check([&["EXPIRE 3"], &["EXPIRE 3"]]).await;
}

#[tokio::test]
async fn salts_are_the_same_at_every_server() {
    let store = Store::new();
    store.add_account("alice", Account::new("secret"));
    // A client that has seen both servers must not find out by it who has keys only.
    let keys = ScramKeys::derive(ScramHash::Sha1, "secret", b"0123456789abcdef", Iterations::LEAST).unwrap();
    store.add_account("keys", Account::from_keys(vec![keys]));
    let server = || Server::builder().store(store.clone()).mechanisms(&[Mechanism::ScramSha1]).build().unwrap();
    let (first, second) = (server(), server());
    let salt = async |server: &Server, name: &str| {
        let mut peer = duplex(server);
        peer.line().await;
        peer.send(&format!("AUTH SCRAM-SHA-1 {}", STANDARD.encode(format!("n,,n={name},r=x")))).await;
        let challenge = STANDARD.decode(peer.line().await.trim_end().strip_prefix("+ ").unwrap()).unwrap();
        String::from_utf8(challenge).unwrap().split(',').nth(1).unwrap().to_owned()
    };
    for name in ["alice", "keys", "nobody"] {
        assert_eq!(salt(&first, name).await, salt(&second, name).await, "{name}");
    }
    assert_ne!(salt(&first, "alice").await, salt(&first, "nobody").await);
}

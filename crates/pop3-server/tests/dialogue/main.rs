//! Whole dialogues over every kind of stream.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails the test")]

mod enumeration;
mod hostile;
mod laws;
mod peer;
mod pressure;
mod sasl;
mod shared;
mod tls;
mod transcript;

use std::time::Duration;

use peer::{Peer, connect, connect_tls, duplex};
use pop3_proto::server::{Availability, Ending};
use pop3_server::account::{Account, LoginMethod, LoginMethods};
use pop3_server::store::Store;
use pop3_server::{FREE_PORT, Limits, Server, ServerBuilder, StartError};

const ONE: &str = "Subject: one\n\nfirst\n.dot\n";
const TWO: &str = "Subject: two\n\nsecond";

fn mail() -> ServerBuilder {
    Server::builder().account("alice", "secret").message("alice", ONE).message("alice", TWO)
}

/// Sends every line, then holds the octets received up to the end of the stream
/// against `want`.
async fn check(server: &Server, lines: &[&str], want: &str) {
    let mut peer = duplex(server);
    let greeting = peer.line().await;
    assert!(greeting.starts_with("+OK POP3 ready"), "{greeting}");
    for line in lines {
        peer.send(line).await;
    }
    let got = String::from_utf8(peer.rest().await).unwrap();
    assert_eq!(got, want.replace('\n', "\r\n"), "{lines:?}");
}

#[tokio::test]
async fn a_whole_dialogue() {
    let server = mail().build().unwrap();
    let lines = ["USER alice", "PASS secret", "STAT", "LIST", "LIST 2", "RETR 1", "TOP 2 0", "DELE 1", "STAT", "RSET"];
    check(
        &server,
        &[&lines[..], &["DELE 2", "NOOP", "QUIT"]].concat(),
        "+OK now the password\n+OK maildrop has 2 messages (53 octets)\n+OK 2 53\n\
         +OK 2 messages (53 octets)\n1 29\n2 24\n.\n+OK 2 24\n+OK 29 octets\nSubject: one\n\nfirst\n..dot\n.\n\
         +OK top of message follows\nSubject: two\n\n.\n+OK message 1 deleted\n+OK 1 24\n\
         +OK maildrop has 2 messages (53 octets)\n+OK message 2 deleted\n+OK\n+OK bye\n",
    )
    .await;
    let left = server.store().messages("alice").unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(&left[0].octets()[..], ONE.replace('\n', "\r\n").as_bytes());
}

#[tokio::test]
async fn auth_plain_in_all_its_ways() {
    let server = Server::builder().account("a", "b").build().unwrap();
    let ok = "+OK maildrop has 0 messages (0 octets)\n+OK bye\n";
    let no = "-ERR [AUTH] name or password is wrong\n+OK bye\n";
    check(&server, &["AUTH PLAIN AGEAYg==", "QUIT"], ok).await;
    check(&server, &["auth plain YQBhAGI=", "QUIT"], ok).await;
    check(&server, &["AUTH PLAIN", "AGEAYg==", "QUIT"], &format!("+ \n{ok}")).await;
    check(&server, &["AUTH PLAIN YgBhAGI=", "QUIT"], no).await;
    check(&server, &["AUTH PLAIN AGEAYw==", "QUIT"], no).await;
    check(&server, &["AUTH PLAIN =", "QUIT"], no).await;
    check(&server, &["AUTH PLAIN", "*", "QUIT"], "+ \n-ERR authentication cancelled\n+OK bye\n").await;
    check(&server, &["AUTH PLAIN", "?", "QUIT"], "+ \n-ERR response is not base64\n+OK bye\n").await;
    check(&server, &["AUTH NONE", "QUIT"], "-ERR no such mechanism\n+OK bye\n").await;
}

#[tokio::test]
async fn apop_with_the_timestamp_of_this_session_only() {
    let server = mail().build().unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let mut peer = duplex(&server);
        let greeting = peer.line().await;
        let stamp = pop3_proto::apop::timestamp(greeting.as_bytes()).unwrap().to_vec();
        assert!(!seen.contains(&stamp) && !stamp.contains(&b'='), "{greeting}");
        if let Some(old) = seen.first() {
            peer.send(&format!("APOP alice {}", pop3_proto::apop::digest(old, b"secret"))).await;
            assert!(peer.line().await.starts_with("-ERR [AUTH]"));
        }
        peer.send(&format!("APOP alice {}", pop3_proto::apop::digest(&stamp, b"secret"))).await;
        assert!(peer.line().await.starts_with("+OK maildrop has 2"));
        peer.send("QUIT").await;
        peer.rest().await;
        seen.push(stamp);
    }
}

#[tokio::test]
async fn what_is_withheld_is_not_there() {
    let server = mail()
        .apop(Availability::Absent)
        .mechanisms(&[])
        .session(|config| {
            config.top = Availability::Absent;
            config.uidl = Availability::Absent;
        })
        .build()
        .unwrap();
    let mut peer = duplex(&server);
    assert_eq!(peer.line().await, "+OK POP3 ready\r\n");
    peer.send("CAPA").await;
    assert_eq!(
        peer.until("\r\n.\r\n").await,
        "+OK capability list follows\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nUSER\r\n.\r\n"
    );
    for line in ["APOP alice x", "AUTH PLAIN", "TOP 1 1", "UIDL", "STLS"] {
        peer.send(line).await;
        assert!(peer.line().await.starts_with("-ERR"), "{line}");
    }
}

#[tokio::test]
async fn an_account_has_the_ways_in_it_was_given() {
    let store = Store::new();
    let apop_only = LoginMethods::Only(vec![LoginMethod::Apop]);
    store.add_account("alice", Account::new("secret").with_methods(apop_only));
    let server = Server::builder().store(store).build().unwrap();
    let mut peer = duplex(&server);
    let greeting = peer.line().await;
    peer.send("USER alice").await;
    peer.line().await;
    peer.send("PASS secret").await;
    assert!(peer.line().await.starts_with("-ERR [AUTH]"));
    let stamp = pop3_proto::apop::timestamp(greeting.as_bytes()).unwrap();
    peer.send(&format!("APOP alice {}", pop3_proto::apop::digest(stamp, b"secret"))).await;
    assert!(peer.line().await.starts_with("+OK"));
}

#[tokio::test]
async fn two_logins_one_maildrop() {
    let server = mail().start().await.unwrap();
    let mut first = connect(&server).await;
    first.log_in().await;
    let mut second = connect(&server).await;
    second.send("USER alice").await;
    second.line().await;
    second.send("PASS secret").await;
    assert_eq!(second.line().await, "-ERR [IN-USE] maildrop already locked\r\n");
    first.send("QUIT").await;
    first.rest().await;
    second.log_in().await;
}

#[tokio::test]
async fn going_without_quit_removes_nothing_and_unlocks() {
    let server = mail().start().await.unwrap();
    let mut peer = connect(&server).await;
    peer.log_in().await;
    peer.send("DELE 1").await;
    assert!(peer.line().await.starts_with("+OK"));
    peer.raw(b"QUIT\r").await;
    assert!(server.store().is_locked("alice").unwrap());
    drop(peer);
    peer::until(|| !server.store().is_locked("alice").unwrap()).await;
    assert_eq!(server.store().messages("alice").unwrap().len(), 2);
    // The control: with QUIT, it is removed.
    let mut peer = connect(&server).await;
    peer.log_in().await;
    peer.send("DELE 1").await;
    peer.send("QUIT").await;
    peer.rest().await;
    assert_eq!(server.store().messages("alice").unwrap().len(), 1);
}

#[tokio::test]
async fn new_mail_waits_for_the_next_session() {
    let server = mail().start().await.unwrap();
    let mut peer = connect(&server).await;
    peer.log_in().await;
    server.store().deliver("alice", b"three\n").unwrap();
    peer.send("STAT").await;
    assert_eq!(peer.line().await, "+OK 2 53\r\n");
    peer.send("RSET").await;
    assert!(peer.line().await.contains("2 messages"));
    peer.send("QUIT").await;
    peer.rest().await;
    let mut peer = connect(&server).await;
    peer.log_in().await;
    peer.send("STAT").await;
    assert_eq!(peer.line().await, "+OK 3 60\r\n");
}

#[tokio::test]
async fn one_connection_too_many() {
    let limits = Limits { connections: 200, per_address: None };
    let server = mail().limits(limits).start().await.unwrap();
    let mut peers = Vec::new();
    for _ in 0..200 {
        peers.push(connect(&server).await);
    }
    let mut late = Peer::tcp(&server).await;
    assert_eq!(late.rest().await, b"-ERR [SYS/TEMP] too many connections\r\n");
    peers.pop();
    let again = async { while !Peer::tcp(&server).await.line().await.starts_with("+OK") {} };
    tokio::time::timeout(Duration::from_secs(10), again).await.unwrap();
    let per_address = Limits { connections: 200, per_address: Some(1) };
    let server = mail().limits(per_address).start().await.unwrap();
    let _one = connect(&server).await;
    assert!(Peer::tcp(&server).await.line().await.starts_with("-ERR [SYS/TEMP]"));
}

#[tokio::test]
async fn tls_from_the_first_octet() {
    let server = mail().implicit_tls(FREE_PORT).no_plain().start().await.unwrap();
    assert_eq!(server.plain_address(), None);
    let mut peer = connect_tls(&server).await;
    peer.log_in().await;
    peer.send("CAPA").await;
    assert!(!peer.until("\r\n.\r\n").await.contains("STLS"));
    peer.send("STLS").await;
    assert!(peer.line().await.starts_with("-ERR"));
    peer.send("QUIT").await;
    assert_eq!(peer.rest().await, b"+OK bye\r\n");
}

#[tokio::test]
async fn stls_begins_anew_and_hears_nothing_said_in_clear() {
    let server = mail().stls().start().await.unwrap();
    let check = async |before: &[u8]| {
        let mut peer = connect(&server).await;
        peer.raw(before).await;
        while !peer.line().await.contains("begin TLS") {}
        let mut peer = peer.start_tls(&server).await;
        // Neither a greeting nor an answer to the octets behind STLS comes first.
        peer.send("NOOP").await;
        assert_eq!(peer.line().await, "-ERR NOOP is not valid in the AUTHORIZATION state\r\n");
        // The name given in clear is forgotten.
        peer.send("PASS secret").await;
        assert!(peer.line().await.starts_with("-ERR"));
        peer.send("CAPA").await;
        assert!(!peer.until("\r\n.\r\n").await.contains("STLS"));
        peer.log_in().await;
    };
    check(b"STLS\r\n").await;
    check(b"USER alice\r\nSTLS\r\n").await;
    check(b"STLS\r\nUSER alice\r\nPASS secret\r\n").await;
    check(b"STLS\r\nUSE").await;
    check(b"STLS\r\nCAPA\r").await;
}

#[tokio::test]
async fn garbage_instead_of_a_handshake_ends_the_connection() {
    let server = mail().stls().start().await.unwrap();
    let mut peer = connect(&server).await;
    peer.send("STLS").await;
    assert_eq!(peer.line().await, "+OK begin TLS negotiation\r\n");
    peer.raw(b"USER alice\r\nPASS secret\r\nSTAT\r\n").await;
    let rest = peer.rest().await;
    assert!(!rest.windows(3).any(|octets| octets == b"+OK"), "{}", rest.escape_ascii());
}

#[tokio::test(start_paused = true)]
async fn a_handshake_has_ten_seconds() {
    let server = mail().stls().build().unwrap();
    let mut peer = duplex(&server);
    peer.line().await;
    peer.send("STLS").await;
    peer.line().await;
    let start = tokio::time::Instant::now();
    assert_eq!(peer.rest().await, b"");
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn autologout_is_silent_and_removes_nothing() {
    let server = mail().build().unwrap();
    let (client, end) = tokio::io::duplex(4096);
    let session = tokio::spawn({
        let server = server.clone();
        async move { server.serve_stream(end).await }
    });
    let mut peer = Peer::new(client);
    peer.line().await;
    peer.log_in().await;
    peer.send("DELE 1").await;
    peer.line().await;
    let start = tokio::time::Instant::now();
    // Octets that are no command yet do not count.
    peer.raw(b"NOO").await;
    assert_eq!(peer.rest().await, b"");
    assert_eq!(start.elapsed().as_secs(), 600);
    drop(peer);
    assert_eq!(session.await.unwrap(), Ending::Autologout);
    assert_eq!(server.store().messages("alice").unwrap().len(), 2);
    assert!(!server.store().is_locked("alice").unwrap());
}

#[tokio::test]
async fn the_last_reply_survives_octets_behind_quit() {
    let server = mail().start().await.unwrap();
    for _ in 0..20 {
        let mut peer = connect(&server).await;
        peer.raw(&[b"QUIT\r\n".as_slice(), &b"NOOP\r\n".repeat(5000)].concat()).await;
        assert_eq!(peer.rest().await, b"+OK bye\r\n");
    }
}

#[tokio::test]
async fn stopping_and_dropping_close_the_ports() {
    for stop in [true, false] {
        let server = mail().start().await.unwrap();
        let address = server.plain_address().unwrap();
        let store = server.store().clone();
        let mut peer = connect(&server).await;
        peer.log_in().await;
        if stop {
            server.stop().await;
            assert!(!store.is_locked("alice").unwrap());
        } else {
            drop(server);
        }
        assert_eq!(peer.rest().await, b"");
        let closed = async { while tokio::net::TcpStream::connect(address).await.is_ok() {} };
        tokio::time::timeout(Duration::from_secs(10), closed).await.unwrap();
    }
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let server = mail().start().await.unwrap();
    let taken = server.plain_address().unwrap();
    let error = mail().plain(taken).start().await.unwrap_err();
    assert!(matches!(error, StartError::Listen { address, .. } if address == taken));
    assert!(error.to_string().ends_with("choose another port, port 0 takes a free one"), "{error}");
    let error = Server::builder().message("alice", "x").build().unwrap_err().to_string();
    assert_eq!(
        error,
        "a message for \"alice\" is given, but no account of that name before it; call .account(\"alice\", …) first"
    );
    let error = mail().no_plain().start().await.unwrap_err();
    assert!(matches!(error, StartError::NoAddress));
    let error = mail().greeting(&"x".repeat(500)).build().unwrap_err();
    assert!(matches!(error, StartError::GreetingTooLong { .. }));
}

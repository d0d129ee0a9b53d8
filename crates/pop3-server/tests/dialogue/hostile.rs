//! Clients that want the server to themselves.

use std::time::Duration;

use pop3_proto::server::{Availability, Ending};
use pop3_server::fault::Fault;
use pop3_server::sasl::Mechanism;
use pop3_server::{FREE_PORT, Limits, Server, ServerBuilder};
use tokio::io::AsyncWriteExt as _;

use crate::peer::{Peer, connect, connect_tls, duplex};

#[tokio::test(start_paused = true)]
async fn a_line_without_end_does_not_keep_the_maildrop() {
    let check = async |builder: ServerBuilder| {
        let server = builder.account("alice", "secret").build().unwrap();
        let (client, end) = tokio::io::duplex(64 * 1024);
        let store = server.store().clone();
        let session = tokio::spawn(async move { server.serve_stream(end).await });
        let mut peer = Peer::new(client);
        peer.line().await;
        peer.log_in().await;
        let mut stream = peer.into_stream();
        // There is always something to read, so that reading alone never waits.
        let flood = tokio::spawn(async move { while stream.write_all(&[b'x'; 16 * 1024]).await.is_ok() {} });
        tokio::time::advance(Duration::from_secs(601)).await;
        for _ in 0..10_000 {
            if session.is_finished() {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert!(session.is_finished(), "what is no command keeps the session alive (RFC 1939 section 3)");
        assert_eq!(session.await.unwrap(), Ending::Autologout);
        assert!(!store.is_locked("alice").unwrap());
        flood.abort();
    };
    check(Server::builder()).await;
    check(Server::builder().fault(Fault::ALL[0])).await;
}

#[tokio::test]
async fn tokens_that_are_tried_and_cancelled_are_failed_logins() {
    // `n,,` and `auth=Bearer x`.
    let token = "biwsAWF1dGg9QmVhcmVyIHgBAQ==";
    let server = Server::builder()
        .account("alice", "secret")
        .mechanisms(&[Mechanism::OauthBearer, Mechanism::Login])
        .session(|config| config.failed_logins = 3)
        .build()
        .unwrap();
    for second in ["*", "?", &"A".repeat(20_000)] {
        let mut peer = duplex(&server);
        peer.line().await;
        for round in 1..=3 {
            peer.send(&format!("AUTH OAUTHBEARER {token}")).await;
            assert!(peer.line().await.starts_with("+ "), "{second:.1} {round}");
            peer.send(second).await;
            let reply = peer.line().await;
            assert_eq!(reply.contains("too many failed logins"), round == 3, "{second:.1} {reply}");
        }
        assert_eq!(peer.rest().await, b"", "{second:.1}");
    }
    // The control: one that succeeds after two that were cancelled.
    let mut peer = duplex(&server);
    peer.line().await;
    for _ in 0..2 {
        peer.send("AUTH LOGIN").await;
        peer.line().await;
        peer.send("*").await;
        assert_eq!(peer.line().await, "-ERR authentication cancelled\r\n");
    }
    peer.log_in().await;
}

#[tokio::test]
async fn one_too_many_is_told_so_under_tls_too() {
    let limits = Limits { connections: 1, per_address: None };
    let server =
        Server::builder().account("alice", "secret").implicit_tls(FREE_PORT).limits(limits).start().await.unwrap();
    let _inside = connect_tls(&server).await;
    let stream = tokio::net::TcpStream::connect(server.tls_address().unwrap()).await.unwrap();
    let mut late = Peer::new(stream).start_tls(&server).await;
    assert_eq!(late.rest().await, b"-ERR [SYS/TEMP] too many connections\r\n");
}

#[tokio::test]
async fn one_too_many_gets_a_code_where_there_are_codes() {
    let limits = Limits { connections: 1, per_address: None };
    let check = async |codes: Availability, want: &[u8]| {
        let builder = Server::builder().limits(limits).session(|config| config.resp_codes = codes);
        let server = builder.start().await.unwrap();
        let _inside = connect(&server).await;
        assert_eq!(Peer::tcp(&server).await.rest().await, want, "{codes:?}");
    };
    check(Availability::Offered, b"-ERR [SYS/TEMP] too many connections\r\n").await;
    check(Availability::Withheld, b"-ERR [SYS/TEMP] too many connections\r\n").await;
    check(Availability::Absent, b"-ERR too many connections\r\n").await;
    check(Availability::UnderTls, b"-ERR too many connections\r\n").await;
}

#[tokio::test]
async fn those_who_are_turned_away_are_not_many() {
    let limits = Limits { connections: 0, per_address: None };
    let server = Server::builder().implicit_tls(FREE_PORT).limits(limits).start().await.unwrap();
    let address = server.tls_address().unwrap();
    // None of them ever begins a handshake.
    let mut silent = Vec::new();
    for _ in 0..64 {
        silent.push(tokio::net::TcpStream::connect(address).await.unwrap());
    }
    let mut late = Peer::new(tokio::net::TcpStream::connect(address).await.unwrap());
    assert_eq!(late.rest().await, b"");
    for stream in silent {
        assert_eq!(stream.try_read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    }
}

//! EXTERNAL, by certificates of clients.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_server::account::Account;
use pop3_server::sasl::Mechanism;
use pop3_server::store::Store;
use pop3_server::tls::{ClientCertificates, TlsVersions};
use pop3_server::{FREE_PORT, RunningServer, Server};
use rustls::HandshakeKind;

use super::WRONG;
use crate::peer::{Peer, connect};
use crate::tls::{TlsClient, authority, certificate};

const ALICE: &str = "+OK maildrop has 1 messages (3 octets)\r\n";
const BOB: &str = "+OK maildrop has 2 messages (6 octets)\r\n";
const NONE: &str = "-ERR no such mechanism\r\n";

async fn server(ca_pem: String) -> RunningServer {
    let store = Store::new();
    store.add_account("alice", Account::new("secret").with_proxies(&["bob"]));
    store.add_account("bob", Account::new("secret").with_certificate("bob@example.org"));
    store.deliver("alice", b"x\n").unwrap();
    store.deliver("bob", b"x\n").unwrap();
    store.deliver("bob", b"y\n").unwrap();
    Server::builder()
        .store(store)
        .mechanisms(&[Mechanism::External, Mechanism::Plain])
        .client_certificates(ClientCertificates::Requested { ca_pem })
        .implicit_tls(FREE_PORT)
        .stls()
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_certificate_opens_its_own_maildrop() {
    let ours = authority();
    let server = server(ours.pem()).await;
    let check = async |name: &str, addresses: &[&str], authzid: &str, want: &str| {
        let shown = certificate(&ours, name, addresses);
        for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
            let client = TlsClient::new(&server).versions(versions).certificate(&shown);
            for at_once in [true, false] {
                let mut peer = client.greeted(&server).await;
                let response = STANDARD.encode(authzid);
                if at_once {
                    // RFC 5034 section 4: an empty initial response is `=`.
                    let initial = if response.is_empty() { "=" } else { response.as_str() };
                    peer.send(&format!("AUTH EXTERNAL {initial}")).await;
                } else {
                    peer.send("AUTH EXTERNAL").await;
                    assert_eq!(peer.line().await, "+ \r\n");
                    peer.send(&response).await;
                }
                assert_eq!(peer.line().await, want, "{name} {addresses:?} {authzid:?} {versions:?}");
                peer.send("QUIT").await;
                peer.rest().await;
            }
        }
    };
    check("alice", &[], "", ALICE).await;
    check("alice", &[], "alice", ALICE).await;
    check("alice", &[], "bob", WRONG).await;
    check("alice", &[], "nobody", WRONG).await;
    check("alice", &[], "ali\0ce", WRONG).await;
    check("bob", &[], "", WRONG).await;
    check("bob", &["bob@example.org"], "", BOB).await;
    check("somebody", &["bob@EXAMPLE.org", "other@example.org"], "bob", BOB).await;
    check("somebody", &["bob@example.org"], "alice", ALICE).await;
    // Where there are addresses, the common name does not count.
    check("alice", &["other@example.org"], "", WRONG).await;
    check("nobody", &[], "", WRONG).await;
}

#[tokio::test]
async fn there_for_those_who_showed_one() {
    let ours = authority();
    let server = server(ours.pem()).await;
    let alice = certificate(&ours, "alice", &[]);
    async fn check<S: pop3_server::Stream>(peer: &mut Peer<S>, sasl: &str, want: &str) {
        peer.send("CAPA").await;
        let list = peer.until("\r\n.\r\n").await;
        assert!(list.contains(&format!("\r\n{sasl}\r\n")), "{list}");
        peer.send("AUTH EXTERNAL =").await;
        assert_eq!(peer.line().await, want);
    }
    check(&mut connect(&server).await, "SASL PLAIN", NONE).await;
    let without = TlsClient::new(&server);
    check(&mut without.greeted(&server).await, "SASL PLAIN", NONE).await;
    let with = TlsClient::new(&server).certificate(&alice);
    let mut peer = with.greeted(&server).await;
    check(&mut peer, "SASL EXTERNAL PLAIN", ALICE).await;
    peer.send("QUIT").await;
    peer.rest().await;
    for (client, sasl, want) in [(without, "SASL PLAIN", NONE), (with, "SASL EXTERNAL PLAIN", ALICE)] {
        let mut peer = connect(&server).await;
        peer.send("STLS").await;
        assert!(peer.line().await.starts_with("+OK"));
        let stream = client.handshake(&client.config(), peer.into_stream()).await.unwrap();
        check(&mut Peer::new(stream), sasl, want).await;
    }
}

#[tokio::test]
async fn a_certificate_counts_in_a_session_that_is_resumed() {
    let ours = authority();
    let server = server(ours.pem()).await;
    let alice = certificate(&ours, "alice", &[]);
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let check = async |client: TlsClient, want: &str| {
            let config = client.config();
            for kind in [HandshakeKind::Full, HandshakeKind::Resumed] {
                let stream = tokio::net::TcpStream::connect(server.tls_address().unwrap()).await.unwrap();
                let mut peer = Peer::new(client.handshake(&config, stream).await.unwrap());
                assert!(peer.line().await.starts_with("+OK"));
                assert_eq!(peer.stream().get_ref().1.handshake_kind(), Some(kind), "{versions:?}");
                peer.send("AUTH EXTERNAL =").await;
                assert_eq!(peer.line().await, want, "{versions:?} {kind:?}");
                peer.send("QUIT").await;
                peer.rest().await;
            }
        };
        check(TlsClient::new(&server).versions(versions).certificate(&alice), ALICE).await;
        check(TlsClient::new(&server).versions(versions), NONE).await;
    }
}

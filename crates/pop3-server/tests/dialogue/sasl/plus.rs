//! SCRAM with channel binding over real TLS. What is bound to is worked out on
//! the client's side of the connection.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_server::sasl::Mechanism;
use pop3_server::tls::{TlsIdentity, TlsVersions};
use pop3_server::{FREE_PORT, RunningServer, Server, ServerBuilder, Stream};
use rustls::HandshakeKind;
use sha2::{Digest as _, Sha256, Sha384};
use tokio_rustls::client::TlsStream;

use super::scram::{NONCE, scram_sha_1, scram_sha_256};
use super::{Client, WRONG};
use crate::peer::{Peer, connect};
use crate::tls::{TlsClient, identity};

const IN: &str = "+OK maildrop has 0 messages (0 octets)\r\n";
const NONE: &str = "-ERR no such mechanism\r\n";
const BOTH: [&str; 2] = ["SCRAM-SHA-1", "SCRAM-SHA-256"];

const EXPORTER: &str = "p=tls-exporter,,";
const END_POINT: &str = "p=tls-server-end-point,,";

fn builder() -> ServerBuilder {
    let mechanisms =
        [Mechanism::ScramSha1, Mechanism::ScramSha1Plus, Mechanism::ScramSha256, Mechanism::ScramSha256Plus];
    Server::builder().account("alice", "secret").implicit_tls(FREE_PORT).stls().mechanisms(&mechanisms)
}

/// RFC 9266 section 2
fn exporter<S>(stream: &TlsStream<S>) -> Vec<u8> {
    let mut octets = [0; 32];
    stream.get_ref().1.export_keying_material(&mut octets, b"EXPORTER-Channel-Binding", Some(b"")).unwrap();
    octets.to_vec()
}

/// RFC 5929 section 4, for certificates that are signed with SHA-256.
pub(super) fn end_point<S>(stream: &TlsStream<S>) -> Vec<u8> {
    Sha256::digest(&stream.get_ref().1.peer_certificates().unwrap()[0]).to_vec()
}

/// A whole exchange as alice, bound to `data`; the last reply.
async fn exchange<S: Stream>(peer: &mut Peer<S>, mechanism: &str, header: &str, data: &[u8]) -> String {
    let bare = format!("n=alice,r={NONCE}");
    let mut client =
        Client { password: "secret", challenge: String::new(), bare: bare.clone(), signature: String::new() };
    peer.send(&format!("AUTH {mechanism} {}", STANDARD.encode(format!("{header}{bare}")))).await;
    let line = peer.line().await;
    let Some(challenge) = line.strip_prefix("+ ") else { return line };
    client.challenge = String::from_utf8(STANDARD.decode(challenge.trim_end()).unwrap()).unwrap();
    let input = [header.as_bytes(), data].concat();
    let last = if mechanism.contains("SHA-256") {
        scram_sha_256(&mut client, input, "")
    } else {
        scram_sha_1(&mut client, input, "")
    };
    peer.send(&STANDARD.encode(last)).await;
    let line = peer.line().await;
    let Some(challenge) = line.strip_prefix("+ ") else { return line };
    assert_eq!(STANDARD.decode(challenge.trim_end()).unwrap(), client.signature.as_bytes());
    peer.send("").await;
    peer.line().await
}

/// A new connection for one exchange.
async fn once(
    server: &RunningServer,
    versions: TlsVersions,
    mechanism: &str,
    header: &str,
    data: impl Fn(&TlsStream<tokio::net::TcpStream>) -> Vec<u8>,
) -> String {
    let mut peer = TlsClient::new(server).versions(versions).greeted(server).await;
    let data = data(peer.stream());
    let reply = exchange(&mut peer, mechanism, header, &data).await;
    peer.send("QUIT").await;
    peer.rest().await;
    reply
}

async fn announced<S: Stream>(peer: &mut Peer<S>) -> String {
    peer.send("CAPA").await;
    let list = peer.until("\r\n.\r\n").await;
    let line = list.lines().find_map(|line| line.strip_prefix("SASL "));
    line.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn bound_to_the_channel_and_to_nothing_else() {
    let server = builder().start().await.unwrap();
    let (one_2, one_3) = (TlsVersions::Tls12, TlsVersions::Tls13);
    for name in BOTH {
        let plus = format!("{name}-PLUS");
        assert_eq!(once(&server, one_3, &plus, EXPORTER, exporter).await, IN);
        assert_eq!(once(&server, one_3, &plus, END_POINT, end_point).await, IN);
        assert_eq!(once(&server, one_3, &plus, "p=tls-exporter,a=alice,", exporter).await, IN);
        assert_eq!(once(&server, one_2, &plus, END_POINT, end_point).await, IN);
        // RFC 9266 section 4.2: under TLS 1.2 it binds under conditions only.
        assert_eq!(once(&server, one_2, &plus, EXPORTER, exporter).await, WRONG);
        assert_eq!(once(&server, one_3, &plus, EXPORTER, end_point).await, WRONG);
        assert_eq!(once(&server, one_3, &plus, END_POINT, exporter).await, WRONG);
        assert_eq!(once(&server, one_3, &plus, EXPORTER, |_| Vec::new()).await, WRONG);
        let changed = |stream: &TlsStream<_>| {
            let mut octets = exporter(stream);
            octets[31] ^= 1;
            octets
        };
        assert_eq!(once(&server, one_3, &plus, EXPORTER, changed).await, WRONG);
        let longer = |stream: &TlsStream<_>| [exporter(stream), vec![0]].concat();
        assert_eq!(once(&server, one_3, &plus, EXPORTER, longer).await, WRONG);
        // What another connection is bound to.
        let other = TlsClient::new(&server).versions(one_3).greeted(&server).await;
        assert_eq!(once(&server, one_3, &plus, EXPORTER, |_| exporter(other.stream())).await, WRONG);
        for versions in [one_2, one_3] {
            for header in ["p=tls-unique,,", "p=TLS-EXPORTER,,", "p=,,", "p,,", "n,,", "y,,"] {
                assert_eq!(once(&server, versions, &plus, header, |_| Vec::new()).await, WRONG, "{header}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_was_shown_another_list_is_refused() {
    let server = builder().start().await.unwrap();
    let unbound = builder().mechanisms(&[Mechanism::ScramSha1, Mechanism::ScramSha256]).start().await.unwrap();
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        for name in BOTH {
            // RFC 5802 section 6: `y` where -PLUS is announced.
            assert_eq!(once(&server, versions, name, "y,,", |_| Vec::new()).await, WRONG);
            assert_eq!(once(&server, versions, name, "n,,", |_| Vec::new()).await, IN);
            assert_eq!(once(&unbound, versions, name, "y,,", |_| Vec::new()).await, IN);
            assert_eq!(once(&unbound, versions, name, "n,,", |_| Vec::new()).await, IN);
            // No binding without -PLUS, whatever the flag.
            assert_eq!(once(&server, versions, name, END_POINT, end_point).await, WRONG);
            assert_eq!(once(&unbound, versions, name, END_POINT, end_point).await, WRONG);
            assert_eq!(once(&unbound, versions, &format!("{name}-PLUS"), END_POINT, end_point).await, NONE);
        }
    }
    // In clear there is nothing to bind to, and `y` is right.
    let mut peer = connect(&server).await;
    assert_eq!(exchange(&mut peer, "SCRAM-SHA-1", "y,,", b"").await, IN);
}

#[tokio::test]
async fn announced_under_tls_only() {
    const UNDER_TLS: &str = "SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS";
    let server = builder().start().await.unwrap();
    let mut peer = connect(&server).await;
    assert_eq!(announced(&mut peer).await, "SCRAM-SHA-1 SCRAM-SHA-256");
    assert_eq!(exchange(&mut peer, "SCRAM-SHA-1-PLUS", END_POINT, b"").await, NONE);
    peer.send("STLS").await;
    assert!(peer.line().await.starts_with("+OK"));
    let client = TlsClient::new(&server);
    let mut peer = Peer::new(client.handshake(&client.config(), peer.into_stream()).await.unwrap());
    assert_eq!(announced(&mut peer).await, UNDER_TLS);
    let data = exporter(peer.stream());
    assert_eq!(exchange(&mut peer, "SCRAM-SHA-256-PLUS", EXPORTER, &data).await, IN);
    let mut peer = TlsClient::new(&server).greeted(&server).await;
    assert_eq!(announced(&mut peer).await, UNDER_TLS);
    // Nothing but -PLUS: no AUTH at all in clear.
    let server = builder().mechanisms(&[Mechanism::ScramSha256Plus]).start().await.unwrap();
    let mut peer = connect(&server).await;
    assert_eq!(announced(&mut peer).await, "");
    let mut peer = TlsClient::new(&server).greeted(&server).await;
    assert_eq!(announced(&mut peer).await, "SCRAM-SHA-256-PLUS");
}

type Hash = fn(&[u8]) -> Vec<u8>;

#[tokio::test]
async fn the_certificate_that_the_client_saw_counts() {
    let first = TlsIdentity::self_made(&["localhost"]).unwrap();
    let builder = builder().tls(first).tls_for("sha384.example.org", identity(&rcgen::PKCS_ECDSA_P384_SHA384));
    let server = builder.tls_for("ed.example.org", identity(&rcgen::PKCS_ED25519)).start().await.unwrap();
    let sha_256: Hash = |octets| Sha256::digest(octets).to_vec();
    let sha_384: Hash = |octets| Sha384::digest(octets).to_vec();
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let check = async |client: TlsClient, hash: Hash, want: &str| {
            let mut peer = client.versions(versions).greeted(&server).await;
            let data = hash(&peer.stream().get_ref().1.peer_certificates().unwrap()[0]);
            assert_eq!(exchange(&mut peer, "SCRAM-SHA-1-PLUS", END_POINT, &data).await, want, "{versions:?}");
        };
        check(TlsClient::careless(), sha_256, IN).await;
        check(TlsClient::careless().without_name(), sha_256, IN).await;
        check(TlsClient::careless().name("other.example.org"), sha_256, IN).await;
        check(TlsClient::careless().name("sha384.example.org"), sha_384, IN).await;
        check(TlsClient::careless().name("sha384.example.org"), sha_256, WRONG).await;
        // Undefined for Ed25519 (RFC 5929 section 4.1), and then nothing is left
        // to bind to under TLS 1.2.
        let none = if versions == TlsVersions::Tls12 { NONE } else { WRONG };
        check(TlsClient::careless().name("ed.example.org"), sha_256, none).await;
        let mut peer = TlsClient::careless().versions(versions).name("ed.example.org").greeted(&server).await;
        assert_eq!(announced(&mut peer).await.contains("PLUS"), versions == TlsVersions::Tls13);
    }
}

#[tokio::test]
async fn a_session_that_is_resumed_is_bound_too() {
    let server = builder().start().await.unwrap();
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let client = TlsClient::new(&server).versions(versions);
        let config = client.config();
        for kind in [HandshakeKind::Full, HandshakeKind::Resumed] {
            let stream = tokio::net::TcpStream::connect(server.tls_address().unwrap()).await.unwrap();
            let mut peer = Peer::new(client.handshake(&config, stream).await.unwrap());
            assert!(peer.line().await.starts_with("+OK"));
            assert_eq!(peer.stream().get_ref().1.handshake_kind(), Some(kind), "{versions:?}");
            let (header, data) = match versions {
                TlsVersions::Tls13 => (EXPORTER, exporter(peer.stream())),
                _ => (END_POINT, end_point(peer.stream())),
            };
            assert_eq!(exchange(&mut peer, "SCRAM-SHA-256-PLUS", header, &data).await, IN, "{kind:?}");
            peer.send("QUIT").await;
            peer.rest().await;
        }
    }
}

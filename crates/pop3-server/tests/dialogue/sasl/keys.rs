//! An account whose password the server does not know, and the client of
//! `pop3-proto`, which derives keys by code of its own.

use pop3_proto::login::{
    Binding, BindingKind, ChannelBinding, Identity, Login, Mechanism, Method, Reply, Step, Surroundings,
};
use pop3_proto::reply::Status;
use pop3_server::account::Account;
use pop3_server::sasl::{Iterations, Mechanism as Ours, ScramHash, ScramKeys};
use pop3_server::store::Store;
use pop3_server::tls::{ClientCertificates, TlsVersions};
use pop3_server::{FREE_PORT, Server, ServerBuilder, Stream};

use crate::peer::{Peer, duplex};
use crate::tls::{TlsClient, authority, certificate};

fn keys(hash: ScramHash) -> ScramKeys {
    ScramKeys::derive(hash, "secret", b"0123456789abcdef", Iterations::LEAST).unwrap()
}

/// `keys` has keys of both hashes, `sha1` of one, `clear` has its password.
fn builder() -> ServerBuilder {
    let store = Store::new();
    store.add_account("keys", Account::from_keys(vec![keys(ScramHash::Sha1), keys(ScramHash::Sha256)]));
    store.add_account("sha1", Account::from_keys(vec![keys(ScramHash::Sha1)]));
    store.add_account("clear", Account::new("secret").with_proxies(&["keys"]));
    Server::builder().store(store).mechanisms(&Ours::ALL).anonymous("clear")
}

/// Logs in after the greeting.
async fn log_in<S: Stream>(
    peer: &mut Peer<S>,
    greeting: String,
    method: Method,
    identity: &Identity,
    binding: Binding,
) -> Step {
    let surroundings = Surroundings {
        greeting: greeting.trim_end().as_bytes().to_vec(),
        nonce: "a9/Kx+3%".to_owned(),
        binding,
        ..Surroundings::default()
    };
    let mut login = Login::new(method, identity, surroundings).unwrap();
    let mut step = login.start();
    // No login takes more replies.
    for _ in 0..8 {
        let Step::Send(line) = &step else { break };
        peer.raw(line.octets()).await;
        let reply = peer.line().await;
        let (status, text) = reply.trim_end_matches("\r\n").split_once(' ').unwrap_or_else(|| (reply.trim_end(), ""));
        let status = match status {
            "+OK" => Some(Status::Ok),
            "-ERR" => Some(Status::Err),
            "+" => Some(Status::Continue),
            _ => None,
        };
        step = login.next(Reply { status, text: text.as_bytes() });
    }
    assert_eq!(login.deviations(), [], "{method}");
    step
}

#[tokio::test]
async fn what_needs_the_password_itself_is_refused() {
    let server = builder().build().unwrap();
    let check = async |name: &str, method: Method, want: Step| {
        for (password, want) in [("secret", want), ("Secret", Step::Refused), ("no such secret", Step::Refused)] {
            let mut peer = duplex(&server);
            let greeting = peer.line().await;
            let identity = Identity::new(name, password);
            let step = log_in(&mut peer, greeting, method, &identity, Binding::Absent).await;
            assert_eq!(step, want, "{method} as {name} by {password}");
        }
    };
    let auth = Method::Auth;
    for method in [Method::UserPass, auth(Mechanism::Plain), auth(Mechanism::Login), auth(Mechanism::ScramSha1)] {
        check("clear", method, Step::Done).await;
        check("keys", method, Step::Done).await;
        check("sha1", method, Step::Done).await;
    }
    check("clear", auth(Mechanism::ScramSha256), Step::Done).await;
    check("keys", auth(Mechanism::ScramSha256), Step::Done).await;
    check("sha1", auth(Mechanism::ScramSha256), Step::Refused).await;
    for method in [Method::Apop, auth(Mechanism::CramMd5)] {
        check("clear", method, Step::Done).await;
        check("keys", method, Step::Refused).await;
        check("sha1", method, Step::Refused).await;
    }
}

#[tokio::test]
async fn as_many_iterations_as_the_server_was_told() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let check = async |server: Server, name: &str, want: &str| {
        let mut peer = duplex(&server);
        peer.line().await;
        peer.send(&format!("AUTH SCRAM-SHA-1 {}", STANDARD.encode(format!("n,,n={name},r=x")))).await;
        let line = peer.line().await;
        let challenge = STANDARD.decode(line.trim_start_matches("+ ").trim_end()).unwrap();
        let challenge = String::from_utf8(challenge).unwrap();
        assert!(challenge.ends_with(want), "{name} {challenge}");
    };
    check(builder().build().unwrap(), "clear", ",i=4096").await;
    let more = || builder().scram_iterations(Iterations::new(10_000).unwrap()).build().unwrap();
    check(more(), "clear", ",i=10000").await;
    check(more(), "nobody", ",i=10000").await;
    check(more(), "keys", ",i=4096").await;
    check(builder().scram_iterations(Iterations::for_tests(1)).build().unwrap(), "clear", ",i=1").await;
}

#[tokio::test]
async fn the_client_of_pop3_proto_under_tls() {
    let ours = authority();
    let asked = ClientCertificates::Requested { ca_pem: ours.pem() };
    let server = builder().implicit_tls(FREE_PORT).client_certificates(asked).start().await.unwrap();
    let shown = certificate(&ours, "keys", &[]);
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let check = async |mechanism: Mechanism, kind: Option<BindingKind>, acting: Option<&str>, want: Step| {
            let client = TlsClient::new(&server).versions(versions).certificate(&shown);
            let mut peer = Peer::new(client.connect(&server).await.unwrap());
            let greeting = peer.line().await;
            let connection = peer.stream().get_ref().1;
            let mut octets = vec![0; 32];
            connection.export_keying_material(&mut octets, b"EXPORTER-Channel-Binding", Some(b"")).unwrap();
            if kind == Some(BindingKind::TlsServerEndPoint) {
                octets = super::plus::end_point(peer.stream());
            }
            let binding = kind.map_or(Binding::Absent, |kind| Binding::Bound(ChannelBinding { kind, data: octets }));
            let identity = Identity::new("keys", "secret");
            let identity = acting.map_or_else(|| identity.clone(), |name| identity.clone().acting_as(name));
            let step = log_in(&mut peer, greeting, Method::Auth(mechanism), &identity, binding).await;
            assert_eq!(step, want, "{mechanism:?} {kind:?} {acting:?} {versions:?}");
            peer.send("QUIT").await;
            peer.rest().await;
        };
        let exported = if versions == TlsVersions::Tls13 { Step::Done } else { Step::Refused };
        for mechanism in [Mechanism::ScramSha1Plus, Mechanism::ScramSha256Plus] {
            check(mechanism, Some(BindingKind::TlsExporter), None, exported.clone()).await;
            check(mechanism, Some(BindingKind::TlsServerEndPoint), None, Step::Done).await;
            check(mechanism, Some(BindingKind::TlsServerEndPoint), Some("clear"), Step::Done).await;
            check(mechanism, Some(BindingKind::TlsServerEndPoint), Some("sha1"), Step::Refused).await;
            check(mechanism, Some(BindingKind::TlsUnique), None, Step::Refused).await;
        }
        for (acting, want) in [(None, Step::Done), (Some("clear"), Step::Done), (Some("sha1"), Step::Refused)] {
            check(Mechanism::External, None, acting, want.clone()).await;
            check(Mechanism::Plain, None, acting, want).await;
        }
    }
}

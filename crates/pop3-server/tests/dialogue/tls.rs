//! What the server takes and shows under TLS.

mod client;

use pop3_server::tls::{ClientCertificates, TlsIdentity, TlsVersions};
use pop3_server::{FREE_PORT, Limits, RunningServer, Server, ServerBuilder, StartError};
use rustls::ProtocolVersion;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

pub(crate) use client::{TlsClient, authority, certificate, identity};

use crate::peer::Peer;

fn builder() -> ServerBuilder {
    Server::builder().account("alice", "secret").implicit_tls(FREE_PORT).stls()
}

async fn server(builder: ServerBuilder) -> RunningServer {
    builder.start().await.unwrap()
}

#[tokio::test]
async fn versions() {
    let all = [TlsVersions::Both, TlsVersions::Tls12, TlsVersions::Tls13];
    let (one_2, one_3) = (Some(ProtocolVersion::TLSv1_2), Some(ProtocolVersion::TLSv1_3));
    let check = async |ours: TlsVersions, want: [Option<ProtocolVersion>; 3]| {
        let server = server(builder().tls_versions(ours)).await;
        for (theirs, want) in all.into_iter().zip(want) {
            let connected = TlsClient::new(&server).versions(theirs).connect(&server).await;
            assert_eq!(connected.ok().and_then(|stream| stream.get_ref().1.protocol_version()), want, "{theirs:?}");
        }
    };
    check(TlsVersions::Both, [one_3, one_2, one_3]).await;
    check(TlsVersions::Tls12, [one_2, one_2, None]).await;
    check(TlsVersions::Tls13, [one_3, None, one_3]).await;
}

/// A ClientHello as TLS 1.0 to 1.2 have it (RFC 5246 section 7.4.1.2).
fn client_hello(version: [u8; 2]) -> Vec<u8> {
    let extensions = [
        &[0, 10, 0, 4, 0, 2, 0, 23][..],  // supported_groups: secp256r1
        &[0, 11, 0, 2, 1, 0],             // ec_point_formats: uncompressed
        &[0, 13, 0, 6, 0, 4, 4, 3, 2, 3], // signature_algorithms: ECDSA with SHA-256 and SHA-1
    ]
    .concat();
    let mut body = version.to_vec();
    body.extend([7; 32]);
    body.push(0); // no session
    // ECDHE_ECDSA with AES_128_CBC_SHA, and with AES_128_GCM_SHA256
    body.extend([0, 4, 0xC0, 0x09, 0xC0, 0x2B]);
    body.extend([1, 0]); // no compression
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);
    let length = u16::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 1];
    record.extend((length + 4).to_be_bytes());
    record.extend([1, 0]);
    record.extend(length.to_be_bytes());
    record.extend(body);
    record
}

#[tokio::test]
async fn below_1_2_there_is_no_tls() {
    let server = server(builder()).await;
    let hello = async |version: [u8; 2]| {
        let stream = tokio::net::TcpStream::connect(server.tls_address().unwrap()).await.unwrap();
        let mut peer = Peer::new(stream);
        peer.raw(&client_hello(version)).await;
        peer.octets(7).await
    };
    for version in [[3, 2], [3, 1], [3, 0]] {
        let got = hello(version).await;
        // A fatal alert: protocol_version.
        assert_eq!((got[0], &got[5..]), (21, &[2, 70][..]), "{version:?} {got:?}");
    }
    // The same with the version of TLS 1.2 gets a ServerHello.
    let got = hello([3, 3]).await;
    assert_eq!((got[0], got[5]), (22, 2), "{got:?}");
}

#[tokio::test]
async fn the_protocol_is_pop3_or_not_told() {
    let server = server(builder()).await;
    let check = async |offered: &[&str], want: Result<Option<&[u8]>, &str>| {
        for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
            let connected = TlsClient::new(&server).versions(versions).alpn(offered).connect(&server).await;
            match (connected, want) {
                (Ok(stream), Ok(want)) => assert_eq!(stream.get_ref().1.alpn_protocol(), want, "{offered:?}"),
                (Err(error), Err(want)) => assert!(error.to_string().contains(want), "{offered:?} {error}"),
                (got, _) => panic!("{offered:?}: {got:?}"),
            }
        }
    };
    check(&["pop3"], Ok(Some(b"pop3"))).await;
    check(&["imap", "pop3"], Ok(Some(b"pop3"))).await;
    check(&[], Ok(None)).await;
    check(&["imap"], Err("NoApplicationProtocol")).await;
    check(&["POP3"], Err("NoApplicationProtocol")).await;
}

#[tokio::test]
async fn an_identity_for_each_name() {
    let [first, second, third] =
        ["localhost", "mail.example.org", "pop.example.org"].map(|name| TlsIdentity::self_made(&[name]).unwrap());
    let trusted = [&first, &second, &third].map(|identity| identity.ca_pem().unwrap().to_owned());
    let builder = builder().tls(first).tls_for("Mail.Example.org", second).tls_for("pop.example.org", third);
    let server = server(builder).await;
    let check = async |asked: &'static str, want: bool| {
        let connected = TlsClient::trusting(&trusted).name(asked).connect(&server).await;
        assert_eq!(connected.is_ok(), want, "{asked}");
    };
    // The client checks that the certificate is for the name.
    check("localhost", true).await;
    check("mail.example.org", true).await;
    check("MAIL.example.ORG", true).await;
    check("pop.example.org", true).await;
    check("imap.example.org", false).await;
    // Another name, or none, and the client does not mind.
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let shown = TlsClient::careless().versions(versions).name("imap.example.org").certificate_of(&server).await;
        let default = TlsClient::careless().versions(versions).without_name().certificate_of(&server).await;
        let second = TlsClient::careless().versions(versions).name("mail.example.org").certificate_of(&server).await;
        assert_eq!(shown, default);
        assert_ne!(shown, second);
    }
}

#[tokio::test]
async fn what_cannot_be_built() {
    let check = |builder: ServerBuilder, want: &str| {
        let error = builder.build().unwrap_err();
        assert!(matches!(error, StartError::Tls(_)), "{error:?}");
        assert!(error.to_string().starts_with(want), "{error}");
    };
    let identity = || TlsIdentity::self_made(&["localhost"]).unwrap();
    check(builder().tls_for("not a name", identity()), "an identity is given for \"not a name\"");
    check(builder().tls_for("127.0.0.1", identity()), "an identity is given for \"127.0.0.1\"");
    let broken = "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n";
    for ca_pem in ["", "words", broken] {
        let ca_pem = ca_pem.to_owned();
        for asked in [
            ClientCertificates::Requested { ca_pem: ca_pem.clone() },
            ClientCertificates::Required { ca_pem: ca_pem.clone() },
        ] {
            check(builder().client_certificates(asked), "the authorities for client certificates cannot be used");
        }
    }
}

#[tokio::test]
async fn certificates_of_clients() {
    let (ours, theirs) = (authority(), authority());
    let good = certificate(&ours, "alice", &[]);
    let bad = certificate(&theirs, "alice", &[]);
    let greeted = async |server: &RunningServer, client: TlsClient| {
        // Under TLS 1.3 the client learns on reading that it was refused.
        let Ok(stream) = client.connect(server).await else { return false };
        Peer::new(stream).line().await.starts_with("+OK")
    };
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let check = async |asked: ClientCertificates, want: [bool; 3]| {
            let server = server(builder().tls_versions(versions).client_certificates(asked.clone())).await;
            let client = || TlsClient::new(&server).versions(versions);
            assert_eq!(greeted(&server, client()).await, want[0], "{asked:?} none");
            assert_eq!(greeted(&server, client().certificate(&good)).await, want[1], "{asked:?} good");
            assert_eq!(greeted(&server, client().certificate(&bad)).await, want[2], "{asked:?} bad");
        };
        let ca_pem = ours.pem();
        check(ClientCertificates::NotAsked, [true, true, true]).await;
        check(ClientCertificates::Requested { ca_pem: ca_pem.clone() }, [true, true, false]).await;
        check(ClientCertificates::Required { ca_pem }, [false, true, false]).await;
    }
}

#[tokio::test]
async fn the_end_of_a_session_is_told() {
    let server = server(builder().session(|config| config.failed_logins = 1)).await;
    let turned_away = builder().limits(Limits { connections: 0, per_address: None }).start().await.unwrap();
    for versions in [TlsVersions::Tls12, TlsVersions::Tls13] {
        let check = async |server: &RunningServer, says: &[u8], want: &str| {
            let mut stream = TlsClient::new(server).versions(versions).connect(server).await.unwrap();
            stream.write_all(says).await.unwrap();
            // Without `close_notify` this is an error (RFC 8446 section 6.1).
            let mut got = String::new();
            stream.read_to_string(&mut got).await.unwrap();
            assert!(got.ends_with(want), "{got}");
        };
        check(&server, b"QUIT\r\n", "+OK bye\r\n").await;
        check(&server, b"USER alice\r\nPASS secret\r\nQUIT\r\n", "+OK bye\r\n").await;
        check(&server, b"USER alice\r\nPASS wrong\r\n", "too many failed logins\r\n").await;
        check(&turned_away, b"", "too many connections\r\n").await;
    }
}

//! What options change under TLS.

use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};

use crate::client::{DEADLINE, Server};

type Authority = CertifiedIssuer<'static, KeyPair>;
type Shown = (CertificateDer<'static>, PrivateKeyDer<'static>);

const ALL: &[&SupportedProtocolVersion] = rustls::ALL_VERSIONS;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A client's certificate with this mail address.
fn certificate(authority: &Authority, address: &str) -> Shown {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "somebody");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.subject_alt_names = vec![SanType::Rfc822Name(address.try_into().unwrap())];
    let signed = params.signed_by(&key, authority).unwrap();
    (signed.der().clone(), PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// A server with a port for TLS, whose authority is written into the folder.
fn start(folder: &Path, options: &[&str]) -> Server {
    let ca = folder.join("server.pem");
    let own = ["--listen-tls", "127.0.0.1:0", "--ca-out", ca.to_str().unwrap()];
    let mut server = Server::start(&[&own[..], options].concat());
    server.program.wait_until(|program| program.so_far.stdout.contains("pop3s://"));
    server
}

/// What a client is told that says all of this; the handshake may fail.
fn dialogue(
    server: &Server,
    folder: &Path,
    versions: &[&'static SupportedProtocolVersion],
    shown: Option<&Shown>,
    commands: &[&str],
) -> std::io::Result<Vec<String>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("server.pem")).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
    let config = match shown {
        Some((certificate, key)) => builder.with_client_auth_cert(vec![certificate.clone()], key.clone_key()).unwrap(),
        None => builder.with_no_client_auth(),
    };
    let address = server.program.so_far.stdout.lines().find_map(|line| line.strip_prefix("pop3s://")).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    let mut replies = Vec::new();
    for command in std::iter::once(&"").chain(commands) {
        if !command.is_empty() {
            stream.get_mut().write_all(format!("{command}\r\n").as_bytes())?;
        }
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        replies.push(line.split(' ').next().unwrap().trim_end().to_owned());
    }
    Ok(replies)
}

#[test]
fn versions() {
    let folder = tempfile::tempdir().unwrap();
    let tls12: &[_] = &[&rustls::version::TLS12];
    let tls13: &[_] = &[&rustls::version::TLS13];
    for (option, taken, refused) in [
        ("1.2", vec![tls12, ALL], vec![tls13]),
        ("1.3", vec![tls13, ALL], vec![tls12]),
        ("both", vec![tls12, tls13], vec![]),
    ] {
        let server = start(folder.path(), &["--tls-versions", option]);
        for versions in taken {
            assert_eq!(dialogue(&server, folder.path(), versions, None, &["QUIT"]).unwrap(), ["+OK", "+OK"]);
        }
        for versions in refused {
            let error = dialogue(&server, folder.path(), versions, None, &["QUIT"]).unwrap_err();
            assert!(error.to_string().contains("ProtocolVersion"), "{option}: {error}");
        }
    }
}

#[test]
fn certificates_of_clients() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, other) = (authority(), authority());
    let path = folder.path().join("clients.pem");
    std::fs::write(&path, ours.pem()).unwrap();
    let options = [
        ["--client-ca", path.to_str().unwrap()],
        ["--mechanism", "EXTERNAL"],
        ["--account", "alice:secret"],
        ["--account", "bob:secret"],
        ["--certificate-name", "alice=alice@example.org"],
    ]
    .concat();
    let (alice, bob) = (certificate(&ours, "alice@example.org"), certificate(&ours, "bob@example.org"));
    let forged = certificate(&other, "alice@example.org");
    let server = start(folder.path(), &options);
    let says = |server: &Server, shown, command| dialogue(server, folder.path(), ALL, shown, &[command]);
    assert_eq!(says(&server, Some(&alice), "AUTH EXTERNAL =").unwrap(), ["+OK", "+OK"]);
    assert_eq!(says(&server, Some(&bob), "AUTH EXTERNAL =").unwrap(), ["+OK", "-ERR"]);
    assert_eq!(says(&server, None, "AUTH EXTERNAL =").unwrap(), ["+OK", "-ERR"]);
    assert_eq!(says(&server, None, "USER alice").unwrap(), ["+OK", "+OK"]);
    assert!(says(&server, Some(&forged), "QUIT").is_err());
    let strict = start(folder.path(), &[&options[..], &["--require-client-certificate"]].concat());
    assert_eq!(says(&strict, Some(&alice), "AUTH EXTERNAL =").unwrap(), ["+OK", "+OK"]);
    assert!(says(&strict, None, "QUIT").is_err());
}

#[test]
fn passwords_under_tls_only() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path(), &["--plaintext-under-tls"]);
    let login = ["USER user", "PASS secret"];
    assert_eq!(dialogue(&server, folder.path(), ALL, None, &login).unwrap(), ["+OK", "+OK", "+OK"]);
    server.greeted().says("USER user", "-ERR ");
}

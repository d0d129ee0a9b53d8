//! A client of TLS, of every kind.

use std::io;
use std::sync::Arc;

use pop3_server::tls::{TlsIdentity, TlsVersions};
use pop3_server::{RunningServer, Stream};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType,
    SignatureAlgorithm,
};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::peer::Peer;

pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

/// A certificate and its key.
pub(crate) struct Certificate {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

pub(crate) fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A client's certificate with this common name and these addresses.
pub(crate) fn certificate(authority: &Authority, common_name: &str, addresses: &[&str]) -> Certificate {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.subject_alt_names =
        addresses.iter().map(|address| SanType::Rfc822Name((*address).try_into().unwrap())).collect();
    let signed = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    Certificate { certificate: signed.der().clone(), key }
}

/// A server's identity signed by itself in this way.
pub(crate) fn identity(algorithm: &'static SignatureAlgorithm) -> TlsIdentity {
    let key = KeyPair::generate_for(algorithm).unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    TlsIdentity::from_pem(&certificate.pem(), &key.serialize_pem()).unwrap()
}

/// What a client does; see [`TlsClient::config`].
#[derive(Clone)]
pub(crate) struct TlsClient {
    trusted: Trusted,
    versions: TlsVersions,
    alpn: Vec<Vec<u8>>,
    name: ServerName<'static>,
    sends_name: bool,
    certificate: Option<(CertificateDer<'static>, Arc<PrivateKeyDer<'static>>)>,
}

#[derive(Clone)]
enum Trusted {
    Everybody,
    Authorities(Vec<String>),
}

impl TlsClient {
    /// One that trusts the server's own authority and asks for `localhost`.
    pub(crate) fn new(server: &RunningServer) -> Self {
        Self::trusting(&[server.ca_pem().unwrap().to_owned()])
    }

    /// One that trusts these authorities, as PEM text.
    pub(crate) fn trusting(authorities: &[String]) -> Self {
        Self {
            trusted: Trusted::Authorities(authorities.to_vec()),
            versions: TlsVersions::Both,
            alpn: Vec::new(),
            name: ServerName::try_from("localhost").unwrap(),
            sends_name: true,
            certificate: None,
        }
    }

    /// One that takes every certificate.
    pub(crate) fn careless() -> Self {
        Self { trusted: Trusted::Everybody, ..Self::trusting(&[]) }
    }

    pub(crate) fn versions(self, versions: TlsVersions) -> Self {
        Self { versions, ..self }
    }

    pub(crate) fn alpn(self, protocols: &[&str]) -> Self {
        Self { alpn: protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect(), ..self }
    }

    pub(crate) fn name(self, name: &'static str) -> Self {
        Self { name: ServerName::try_from(name).unwrap(), ..self }
    }

    pub(crate) fn without_name(self) -> Self {
        Self { sends_name: false, ..self }
    }

    pub(crate) fn certificate(self, shown: &Certificate) -> Self {
        let key = Arc::new(shown.key.clone_key());
        Self { certificate: Some((shown.certificate.clone(), key)), ..self }
    }

    /// Connects to the port that speaks TLS.
    pub(crate) async fn connect(&self, server: &RunningServer) -> io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(server.tls_address().unwrap()).await.unwrap();
        self.handshake(&self.config(), stream).await
    }

    /// Makes the handshake on a stream. With the same configuration, a later one
    /// goes on with the session of an earlier.
    pub(crate) async fn handshake<S: Stream>(&self, config: &Arc<ClientConfig>, stream: S) -> io::Result<TlsStream<S>> {
        TlsConnector::from(Arc::clone(config)).connect(self.name.clone(), stream).await
    }

    /// Connects and takes the greeting.
    pub(crate) async fn greeted(&self, server: &RunningServer) -> Peer<TlsStream<TcpStream>> {
        let mut peer = Peer::new(self.connect(server).await.unwrap());
        assert!(peer.line().await.starts_with("+OK"));
        peer
    }

    /// The server's certificate as this client sees it.
    pub(crate) async fn certificate_of(&self, server: &RunningServer) -> CertificateDer<'static> {
        let stream = self.connect(server).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].clone()
    }

    pub(crate) fn config(&self) -> Arc<ClientConfig> {
        let versions: &[_] = match self.versions {
            TlsVersions::Both => &[&rustls::version::TLS12, &rustls::version::TLS13],
            TlsVersions::Tls12 => &[&rustls::version::TLS12],
            TlsVersions::Tls13 => &[&rustls::version::TLS13],
        };
        let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(versions).unwrap();
        let builder = match &self.trusted {
            Trusted::Everybody => builder.dangerous().with_custom_certificate_verifier(Arc::new(Careless(provider()))),
            Trusted::Authorities(authorities) => {
                let mut roots = RootCertStore::empty();
                for pem in authorities {
                    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
                }
                builder.with_root_certificates(roots)
            }
        };
        let mut config = match &self.certificate {
            Some((certificate, key)) => {
                builder.with_client_auth_cert(vec![certificate.clone()], key.clone_key()).unwrap()
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols.clone_from(&self.alpn);
        config.enable_sni = self.sends_name;
        Arc::new(config)
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Takes every certificate, if the server has its key.
#[derive(Debug)]
struct Careless(Arc<CryptoProvider>);

impl ServerCertVerifier for Careless {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

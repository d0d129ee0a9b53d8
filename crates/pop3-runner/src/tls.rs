//! TLS as a client.

use std::sync::Arc;

use pop3_scenario::scenario::{TlsOffer, TlsVersion};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::{
    CipherSuite, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, SupportedProtocolVersion,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// Whom to trust.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The certificates of this PEM text.
    Authority(String),
    /// The authorities that browsers know.
    WebPki,
    /// Anybody: the question is POP3, not the certificate.
    Anybody,
}

/// A client configuration.
///
/// # Errors
/// PEM text without a usable certificate; in words.
pub fn client_config(trust: &Trust) -> Result<Arc<ClientConfig>, String> {
    client_config_for(trust, TlsOffer::default())
}

/// The same, that offers this.
///
/// # Errors
/// As [`client_config`].
pub(crate) fn client_config_for(trust: &Trust, offer: TlsOffer) -> Result<Arc<ClientConfig>, String> {
    let mut offered = ring::default_provider();
    if offer.recommended_suites {
        offered.cipher_suites.retain(|suite| is_recommended(suite.suite()));
    }
    let provider = Arc::new(offered);
    let versions: &[&SupportedProtocolVersion] = match offer.version {
        Some(TlsVersion::Tls12) => &[&rustls::version::TLS12],
        Some(TlsVersion::Tls13) => &[&rustls::version::TLS13],
        _ => rustls::DEFAULT_VERSIONS,
    };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(|error| error.to_string())?;
    let mut config = match trust {
        Trust::Anybody => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAnybody { provider }))
            .with_no_client_auth(),
        Trust::Authority(_) | Trust::WebPki => builder.with_root_certificates(roots(trust)?).with_no_client_auth(),
    };
    config.enable_sni = !offer.nameless;
    Ok(Arc::new(config))
}

/// The suites of RFC 9325 section 4.2, and those of TLS 1.3.
fn is_recommended(suite: CipherSuite) -> bool {
    matches!(
        suite,
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
            | CipherSuite::TLS13_AES_128_GCM_SHA256
            | CipherSuite::TLS13_AES_256_GCM_SHA384
            | CipherSuite::TLS13_CHACHA20_POLY1305_SHA256
    )
}

/// How certificates and handshakes are reckoned.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Whom a run trusts; nobody where it trusts anybody.
///
/// # Errors
/// As [`client_config`].
pub(crate) fn roots(trust: &Trust) -> Result<RootCertStore, String> {
    match trust {
        Trust::Authority(pem) => authorities(pem),
        Trust::WebPki => Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }),
        Trust::Anybody => Ok(RootCertStore::empty()),
    }
}

fn authorities(pem: &str) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| format!("the CA file is not PEM: {error}"))?;
        roots.add(certificate).map_err(|error| format!("the CA file holds no usable certificate: {error}"))?;
    }
    if roots.is_empty() { Err("the CA file holds no certificate".to_owned()) } else { Ok(roots) }
}

/// Accepts every certificate, but checks that the peer holds its key.
#[derive(Debug)]
struct AcceptAnybody {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAnybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

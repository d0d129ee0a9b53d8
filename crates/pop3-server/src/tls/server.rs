//! The server's side of TLS.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ProtocolVersion, RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion};

use super::certificate::client_names;
use super::identities::Identities;
use super::{TlsError, TlsIdentity, provider};
use crate::sasl::{BindingType, Channel};

/// Whether clients are asked for certificates, and who must have signed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClientCertificates {
    /// They are not asked.
    #[default]
    NotAsked,
    /// They are asked and need not have one. One that is not by the authorities
    /// ends the handshake all the same.
    Requested {
        /// Certificates of authorities, as PEM text.
        ca_pem: String,
    },
    /// Without one, there is no handshake.
    Required {
        /// Certificates of authorities, as PEM text.
        ca_pem: String,
    },
}

/// The versions of TLS that the server takes. There is none below 1.2, as RFC
/// 8314 section 4.1 has it and rustls too: such a client gets a
/// `protocol_version` alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVersions {
    /// 1.2 and 1.3.
    #[default]
    Both,
    /// 1.2 only.
    Tls12,
    /// 1.3 only.
    Tls13,
}

impl TlsVersions {
    fn supported(self) -> Vec<&'static SupportedProtocolVersion> {
        match self {
            Self::Both => vec![&rustls::version::TLS12, &rustls::version::TLS13],
            Self::Tls12 => vec![&rustls::version::TLS12],
            Self::Tls13 => vec![&rustls::version::TLS13],
        }
    }
}

/// The protocol's name in ALPN (RFC 7301 section 6, registered by IANA). A client
/// that offers ALPN without it gets a `no_application_protocol` alert (section
/// 3.2); one that offers no ALPN at all is welcome.
const PROTOCOL: &[u8] = b"pop3";

/// What RFC 9266 section 2 exports.
const EXPORTER: &[u8] = b"EXPORTER-Channel-Binding";

/// The server's side of TLS: how it makes handshakes, and what they show.
#[derive(Debug)]
pub(crate) struct TlsServer {
    config: Arc<ServerConfig>,
    identities: Arc<Identities>,
}

impl TlsServer {
    /// Presents the first identity to clients that do not ask for one of the
    /// others by its name.
    pub(crate) fn new(
        identity: &TlsIdentity,
        named: &[(String, TlsIdentity)],
        clients: &ClientCertificates,
        versions: TlsVersions,
    ) -> Result<Self, TlsError> {
        let identities = Arc::new(Identities::new(identity, named)?);
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&versions.supported())
            .map_err(TlsError::Unusable)?;
        let builder = match clients {
            ClientCertificates::NotAsked => builder.with_no_client_auth(),
            ClientCertificates::Requested { ca_pem } => {
                builder.with_client_cert_verifier(verifier(ca_pem, Presence::Optional)?)
            }
            ClientCertificates::Required { ca_pem } => {
                builder.with_client_cert_verifier(verifier(ca_pem, Presence::Needed)?)
            }
        };
        let mut config = builder.with_cert_resolver(Arc::clone(&identities) as Arc<_>);
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(Self { config: Arc::new(config), identities })
    }

    pub(crate) fn config(&self) -> &Arc<ServerConfig> {
        &self.config
    }

    /// What a connection shows whose handshake is over.
    pub(crate) fn channel(&self, connection: &ServerConnection) -> Channel {
        let mut bindings = Vec::new();
        // Under TLS 1.2 the exporter binds only with the extended master secret
        // (RFC 9266 section 4.2), and rustls does not tell whether there is one.
        if connection.protocol_version() == Some(ProtocolVersion::TLSv1_3) {
            let exported = connection.export_keying_material([0; 32], EXPORTER, Some(b""));
            bindings.extend(exported.ok().map(|octets| (BindingType::TlsExporter, octets.to_vec())));
        }
        let presented = self.identities.presented(connection.server_name());
        bindings.extend(presented.end_point.clone().map(|hash| (BindingType::TlsServerEndPoint, hash)));
        let certificate = connection.peer_certificates().and_then(<[_]>::first);
        Channel { bindings, client: certificate.map(|certificate| client_names(certificate)) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Optional,
    Needed,
}

fn verifier(ca_pem: &str, presence: Presence) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let authorities: Vec<_> = CertificateDer::pem_slice_iter(ca_pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| TlsError::ClientAuthority(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority).map_err(|error| TlsError::ClientAuthority(error.to_string()))?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
    let builder = if presence == Presence::Optional { builder.allow_unauthenticated() } else { builder };
    builder.build().map_err(|error| TlsError::ClientAuthority(error.to_string()))
}

//! Which certificate a client sees.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::certificate::end_point;
use super::{TlsError, TlsIdentity};

/// The identity for clients that name no other, and those for host names. Which
/// one a client sees depends on the name that it asks for alone (SNI, RFC 6066
/// section 3), so that it is known after the handshake too, resumed or not.
#[derive(Debug)]
pub(super) struct Identities {
    default: Presented,
    by_name: BTreeMap<String, Presented>,
}

/// An identity ready for use.
#[derive(Debug)]
pub(super) struct Presented {
    key: Arc<CertifiedKey>,
    /// `tls-server-end-point`, where it is defined for the certificate.
    pub(super) end_point: Option<Vec<u8>>,
}

impl Identities {
    pub(super) fn new(default: &TlsIdentity, named: &[(String, TlsIdentity)]) -> Result<Self, TlsError> {
        let mut by_name = BTreeMap::new();
        for (name, identity) in named {
            let host = rustls::pki_types::DnsName::try_from(name.as_str())
                .map_err(|_| TlsError::Name { name: name.clone() })?;
            by_name.insert(host.to_lowercase_owned().as_ref().to_owned(), Presented::new(identity)?);
        }
        Ok(Self { default: Presented::new(default)?, by_name })
    }

    /// What a client sees that asks for this name.
    pub(super) fn presented(&self, name: Option<&str>) -> &Presented {
        name.and_then(|name| self.by_name.get(&name.to_ascii_lowercase())).unwrap_or(&self.default)
    }
}

impl Presented {
    fn new(identity: &TlsIdentity) -> Result<Self, TlsError> {
        let end_point = identity.chain.first().and_then(|certificate| end_point(certificate));
        Ok(Self { key: Arc::new(identity.certified_key()?), end_point })
    }
}

impl ResolvesServerCert for Identities {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.presented(hello.server_name()).key))
    }
}

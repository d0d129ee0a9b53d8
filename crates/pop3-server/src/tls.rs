//! TLS: who the server is, what it takes, and what a connection shows.

use std::fmt;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use thiserror::Error;

mod certificate;
mod identities;
mod make;
mod server;

pub(crate) use server::TlsServer;
pub use server::{ClientCertificates, TlsVersions};

/// A certificate chain and its key.
pub struct TlsIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    ca_pem: Option<String>,
    chain_pem: String,
    key_pem: String,
}

/// Why there is no identity. What was given is at fault, unless the variant says
/// that it was made here.
#[derive(Debug, Error)]
pub enum TlsError {
    /// Something in the PEM text of the chain is broken.
    #[error("the certificate chain is not readable PEM ({0}); give the server's certificate first, then its issuers")]
    Chain(rustls::pki_types::pem::Error),
    /// There is no certificate in it.
    #[error(
        "the certificate chain holds no CERTIFICATE section; give the server's certificate first, then its issuers"
    )]
    EmptyChain,
    /// Clients cannot be held against these authorities.
    #[error(
        "the authorities for client certificates cannot be used ({0}); give CERTIFICATE sections of those who sign them"
    )]
    ClientAuthority(String),
    /// Something in the PEM text of the key is broken.
    #[error(
        "the private key is not readable PEM ({0}); give one PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY section"
    )]
    Key(rustls::pki_types::pem::Error),
    /// The names are no host names, or making keys failed.
    #[error("no certificate could be made for {names:?} ({source}); give host names or IP addresses")]
    Make {
        /// The names asked for.
        names: Vec<String>,
        /// What went wrong.
        source: rcgen::Error,
    },
    /// An identity is given for what is no host name.
    #[error("an identity is given for {name:?}, which is no host name; give the name that clients ask for (SNI)")]
    Name {
        /// The name.
        name: String,
    },
    /// The key does not fit the certificate, or is of an unknown kind.
    #[error("certificate and key cannot be used together ({0}); give the key that the first certificate was made for")]
    Unusable(rustls::Error),
}

impl TlsIdentity {
    /// A certificate for these host names and IP addresses, by a certificate
    /// authority of its own that nobody trusts unless told to: see
    /// [`TlsIdentity::ca_pem`].
    ///
    /// # Errors
    /// A name is neither a host name nor an address.
    pub fn self_made(names: &[&str]) -> Result<Self, TlsError> {
        let owned: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        make::make(&owned).map_err(|source| TlsError::Make { names: owned, source })
    }

    /// As [`TlsIdentity::self_made`], with a certificate that has expired.
    pub(crate) fn expired(names: &[&str]) -> Result<Self, TlsError> {
        let owned: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        make::make_expired(&owned).map_err(|source| TlsError::Make { names: owned, source })
    }

    /// The identity in two PEM texts: the chain, server's certificate first, and
    /// its key.
    ///
    /// # Errors
    /// Which of the two is unreadable or empty, or that they do not fit.
    pub fn from_pem(chain: &str, key: &str) -> Result<Self, TlsError> {
        let chain_text = chain;
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<_, _>>().map_err(TlsError::Chain)?;
        if chain.is_empty() {
            return Err(TlsError::EmptyChain);
        }
        let chain_pem = chain_text.to_owned();
        let key_pem = key.to_owned();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(TlsError::Key)?;
        let identity = Self { chain, key, ca_pem: None, chain_pem, key_pem };
        identity.certified_key()?;
        Ok(identity)
    }

    /// The certificate of the authority made by [`TlsIdentity::self_made`], for
    /// clients to trust; `None` when the identity came from elsewhere.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The certificate chain as PEM text, for a server in another process.
    #[must_use]
    pub fn chain_pem(&self) -> &str {
        &self.chain_pem
    }

    /// The private key as PEM text, for a server in another process.
    #[must_use]
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    fn certified_key(&self) -> Result<CertifiedKey, TlsError> {
        CertifiedKey::from_der(self.chain.clone(), self.key.clone_key(), &provider()).map_err(TlsError::Unusable)
    }
}

/// Named each time, so that no process-wide default is needed or set.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsIdentity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::KeyPair;

    use super::*;

    #[test]
    fn errors_name_the_part_at_fault() {
        let made = TlsIdentity::self_made(&["localhost", "127.0.0.1"]).unwrap();
        let ca = made.ca_pem().unwrap();
        let key = KeyPair::generate().unwrap().serialize_pem();
        let check = |chain: &str, key: &str, want: &str| {
            let error = TlsIdentity::from_pem(chain, key).unwrap_err().to_string();
            assert!(error.starts_with(want), "{error}");
        };
        check("", &key, "the certificate chain holds no CERTIFICATE");
        check(&key, &key, "the certificate chain holds no CERTIFICATE");
        check(
            "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
            &key,
            "the certificate chain is not readable PEM",
        );
        check(ca, "", "the private key is not readable PEM");
        check(ca, &key, "certificate and key cannot be used together");
        assert!(TlsIdentity::self_made(&["snow\u{2603}man"]).is_err());
    }

    #[test]
    fn a_chain_and_its_key_are_taken_from_pem() {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let identity = TlsIdentity::from_pem(&made.cert.pem(), &made.signing_key.serialize_pem()).unwrap();
        assert_eq!(identity.ca_pem(), None);
        assert!(!format!("{identity:?}").contains("PRIVATE"));
    }
}

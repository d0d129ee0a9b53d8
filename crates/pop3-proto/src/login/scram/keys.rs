//! Keys and signatures (RFC 5802 section 3).

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use pbkdf2::pbkdf2_hmac;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

/// The hash of a mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::login) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => hmac::<Hmac<Sha1>>(key, message),
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, message),
        }
    }

    fn hash(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(octets).to_vec(),
            Self::Sha256 => Sha256::digest(octets).to_vec(),
        }
    }

    /// `Hi(password, salt, iterations)`, which is PBKDF2.
    fn salted(self, password: &[u8], salt: &[u8], iterations: u32) -> Vec<u8> {
        let mut salted = vec![0; if self == Self::Sha1 { 20 } else { 32 }];
        match self {
            Self::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut salted),
            Self::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut salted),
        }
        salted
    }
}

/// `ClientKey` and `ServerKey`.
pub(super) struct Keys {
    hash: Hash,
    client: Vec<u8>,
    server: Vec<u8>,
}

impl Keys {
    pub(super) fn new(hash: Hash, password: &str, salt: &[u8], iterations: u32) -> Self {
        let salted = hash.salted(password.as_bytes(), salt, iterations);
        Self { hash, client: hash.hmac(&salted, b"Client Key"), server: hash.hmac(&salted, b"Server Key") }
    }

    /// `ClientKey XOR HMAC(H(ClientKey), AuthMessage)`
    pub(super) fn client_proof(&self, auth_message: &[u8]) -> Vec<u8> {
        let signature = self.hash.hmac(&self.hash.hash(&self.client), auth_message);
        self.client.iter().zip(signature).map(|(key, signature)| key ^ signature).collect()
    }

    /// `HMAC(ServerKey, AuthMessage)`
    pub(super) fn server_signature(&self, auth_message: &[u8]) -> Vec<u8> {
        self.hash.hmac(&self.server, auth_message)
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104 section 2)")]
fn hmac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = <M as KeyInit>::new_from_slice(key).expect("a key");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

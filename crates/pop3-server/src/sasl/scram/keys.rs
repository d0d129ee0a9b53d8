//! The keys of an account (RFC 5802 section 3).

use ::hmac::Hmac;
use pbkdf2::pbkdf2_hmac;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::sasl::hmac::hmac;

/// The hash of a mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
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

    /// `Hi(password, salt, i)`, which is PBKDF2.
    fn salted(self, password: &[u8], salted_by: SaltedBy<'_>) -> Vec<u8> {
        let SaltedBy { salt, iterations } = salted_by;
        match self {
            Self::Sha1 => {
                let mut salted = vec![0; 20];
                pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut salted);
                salted
            }
            Self::Sha256 => {
                let mut salted = vec![0; 32];
                pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut salted);
                salted
            }
        }
    }
}

/// How a password is salted.
#[derive(Clone, Copy)]
pub(super) struct SaltedBy<'a> {
    pub(super) salt: &'a [u8],
    pub(super) iterations: u32,
}

/// Of 16 octets, and nothing that tells whether there is an account: the same
/// for a name each time, another for each server, name and mechanism.
pub(super) fn salt(secret: &[u8; 32], hash: Hash, name: &str) -> Vec<u8> {
    let mut salt = hmac::<Hmac<Sha256>>(secret, format!("{hash:?} {name}").as_bytes());
    salt.truncate(16);
    salt
}

/// `ClientKey` and `ServerKey`.
pub(super) struct Keys {
    hash: Hash,
    client: Vec<u8>,
    server: Vec<u8>,
}

impl Keys {
    /// The keys that come of a prepared password.
    pub(super) fn new(hash: Hash, password: &str, salted_by: SaltedBy<'_>) -> Self {
        let salted = hash.salted(password.as_bytes(), salted_by);
        Self { hash, client: hash.hmac(&salted, b"Client Key"), server: hash.hmac(&salted, b"Server Key") }
    }

    /// `ClientKey XOR HMAC(H(ClientKey), AuthMessage)`. The server knows the
    /// password, so that it can compare the proof itself instead of the key in it.
    pub(super) fn client_proof(&self, auth_message: &[u8]) -> Vec<u8> {
        let signature = self.hash.hmac(&self.hash.hash(&self.client), auth_message);
        self.client.iter().zip(signature).map(|(key, signature)| key ^ signature).collect()
    }

    /// `HMAC(ServerKey, AuthMessage)`
    pub(super) fn server_signature(&self, auth_message: &[u8]) -> Vec<u8> {
        self.hash.hmac(&self.server, auth_message)
    }
}

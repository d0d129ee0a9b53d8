//! The keys of an account (RFC 5802 section 3).

use std::fmt;

use ::hmac::Hmac;
use sha2::Sha256;
use thiserror::Error;

use super::hash::ScramHash;
use crate::account::secrets_equal;
use crate::sasl::hmac::hmac;
use crate::sasl::prepared;

/// How often a password is hashed with its salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Iterations(u32);

impl Iterations {
    /// The least that RFC 5802 section 5.1 and RFC 7677 section 4 recommend, and
    /// what a server has that was not told otherwise.
    pub const LEAST: Self = Self(4096);

    /// This many.
    ///
    /// # Errors
    /// They are fewer than [`Self::LEAST`].
    pub fn new(count: u32) -> Result<Self, KeysError> {
        if count < Self::LEAST.0 { Err(KeysError::TooFewIterations { count }) } else { Ok(Self(count)) }
    }

    /// This many and at least one, for tests that have no time, or that want to
    /// see what a client does about too few.
    #[must_use]
    pub fn for_tests(count: u32) -> Self {
        Self(count.max(1))
    }

    /// Their number.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0
    }
}

impl Default for Iterations {
    fn default() -> Self {
        Self::LEAST
    }
}

/// Why there are no keys. What was given is at fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeysError {
    /// There must be some salt.
    #[error("the salt has no octets; give some that are random, 16 for instance")]
    EmptySalt,
    /// A key is not as long as the hash.
    #[error("{key} has {octets} octets, but a key of {hash:?} has {}; give it decoded from base64", hash.octets())]
    KeyLength {
        /// Which of the two.
        key: &'static str,
        /// The hash that it should be of.
        hash: ScramHash,
        /// Its length.
        octets: usize,
    },
    /// SASLprep forbids the password, or leaves nothing of it.
    #[error("the password has characters that SASLprep forbids (RFC 4013), or none that it leaves; choose another")]
    Password,
    /// RFC 5802 section 5.1 wants more.
    #[error("{count} iterations are fewer than 4096 (RFC 5802 section 5.1); tests may have them by for_tests()")]
    TooFewIterations {
        /// How many were asked for.
        count: u32,
    },
}

/// What a server that does not know a password keeps for one mechanism:
/// `StoredKey`, `ServerKey`, and how they come of the password.
#[derive(Clone, PartialEq, Eq)]
pub struct ScramKeys {
    hash: ScramHash,
    salt: Vec<u8>,
    iterations: Iterations,
    stored: Vec<u8>,
    server: Vec<u8>,
}

impl ScramKeys {
    /// The keys that come of a password, which is prepared by SASLprep first.
    ///
    /// # Errors
    /// The password cannot be prepared, or there is no salt.
    pub fn derive(hash: ScramHash, password: &str, salt: &[u8], iterations: Iterations) -> Result<Self, KeysError> {
        let password = prepared(password.as_bytes()).ok_or(KeysError::Password)?;
        if salt.is_empty() {
            return Err(KeysError::EmptySalt);
        }
        Ok(Self::of(hash, password.as_bytes(), salt, iterations))
    }

    /// Keys from elsewhere: `StoredKey` and `ServerKey` as octets, not base64.
    ///
    /// # Errors
    /// A key does not have the length of the hash, or there is no salt.
    pub fn from_stored(
        hash: ScramHash,
        salt: &[u8],
        iterations: Iterations,
        stored_key: &[u8],
        server_key: &[u8],
    ) -> Result<Self, KeysError> {
        for (key, octets) in [("StoredKey", stored_key.len()), ("ServerKey", server_key.len())] {
            if octets != hash.octets() {
                return Err(KeysError::KeyLength { key, hash, octets });
            }
        }
        if salt.is_empty() {
            return Err(KeysError::EmptySalt);
        }
        Ok(Self { hash, salt: salt.to_vec(), iterations, stored: stored_key.to_vec(), server: server_key.to_vec() })
    }

    /// The hash of the mechanism that they are for.
    #[must_use]
    pub fn hash(&self) -> ScramHash {
        self.hash
    }

    /// How often the password was hashed.
    #[must_use]
    pub fn iterations(&self) -> Iterations {
        self.iterations
    }

    pub(crate) fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// The keys that come of a password as it is. One derivation.
    pub(crate) fn of(hash: ScramHash, password: &[u8], salt: &[u8], iterations: Iterations) -> Self {
        let salted = hash.salted(password, salt, iterations);
        Self {
            hash,
            salt: salt.to_vec(),
            iterations,
            stored: hash.hash(&hash.hmac(&salted, b"Client Key")),
            server: hash.hmac(&salted, b"Server Key"),
        }
    }

    /// Whether they came of this password. One derivation, whatever the password.
    pub(crate) fn come_of(&self, password: &str) -> bool {
        let preparation = prepared(password.as_bytes());
        let octets = preparation.as_deref().unwrap_or(password).as_bytes();
        let derived = Self::of(self.hash, octets, &self.salt, self.iterations);
        secrets_equal(&derived.stored, &self.stored) & preparation.is_some()
    }

    /// Whether this `ClientProof` has the key in it that `StoredKey` is the hash
    /// of. No derivation.
    pub(super) fn are_proven_by(&self, proof: &[u8], auth_message: &[u8]) -> bool {
        let signature = self.hash.hmac(&self.stored, auth_message);
        let client_key: Vec<u8> = proof.iter().zip(&signature).map(|(proof, signature)| proof ^ signature).collect();
        secrets_equal(&self.hash.hash(&client_key), &self.stored) & (proof.len() == signature.len())
    }

    /// `HMAC(ServerKey, AuthMessage)`
    pub(super) fn server_signature(&self, auth_message: &[u8]) -> Vec<u8> {
        self.hash.hmac(&self.server, auth_message)
    }
}

impl fmt::Debug for ScramKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScramKeys").field("hash", &self.hash).finish_non_exhaustive()
    }
}

/// Of 16 octets, and nothing that tells whether there is an account: the same
/// for a name each time, another for each server, name and mechanism.
pub(super) fn salt(secret: &[u8; 32], hash: ScramHash, name: &str) -> Vec<u8> {
    let mut salt = hmac::<Hmac<Sha256>>(secret, format!("{hash:?} {name}").as_bytes());
    salt.truncate(16);
    salt
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &[u8] = b"0123456789abcdef";

    #[test]
    fn what_makes_no_keys() {
        let check = |got: Result<ScramKeys, KeysError>, want: &str| {
            let error = got.unwrap_err().to_string();
            assert!(error.starts_with(want), "{error}");
        };
        let (hash, few) = (ScramHash::Sha256, Iterations::for_tests(1));
        check(ScramKeys::derive(hash, "pen\u{7}cil", SALT, few), "the password has");
        check(ScramKeys::derive(hash, "\u{AD}", SALT, few), "the password has");
        check(ScramKeys::derive(hash, "pencil", b"", few), "the salt has no octets");
        check(ScramKeys::from_stored(hash, b"", few, &[0; 32], &[0; 32]), "the salt has no octets");
        check(
            ScramKeys::from_stored(hash, SALT, few, &[0; 20], &[0; 32]),
            "StoredKey has 20 octets, but a key of Sha256 has 32",
        );
        check(ScramKeys::from_stored(hash, SALT, few, &[0; 32], &[0; 33]), "ServerKey has 33 octets");
        check(ScramKeys::from_stored(ScramHash::Sha1, SALT, few, &[0; 32], &[0; 32]), "StoredKey has 32 octets");
        assert_eq!(Iterations::new(4095), Err(KeysError::TooFewIterations { count: 4095 }));
        assert_eq!(Iterations::new(4096), Ok(Iterations::default()));
        assert_eq!(Iterations::for_tests(0).count(), 1);
    }

    #[test]
    fn keys_come_of_one_password_as_prepared() {
        let few = Iterations::for_tests(2);
        let check = |password: &str, offered: &str, want| {
            for hash in [ScramHash::Sha1, ScramHash::Sha256] {
                let keys = ScramKeys::derive(hash, password, SALT, few).unwrap();
                assert_eq!(keys.come_of(offered), want, "{hash:?} {password:?} {offered:?}");
            }
        };
        check("pencil", "pencil", true);
        check("pencil", "pen\u{AD}cil", true);
        check("pen\u{AD}cil", "pencil", true);
        check("pencil", "Pencil", false);
        check("pencil", "pencil\0", false);
        check("pencil", "", false);
    }

    #[test]
    fn no_key_in_debug() {
        let keys = ScramKeys::from_stored(ScramHash::Sha1, SALT, Iterations::LEAST, &[7; 20], &[8; 20]).unwrap();
        assert_eq!(format!("{keys:?}"), "ScramKeys { hash: Sha1, .. }");
    }
}

//! The hashes of the mechanisms, and what RFC 5802 section 2.2 makes of them.

use ::hmac::Hmac;
use pbkdf2::pbkdf2_hmac;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::keys::Iterations;
use crate::sasl::hmac::hmac;

/// The hash of a SCRAM mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScramHash {
    /// Of SCRAM-SHA-1 (RFC 5802), 20 octets.
    Sha1,
    /// Of SCRAM-SHA-256 (RFC 7677), 32 octets.
    Sha256,
}

impl ScramHash {
    /// Octets of a hash, and of every key.
    #[must_use]
    pub fn octets(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    pub(super) fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => hmac::<Hmac<Sha1>>(key, message),
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, message),
        }
    }

    pub(super) fn hash(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(octets).to_vec(),
            Self::Sha256 => Sha256::digest(octets).to_vec(),
        }
    }

    /// `Hi(password, salt, i)`, which is PBKDF2: where nearly all the time goes.
    pub(super) fn salted(self, password: &[u8], salt: &[u8], iterations: Iterations) -> Vec<u8> {
        #[cfg(test)]
        work::count(iterations);
        let mut salted = vec![0; self.octets()];
        match self {
            Self::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, iterations.count(), &mut salted),
            Self::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations.count(), &mut salted),
        }
        salted
    }
}

/// Counts what the present thread derives, for tests that hold the work for one
/// name against the work for another.
#[cfg(test)]
pub(crate) mod work {
    use std::cell::Cell;

    use super::Iterations;

    thread_local!(static WORK: Cell<(u32, u64)> = const { Cell::new((0, 0)) });

    pub(super) fn count(iterations: Iterations) {
        WORK.with(|work| {
            let (derivations, all) = work.get();
            work.set((derivations + 1, all + u64::from(iterations.count())));
        });
    }

    /// Derivations, and iterations in all of them, while this ran.
    pub(crate) fn of(run: impl FnOnce()) -> (u32, u64) {
        let (before, all_before) = WORK.with(Cell::get);
        run();
        let (after, all_after) = WORK.with(Cell::get);
        (after - before, all_after - all_before)
    }
}

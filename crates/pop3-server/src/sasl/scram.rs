//! The SCRAM mechanisms (RFC 5802, RFC 7677), with and without channel binding.

mod hash;
mod keys;
mod message;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use hash::ScramHash;
#[cfg(test)]
pub(crate) use hash::work;
pub use keys::{Iterations, KeysError, ScramKeys};

use self::keys::salt;
use self::message::{ClientFinal, ClientFirst};
use super::binding::Binding;
use super::{Accounts, Exchange, Kept, Step};
use crate::account::secrets_equal;

/// Waiting for the client's first message.
pub(crate) struct First {
    pub(super) hash: ScramHash,
    /// The server's part of the nonce.
    pub(super) nonce: String,
    /// What salts are derived from.
    pub(super) salts: [u8; 32],
    /// For accounts that do not have a count of their own.
    pub(super) iterations: Iterations,
    pub(super) binding: Binding,
}

impl First {
    /// The same for names without account: the salt, derived from the name, is
    /// as good as any other, and the same each time.
    pub(super) fn step(self, response: &[u8], accounts: &dyn Accounts) -> Step {
        let Some(first) = ClientFirst::parse(response) else { return Step::Refuse };
        let kept = accounts.find_prepared(&first.name);
        let derived = salt(&self.salts, self.hash, &first.name);
        let (salt, iterations) = match kept.keys(self.hash) {
            Some(keys) => (keys.salt().to_vec(), keys.iterations()),
            None => (derived, self.iterations),
        };
        self.answer(&first, salt, iterations)
    }

    fn answer(self, first: &ClientFirst<'_>, salt: Vec<u8>, iterations: Iterations) -> Step {
        let Some(binding_data) = self.binding.data(first.header.flag) else { return Step::Refuse };
        let nonce = format!("{}{}", first.nonce, self.nonce);
        let server_first = format!("r={nonce},s={},i={}", STANDARD.encode(&salt), iterations.count());
        let challenge = server_first.clone().into_bytes();
        let then = Final {
            hash: self.hash,
            binding_input: [first.header.text.as_bytes(), &binding_data].concat(),
            messages: format!("{},{server_first}", first.bare),
            name: first.name.clone(),
            authzid: first.header.authzid.clone(),
            nonce,
            salt,
            iterations,
        };
        Step::Challenge(challenge, Exchange::ScramFinal(then))
    }
}

/// Waiting for the client's final message.
pub(crate) struct Final {
    hash: ScramHash,
    /// `cbind-input`: what `c=` must stand for.
    binding_input: Vec<u8>,
    /// `client-first-message-bare "," server-first-message`
    messages: String,
    name: String,
    authzid: Option<String>,
    nonce: String,
    salt: Vec<u8>,
    iterations: Iterations,
}

impl Final {
    /// The server's signature goes out as a challenge, since `+OK` bears no data
    /// (RFC 5034 section 4); the client answers it with nothing.
    pub(super) fn step(self, response: &[u8], accounts: &dyn Accounts) -> Step {
        let Some(last) = ClientFinal::parse(response) else { return Step::Refuse };
        let bound = secrets_equal(&last.channel_binding, &self.binding_input);
        let kept = accounts.find_prepared(&self.name);
        let target = self.authzid.as_deref().map(|authzid| accounts.find_prepared(authzid));
        let (keys, usable) = self.keys(&kept);
        let message = format!("{},{}", self.messages, last.without_proof);
        let proven = keys.are_proven_by(&last.proof, message.as_bytes());
        if !(proven & usable & bound & (last.nonce == self.nonce)) {
            return Step::Refuse;
        }
        let Some(name) = kept.acting_as(target.as_ref()) else { return Step::Refuse };
        let signature = STANDARD.encode(keys.server_signature(message.as_bytes()));
        Step::Challenge(format!("v={signature}").into_bytes(), Exchange::ScramProven { name })
    }

    /// The keys of the account, and whether they serve. One derivation with what
    /// the client was told, even for an account that has its keys already.
    fn keys(&self, kept: &Kept) -> (ScramKeys, bool) {
        let derived = ScramKeys::of(self.hash, kept.clear_secret().as_bytes(), &self.salt, self.iterations);
        match kept.keys(self.hash) {
            Some(keys) => (keys.clone(), kept.usable),
            None => (derived, kept.usable & kept.has_clear_secret()),
        }
    }
}

#[cfg(test)]
mod tests;

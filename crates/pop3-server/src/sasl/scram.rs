//! The SCRAM mechanisms (RFC 5802, RFC 7677), without channel binding.

mod keys;
mod message;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(crate) use keys::Hash;

use self::keys::{Keys, SaltedBy, salt};
use self::message::{ClientFinal, ClientFirst};
use super::{Accounts, Exchange, Step};

/// The iteration count: the least that RFC 5802 section 5.1 recommends.
const ITERATIONS: u32 = 4096;

/// Waiting for the client's first message.
pub(crate) struct First {
    pub(super) hash: Hash,
    /// The server's part of the nonce.
    pub(super) nonce: String,
    /// What salts are derived from.
    pub(super) salts: [u8; 32],
}

impl First {
    /// The same for names without account: the salt, derived from the name, is
    /// as good as any other, and the same each time.
    pub(super) fn step(self, response: &[u8]) -> Step {
        let Some(first) = ClientFirst::parse(response) else { return Step::Refuse };
        let salt = salt(&self.salts, self.hash, &first.name);
        self.answer(&first, salt)
    }

    fn answer(self, first: &ClientFirst<'_>, salt: Vec<u8>) -> Step {
        let nonce = format!("{}{}", first.nonce, self.nonce);
        let server_first = format!("r={nonce},s={},i={ITERATIONS}", STANDARD.encode(&salt));
        let challenge = server_first.clone().into_bytes();
        let then = Final {
            hash: self.hash,
            gs2_header: first.gs2_header.to_owned(),
            messages: format!("{},{server_first}", first.bare),
            name: first.name.clone(),
            nonce,
            salt,
        };
        Step::Challenge(challenge, Exchange::ScramFinal(then))
    }
}

/// Waiting for the client's final message.
pub(crate) struct Final {
    hash: Hash,
    gs2_header: String,
    /// `client-first-message-bare "," server-first-message`
    messages: String,
    name: String,
    nonce: String,
    salt: Vec<u8>,
}

impl Final {
    /// The server's signature goes out as a challenge, since `+OK` bears no data
    /// (RFC 5034 section 4); the client answers it with nothing.
    pub(super) fn step(self, response: &[u8], accounts: &dyn Accounts) -> Step {
        let Some(last) = ClientFinal::parse(response) else { return Step::Refuse };
        if last.channel_binding != self.gs2_header.as_bytes() || last.nonce != self.nonce {
            return Step::Refuse;
        }
        let kept = accounts.find_prepared(&self.name);
        let keys = Keys::new(self.hash, &kept.secret, SaltedBy { salt: &self.salt, iterations: ITERATIONS });
        let message = format!("{},{}", self.messages, last.without_proof);
        if !kept.is_shown_by(&last.proof, &keys.client_proof(message.as_bytes())) {
            return Step::Refuse;
        }
        let signature = STANDARD.encode(keys.server_signature(message.as_bytes()));
        Step::Challenge(format!("v={signature}").into_bytes(), Exchange::ScramProven { name: kept.name })
    }
}

#[cfg(test)]
mod tests;

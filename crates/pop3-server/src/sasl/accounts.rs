//! Accounts as mechanisms see them.

use super::prepared;
use super::scram::{ScramHash, ScramKeys};
use crate::account::{Secret, secrets_equal};

/// Where mechanisms look accounts up.
pub(crate) trait Accounts {
    /// The account of exactly this name, its secret as it is kept.
    fn find(&self, name: &str) -> Kept;

    /// The account whose name comes to this when prepared by SASLprep; its secret
    /// is prepared too, and the account of no use when that fails.
    fn find_prepared(&self, name: &str) -> Kept;

    /// The account that has this token, if exactly one has it.
    fn find_by_token(&self, token: &str) -> Kept;

    /// The accounts that a certificate with one of these names is for.
    fn find_by_certificate(&self, names: &[String]) -> Vec<Kept>;
}

/// What stands for the secret of an account that has none in clear.
const NO_SECRET: &str = "no such secret";

/// What an account is held against. A name without account has one too, which
/// nothing matches, so that both take the same way.
pub(crate) struct Kept {
    /// The name of the account in the store.
    pub(crate) name: String,
    /// Its secret.
    pub(crate) secret: Secret,
    /// Its token.
    pub(crate) token: Option<String>,
    /// Who may enter it besides.
    pub(crate) proxies: Vec<String>,
    /// Whether there is such an account and it may be entered in this way.
    pub(crate) usable: bool,
    /// Keys of some other account of the store that has no more than keys. A
    /// password is derived with them where it need not be derived, so that
    /// accounts with keys are not found out by the work that they make.
    pub(crate) decoy: Option<ScramKeys>,
}

impl Kept {
    /// The same with its secret prepared, and of no use when that fails. Printable
    /// ASCII stays as it is (RFC 4013 section 2).
    pub(crate) fn with_prepared_secret(mut self) -> Self {
        if let Secret::Clear(secret) = &mut self.secret {
            match prepared(secret.as_bytes()) {
                Some(prepared) => *secret = prepared,
                None => self.usable = false,
            }
        }
        self
    }

    /// Whether what was offered shows that the client may enter, `expected` being
    /// what the secret would give. Never for an account that has keys only.
    pub(crate) fn is_shown_by(&self, offered: &[u8], expected: impl FnOnce(&str) -> Vec<u8>) -> bool {
        let (secret, known) = match &self.secret {
            Secret::Clear(secret) => (secret.as_str(), true),
            Secret::Keys(_) => (NO_SECRET, false),
        };
        secrets_equal(offered, &expected(secret)) & known & self.usable
    }

    /// Whether this is the password: the secret as it is, or what the keys come
    /// of when it is prepared. Derives once where any account of the store has
    /// keys only, and never elsewhere, whatever the name.
    pub(crate) fn takes_password(&self, password: &str) -> bool {
        let clear = self.is_shown_by(password.as_bytes(), |secret| secret.as_bytes().to_vec());
        let own = match &self.secret {
            Secret::Keys(keys) => keys.iter().max_by_key(|keys| keys.hash().octets()),
            Secret::Clear(_) => None,
        };
        let derived = own.or(self.decoy.as_ref()).is_some_and(|keys| keys.come_of(password));
        clear | (derived & own.is_some() & self.usable)
    }

    /// Whether this is its token.
    pub(crate) fn takes_token(&self, token: &str) -> bool {
        let held = self.token.as_deref().unwrap_or_default();
        secrets_equal(token.as_bytes(), held.as_bytes()) & self.usable & !token.is_empty()
    }

    /// Its keys for this hash, if keys are all that it has.
    pub(super) fn keys(&self, hash: ScramHash) -> Option<&ScramKeys> {
        match &self.secret {
            Secret::Keys(keys) => keys.iter().find(|keys| keys.hash() == hash),
            Secret::Clear(_) => None,
        }
    }

    /// The secret in clear, or what stands for it.
    pub(super) fn clear_secret(&self) -> &str {
        match &self.secret {
            Secret::Clear(secret) => secret,
            Secret::Keys(_) => NO_SECRET,
        }
    }

    /// Whether the secret is there to derive the keys of any hash.
    pub(super) fn has_clear_secret(&self) -> bool {
        matches!(self.secret, Secret::Clear(_))
    }

    /// The maildrop that a client enters who has shown to be this account and
    /// wants to act as `target`; `None` when it may not.
    pub(super) fn acting_as(&self, target: Option<&Self>) -> Option<String> {
        let target = target.unwrap_or(self);
        let allowed = target.name == self.name || (target.usable && target.proxies.contains(&self.name));
        allowed.then(|| target.name.clone())
    }
}

//! Accounts as mechanisms see them.

use crate::account::secrets_equal;

/// Where mechanisms look accounts up.
pub(crate) trait Accounts {
    /// The account of exactly this name, its secret as it is kept.
    fn find(&self, name: &str) -> Kept;

    /// The account whose name comes to this when prepared by SASLprep; its secret
    /// is prepared too, and the account of no use when that fails.
    fn find_prepared(&self, name: &str) -> Kept;

    /// The account that has this token, if exactly one has it.
    fn find_by_token(&self, token: &str) -> Kept;
}

/// What an account is held against. A name without account has one too, which
/// nothing matches, so that both take the same way.
pub(crate) struct Kept {
    /// The name of the account in the store.
    pub(crate) name: String,
    /// Its secret.
    pub(crate) secret: String,
    /// Its token.
    pub(crate) token: Option<String>,
    /// Whether there is such an account and it may be entered in this way.
    pub(crate) usable: bool,
}

impl Kept {
    /// Whether what was offered shows that the client may enter.
    pub(crate) fn is_shown_by(&self, offered: &[u8], expected: &[u8]) -> bool {
        secrets_equal(offered, expected) & self.usable
    }
}

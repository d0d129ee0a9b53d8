//! Who logs in.

use std::fmt;

/// Who logs in, and what shows it. Secrets never show in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The authentication identity: the name of the maildrop.
    pub name: String,
    /// The password or shared secret.
    pub password: String,
    /// The authorization identity: as whom to act, when that is somebody else or
    /// is to be said in so many words (RFC 4422 section 3.4.1).
    pub authzid: Option<String>,
    /// The token of OAUTHBEARER and XOAUTH2.
    pub token: Option<String>,
}

impl Identity {
    /// A name and a password.
    #[must_use]
    pub fn new(name: &str, password: &str) -> Self {
        Self { name: name.to_owned(), password: password.to_owned(), authzid: None, token: None }
    }

    /// The same, to act as this identity.
    #[must_use]
    pub fn acting_as(self, authzid: &str) -> Self {
        Self { authzid: Some(authzid.to_owned()), ..self }
    }

    /// The same, with a token.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("name", &self.name).field("authzid", &self.authzid).finish_non_exhaustive()
    }
}

//! Accounts: a mailbox name, its secret, and the ways in.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoginMethod {
    /// APOP (RFC 1939 section 7).
    Apop,
    /// USER and PASS (RFC 1939 section 7).
    Password,
    /// AUTH (RFC 5034), whatever the mechanism.
    Sasl,
}

/// The ways in that an account has. RFC 1939 section 13 advises that one name
/// has not both APOP and PASS; an account for tests has all unless told otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LoginMethods {
    /// Every way that the session offers.
    #[default]
    All,
    /// These and no others.
    Only(Vec<LoginMethod>),
}

impl LoginMethods {
    /// Whether the account may be entered in this way.
    #[must_use]
    pub fn allow(&self, method: LoginMethod) -> bool {
        match self {
            Self::All => true,
            Self::Only(methods) => methods.contains(&method),
        }
    }
}

/// An account. Its secret is kept in clear, as APOP needs it.
#[derive(Clone)]
pub struct Account {
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
    pub(crate) methods: LoginMethods,
}

impl Account {
    /// An account that may be entered in every way.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self { secret: secret.to_owned(), token: None, methods: LoginMethods::All }
    }

    /// The same account with these ways in.
    #[must_use]
    pub fn with_methods(self, methods: LoginMethods) -> Self {
        Self { methods, ..self }
    }

    /// The same account with this token, which OAUTHBEARER and XOAUTH2 take in
    /// place of the secret. Without one, neither lets anybody in.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("methods", &self.methods).finish_non_exhaustive()
    }
}

/// Whether two secrets are equal, in a time that depends on the length of the
/// `offered` one only.
pub(crate) fn secrets_equal(offered: &[u8], kept: &[u8]) -> bool {
    // The comparison of slices in `subtle` stops early when the lengths differ.
    let mut equal = offered.len().ct_eq(&kept.len());
    for (index, octet) in offered.iter().enumerate() {
        equal &= octet.ct_eq(&kept.get(index).copied().unwrap_or(!*octet));
    }
    equal.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_means_every_octet() {
        let check = |offered: &str, kept: &str, want| {
            assert_eq!(secrets_equal(offered.as_bytes(), kept.as_bytes()), want, "{offered:?} {kept:?}");
        };
        check("", "", true);
        check("secret", "secret", true);
        check("secret", "Secret", false);
        check("secre", "secret", false);
        check("secret ", "secret", false);
        check("secret", "", false);
        check("", "secret", false);
    }

    #[test]
    fn methods_and_no_secret_in_debug() {
        let apop_only = Account::new("tanstaaf").with_methods(LoginMethods::Only(vec![LoginMethod::Apop]));
        assert!(apop_only.methods.allow(LoginMethod::Apop) && !apop_only.methods.allow(LoginMethod::Password));
        assert!(Account::new("x").methods.allow(LoginMethod::Sasl));
        assert!(!format!("{apop_only:?}").contains("tanstaaf"));
    }
}

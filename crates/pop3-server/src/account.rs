//! Accounts: a mailbox name, its secret, and the ways in.

use std::fmt;

use pop3_proto::capability::Retention;
use subtle::ConstantTimeEq as _;

use crate::sasl::ScramKeys;

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

/// An account. Its secret is kept in clear, as APOP and CRAM-MD5 need it, or not
/// at all: then its keys for SCRAM are.
#[derive(Clone)]
pub struct Account {
    pub(crate) secret: Secret,
    pub(crate) token: Option<String>,
    pub(crate) methods: LoginMethods,
    pub(crate) proxies: Vec<String>,
    pub(crate) certificate: Option<String>,
    pub(crate) policies: Policies,
}

/// What is kept to know a client by.
#[derive(Clone)]
pub(crate) enum Secret {
    /// The secret itself.
    Clear(String),
    /// Keys that come of it, and it does not come of.
    Keys(Vec<ScramKeys>),
}

/// What an account is held to (RFC 2449 sections 6.5 and 6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Seconds from a login to the next that is let in.
    pub login_delay: Option<u64>,
    /// How long messages stay.
    pub expire: Option<Retention>,
}

impl Policies {
    /// These, and where they are silent, those.
    pub(crate) fn or(self, those: Self) -> Self {
        Self { login_delay: self.login_delay.or(those.login_delay), expire: self.expire.or(those.expire) }
    }
}

impl Account {
    /// An account that may be entered in every way.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self::kept_by(Secret::Clear(secret.to_owned()))
    }

    /// An account whose password is not known here. SCRAM works with those hashes
    /// that there are keys for; USER and PASS, PLAIN and LOGIN derive the keys of
    /// the longest hash from what the client sends. APOP and CRAM-MD5 need the
    /// password itself: both are refused as if it were wrong.
    ///
    /// An iteration count that is not the server's own
    /// ([`crate::ServerBuilder::scram_iterations`]), or a salt not of 16 octets,
    /// tells a client of SCRAM that there is such an account. So does a salt that is
    /// the same at the next store: those of all other names are made up for each.
    #[must_use]
    pub fn from_keys(keys: Vec<ScramKeys>) -> Self {
        Self::kept_by(Secret::Keys(keys))
    }

    /// The same account with these ways in.
    #[must_use]
    pub fn with_methods(self, methods: LoginMethods) -> Self {
        Self { methods, ..self }
    }

    /// The same account with these policies; where they are silent, those of the
    /// store are in force.
    #[must_use]
    pub fn with_policies(self, policies: Policies) -> Self {
        Self { policies, ..self }
    }

    /// The same account with this token, which OAUTHBEARER and XOAUTH2 take in
    /// place of the secret. Without one, neither lets anybody in.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    /// The same account, and these accounts may enter it by a mechanism that says
    /// who the client is and whom it wants to act as (RFC 4422 section 2): PLAIN,
    /// SCRAM, OAUTHBEARER, XOAUTH2, EXTERNAL. They show who they are by secrets,
    /// tokens and certificates of their own.
    #[must_use]
    pub fn with_proxies(self, names: &[&str]) -> Self {
        Self { proxies: names.iter().map(|name| (*name).to_owned()).collect(), ..self }
    }

    /// The same account, entered by EXTERNAL with a certificate that has this name
    /// in place of the account's own: a mail address among the alternative names
    /// of its subject, whose domain is compared without letter case (RFC 5280
    /// section 7.5), or, in a certificate without any, its one common name.
    #[must_use]
    pub fn with_certificate(self, name: &str) -> Self {
        Self { certificate: Some(name.to_owned()), ..self }
    }

    /// Whether a certificate with this name is for the account of name `own`.
    pub(crate) fn is_named(&self, own: &str, name: &str) -> bool {
        let wanted = self.certificate.as_deref().unwrap_or(own);
        match (wanted.rsplit_once('@'), name.rsplit_once('@')) {
            (Some((local, domain)), Some((other, there))) => local == other && domain.eq_ignore_ascii_case(there),
            _ => wanted == name,
        }
    }

    fn kept_by(secret: Secret) -> Self {
        Self {
            secret,
            token: None,
            methods: LoginMethods::All,
            proxies: Vec::new(),
            certificate: None,
            policies: Policies::default(),
        }
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

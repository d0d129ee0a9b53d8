//! The ways to log in.

use std::fmt;

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// USER and PASS (RFC 1939 section 7).
    UserPass,
    /// APOP (RFC 1939 section 7).
    Apop,
    /// AUTH (RFC 5034) with this mechanism.
    Auth(Mechanism),
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UserPass => f.write_str("USER and PASS"),
            Self::Apop => f.write_str("APOP"),
            Self::Auth(mechanism) => write!(f, "AUTH {}", mechanism.name()),
        }
    }
}

/// A SASL mechanism whose client side is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mechanism {
    /// RFC 4616
    Plain,
    /// LOGIN, registered but obsolete: name and password, each asked for.
    Login,
    /// RFC 2195
    CramMd5,
    /// RFC 5802
    ScramSha1,
    /// RFC 5802, with channel binding
    ScramSha1Plus,
    /// RFC 7677
    ScramSha256,
    /// RFC 7677, with channel binding
    ScramSha256Plus,
    /// RFC 7628
    OauthBearer,
    /// XOAUTH2, not registered: what came before OAUTHBEARER
    Xoauth2,
    /// RFC 4422 appendix A
    External,
    /// RFC 4505
    Anonymous,
}

impl Mechanism {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Plain,
        Self::Login,
        Self::CramMd5,
        Self::ScramSha1,
        Self::ScramSha1Plus,
        Self::ScramSha256,
        Self::ScramSha256Plus,
        Self::OauthBearer,
        Self::Xoauth2,
        Self::External,
        Self::Anonymous,
    ];

    /// Its registered name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::CramMd5 => "CRAM-MD5",
            Self::ScramSha1 => "SCRAM-SHA-1",
            Self::ScramSha1Plus => "SCRAM-SHA-1-PLUS",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha256Plus => "SCRAM-SHA-256-PLUS",
            Self::OauthBearer => "OAUTHBEARER",
            Self::Xoauth2 => "XOAUTH2",
            Self::External => "EXTERNAL",
            Self::Anonymous => "ANONYMOUS",
        }
    }

    /// The mechanism of this name, in any letter case (RFC 5034 section 5).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mechanism| mechanism.name().eq_ignore_ascii_case(name))
    }

    /// Whether it binds to the TLS channel below.
    #[must_use]
    pub fn binds_channel(self) -> bool {
        matches!(self, Self::ScramSha1Plus | Self::ScramSha256Plus)
    }

    /// Whether the client's message may come first, so that an initial response
    /// is possible.
    #[must_use]
    pub fn client_first(self) -> bool {
        !matches!(self, Self::Login | Self::CramMd5)
    }

    /// Whether whoever reads the line has the password or the token.
    #[must_use]
    pub fn is_plaintext(self) -> bool {
        matches!(self, Self::Plain | Self::Login | Self::OauthBearer | Self::Xoauth2)
    }
}

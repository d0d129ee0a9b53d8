//! SASL mechanisms (RFC 4422), one file each. A mechanism is a variant of
//! [`Mechanism`], the states its exchange goes through, and a function for each
//! that takes a response to the next step. None of them does I/O: random octets
//! and the time come in with `SaslSettings`, accounts with `Accounts`, and what
//! TLS shows of the connection with `Channel`.

mod accounts;
mod anonymous;
mod binding;
mod channel;
mod cram_md5;
mod external;
mod gs2;
mod hmac;
mod login;
mod oauth_bearer;
mod plain;
mod prepare;
mod scram;
mod settings;
mod token;
mod xoauth2;

pub(crate) use accounts::{Accounts, Kept};
pub(crate) use channel::{BindingType, Channel};
pub(crate) use prepare::prepared;
#[cfg(test)]
pub(crate) use scram::work;
pub use scram::{Iterations, KeysError, ScramHash, ScramKeys};
pub(crate) use settings::{SaltSecret, SaslSettings};

use self::binding::Binding;

/// A mechanism, by its registered name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 4616
    Plain,
    /// LOGIN, registered but obsolete: name and password, each asked for.
    Login,
    /// RFC 2195
    CramMd5,
    /// RFC 5802, without channel binding
    ScramSha1,
    /// RFC 5802, bound to TLS, and there under TLS only. Takes the types
    /// `tls-exporter` (RFC 9266, under TLS 1.3) and `tls-server-end-point` (RFC
    /// 5929). Not `tls-unique`, which section 6.1 wants of every server: rustls
    /// tells nobody the Finished messages, and TLS 1.3 has no such binding.
    ScramSha1Plus,
    /// RFC 7677, without channel binding
    ScramSha256,
    /// RFC 7677, bound to TLS as [`Self::ScramSha1Plus`] is
    ScramSha256Plus,
    /// RFC 4505
    Anonymous,
    /// XOAUTH2, not registered: what came before OAUTHBEARER
    Xoauth2,
    /// RFC 7628
    OauthBearer,
    /// RFC 4422 appendix A: by the client's certificate. There on connections
    /// whose client showed one that was verified, see
    /// [`crate::account::Account::with_certificate`].
    External,
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
        Self::Anonymous,
        Self::Xoauth2,
        Self::OauthBearer,
        Self::External,
    ];

    /// What a server has that was not told otherwise.
    pub const DEFAULT: [Self; 1] = [Self::Plain];

    /// Its name, upper case.
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
            Self::Anonymous => "ANONYMOUS",
            Self::Xoauth2 => "XOAUTH2",
            Self::OauthBearer => "OAUTHBEARER",
            Self::External => "EXTERNAL",
        }
    }

    /// The mechanism of this name, in any letter case (RFC 5034 section 4).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mechanism| mechanism.name().eq_ignore_ascii_case(name))
    }

    /// Whether it is there over this channel.
    fn works_over(self, channel: &Channel) -> bool {
        match self {
            Self::External => channel.client.is_some(),
            _ => !self.is_bound() || channel.can_be_bound_to(),
        }
    }

    /// Whether its exchange is bound to the channel.
    fn is_bound(self) -> bool {
        matches!(self, Self::ScramSha1Plus | Self::ScramSha256Plus)
    }

    /// Whether it shows a password or a token as it is (RFC 4422 section 6.1.3).
    #[must_use]
    pub fn is_plaintext(self) -> bool {
        matches!(self, Self::Plain | Self::Login | Self::Xoauth2 | Self::OauthBearer)
    }

    /// The first step: a challenge, or what the initial response amounts to. The
    /// mechanism must be there over the channel.
    pub(crate) fn begin(
        self,
        initial: Option<&[u8]>,
        settings: &SaslSettings,
        channel: &Channel,
        accounts: &dyn Accounts,
    ) -> Step {
        match (self.start(settings, channel), initial) {
            (Start::Client(exchange), Some(response)) => exchange.step(response, accounts),
            (Start::Client(exchange), None) => Step::Challenge(Vec::new(), exchange),
            (Start::Server(challenge, exchange), None) => Step::Challenge(challenge, exchange),
            // No initial response where the server sends first: RFC 5034 section 4.
            (Start::Server(..), Some(_)) => Step::Refuse,
            (Start::NoRandomness, _) => Step::NoRandomness,
        }
    }

    fn start(self, settings: &SaslSettings, channel: &Channel) -> Start {
        match self {
            Self::Plain => Start::Client(Exchange::Plain),
            Self::Login => Start::Server(login::NAME.to_vec(), Exchange::LoginName),
            Self::CramMd5 => settings.msg_id().map_or(Start::NoRandomness, |challenge| {
                Start::Server(challenge.clone().into_bytes(), Exchange::CramMd5 { challenge })
            }),
            Self::ScramSha1 | Self::ScramSha1Plus => self.scram(ScramHash::Sha1, settings, channel),
            Self::ScramSha256 | Self::ScramSha256Plus => self.scram(ScramHash::Sha256, settings, channel),
            Self::Anonymous => Start::Client(match settings.anonymous() {
                Some(account) => Exchange::Anonymous { account: account.to_owned() },
                None => Exchange::Refused,
            }),
            Self::Xoauth2 => Start::Client(Exchange::Xoauth2),
            Self::OauthBearer => Start::Client(Exchange::OauthBearer),
            Self::External => Start::Client(match &channel.client {
                Some(names) => Exchange::External { names: names.clone() },
                None => Exchange::Refused,
            }),
        }
    }

    fn scram(self, hash: ScramHash, settings: &SaslSettings, channel: &Channel) -> Start {
        let binding = if self.is_bound() {
            Binding::To(channel.clone())
        } else if settings.mechanisms_over(channel).any(Self::is_bound) {
            Binding::Renounced
        } else {
            Binding::Impossible
        };
        let iterations = settings.iterations();
        match (settings.nonce(), settings.salt_secret()) {
            (Some(nonce), Some(salts)) => {
                Start::Client(Exchange::ScramFirst(scram::First { hash, nonce, salts, iterations, binding }))
            }
            _ => Start::NoRandomness,
        }
    }
}

/// Which side of a mechanism sends first (RFC 4422 section 5).
enum Start {
    Client(Exchange),
    Server(Vec<u8>, Exchange),
    NoRandomness,
}

/// An exchange that waits for a response, with what it must remember.
pub(crate) enum Exchange {
    Plain,
    LoginName,
    LoginPassword {
        name: String,
    },
    CramMd5 {
        challenge: String,
    },
    ScramFirst(scram::First),
    ScramFinal(scram::Final),
    ScramProven {
        name: String,
    },
    Anonymous {
        account: String,
    },
    Xoauth2,
    OauthBearer,
    External {
        names: Vec<String>,
    },
    /// It has failed; the client may say one more thing, and is then refused.
    Refused,
}

impl Exchange {
    /// What a response amounts to.
    pub(crate) fn step(self, response: &[u8], accounts: &dyn Accounts) -> Step {
        match self {
            Self::Plain => plain::step(response, accounts),
            Self::LoginName => login::name(response),
            Self::LoginPassword { name } => login::password(&name, response, accounts),
            Self::CramMd5 { challenge } => cram_md5::step(&challenge, response, accounts),
            Self::ScramFirst(first) => first.step(response, accounts),
            Self::ScramFinal(last) => last.step(response, accounts),
            Self::ScramProven { name } => Step::enter_if(response.is_empty(), name),
            Self::Anonymous { account } => anonymous::step(&account, response, accounts),
            Self::Xoauth2 => xoauth2::step(response, accounts),
            Self::OauthBearer => oauth_bearer::step(response, accounts),
            Self::External { names } => external::step(&names, response, accounts),
            Self::Refused => Step::Refuse,
        }
    }
}

/// A step of an exchange.
pub(crate) enum Step {
    /// Send this and wait for a response.
    Challenge(Vec<u8>, Exchange),
    /// The client has shown that it may enter the maildrop of this name.
    Enter(String),
    /// It has not, or its response is not in the mechanism's form.
    Refuse,
    /// There are no random octets to be had.
    NoRandomness,
}

impl Step {
    fn enter_if(shown: bool, name: String) -> Self {
        if shown { Self::Enter(name) } else { Self::Refuse }
    }

    /// The client has shown that it is `kept`, and wants to act as `target`.
    fn enter_as(kept: &Kept, target: Option<&Kept>) -> Self {
        kept.acting_as(target).map_or(Self::Refuse, Self::Enter)
    }
}

#[cfg(test)]
mod tests;

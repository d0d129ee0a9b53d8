//! What a session asks of the mail store.

use std::sync::Arc;
use std::time::Duration;

use crate::capability::Retention;
use crate::message_number::MessageNumber;
use crate::reply::RegisteredCode;
use crate::server::text::Text;
use crate::unique_id::UniqueId;

/// What a session asks of the mail store. One host serves one session. `now` is
/// the time of the session, see [`super::ServerSession::advance`].
pub trait Host {
    /// Checks a password; on success locks the maildrop and lists its messages.
    ///
    /// # Errors
    /// Why the client is refused. A lock taken on the way is released before.
    fn log_in(&mut self, credentials: Credentials<'_>, now: Duration) -> Result<Admission, Refusal>;

    /// Begins an AUTH exchange; `None` when there is no such mechanism.
    fn begin_exchange(
        &mut self,
        mechanism: &str,
        initial_response: Option<&[u8]>,
        now: Duration,
    ) -> Option<ExchangeStep>;

    /// Goes on with it.
    fn continue_exchange(&mut self, response: &[u8], now: Duration) -> ExchangeStep;

    /// Ends it without a result: cancelled, or not base64.
    fn cancel_exchange(&mut self);

    /// The octets of a message, with CRLF line ends. `None` when the store lost it.
    fn message(&mut self, number: MessageNumber) -> Option<Arc<[u8]>>;

    /// The UPDATE state: removes exactly these messages, those marked as deleted
    /// and, under `EXPIRE 0`, those retrieved (RFC 2449 section 6.7), then releases the lock, whether the removal was successful or not.
    ///
    /// # Errors
    /// Some marked messages were not removed.
    fn update(&mut self, marked: &[MessageNumber]) -> Result<(), UpdateFailed>;

    /// The session ended without UPDATE: releases the lock, removes nothing.
    fn release(&mut self);
}

/// What a client offers to show who it is.
#[derive(Clone, Copy)]
pub enum Credentials<'a> {
    /// USER and PASS.
    Password {
        /// The mailbox.
        name: &'a str,
        /// The password.
        password: &'a str,
    },
    /// APOP.
    Digest {
        /// The mailbox.
        name: &'a str,
        /// The timestamp of this session's greeting.
        timestamp: &'a str,
        /// The digest as sent.
        digest: &'a str,
    },
}

impl std::fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, name) = match self {
            Self::Password { name, .. } => ("Password", name),
            Self::Digest { name, .. } => ("Digest", name),
        };
        write!(f, "{kind} {{ name: {name:?}, .. }}")
    }
}

/// What a login opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The messages in the maildrop, in order. Sessions may share them.
    pub messages: Arc<[Listed]>,
    /// The delay between logins of this user in seconds, if there is one.
    pub login_delay: Option<u64>,
    /// How long messages of this user stay, if there is a policy.
    pub expire: Option<Retention>,
}

impl Admission {
    /// A maildrop without policies.
    pub fn new(messages: impl Into<Arc<[Listed]>>) -> Self {
        Self { messages: messages.into(), login_delay: None, expire: None }
    }
}

/// A message as listed at login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its exact size in octets as sent, byte-stuffing and terminating line not
    /// counted (RFC 1939 section 11).
    pub octets: u64,
    /// Its unique-id.
    pub unique_id: UniqueId,
}

/// Why a login is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Name or secret are wrong; which of them is not told.
    Credentials,
    /// Another session holds the maildrop.
    InUse,
    /// The last login was too short a time ago.
    TooSoon,
    /// The maildrop cannot be opened now.
    Temporarily,
    /// The maildrop cannot be opened, and trying again will not help.
    Permanently,
}

impl Refusal {
    /// The response code and text of the refusal (RFC 2449 section 8.1, RFC 3206).
    pub(super) fn reply(self) -> (RegisteredCode, Text) {
        match self {
            Self::Credentials => (RegisteredCode::Auth, Text::Credentials),
            Self::InUse => (RegisteredCode::InUse, Text::InUse),
            Self::TooSoon => (RegisteredCode::LoginDelay, Text::LoginDelay),
            Self::Temporarily => (RegisteredCode::SysTemp, Text::Temporarily),
            Self::Permanently => (RegisteredCode::SysPerm, Text::Permanently),
        }
    }
}

/// A step of an AUTH exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeStep {
    /// Ask the client for a response.
    Challenge(Vec<u8>),
    /// The exchange is over.
    Done(Result<Admission, Refusal>),
}

/// Some marked messages were not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateFailed;

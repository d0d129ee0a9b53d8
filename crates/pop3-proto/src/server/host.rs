//! What a session asks of the mail store.

use std::sync::Arc;

use crate::message_number::MessageNumber;
use crate::unique_id::UniqueId;

/// What a session asks of the mail store. One host serves one session.
pub trait Host {
    /// Checks a password; on success locks the maildrop and lists its messages.
    ///
    /// # Errors
    /// Why the client is refused. A lock taken on the way is released before.
    fn log_in(&mut self, credentials: Credentials<'_>) -> Result<Vec<Listed>, Refusal>;

    /// Begins an AUTH exchange; `None` when there is no such mechanism.
    fn begin_exchange(&mut self, mechanism: &str, initial_response: Option<&[u8]>) -> Option<ExchangeStep>;

    /// Goes on with it.
    fn continue_exchange(&mut self, response: &[u8]) -> ExchangeStep;

    /// Ends it without a result: cancelled, or not base64.
    fn cancel_exchange(&mut self);

    /// The octets of a message, with CRLF line ends. `None` when the store lost it.
    fn message(&mut self, number: MessageNumber) -> Option<Arc<[u8]>>;

    /// The UPDATE state: removes exactly the messages marked as deleted, then
    /// releases the lock, whether the removal was successful or not.
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
    /// The maildrop cannot be opened now.
    Temporarily,
    /// The maildrop cannot be opened, and trying again will not help.
    Permanently,
}

impl Refusal {
    /// The response code and text of the refusal (RFC 2449 section 8.1, RFC 3206).
    pub(super) fn reply(self) -> (&'static str, &'static str) {
        match self {
            Self::Credentials => ("AUTH", "name or password is wrong"),
            Self::InUse => ("IN-USE", "maildrop already locked"),
            Self::Temporarily => ("SYS/TEMP", "maildrop cannot be opened now"),
            Self::Permanently => ("SYS/PERM", "maildrop cannot be opened"),
        }
    }
}

/// A step of an AUTH exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeStep {
    /// Ask the client for a response.
    Challenge(Vec<u8>),
    /// The exchange is over.
    Done(Result<Vec<Listed>, Refusal>),
}

/// Some marked messages were not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateFailed;

//! What all sessions of a server share.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pop3_proto::server::{Availability, ServerConfig};

use crate::fault::Departures;
use crate::net::clock::Clock;
use crate::sasl::SaslSettings;
use crate::store::Store;
use crate::tls::TlsServer;
use crate::transcript::Transcript;

/// How many connections a server takes. One too many is answered
/// `-ERR [SYS/TEMP] too many connections`, on the TLS port under TLS, and closed;
/// where 64 of them are being told so, more are closed without a word.
///
/// What a hostile client can make one connection hold is bounded: 4 KiB as read,
/// one line (255 octets, 16 KiB in an exchange) a few times over while a mechanism
/// works on it, 130 KiB of waiting output, the buffers of TLS; and what lists a
/// maildrop, of which there is one session at a time. Messages are shared with the
/// store. A [`crate::transcript::Transcript`] is not bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// In all.
    pub connections: usize,
    /// From one address; `None` for as many as there may be in all.
    pub per_address: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 1000, per_address: None }
    }
}

/// What all sessions of a server share.
pub(crate) struct Settings {
    pub(crate) store: Store,
    pub(crate) session: ServerConfig,
    pub(crate) apop: Availability,
    pub(crate) sasl: Arc<SaslSettings>,
    pub(crate) tls: Option<TlsServer>,
    pub(crate) stls: bool,
    pub(crate) host_name: String,
    pub(crate) transcript: Option<Transcript>,
    pub(crate) clock: Clock,
    pub(crate) sessions: AtomicU64,
    pub(crate) departures: Departures,
}

impl Settings {
    /// The number of a new session, from 1.
    pub(crate) fn number_session(&self) -> u64 {
        self.sessions.fetch_add(1, Ordering::Relaxed)
    }

    /// The timestamp of a greeting: a `msg-id` that no other session has (RFC
    /// 1939 section 7), and that nobody can foretell.
    pub(crate) fn timestamp(&self, number: u64, seconds: u64) -> String {
        let random = RandomState::new().build_hasher().finish();
        format!("<{number}.{random:016x}.{seconds}@{}>", self.host_name)
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("session", &self.session).finish_non_exhaustive()
    }
}

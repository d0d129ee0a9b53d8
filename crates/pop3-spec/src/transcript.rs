//! What happened on connections, octet by octet.

use std::collections::BTreeSet;

pub mod text;

/// All connections of one scenario, or of one recorded file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The connections, in any order: [`Entry::order`] says what came first.
    pub connections: Vec<Connection>,
    /// Which sessions were of the same maildrop.
    pub maildrops: Maildrops,
    /// Whether mail may have come in meanwhile.
    pub deliveries: Deliveries,
    /// Tags of capabilities that the server is known to announce, upper case, and each
    /// again with each of its arguments (`EXPIRE`, `EXPIRE NEVER`), from whatever else
    /// was seen of it; empty when nothing is known.
    pub announced: BTreeSet<String>,
}

/// How sessions are tied to maildrops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Maildrops {
    /// By the name in USER, APOP or AUTH PLAIN, where it shows.
    #[default]
    Named,
    /// Besides, sessions whose name does not show are all of one maildrop, and
    /// nobody else opens it.
    One,
    /// Not at all: others open the same maildrops, so that nothing follows from
    /// one session for the next.
    Shared,
}

/// Whether mail can have come in between or during the sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deliveries {
    /// It can.
    #[default]
    Possible,
    /// Nobody delivered any.
    None,
}

/// One connection from its opening to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// The name of the session in its scenario; empty for the only one.
    pub session: String,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// How true the octets are.
    pub record: Record,
}

/// How true the octets of a record are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// As they went over the wire.
    #[default]
    Exact,
    /// Three asterisks or more may stand for a secret of any length.
    Masked,
}

/// One thing that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Milliseconds since the scenario began.
    pub at_ms: u64,
    /// Running number over all connections of a history: of octets sent, when the
    /// first of them went; of octets received, when the last of them came.
    pub order: u64,
    /// The line of the file that it was read from, from 1; 0 when there is none.
    pub line: u32,
    /// What it was.
    pub what: What,
}

/// A thing that happens on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The connection was opened; the words say how.
    Opened(String),
    /// The client sent octets.
    Sent(Vec<u8>),
    /// The server sent octets.
    Received(Vec<u8>),
    /// The record leaves out as many octets here, of the side that the entry before
    /// is of.
    Omitted(u64),
    /// The client waited so many milliseconds for octets or the end, in vain.
    Waited(u64),
    /// The TLS handshake is complete; the words say with what.
    TlsEstablished(String),
    /// The TLS handshake failed; the words say how.
    TlsFailed(String),
    /// The connection ended.
    Closed(ClosedBy),
}

impl Default for What {
    fn default() -> Self {
        Self::Opened(String::new())
    }
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The client closed it, or reset it.
    Client,
    /// The server closed it in good order.
    Server,
    /// The connection was reset by the server's side.
    Reset,
}

impl Connection {
    /// The entry with this octet of the server, counted from 0; behind the last
    /// octet, the last entry.
    #[must_use]
    pub fn entry_at(&self, octet: u64) -> Option<&Entry> {
        let mut passed: u64 = 0;
        let holds = |entry: &&Entry| {
            passed = passed.saturating_add(match &entry.what {
                What::Received(octets) => octets.len() as u64,
                What::Omitted(octets) => *octets,
                _ => 0,
            });
            passed > octet
        };
        self.entries.iter().find(holds).or_else(|| self.entries.last())
    }
}

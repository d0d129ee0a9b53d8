//! What went over the connections of a server, with secrets masked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pop3_proto::command::Keyword;
use pop3_proto::escape::Escaped;
use pop3_proto::server::Ending;
use pop3_proto::state::State;

/// The transcript of a server; a clone is another handle on the same one.
/// It keeps everything that was sent until the server is dropped.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    connections: Arc<Mutex<Vec<Connection>>>,
    /// When the server was built.
    since: Duration,
}

/// A connection in a transcript.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

/// Something that happened on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Time since the server was built.
    pub at: Duration,
    /// What it was.
    pub event: Event,
}

/// What happened.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// A line of the client, line end included; at the end of a connection, what
    /// there was of one. The secret in it is masked. Of a line beyond 64 KiB, its
    /// beginning, and how many octets more there were.
    Client(Vec<u8>),
    /// Octets of the server. A long response comes in several.
    Server(Vec<u8>),
    /// TLS protects the connection from here on.
    TlsStarted,
    /// The session ended.
    Ended(Ending),
}

impl Transcript {
    /// A copy of all connections so far, in the order in which they were opened.
    #[must_use]
    pub fn connections(&self) -> Vec<Connection> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same, with times reckoned from this one on.
    pub(crate) fn since(self, since: Duration) -> Self {
        Self { since, ..self }
    }

    pub(crate) fn open(&self) -> Recorder {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        connections.push(Connection::default());
        Recorder {
            transcript: self.clone(),
            index: connections.len() - 1,
            line: Vec::new(),
            left_out: 0,
            state: State::Authorization,
            after: After::Other,
            last: Duration::ZERO,
            ended: false,
        }
    }
}

/// A backslash where octets do not end a line, so that a reader adds no line end
/// (`docs/transcript.md`).
fn unended(octets: &[u8]) -> &'static str {
    if octets.ends_with(b"\n") { "" } else { "\\" }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(octets) => write!(f, "C: {}{}", Escaped(octets), unended(octets)),
            Self::Server(octets) => write!(f, "S: {}{}", Escaped(octets), unended(octets)),
            Self::TlsStarted => f.write_str("-- TLS"),
            Self::Ended(ending) => write!(f, "-- ended: {ending:?}"),
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.iter().try_for_each(|entry| writeln!(f, "{}", entry.event))
    }
}

/// Octets of one line that are kept.
const LONGEST: usize = 64 * 1024;

/// Writes one connection into a transcript.
#[derive(Debug)]
pub(crate) struct Recorder {
    transcript: Transcript,
    index: usize,
    line: Vec<u8>,
    /// Octets of the line beyond those kept.
    left_out: u64,
    state: State,
    after: After,
    /// When something happened last.
    last: Duration,
    ended: bool,
}

impl Recorder {
    /// Octets that the session took in `state`; `Whole` when they end its line.
    pub(crate) fn client(&mut self, octets: &[u8], state: State, line: Line, at: Duration) {
        let (kept, more) = octets.split_at(octets.len().min(LONGEST.saturating_sub(self.line.len())));
        self.line.extend_from_slice(kept);
        self.left_out += more.len() as u64;
        self.state = state;
        self.last = at;
        if line == Line::Whole {
            self.flush(at);
        }
    }

    pub(crate) fn server(&mut self, octets: &[u8], at: Duration) {
        if !octets.is_empty() {
            self.push(Event::Server(octets.to_vec()), at);
        }
    }

    pub(crate) fn tls_started(&mut self, at: Duration) {
        self.push(Event::TlsStarted, at);
    }

    pub(crate) fn ended(&mut self, ending: Ending, at: Duration) {
        self.flush(at);
        self.push(Event::Ended(ending), at);
        self.ended = true;
    }

    fn flush(&mut self, at: Duration) {
        if !self.line.is_empty() {
            let mut masked = masked(&self.line, self.state, &mut self.after);
            self.line.clear();
            match std::mem::take(&mut self.left_out) {
                0 => {}
                more => masked.extend_from_slice(format!("[{more} octets more]").as_bytes()),
            }
            self.push(Event::Client(masked), at);
        }
    }

    fn push(&mut self, event: Event, at: Duration) {
        self.last = at;
        let mut connections = self.transcript.connections.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = connections.get_mut(self.index) {
            connection.entries.push(Entry { at: at.saturating_sub(self.transcript.since), event });
        }
    }
}

/// When the server stops, sessions end where they stand.
impl Drop for Recorder {
    fn drop(&mut self) {
        if !self.ended {
            self.ended(Ending::Disconnected, self.last);
        }
    }
}

/// Whether octets end a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Whole,
    Unfinished,
}

/// What the command before a line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// AUTH. Clients that do not wait for its reply, or misread it, go on as in an
    /// exchange, though there is none.
    Auth,
    Other,
}

/// What stands where a secret was.
const MASK: &[u8] = b"***";

/// A client's line with its secrets masked: the argument of PASS, the digest of
/// APOP, the initial response of AUTH, and every line of an exchange but `*`.
/// Behind AUTH, every line that is no command may be meant as one of an exchange.
/// What a bare LF divides is looked at piece by piece, as some servers would.
fn masked(line: &[u8], state: State, after: &mut After) -> Vec<u8> {
    line.split_inclusive(|octet| *octet == b'\n').flat_map(|piece| masked_piece(piece, state, after)).collect()
}

fn masked_piece(line: &[u8], state: State, after: &mut After) -> Vec<u8> {
    let blank = |octet: &&u8| b" \t".contains(octet);
    let end = line.len() - line.iter().rev().take_while(|octet| b"\r\n".contains(octet)).count();
    let begin = line.iter().take_while(blank).count().min(end);
    let (text, line_end) = line.split_at(end);
    let words = text.get(begin..).unwrap_or_default();
    let hide_from = |arguments: usize| {
        let spaces = words.iter().enumerate().filter(|(_, octet)| blank(octet));
        spaces.map(|(at, _)| begin + at + 1).nth(arguments - 1)
    };
    let keyword: Vec<u8> = words.iter().take_while(|octet| !blank(octet)).map(u8::to_ascii_uppercase).collect();
    let known = Keyword::ALL.iter().any(|known| known.as_str().as_bytes() == keyword);
    let from = match (state, keyword.as_slice()) {
        (_, b"*") if text == b"*" => None,
        (State::Exchange, _) => Some(0),
        (_, b"PASS") => hide_from(1),
        (_, b"APOP" | b"AUTH") => hide_from(2),
        _ if !known && *after == After::Auth => Some(0),
        _ => None,
    };
    match (state, keyword.as_slice()) {
        (State::Exchange, _) => {}
        (_, b"AUTH") => *after = After::Auth,
        _ if known => *after = After::Other,
        _ => {}
    }
    match from {
        Some(from) if from < end => [text.get(..from).unwrap_or_default(), MASK, line_end].concat(),
        _ => line.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked() {
        let check = |line: &[u8], state, want: &[u8]| {
            assert_eq!(
                masked(line, state, &mut After::Other).escape_ascii().to_string(),
                want.escape_ascii().to_string()
            );
        };
        check(b"PASS secret word\r\n", State::Named, b"PASS ***\r\n");
        check(b"pass secret", State::Authorization, b"pass ***");
        check(b"PASS\tsecret\r\n", State::Named, b"PASS\t***\r\n");
        check(b"PASS \r\n", State::Named, b"PASS \r\n");
        check(b"APOP mrose c4c9\r\n", State::Authorization, b"APOP mrose ***\r\n");
        check(b"AUTH PLAIN AGEAYg==\r\n", State::Authorization, b"AUTH PLAIN ***\r\n");
        check(b"AUTH PLAIN\r\n", State::Authorization, b"AUTH PLAIN\r\n");
        check(b"AGEAYg==\r\n", State::Exchange, b"***\r\n");
        check(b"*\r\n", State::Exchange, b"*\r\n");
        check(b"\r\n", State::Exchange, b"\r\n");
        check(b"STAT\r\n", State::Transaction, b"STAT\r\n");
        check(b" PASS secret\r\n", State::Named, b" PASS ***\r\n");
        check(b"USER a\nPASS secret\r\n", State::Authorization, b"USER a\nPASS ***\r\n");
        check(b"USER a\nb\r\n", State::Authorization, b"USER a\nb\r\n");
        check(b"AUTH PLAIN\nAGEAYg==\r\n", State::Authorization, b"AUTH PLAIN\n***\r\n");
        check(b"c2VjcmV0\r\n", State::Authorization, b"c2VjcmV0\r\n");
    }
}

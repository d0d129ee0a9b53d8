//! A transcript read again as replies to commands.

use pop3_proto::client::{Answers, ClientError, ClientSession, Limits, ObservedReply};
use pop3_proto::command::Keyword;
use pop3_proto::reply::Status;
use pop3_proto::state::State;

use crate::transcript::{ClosedBy, Connection, What};

/// What a connection's octets say.
#[derive(Debug)]
pub struct Dialogue {
    /// The replies in order.
    pub replies: Vec<ObservedReply>,
    /// Octets of a reply that never became complete.
    pub unfinished: Option<Vec<u8>>,
    /// Who ended the connection, if it ended.
    pub closed: Option<ClosedBy>,
    /// Octets from the server in all.
    pub received: u64,
    /// Whether everything sent was well-formed as lines: printable ASCII, CRLF,
    /// not empty, at most 255 octets. Only then is the number of replies certain.
    pub orderly: bool,
    /// Set when reading was given up.
    pub failed: Option<ClientError>,
}

impl Dialogue {
    /// Reads a connection. Octets behind the `+OK` to STLS and behind a failed
    /// handshake are not read: they are no longer POP3.
    ///
    /// A greeting once more behind the handshake is read as one where that makes
    /// the number of replies come out; RFC 2595 does not forbid it, and all that
    /// follows would be misread.
    #[must_use]
    pub fn read(connection: &Connection, limits: Limits) -> Self {
        let dialogue = Self::read_with(connection, limits, Greetings::One);
        if dialogue.unasked() == 0 {
            return dialogue;
        }
        let greeted_again = Self::read_with(connection, limits, Greetings::AgainUnderTls);
        if greeted_again.unasked() < dialogue.unasked() { greeted_again } else { dialogue }
    }

    /// How many replies answer nothing.
    fn unasked(&self) -> usize {
        self.replies.iter().filter(|reply| reply.answers == Answers::Nothing).count()
    }

    /// The keyword and first argument of the command that a positive reply
    /// answers. `None` too where malformed lines leave it open which one that is.
    #[must_use]
    pub fn granted<'r>(&self, reply: &'r ObservedReply) -> Option<(Keyword, Option<&'r [u8]>)> {
        let Answers::Line(line) = &reply.answers else { return None };
        if reply.status != Some(Status::Ok) || !self.orderly {
            return None;
        }
        let mut words = line.split(|octet| *octet == b' ').filter(|word| !word.is_empty());
        let keyword = words.next().and_then(Keyword::from_word)?;
        Some((keyword, words.next()))
    }

    fn read_with(connection: &Connection, limits: Limits, greetings: Greetings) -> Self {
        let mut session = ClientSession::new(limits);
        let mut dialogue =
            Self { replies: Vec::new(), unfinished: None, closed: None, received: 0, orderly: true, failed: None };
        let mut line = Vec::new();
        for entry in &connection.entries {
            match &entry.what {
                What::Opened(_) => {}
                What::Sent(octets) => {
                    dialogue.orderly &= is_orderly(&mut line, octets);
                    session.sent(octets);
                }
                What::Received(octets) => {
                    dialogue.received += octets.len() as u64;
                    let mut input = octets.as_slice();
                    while session.state() != State::Handshake {
                        match session.receive(&mut input) {
                            Ok(Some(reply)) => dialogue.replies.push(reply),
                            Ok(None) => break,
                            Err(error) => {
                                dialogue.failed = Some(error);
                                return dialogue;
                            }
                        }
                    }
                }
                What::TlsEstablished(_) => {
                    line.clear();
                    let upgraded = session.state() == State::Handshake;
                    session.handshake_done();
                    if upgraded && greetings == Greetings::AgainUnderTls {
                        session.expect_greeting();
                    }
                }
                What::TlsFailed(_) => return dialogue,
                What::Closed(by) => dialogue.closed = Some(*by),
            }
        }
        dialogue.unfinished = session.unfinished();
        dialogue
    }
}

/// Whether a greeting comes behind the handshake of STLS.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Greetings {
    One,
    AgainUnderTls,
}

/// Follows the lines sent; `line` holds the one not ended.
fn is_orderly(line: &mut Vec<u8>, octets: &[u8]) -> bool {
    let mut orderly = true;
    for &octet in octets {
        line.push(octet);
        match octet {
            b'\n' => {
                orderly &= line.ends_with(b"\r\n") && (3..=255).contains(&line.len());
                line.clear();
            }
            b'\r' => {}
            octet => orderly &= (0x20..=0x7E).contains(&octet) && !line.contains(&b'\r'),
        }
    }
    orderly
}

/// The line that a reply answers; empty for the greeting and for nothing.
#[must_use]
pub fn command_of(reply: &ObservedReply) -> &[u8] {
    match &reply.answers {
        Answers::Line(line) | Answers::ExchangeLine(line) => line,
        Answers::Greeting | Answers::Nothing => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_the_grammar_are_orderly() {
        let check = |chunks: &[&[u8]], want| {
            let mut line = Vec::new();
            let orderly = chunks.iter().fold(true, |orderly, chunk| is_orderly(&mut line, chunk) & orderly);
            assert_eq!(orderly, want, "{chunks:?}");
        };
        check(&[b"NOOP\r\n", b"LIST 1\r", b"\nQUIT"], true);
        check(&[b"NOOP\n"], false);
        check(&[b"\r\n"], false);
        check(&[b"A\rB\r\n"], false);
        check(&[b"USER \xff\r\n"], false);
        check(&[&[b'A'; 254], b"\r\n"], false);
        check(&[&[b'A'; 253], b"\r\n"], true);
    }
}

//! A client's side of a session, without I/O, that takes whatever a server says:
//! it returns what it understood and everything that was off.
//!
//! It keeps the queue of lines sent and not yet answered, since the command
//! gives the shape of its reply (`LIST` and `LIST 1` differ); so pipelining works,
//! and so does watching a dialogue that somebody else leads.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use thiserror::Error;

use crate::command::{Command, Keyword};
use crate::deviation::{Deviation, Observed};
use crate::line::{BareLf, Frame, LineEnd, LineFramer};
use crate::reply::{Challenge, Charset, ReplyShape, STATUS_LINE_LIMIT, Status, StatusLine};
use crate::state::{self, Input, Outcome, State};
use crate::stuffing::{ExpectedEnd, Piece, Unstuffer};

mod observed;

pub use observed::{Answers, ObservedReply};

/// How much of a server's output is taken before reading fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of a first line.
    pub status_line: usize,
    /// Octets of the body of a multi-line response.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { status_line: 16 * 1024, body: 64 * 1024 * 1024 }
    }
}

/// The server sends more than anybody should take. Sticky: reading is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ClientError {
    /// A first line without end.
    #[error("a first line of more than {limit} octets; RFC 1939 section 3 allows 512")]
    StatusLine {
        /// The limit in octets.
        limit: usize,
    },
    /// A body without end.
    #[error("a multi-line response of more than {limit} octets without its terminating line")]
    Body {
        /// The limit in octets.
        limit: usize,
    },
}

/// A client's side of a session.
pub struct ClientSession {
    limits: Limits,
    state: State,
    charset: Charset,
    sending: LineFramer,
    unanswered: VecDeque<Vec<u8>>,
    greeting: Greeting,
    reading: Reading,
    /// Octets taken from the server so far.
    taken: u64,
    failed: Option<ClientError>,
}

/// Without what was sent, which may be a password.
impl fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ClientSession");
        shown.field("state", &self.state).field("charset", &self.charset).field("greeting", &self.greeting);
        shown.field("unanswered", &self.unanswered.len()).field("taken", &self.taken).field("failed", &self.failed);
        shown.finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Greeting {
    Awaited,
    Seen,
}

enum Reading {
    /// A first line that began at this octet.
    FirstLine { framer: LineFramer, began: u64 },
    /// The body behind this first line.
    Body { reply: Box<ObservedReply>, unstuffer: Box<Unstuffer> },
}

/// Deviations of one reply that are kept: a body may have one in each of its lines,
/// and each is held against the checks with octets of its own.
const DEVIATIONS: usize = 1000;

/// Octets of a sent line that are kept to tell what a reply answers.
const KEPT: usize = 512;

impl ClientSession {
    /// A session on a new connection: the greeting comes first.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: State::Authorization,
            charset: Charset::Ascii,
            sending: LineFramer::new(KEPT + 2, BareLf::IsData),
            unanswered: VecDeque::new(),
            greeting: Greeting::Awaited,
            reading: first_line(limits, 0),
            taken: 0,
            failed: None,
        }
    }

    /// Takes note of octets sent, whatever they are. Only CRLF ends a line here,
    /// as in RFC 1939 section 3.
    pub fn sent(&mut self, octets: &[u8]) {
        let mut rest = octets;
        while let Some(frame) = self.sending.next(&mut rest) {
            let line = match frame {
                Frame::Line { octets, .. } => octets,
                Frame::TooLong { beginning, .. } => beginning,
            };
            self.unanswered.push_back(line.to_vec());
        }
    }

    /// Reads the next reply from the front of `input`; `None` when `input` is
    /// used up and the reply goes on.
    ///
    /// # Errors
    /// A limit is exceeded; the same error for ever after.
    pub fn receive(&mut self, input: &mut &[u8]) -> Result<Option<ObservedReply>, ClientError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let result = self.read(input);
        if let Err(error) = result {
            self.failed = Some(error);
        }
        result
    }

    /// The TLS handshake behind STLS is complete. What was received in clear and is
    /// no whole reply is forgotten: it may be anybody's (RFC 2595 section 4, RFC 7457
    /// section 2.2). A language stays, as RFC 2595 does not say that a server gives
    /// it up.
    pub fn handshake_done(&mut self) {
        self.state = state::next(self.state, Input::HandshakeDone, Outcome::Silent).unwrap_or(self.state);
        self.unanswered.clear();
        self.sending.discard();
        self.reading = first_line(self.limits, self.taken);
    }

    /// A greeting is to come once more, as some servers send one behind the TLS
    /// handshake, which RFC 2595 does not ask for.
    pub fn expect_greeting(&mut self) {
        self.greeting = Greeting::Awaited;
    }

    /// The state that the replies so far have led to.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// How many lines sent have no reply yet.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.unanswered.len()
    }

    /// Whether the greeting is still to come.
    #[must_use]
    pub fn awaits_greeting(&self) -> bool {
        self.greeting == Greeting::Awaited
    }

    /// What has been read of a reply that is not complete: its octets as far as
    /// they are kept, for messages.
    #[must_use]
    pub fn unfinished(&self) -> Option<Vec<u8>> {
        match &self.reading {
            Reading::FirstLine { framer, .. } => {
                let octets = framer.unfinished();
                (!octets.is_empty()).then(|| octets.to_vec())
            }
            Reading::Body { reply, .. } => {
                let mut octets = reply.line.clone();
                octets.extend_from_slice(b"\r\n");
                octets.extend_from_slice(reply.body.as_deref().unwrap_or_default());
                Some(octets)
            }
        }
    }

    fn read(&mut self, input: &mut &[u8]) -> Result<Option<ObservedReply>, ClientError> {
        loop {
            let before = input.len();
            let done = match &mut self.reading {
                Reading::FirstLine { framer, began } => {
                    let too_long = ClientError::StatusLine { limit: self.limits.status_line };
                    let line = match framer.next(input) {
                        None => None,
                        Some(Frame::TooLong { .. }) => return Err(too_long),
                        Some(Frame::Line { octets, end }) => Some((octets.to_vec(), end)),
                    };
                    let endless = framer.unfinished_octets() > self.limits.status_line as u64;
                    let began = *began;
                    self.taken += (before - input.len()) as u64;
                    match line {
                        Some(line) => self.first_line_read(line, began..self.taken),
                        None if endless => return Err(too_long),
                        None => return Ok(None),
                    }
                }
                Reading::Body { reply, unstuffer } => {
                    let piece = unstuffer.next(input);
                    self.taken += (before - input.len()) as u64;
                    let body = reply.body.get_or_insert_default();
                    match piece {
                        None => return Ok(None),
                        Some(Piece::Octets(octets)) => {
                            if body.len() + octets.len() > self.limits.body {
                                return Err(ClientError::Body { limit: self.limits.body });
                            }
                            body.extend_from_slice(octets);
                            None
                        }
                        Some(Piece::Deviation(deviation)) => {
                            if reply.deviations.len() < DEVIATIONS {
                                reply.deviations.push(Observed { deviation, at: self.taken.saturating_sub(1) });
                            }
                            None
                        }
                        Some(Piece::End) => {
                            reply.octets.end = self.taken;
                            Some(ObservedReply { body: reply.body.take(), ..(**reply).clone() })
                        }
                    }
                }
            };
            if let Some(reply) = done {
                self.reading = first_line(self.limits, self.taken);
                return Ok(Some(reply));
            }
        }
    }

    /// A first line has come: the whole reply, or the beginning of one.
    fn first_line_read(&mut self, (line, end): (Vec<u8>, LineEnd), octets: Range<u64>) -> Option<ObservedReply> {
        let answers = self.answered();
        let in_exchange = match &answers {
            Answers::ExchangeLine(_) => true,
            Answers::Line(sent) => keyword(sent) == Some(Keyword::Auth),
            Answers::Greeting | Answers::Nothing => false,
        };
        let challenge = if in_exchange { Challenge::Possible } else { Challenge::Impossible };
        let mut off = Vec::new();
        let understood = StatusLine::observe(&line, challenge, self.charset_of(&answers), &mut off);
        if answers == Answers::Greeting {
            // In the grammar of RFC 2449 section 3 a greeting has no space there.
            off.retain(|(_, deviation)| *deviation != Deviation::StatusNotSeparated);
        }
        let (status, text_at) = match understood {
            Some(understood) => (Some(understood.status), line.len() - understood.text.len()),
            None => (None, 0),
        };
        if end == LineEnd::BareLf {
            off.push((line.len(), Deviation::BareLfLineEnd));
        }
        // A challenge may be of any length (RFC 5034 section 4).
        if line.len() + end.octets() > STATUS_LINE_LIMIT && status != Some(Status::Continue) {
            off.push((STATUS_LINE_LIMIT, Deviation::StatusLineTooLong));
        }
        let deviations =
            off.into_iter().map(|(at, deviation)| Observed { deviation, at: octets.start + at as u64 }).collect();
        self.step(&answers, status);
        self.agree(&answers, status);
        let multi_line = match &answers {
            Answers::Line(sent) => ReplyShape::of(sent) == ReplyShape::MultiLine,
            _ => false,
        };
        let reply = ObservedReply { answers, line, status, text_at, body: None, deviations, octets };
        if multi_line && status == Some(Status::Ok) {
            let line_end = if end == LineEnd::BareLf { ExpectedEnd::LfToo } else { ExpectedEnd::CrLf };
            let reply = Box::new(ObservedReply { body: Some(Vec::new()), ..reply });
            self.reading = Reading::Body { reply, unstuffer: Box::new(Unstuffer::new(line_end)) };
            return None;
        }
        Some(reply)
    }

    /// Takes the oldest thing that waits for a reply.
    fn answered(&mut self) -> Answers {
        if self.greeting == Greeting::Awaited {
            self.greeting = Greeting::Seen;
            return Answers::Greeting;
        }
        match (self.unanswered.pop_front(), self.state) {
            (None, _) => Answers::Nothing,
            (Some(line), State::Exchange) => Answers::ExchangeLine(line),
            (Some(line), _) => Answers::Line(line),
        }
    }

    /// Follows the table, as far as the server does.
    fn step(&mut self, answers: &Answers, status: Option<Status>) {
        let input = match answers {
            Answers::ExchangeLine(_) => Some(Input::ExchangeLine),
            Answers::Line(line) => keyword(line).map(Input::Command),
            Answers::Greeting | Answers::Nothing => None,
        };
        let outcome = match status {
            Some(Status::Ok) => Outcome::Positive,
            Some(Status::Continue) => Outcome::Challenge,
            Some(Status::Err) | None => Outcome::Negative,
        };
        let Some(input) = input else {
            // An unknown command: no more than PASS loses its turn.
            if matches!(answers, Answers::Line(_)) && outcome == Outcome::Negative {
                self.state = state::refused(self.state);
            }
            return;
        };
        // A server may be more generous than the table, for instance with
        // something between USER and PASS: what it granted counts.
        let granted = match (input, outcome) {
            (Input::Command(Keyword::Pass | Keyword::Apop), Outcome::Positive) => Some(State::Transaction),
            (Input::Command(Keyword::User), Outcome::Positive) if self.state != State::Transaction => {
                Some(State::Named)
            }
            (Input::Command(Keyword::Auth), Outcome::Positive) => self.auth_granted(answers),
            (Input::Command(Keyword::Auth), Outcome::Challenge) => Some(State::Exchange),
            // `-ERR` to QUIT ends the session too, in the UPDATE state; but to one
            // that breaks the grammar it is a refusal like any other.
            (Input::Command(Keyword::Quit), Outcome::Positive) => Some(State::Ended),
            (Input::Command(Keyword::Quit), _) if is_well_formed(answers) => Some(State::Ended),
            (Input::Command(Keyword::Quit), _) => Some(state::refused(self.state)),
            (Input::Command(Keyword::Stls), Outcome::Positive) => Some(State::Handshake),
            _ => None,
        };
        self.state =
            granted.or_else(|| state::next(self.state, input, outcome)).unwrap_or_else(|| state::refused(self.state));
        if matches!(self.state, State::Ended | State::Handshake) {
            // Nothing sent behind QUIT or STLS is to be answered.
            self.unanswered.clear();
        }
    }

    /// The answer to LANG is in the new language already (RFC 6856 section 3.2). Of
    /// the answer to UTF8, section 2.1 does not say which mode it is in.
    fn charset_of(&self, answers: &Answers) -> Charset {
        match answers {
            Answers::Line(line) if matches!(keyword(line), Some(Keyword::Lang | Keyword::Utf8)) => Charset::Utf8,
            _ => self.charset,
        }
    }

    /// UTF8 and LANG change the charset of all text to come.
    fn agree(&mut self, answers: &Answers, status: Option<Status>) {
        let Answers::Line(line) = answers else { return };
        let asked = matches!(keyword(line), Some(Keyword::Utf8 | Keyword::Lang));
        if asked && status == Some(Status::Ok) && ReplyShape::of(line) == ReplyShape::SingleLine {
            self.charset = Charset::Utf8;
        }
    }

    /// `+OK` to AUTH with a mechanism is a login; to AUTH alone it is the older
    /// listing of mechanisms.
    fn auth_granted(&self, answers: &Answers) -> Option<State> {
        let alone = matches!(answers, Answers::Line(line) if ReplyShape::of(line) == ReplyShape::MultiLine);
        if alone { Some(self.state) } else { Some(State::Transaction) }
    }
}

fn first_line(limits: Limits, began: u64) -> Reading {
    Reading::FirstLine { framer: LineFramer::new(limits.status_line, BareLf::EndsLine), began }
}

fn is_well_formed(answers: &Answers) -> bool {
    matches!(answers, Answers::Line(line) if Command::parse(line).is_ok())
}

fn keyword(line: &[u8]) -> Option<Keyword> {
    line.split(|octet| *octet == b' ').find(|word| !word.is_empty()).and_then(Keyword::from_word)
}

#[cfg(test)]
mod tests;

//! A transcript read again as replies to commands.

mod reader;

use std::ops::Deref;

use pop3_proto::client::{Answers, ClientError, Limits, ObservedReply};
use pop3_proto::command::Keyword;
use pop3_proto::reply::Status;
use pop3_proto::state::State;

use crate::transcript::{ClosedBy, Connection};
use reader::{Greetings, Reader};

/// What a connection's octets say.
#[derive(Debug)]
pub struct Dialogue {
    /// The replies in order.
    pub replies: Vec<Turn>,
    /// Octets of a reply that never became complete.
    pub unfinished: Option<Vec<u8>>,
    /// Lines sent that no reply has come to, in the end.
    pub unanswered: Vec<Vec<u8>>,
    /// Who ended the connection, if it ended.
    pub closed: Option<ClosedBy>,
    /// Octets from the server in all.
    pub received: u64,
    /// Whether everything sent was well-formed as lines: printable ASCII, CRLF,
    /// not empty, at most 255 octets. Only then is the number of replies certain.
    pub orderly: bool,
    /// Octets in the clear between the `+OK` to STLS and the handshake, where the
    /// client sent nothing that they could answer; with the offset of the first.
    pub clear_text: Option<(u64, Vec<u8>)>,
    /// Whether lines were sent in the clear behind STLS, which the server had not
    /// answered when TLS began.
    pub injected: bool,
    /// How long the client waited behind QUIT without seeing octets or the end, in
    /// milliseconds.
    pub waited: Option<u64>,
    /// Whether the letters QUIT were sent, as a command or not, in any case. Without
    /// them no server can have come to the UPDATE state.
    pub quits: bool,
    /// Whether replies must have been taken for those of other commands.
    misread: bool,
    /// Whether the rest of the connection is unknown, because the record leaves out
    /// what would have to be understood first.
    pub cut: bool,
    /// Set when reading was given up.
    pub failed: Option<ClientError>,
    /// Whether the last that the client sent is a line that it did not end. A server may
    /// answer it when the client's direction has ended.
    pub half_line: bool,
}

impl Dialogue {
    /// What came before the handshake; the rest is as good as unknown.
    pub(crate) fn before_tls(mut self) -> Self {
        self.replies.retain(|turn| turn.layer == Layer::Plain);
        Self {
            unfinished: None,
            unanswered: Vec::new(),
            closed: None,
            waited: None,
            quits: true,
            cut: true,
            half_line: false,
            ..self
        }
    }
}

/// A reply and where it stands in the dialogue.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The reply.
    pub reply: ObservedReply,
    /// The state in which it was given.
    pub state: State,
    /// The state that it led to.
    pub after: State,
    /// Whether TLS was active.
    pub layer: Layer,
    /// When the line that it answers was sent: [`Entry::order`](crate::transcript::Entry::order).
    pub sent: u64,
    /// When its last octet came.
    pub came: u64,
    /// Whether all that was sent so far was well-formed as lines, so that this is
    /// certainly the answer to that command.
    pub orderly: bool,
    /// Whether the record has all its octets. Without that nothing can be said
    /// about its body.
    pub whole: bool,
}

/// What lies below the dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// TCP alone.
    Plain,
    /// TLS.
    Tls,
}

impl Deref for Turn {
    type Target = ObservedReply;

    fn deref(&self) -> &ObservedReply {
        &self.reply
    }
}

impl Turn {
    /// The words of the command line that it answers, split at single spaces.
    /// `None` for the greeting, within an exchange, and where malformed lines leave
    /// it open which one that is.
    #[must_use]
    pub fn words(&self) -> Option<(Keyword, Vec<&[u8]>)> {
        let Answers::Line(line) = &self.reply.answers else { return None };
        let mut words = line.split(|octet| *octet == b' ');
        let keyword = words.next().filter(|_| self.orderly).and_then(Keyword::from_word)?;
        Some((keyword, words.collect()))
    }

    /// The keyword and first argument of the command that a positive reply
    /// answers. `None` too where malformed lines leave it open which one that is.
    #[must_use]
    pub fn granted(&self) -> Option<(Keyword, Option<&[u8]>)> {
        let Answers::Line(line) = &self.reply.answers else { return None };
        if self.reply.status != Some(Status::Ok) || !self.orderly {
            return None;
        }
        let mut words = line.split(|octet| *octet == b' ').filter(|word| !word.is_empty());
        let keyword = words.next().and_then(Keyword::from_word)?;
        Some((keyword, words.next()))
    }

    /// The lines of a listing: the body's, or the text of a reply of one line. None
    /// where the record leaves some out.
    #[must_use]
    pub fn listing(&self) -> Vec<&[u8]> {
        if !self.whole {
            return Vec::new();
        }
        if self.reply.body.is_some() { self.reply.lines().collect() } else { vec![self.reply.text()] }
    }

    /// Whether it opened a maildrop.
    #[must_use]
    pub fn logs_in(&self) -> bool {
        self.state != State::Transaction && self.after == State::Transaction
    }

    /// Whether it is a refusal without a response code. With one, the server says
    /// that something else than the command is at fault.
    #[must_use]
    pub fn refused(&self) -> bool {
        self.reply.status == Some(Status::Err) && self.reply.response_code().is_none()
    }
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
        let dialogue = Reader::read(connection, limits, Greetings::One);
        if dialogue.unasked() == 0 {
            return dialogue;
        }
        let greeted_again = Reader::read(connection, limits, Greetings::AgainUnderTls);
        // A greeting is positive.
        let greets = |turn: &Turn| turn.answers == Answers::Greeting && turn.layer == Layer::Tls;
        let positive = |turn: &Turn| !greets(turn) || turn.status == Some(Status::Ok);
        let comes_out = greeted_again.unasked() < dialogue.unasked() && greeted_again.replies.iter().all(positive);
        if comes_out { greeted_again } else { dialogue }
    }

    /// How many replies answer nothing.
    fn unasked(&self) -> usize {
        let unasked = self.replies.iter().filter(|turn| turn.answers == Answers::Nothing).count();
        unasked + usize::from(self.misread)
    }

    /// Whether this reply is the last one and the server ended the connection behind
    /// it, as a server may that has seen enough (ruling a-49).
    #[must_use]
    pub fn is_last_word(&self, turn: &Turn) -> bool {
        let last = self.replies.last().is_some_and(|last| last.octets == turn.octets);
        last && matches!(self.closed, Some(ClosedBy::Server | ClosedBy::Reset))
    }
}

/// The line that a reply answers; empty for the greeting and for nothing.
#[must_use]
pub fn command_of(reply: &ObservedReply) -> &[u8] {
    match &reply.answers {
        Answers::Line(line) | Answers::ExchangeLine(line) => line,
        Answers::Greeting | Answers::Nothing => &[],
    }
}

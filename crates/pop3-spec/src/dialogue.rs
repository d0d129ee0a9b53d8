//! A transcript read again as replies to commands.

use std::collections::VecDeque;
use std::ops::Deref;

use pop3_proto::client::{Answers, ClientError, ClientSession, Limits, ObservedReply};
use pop3_proto::command::Keyword;
use pop3_proto::reply::Status;
use pop3_proto::state::State;

use crate::transcript::{ClosedBy, Connection, Record, What};

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

/// Whether a greeting comes behind the handshake of STLS.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Greetings {
    One,
    AgainUnderTls,
}

/// A connection being read.
struct Reader {
    session: ClientSession,
    dialogue: Dialogue,
    /// The line that the client has not ended.
    line: Vec<u8>,
    /// The last letters sent.
    letters: VecDeque<u8>,
    /// Each line that has no reply yet, and when it was sent.
    waiting: VecDeque<(u64, Vec<u8>)>,
    state: State,
    layer: Layer,
    /// Octets of the server that the session has not seen.
    omitted: u64,
    /// Whether the reply that is being read lacks octets.
    within_gap: bool,
    /// Whether something was sent behind STLS.
    sent_behind_stls: bool,
    record: Record,
}

/// Octets of an unanswered line that are kept.
const SHOWN: usize = 512;

/// Stands for octets left out of a body, so that what follows begins no line.
const FILLER: &[u8] = b"x";

impl Reader {
    fn read(connection: &Connection, limits: Limits, greetings: Greetings) -> Dialogue {
        let dialogue = Dialogue {
            replies: Vec::new(),
            unfinished: None,
            unanswered: Vec::new(),
            closed: None,
            received: 0,
            orderly: true,
            clear_text: None,
            injected: false,
            waited: None,
            quits: false,
            misread: false,
            cut: false,
            failed: None,
        };
        let mut reader = Self {
            session: ClientSession::new(limits),
            dialogue,
            line: Vec::new(),
            letters: VecDeque::new(),
            waiting: VecDeque::new(),
            state: State::Authorization,
            layer: Layer::Plain,
            omitted: 0,
            within_gap: false,
            sent_behind_stls: false,
            record: connection.record,
        };
        let mut ours = false;
        for entry in &connection.entries {
            if reader.within_gap && !matches!(entry.what, What::Received(_)) {
                return reader.cut();
            }
            match &entry.what {
                What::Opened(_) => {}
                What::Sent(octets) => reader.sent(octets, entry.order),
                What::Received(octets) => {
                    if !reader.received(octets, entry.order) {
                        return reader.dialogue;
                    }
                }
                What::Omitted(0) => {}
                What::Omitted(_) if ours => {
                    reader.dialogue.quits = true;
                    return reader.cut();
                }
                What::Omitted(octets) => {
                    if !reader.skip(*octets) {
                        return reader.cut();
                    }
                }
                What::Waited(ms) if reader.state == State::Ended => {
                    let waited = reader.dialogue.waited.get_or_insert_default();
                    *waited = waited.saturating_add(*ms);
                }
                What::Waited(_) => {}
                What::TlsEstablished(_) => reader.tls(greetings),
                What::TlsFailed(_) => return reader.dialogue,
                // Who ends their direction first has ended it, whatever the other side does then.
                What::Closed(by) => {
                    reader.dialogue.closed.get_or_insert(*by);
                }
            }
            ours = matches!(entry.what, What::Sent(_));
        }
        reader.dialogue.unfinished = reader.session.unfinished();
        reader.dialogue.unanswered = reader.waiting.into_iter().map(|(_, line)| line).collect();
        reader.dialogue
    }

    fn sent(&mut self, octets: &[u8], order: u64) {
        let mut line = self.line.clone();
        for octet in octets {
            line.push(*octet);
            if line.ends_with(b"\r\n") {
                line.truncate((line.len() - 2).min(SHOWN));
                self.waiting.push_back((order, std::mem::take(&mut line)));
            }
            self.letters.push_back(octet.to_ascii_uppercase());
            if self.letters.len() > b"QUIT".len() {
                self.letters.pop_front();
            }
            self.dialogue.quits |= self.letters.iter().eq(b"QUIT");
        }
        self.dialogue.orderly &= is_orderly(&mut self.line, octets);
        self.session.sent(octets);
        if self.state == State::Handshake {
            (self.sent_behind_stls, self.dialogue.injected) = (true, true);
        }
    }

    /// `false` when reading is over.
    fn received(&mut self, octets: &[u8], order: u64) -> bool {
        let began = self.dialogue.received;
        self.dialogue.received = began.saturating_add(octets.len() as u64);
        let mut input = octets;
        while self.session.state() != State::Handshake {
            match self.session.receive(&mut input) {
                Ok(Some(reply)) => {
                    // Only this reply can have been meant, and it must have ended here.
                    if self.within_gap && !input.is_empty() {
                        self.give_up();
                        return false;
                    }
                    self.push(reply, order);
                }
                Ok(None) if self.within_gap => {
                    self.give_up();
                    return false;
                }
                Ok(None) => return true,
                Err(error) => {
                    self.dialogue.failed = Some(error);
                    self.dialogue.quits = true;
                    return false;
                }
            }
        }
        if let [first, ..] = input
            && self.layer == Layer::Tls
        {
            // Nothing is in the clear here: STLS was not what the reply answered.
            self.dialogue.misread |= !is_tls_record(*first);
        } else if let [first, ..] = input
            && !self.sent_behind_stls
            && self.dialogue.clear_text.is_none()
            && !is_tls_record(*first)
        {
            let offset = began.saturating_add((octets.len() - input.len()) as u64);
            self.dialogue.clear_text = Some((offset, input.to_vec()));
        }
        true
    }

    fn push(&mut self, mut reply: ObservedReply, came: u64) {
        let sent = match reply.answers {
            Answers::Line(_) | Answers::ExchangeLine(_) => self.waiting.pop_front().map_or(came, |(sent, _)| sent),
            Answers::Greeting | Answers::Nothing => came,
        };
        if self.session.unanswered() == 0 {
            self.dialogue.injected |= self.session.state() == State::Handshake && !self.waiting.is_empty();
            self.waiting.clear();
        }
        let masked = |octets: &[u8]| octets.windows(3).any(|three| three == b"***");
        let hidden =
            self.record == Record::Masked && (masked(&reply.line) || reply.body.as_deref().is_some_and(masked));
        reply.octets.start = reply.octets.start.saturating_add(self.omitted);
        reply.deviations.iter_mut().for_each(|seen| seen.at = seen.at.saturating_add(self.omitted));
        if self.within_gap {
            self.omitted = self.dialogue.received.saturating_sub(reply.octets.end);
            self.within_gap = false;
            let first_line = reply.octets.start.saturating_add(reply.line.len() as u64 + 1);
            reply.deviations.retain(|seen| seen.at <= first_line);
            reply.octets.end = reply.octets.end.saturating_add(self.omitted);
            self.finish(reply, sent, came, false);
        } else {
            if hidden {
                reply.deviations.clear();
            }
            reply.octets.end = reply.octets.end.saturating_add(self.omitted);
            self.finish(reply, sent, came, !hidden);
        }
    }

    fn finish(&mut self, reply: ObservedReply, sent: u64, came: u64, whole: bool) {
        let after = self.session.state();
        let (state, layer, orderly) = (self.state, self.layer, self.dialogue.orderly);
        self.dialogue.replies.push(Turn { reply, state, after, layer, sent, came, orderly, whole });
        self.state = after;
    }

    /// Steps over octets that the record leaves out: possible within the body of the
    /// only reply that is due, if it ends with what comes next.
    fn skip(&mut self, octets: u64) -> bool {
        let in_body = self.session.unfinished().is_some_and(|unfinished| unfinished.contains(&b'\n'));
        if !in_body || self.session.unanswered() > 0 || self.state == State::Handshake {
            return false;
        }
        self.dialogue.received = self.dialogue.received.saturating_add(octets);
        self.within_gap = true;
        let mut filler = FILLER;
        matches!(self.session.receive(&mut filler), Ok(None))
    }

    fn tls(&mut self, greetings: Greetings) {
        self.line.clear();
        self.waiting.clear();
        self.layer = Layer::Tls;
        let upgraded = self.session.state() == State::Handshake;
        self.session.handshake_done();
        self.state = self.session.state();
        if upgraded && greetings == Greetings::AgainUnderTls {
            self.session.expect_greeting();
        }
    }

    fn cut(mut self) -> Dialogue {
        self.give_up();
        self.dialogue
    }

    /// What follows is unknown.
    fn give_up(&mut self) {
        self.dialogue.cut = true;
        self.dialogue.quits = true;
    }
}

/// The content types of TLS records.
fn is_tls_record(octet: u8) -> bool {
    (0x14..=0x18).contains(&octet)
}

/// Follows the lines sent; `line` holds the one not ended.
fn is_orderly(line: &mut Vec<u8>, octets: &[u8]) -> bool {
    let mut orderly = true;
    for &octet in octets {
        let behind_cr = line.last() == Some(&b'\r');
        line.push(octet);
        match octet {
            b'\n' => {
                orderly &= line.ends_with(b"\r\n") && (3..=255).contains(&line.len());
                line.clear();
            }
            b'\r' => {}
            octet => orderly &= (0x20..=0x7E).contains(&octet) && !behind_cr && line.len() <= 255,
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

//! Reads the entries of a transcript in order, and finds which reply answers which line.

use std::collections::VecDeque;

use memchr::{memchr2_iter, memmem};
use pop3_proto::client::{Answers, ClientSession, Limits, ObservedReply};
use pop3_proto::state::State;

use super::{Dialogue, Layer, Turn};
use crate::transcript::{Connection, Record, What};

/// Whether a greeting comes behind the handshake of STLS.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Greetings {
    One,
    AgainUnderTls,
}

/// A connection being read.
pub(super) struct Reader {
    session: ClientSession,
    dialogue: Dialogue,
    /// The line that the client has not ended.
    line: Vec<u8>,
    /// The last octets sent, one less than QUIT has.
    letters: Vec<u8>,
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

/// The command that ends a session, in any letter case.
const QUIT: &[u8] = b"QUIT";

/// Stands for octets left out of a body, so that what follows begins no line.
const FILLER: &[u8] = b"x";

impl Reader {
    pub(super) fn read(connection: &Connection, limits: Limits, greetings: Greetings) -> Dialogue {
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
            half_line: false,
        };
        let mut reader = Self {
            session: ClientSession::new(limits),
            dialogue,
            line: Vec::new(),
            letters: Vec::new(),
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
        reader.dialogue.half_line = !reader.line.is_empty();
        reader.dialogue.unanswered = reader.waiting.into_iter().map(|(_, line)| line).collect();
        reader.dialogue
    }

    fn sent(&mut self, octets: &[u8], order: u64) {
        let text = [&self.line[..], octets].concat();
        let mut begin = 0;
        for end in memmem::find_iter(&text, b"\r\n") {
            let line = text.get(begin..end.min(begin + SHOWN)).unwrap_or_default();
            self.waiting.push_back((order, line.to_vec()));
            begin = end + 2;
        }
        self.letters.extend_from_slice(octets);
        self.dialogue.quits |= says_quit(&self.letters);
        self.letters.drain(..self.letters.len().saturating_sub(QUIT.len() - 1));
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
            let ahead = !self.waiting.is_empty() || !self.line.is_empty();
            self.dialogue.injected |= self.session.state() == State::Handshake && ahead;
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

/// Whether QUIT stands anywhere.
fn says_quit(octets: &[u8]) -> bool {
    let begins = |at: usize| octets.get(at..at + QUIT.len()).is_some_and(|word| word.eq_ignore_ascii_case(QUIT));
    memchr2_iter(b'Q', b'q', octets).any(begins)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quit_is_found_in_any_case_and_place() {
        let check = |octets: &[u8], want| assert_eq!(says_quit(octets), want, "{octets:?}");
        check(b"QUIT\r\n", true);
        check(b"xqqUiT", true);
        check(b"QUI", false);
        check(b"q u i t", false);
        check(b"", false);
    }

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

//! Faults with commands that come before the replies to others have gone out (RFC
//! 2449 section 6.6).

use pop3_proto::command::Keyword;

use super::{Before, CommandLine, Filter, View};

/// Where the reply to the command behind RETR or TOP goes, when both came in one
/// read.
#[derive(Clone, Copy)]
pub(super) enum Misplaced {
    /// Behind the first line of the message.
    Inside,
    /// Before the message.
    Before,
}

/// Messages are sent by another task than short replies.
pub(super) struct ReplyMisplaced {
    place: Misplaced,
    /// Lines of the last read that are not answered yet.
    waiting: usize,
    held: Option<Vec<u8>>,
}

impl ReplyMisplaced {
    pub(super) fn at(place: Misplaced) -> Self {
        Self { place, waiting: 0, held: None }
    }
}

impl Filter for ReplyMisplaced {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        self.waiting = octets.iter().filter(|octet| **octet == b'\n').count();
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.waiting = self.waiting.saturating_sub(1);
        let sends = (line.is(Keyword::Retr) || line.is(Keyword::Top)) && reply.starts_with(b"+OK");
        if let Some(mut held) = self.held.take() {
            let at = match self.place {
                Misplaced::Inside => held.iter().position(|octet| *octet == b'\n').map_or(0, |end| end + 1),
                Misplaced::Before => 0,
            };
            held.splice(at..at, reply.drain(..));
            *reply = held;
        } else if sends && self.waiting > 0 {
            self.held = Some(std::mem::take(reply));
        }
    }
}

/// What comes in one read with the last line of a login, behind it, is lost.
pub(super) struct InputBehindPassDropped;

impl Filter for InputBehindPassDropped {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        let mut end = 0;
        for line in octets.split_inclusive(|octet| *octet == b'\n') {
            end += line.len();
            if CommandLine::new(line).is(Keyword::Pass) {
                break;
            }
        }
        octets.truncate(end);
    }
}

/// There is room for so many commands.
const COMMANDS: usize = 16;

/// Of the commands in one read, those behind the sixteenth are lost.
pub(super) struct SeventeenthCommandLost;

impl Filter for SeventeenthCommandLost {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        let end = octets.split_inclusive(|octet| *octet == b'\n').take(COMMANDS).map(<[u8]>::len).sum();
        octets.truncate(end);
    }
}

/// Lines that come in pieces pass for an attack.
#[derive(Default)]
pub(super) struct PiecesClose {
    pieces: usize,
}

impl Filter for PiecesClose {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        self.pieces += usize::from(!octets.ends_with(b"\n"));
    }

    fn breaks_off(&self) -> bool {
        self.pieces > 3
    }
}

/// A buffer for replies that has an end.
#[derive(Default)]
pub(super) struct ManyCommandsClose {
    heard: u32,
}

impl Filter for ManyCommandsClose {
    fn before_line(&mut self, _: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.heard += 1;
        if self.heard > 600 { Before::Close } else { Before::Pass }
    }
}

//! What goes out in pieces: a message, the top of one, a listing.

use std::fmt;
use std::sync::Arc;

use super::Listed;
use crate::command::Keyword;
use crate::message_number::MessageNumber;
use crate::stuffing::Stuffer;

/// Octets that go into the output at once.
pub(super) const CHUNK: usize = 64 * 1024;

/// The body of a multi-line response on its way to the client.
#[derive(Debug)]
pub(super) enum Sending {
    Message(Box<SendingMessage>),
    /// From this index on.
    Listing {
        column: Column,
        next: usize,
    },
}

impl Sending {
    /// The whole message, or its header and so many lines of its body.
    pub(super) fn message(number: MessageNumber, message: Arc<[u8]>, lines: Option<u64>) -> Self {
        let to = lines.map_or(message.len(), |lines| top_end(&message, lines));
        let stuffer = Stuffer::new();
        Self::Message(Box::new(SendingMessage { number, message, from: 0, to, whole: lines.is_none(), stuffer }))
    }
}

/// A message, or the top of one, on its way to the client.
pub(super) struct SendingMessage {
    number: MessageNumber,
    message: Arc<[u8]>,
    from: usize,
    to: usize,
    whole: bool,
    stuffer: Stuffer,
}

/// Without the message.
impl fmt::Debug for SendingMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SendingMessage");
        shown.field("number", &self.number).field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

impl SendingMessage {
    pub(super) fn number(&self) -> MessageNumber {
        self.number
    }

    /// Whether it goes out for RETR.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Appends the next piece to the output; what is left, if anything is.
    pub(super) fn send_on(mut self: Box<Self>, out: &mut Vec<u8>) -> Option<Box<Self>> {
        let to = self.to.min(self.from + CHUNK);
        self.stuffer.push(self.message.get(self.from..to).unwrap_or_default(), out);
        self.from = to;
        if to < self.to {
            return Some(self);
        }
        self.stuffer.finish(out);
        None
    }
}

/// Where the part of a message that TOP sends ends: the header, the empty line,
/// and so many lines of the body (RFC 1939 section 7). A message without an
/// empty line is all header.
fn top_end(message: &[u8], lines: u64) -> usize {
    let mut at = 0;
    let mut body_lines_left = None;
    while at < message.len() && body_lines_left != Some(0) {
        let rest = message.get(at..).unwrap_or_default();
        let length = memchr::memmem::find(rest, b"\r\n").map_or(rest.len(), |end| end + 2);
        body_lines_left = match body_lines_left {
            None if length == 2 && rest.starts_with(b"\r\n") => Some(lines),
            None => None,
            Some(left) => Some(left - 1),
        };
        at += length;
    }
    at
}

/// What stands behind the message-number in a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// LIST
    Octets,
    /// UIDL
    UniqueId,
}

impl Column {
    pub(super) fn keyword(self) -> Keyword {
        match self {
            Self::Octets => Keyword::List,
            Self::UniqueId => Keyword::Uidl,
        }
    }

    /// The message-number, a space and the column.
    pub(super) fn line(self, number: MessageNumber, listed: &Listed) -> String {
        match self {
            Self::Octets => format!("{number} {}", listed.octets),
            Self::UniqueId => format!("{number} {}", listed.unique_id),
        }
    }

    /// Appends the next lines to the output, without those marked as deleted; from
    /// where to go on, if anything is left.
    pub(super) fn send_on(self, messages: &[Listed], marked: &[bool], from: usize, out: &mut Vec<u8>) -> Option<usize> {
        let most = out.len() + CHUNK;
        for (index, listed) in messages.iter().enumerate().skip(from) {
            if out.len() >= most {
                return Some(index);
            }
            let number = MessageNumber::from_index(index).filter(|_| marked.get(index) == Some(&false));
            if let Some(number) = number {
                out.extend_from_slice(self.line(number, listed).as_bytes());
                out.extend_from_slice(b"\r\n");
            }
        }
        out.extend_from_slice(b".\r\n");
        None
    }
}

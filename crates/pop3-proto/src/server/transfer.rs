//! A message on its way to the client, in pieces.

use std::sync::Arc;

use crate::stuffing::Stuffer;

/// Octets of a message that go into the output at once.
pub(super) const CHUNK: usize = 64 * 1024;

/// A message, or the top of one, on its way to the client.
#[derive(Debug)]
pub(super) struct Sending {
    message: Arc<[u8]>,
    from: usize,
    to: usize,
    stuffer: Stuffer,
}

impl Sending {
    /// The whole message, or its header and so many lines of its body.
    pub(super) fn new(message: Arc<[u8]>, lines: Option<u64>) -> Self {
        let to = lines.map_or(message.len(), |lines| top_end(&message, lines));
        Self { message, from: 0, to, stuffer: Stuffer::new() }
    }

    /// Appends the next piece to the output; what is left, if anything is.
    pub(super) fn send_on(mut self, out: &mut Vec<u8>) -> Option<Self> {
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

//! Maildrops, messages and their sizes (RFC 1939 sections 4, 7, 8 and 11).

use pop3_proto::command::Keyword;

use super::on_line;
use crate::fault::{Before, CommandLine, Filter, OnReply, View, resize, rewrite};

/// The lock is there "as necessary": each session keeps what it listed at its
/// login, and removes exactly what it marked.
pub(super) fn shared() -> Box<dyn Filter> {
    Box::new(Shared)
}

struct Shared;

impl Filter for Shared {
    fn before_line(&mut self, _: &CommandLine<'_>, view: &View<'_>) -> Before {
        if !view.in_transaction() {
            view.store().break_locks();
        }
        Before::Pass
    }

    /// Lines of an exchange are not shown before; who logs in by one unlocks behind it.
    fn after_reply(&mut self, _: &CommandLine<'_>, _: &mut Vec<u8>, view: &View<'_>) {
        view.store().break_locks();
    }
}

pub(super) fn added_line_end_not_counted() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        if reply.starts_with(b"+OK") {
            resize(line, reply, view, |_, message| {
                let added = if message.was_completed() { b"\r\n".len() } else { 0 };
                (message.octets().len() - added) as u64
            });
        }
    }))
}

pub(super) fn blank_line_behind_header() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        let message = line.number().filter(|_| line.is(Keyword::Top) && reply.starts_with(b"+OK"));
        let Some(message) = message.and_then(|number| view.message(number)) else { return };
        let octets = message.octets();
        let has_none = !octets.starts_with(b"\r\n") && !octets.windows(4).any(|four| four == b"\r\n\r\n");
        if has_none && reply.ends_with(b".\r\n") {
            reply.truncate(reply.len() - b".\r\n".len());
            reply.extend_from_slice(b"\r\n.\r\n");
        }
    }))
}

/// RFC 1939 section 8: a server that removes what was downloaded may limit TOP.
pub(super) fn top_limited() -> Box<dyn Filter> {
    on_line(|line, view| {
        let asks = line.is(Keyword::Top) && line.arguments().len() == 2 && view.in_transaction();
        match line.count(2) {
            Some(4..) if asks => rewrite([line.word(0), b" ", line.word(1), b" 3"].concat()),
            _ => Before::Pass,
        }
    })
}

/// A surrogate has as many octets as its message, so that sizes are right too.
pub(super) fn surrogates() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        let refused = line.number().filter(|_| reply.starts_with(b"-ERR [UTF8]"));
        if let Some(message) = refused.and_then(|number| view.message(number)) {
            *reply = surrogate(message.octets(), line.count(2).filter(|_| line.is(Keyword::Top)));
        }
    }))
}

/// The header with other characters in place of those outside ASCII, and the body, or
/// so many lines of it.
fn surrogate(octets: &[u8], lines: Option<u64>) -> Vec<u8> {
    let end = octets.windows(4).position(|four| four == b"\r\n\r\n").map_or(octets.len(), |end| end + 4);
    let (header, body) = octets.split_at_checked(end).unwrap_or((octets, &[]));
    let lines = lines.and_then(|lines| usize::try_from(lines).ok()).unwrap_or(usize::MAX);
    let body: Vec<&[u8]> = body.split_inclusive(|octet| *octet == b'\n').take(lines).collect();
    let mut sent = b"+OK a surrogate follows\r\n".to_vec();
    let mut stuffer = pop3_proto::stuffing::Stuffer::new();
    let ascii: Vec<u8> = header.iter().map(|octet| if octet.is_ascii() { *octet } else { b'?' }).collect();
    stuffer.push(&ascii, &mut sent);
    stuffer.push(&body.concat(), &mut sent);
    stuffer.finish(&mut sent);
    sent
}

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

//! Faults in counting the octets of messages (RFC 1939 sections 5 and 11).

use std::collections::BTreeSet;

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;

use super::listing::resize;
use super::{CommandLine, Filter, View};
use crate::maildrop::Message;

fn octets(message: &Message) -> u64 {
    message.octets().len() as u64
}

pub(super) fn size_rounded_up(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |_, message| octets(message).div_ceil(1024) * 1024);
}

pub(super) fn size_counts_terminator(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |_, message| octets(message) + 3);
}

pub(super) fn size_in_sixteen_bits(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |_, message| octets(message) & 0xFFFF);
}

/// The size on the disk, where line ends are as they came.
pub(super) fn size_short_with_bare_lf(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |_, message| {
        let line_ends = message.octets().iter().filter(|octet| **octet == b'\n').count() as u64;
        octets(message) - if message.had_bare_lf() { line_ends } else { 0 }
    });
}

pub(super) fn size_counts_characters(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |_, message| String::from_utf8_lossy(message.octets()).chars().count() as u64);
}

/// The size is guessed until the message is fetched.
#[derive(Default)]
pub(super) struct SizeChangesAfterRetr {
    fetched: BTreeSet<MessageNumber>,
}

impl Filter for SizeChangesAfterRetr {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        if line.is(Keyword::Retr) && reply.starts_with(b"+OK") {
            self.fetched.extend(line.number());
        }
        resize(line, reply, view, |number, message| octets(message) + u64::from(!self.fetched.contains(&number)));
    }
}

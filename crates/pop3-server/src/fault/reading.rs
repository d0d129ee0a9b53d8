//! Faults of RETR and TOP that need more than one command to show (RFC 1939
//! sections 3, 5 and 7).

use std::collections::BTreeSet;

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;

use super::body::{change_body, owned};
use super::{Before, CommandLine, Filter, View, rewrite};

/// The file of a message is read on from where it was left.
#[derive(Default)]
pub(super) struct SecondRetrEmpty {
    fetched: BTreeSet<MessageNumber>,
}

impl Filter for SecondRetrEmpty {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if !line.is(Keyword::Retr) || !reply.starts_with(b"+OK") {
            return;
        }
        let again = line.number().is_some_and(|number| !self.fetched.insert(number));
        if again {
            change_body(line, reply, |_| Vec::new());
        }
    }
}

/// The first line of a message is looked for where the last one ended.
#[derive(Default)]
pub(super) struct LaterRetrLosesFirstLine {
    fetched: bool,
}

impl Filter for LaterRetrLosesFirstLine {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if !line.is(Keyword::Retr) || !reply.starts_with(b"+OK") {
            return;
        }
        if std::mem::replace(&mut self.fetched, true) {
            change_body(line, reply, |lines| owned(lines.into_iter().skip(1).collect()));
        }
    }
}

/// What TOP has read is taken for the message.
#[derive(Default)]
pub(super) struct RetrSendsWhatTopSent {
    lines: Vec<(MessageNumber, u64)>,
}

impl Filter for RetrSendsWhatTopSent {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let Some(number) = line.number().filter(|_| view.in_transaction()) else { return Before::Pass };
        let cached = self.lines.iter().find(|(cached, _)| *cached == number).map(|(_, lines)| *lines);
        match (line.keyword(), line.count(2), cached) {
            (Some(Keyword::Top), Some(lines), None) => self.lines.push((number, lines)),
            (Some(Keyword::Retr), _, Some(lines)) => return rewrite(format!("TOP {number} {lines}")),
            _ => {}
        }
        Before::Pass
    }
}

pub(super) fn refused_top_answered_twice(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) && reply.starts_with(b"-ERR") {
        reply.extend_from_slice(b"-ERR cannot send the message\r\n");
    }
}

/// TOP sends the fields that most people look at.
pub(super) fn top_header_incomplete(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, |lines| {
            let end = lines.iter().position(|line| *line == b"\r\n").unwrap_or(lines.len());
            let is_left_out = |index, line: &[u8]| index < end && line.starts_with(b"Message-ID:");
            let left = lines.into_iter().enumerate().filter(|(index, line)| !is_left_out(*index, line));
            owned(left.map(|(_, line)| line).collect())
        });
    }
}

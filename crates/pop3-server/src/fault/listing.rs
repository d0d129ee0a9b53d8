//! Faults of STAT, LIST and UIDL (RFC 1939 sections 5 and 7).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::Listed;

use super::{Before, CommandLine, View, rewrite};
use crate::maildrop::Message;

/// A listing of what `column` gives something for.
fn listing(view: &View<'_>, line: impl Fn(MessageNumber, &Listed) -> Option<String>) -> Vec<u8> {
    let lines = view.listed().filter_map(|(number, listed)| line(number, listed));
    let text: String = lines.map(|line| format!("{line}\r\n")).collect();
    format!("+OK listing follows\r\n{text}.\r\n").into_bytes()
}

fn stat(messages: usize, octets: u64) -> Vec<u8> {
    format!("+OK {messages} {octets}\r\n").into_bytes()
}

/// The number of a command about one message that is there, when it was answered
/// positively.
fn answered_for_one(line: &CommandLine<'_>, keyword: Keyword, reply: &[u8]) -> Option<MessageNumber> {
    if line.is_for_one(keyword) && reply.starts_with(b"+OK") { line.number() } else { None }
}

/// As Twisted has it, with the size 0.
pub(super) fn deleted_still_listed(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if !view.in_transaction() {
        return;
    }
    if line.is_for_all(Keyword::List) {
        *reply = listing(view, |number, listed| {
            let octets = if view.is_marked(number) { 0 } else { listed.octets };
            Some(format!("{number} {octets}"))
        });
    } else if line.is_for_all(Keyword::Uidl) {
        *reply = listing(view, |number, listed| Some(format!("{number} {}", listed.unique_id)));
    }
}

pub(super) fn deleted_still_counted(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.is_for_all(Keyword::Stat) && view.in_transaction() {
        *reply = stat(view.listed().count(), view.listed().map(|(_, listed)| listed.octets).sum());
    }
}

pub(super) fn list_argument_ignored(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_one(Keyword::List) && view.in_transaction() { rewrite("LIST") } else { Before::Pass }
}

fn single_as_multi_line(keyword: Keyword, line: &CommandLine<'_>, reply: &mut Vec<u8>) {
    if answered_for_one(line, keyword, reply).is_some()
        && let Some(text) = reply.strip_prefix(b"+OK ")
    {
        *reply = [b"+OK listing follows\r\n", text, b".\r\n"].concat();
    }
}

pub(super) fn list_single_multiline(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    single_as_multi_line(Keyword::List, line, reply);
}

pub(super) fn uidl_single_multiline(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    single_as_multi_line(Keyword::Uidl, line, reply);
}

/// Replaces every unique-id, and what stands before it on its line.
fn change_uidl(
    line: &CommandLine<'_>,
    reply: &mut Vec<u8>,
    view: &View<'_>,
    change: impl Fn(MessageNumber, &Listed) -> String,
) {
    if !view.in_transaction() {
    } else if line.is_for_all(Keyword::Uidl) {
        *reply = listing(view, |number, listed| (!view.is_marked(number)).then(|| change(number, listed)));
    } else if let Some(number) = answered_for_one(line, Keyword::Uidl, reply)
        && let Some(listed) = view.session.listed().get(number.index())
    {
        *reply = format!("+OK {}\r\n", change(number, listed)).into_bytes();
    }
}

pub(super) fn uidl_without_number(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |_, listed| listed.unique_id.to_string());
}

pub(super) fn uidl_changes_over_sessions(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, listed| format!("{number} {}.{}", listed.unique_id, view.number));
}

/// Replaces every size in STAT and LIST.
fn resize(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>, size: fn(&Message) -> u64) {
    let size_of = |number| view.message(number).map(size).unwrap_or_default();
    if !view.in_transaction() {
    } else if line.is_for_all(Keyword::Stat) {
        let unmarked = view.unmarked();
        *reply = stat(unmarked.len(), unmarked.into_iter().map(size_of).sum());
    } else if line.is_for_all(Keyword::List) {
        let shown = |number| (!view.is_marked(number)).then(|| format!("{number} {}", size_of(number)));
        *reply = listing(view, |number, _| shown(number));
    } else if let Some(number) = answered_for_one(line, Keyword::List, reply) {
        *reply = format!("+OK {number} {}\r\n", size_of(number)).into_bytes();
    }
}

fn lines(message: &Message) -> impl Iterator<Item = &[u8]> {
    message.octets().split_inclusive(|octet| *octet == b'\n')
}

pub(super) fn size_counts_lf_only(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |message| (message.octets().len() - lines(message).count()) as u64);
}

pub(super) fn size_counts_stuffing(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |message| {
        (message.octets().len() + lines(message).filter(|line| line.starts_with(b".")).count()) as u64
    });
}

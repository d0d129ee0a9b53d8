//! Faults of STAT, LIST and UIDL (RFC 1939 sections 5 and 7).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::Listed;

use super::{Before, CommandLine, View, rewrite};
use crate::maildrop::Message;

/// A listing of what `column` gives something for.
pub(super) fn listing(view: &View<'_>, line: impl Fn(MessageNumber, &Listed) -> Option<String>) -> Vec<u8> {
    let lines = view.listed().filter_map(|(number, listed)| line(number, listed));
    let text: String = lines.map(|line| format!("{line}\r\n")).collect();
    format!("+OK listing follows\r\n{text}.\r\n").into_bytes()
}

pub(super) fn stat(messages: usize, octets: u64) -> Vec<u8> {
    format!("+OK {messages} {octets}\r\n").into_bytes()
}

/// The number of a command about one message that is there, when it was answered
/// positively.
pub(super) fn answered_for_one(line: &CommandLine<'_>, keyword: Keyword, reply: &[u8]) -> Option<MessageNumber> {
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

/// Replaces every size in STAT and LIST.
pub(crate) fn resize(
    line: &CommandLine<'_>,
    reply: &mut Vec<u8>,
    view: &View<'_>,
    size: impl Fn(MessageNumber, &Message) -> u64,
) {
    let size_of = |number| view.message(number).map(|message| size(number, message)).unwrap_or_default();
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
    resize(line, reply, view, |_, message| (message.octets().len() - lines(message).count()) as u64);
}

pub(super) fn size_counts_stuffing(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    resize(line, reply, view, |_, message| {
        (message.octets().len() + lines(message).filter(|line| line.starts_with(b".")).count()) as u64
    });
}

pub(super) fn stat_octets_off(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_stat(line, reply, view, |messages, octets| stat(messages, octets + 1));
}

pub(super) fn stat_octets_in_sixteen_bits(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_stat(line, reply, view, |messages, octets| stat(messages, octets & 0xFFFF));
}

pub(super) fn stat_count_off(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_stat(line, reply, view, |messages, octets| stat(messages + 1, octets));
}

fn change_stat(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>, change: fn(usize, u64) -> Vec<u8>) {
    if line.is_for_all(Keyword::Stat) && view.in_transaction() {
        let unmarked = view.listed().filter(|(number, _)| !view.is_marked(*number));
        let (messages, octets) = unmarked.fold((0, 0), |sum, (_, listed)| (sum.0 + 1, sum.1 + listed.octets));
        *reply = change(messages, octets);
    }
}

pub(super) fn numbers_from_zero(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let is_listing = line.is_for_all(Keyword::List) || line.is_for_all(Keyword::Uidl);
    if is_listing && view.in_transaction() {
        let uidl = line.is(Keyword::Uidl);
        *reply = listing(view, |number, listed| {
            let column = if uidl { listed.unique_id.to_string() } else { listed.octets.to_string() };
            (!view.is_marked(number)).then(|| format!("{} {column}", number.index()))
        });
    }
}

pub(super) fn empty_maildrop_refused(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let asks = matches!(line.keyword(), Some(Keyword::Stat | Keyword::List | Keyword::Uidl));
    if asks && line.arguments().is_empty() && view.in_transaction() && view.listed().next().is_none() {
        Before::Answer(b"-ERR no messages\r\n".to_vec())
    } else {
        Before::Pass
    }
}

//! Faults of UIDL and of unique-ids (RFC 1939 section 7).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::Listed;

use super::listing::{answered_for_one, listing};
use super::{CommandLine, View};

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

pub(super) fn equal_unique_ids(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, _| format!("{number} message"));
}

pub(super) fn unique_id_is_number(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, _| format!("{number} message-{number}"));
}

pub(super) fn unique_id_too_long(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, listed| format!("{number} {:x<71}", listed.unique_id.as_str()));
}

pub(super) fn unique_id_with_blank(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, listed| format!("{number} {} x", listed.unique_id));
}

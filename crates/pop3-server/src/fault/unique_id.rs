//! Faults of UIDL and of unique-ids (RFC 1939 section 7).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::Listed;

use super::listing::{answered_for_one, listing};
use super::{Before, CommandLine, Filter, View};

/// Replaces every unique-id, and what stands before it on its line.
pub(crate) fn change_uidl(
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

pub(super) fn unique_id_empty(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, _| format!("{number} "));
}

pub(super) fn unique_id_eight_bit(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, listed| format!("{number} {}\u{e9}", listed.unique_id));
}

pub(super) fn unique_id_behind_two_blanks(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, listed| format!("{number}  {}", listed.unique_id));
}

/// A sender can give any message the unique-id of another.
pub(super) fn unique_id_from_header(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, listed| {
        let lines =
            view.message(number).into_iter().flat_map(|message| message.octets().split(|octet| *octet == b'\n'));
        let field = lines.take_while(|line| *line != b"\r").find_map(|line| line.strip_prefix(b"X-UIDL: "));
        let given = field.and_then(|value| std::str::from_utf8(value.trim_ascii()).ok());
        format!("{number} {}", given.unwrap_or(listed.unique_id.as_str()))
    });
}

/// Two messages with the same header are one to the client.
pub(super) fn unique_id_of_header(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, _| {
        let message = view.message(number).map(|message| message.octets().as_ref()).unwrap_or_default();
        let header = memchr::memmem::find(message, b"\r\n\r\n").and_then(|end| message.get(..end)).unwrap_or(message);
        // FNV-1a
        let hash = header.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
            (hash ^ u64::from(*octet)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        format!("{number} {hash:016x}")
    });
}

/// What is left of the number that the store gave.
pub(super) fn unique_ids_of_twelve_bits(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    change_uidl(line, reply, view, |number, listed| {
        let given = listed.unique_id.as_str().rsplit('-').next().and_then(|given| given.parse::<u64>().ok());
        format!("{number} {:03x}", given.unwrap_or_default() & 0xFFF)
    });
}

/// Asked about one message, the server tells about the one before it.
pub(super) fn uidl_of_another(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if let Some(number) = answered_for_one(line, Keyword::Uidl, reply).filter(|_| view.in_transaction())
        && let Some(before) = view.session.listed().get(number.index().saturating_sub(1))
    {
        *reply = format!("+OK {number} {}\r\n", before.unique_id).into_bytes();
    }
}

/// A unique-id is one more than the highest in the maildrop.
pub(super) fn unique_id_reused(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    const TOPIC: &str = "unique-id-reused";
    let Some(name) = view.host.name().filter(|_| line.is(Keyword::Uidl)) else { return };
    let mut given = view.memory.notes(TOPIC, name);
    given.retain(|unique_id, _| view.listed().any(|(_, listed)| listed.unique_id == *unique_id));
    for (_, listed) in view.listed() {
        let next = given.values().max().map_or(1, |highest| highest + 1);
        given.entry(listed.unique_id.clone()).or_insert(next);
    }
    change_uidl(line, reply, view, |number, listed| {
        format!("{number} {}", given.get(&listed.unique_id).copied().unwrap_or_default())
    });
    view.memory.note(TOPIC, name, given);
}

/// Unique-ids are made up in each session, and kept when it ends by QUIT.
pub(super) struct UniqueIdLostWithoutUpdate;

impl UniqueIdLostWithoutUpdate {
    const TOPIC: &str = "unique-id-lost-without-update";
}

impl Filter for UniqueIdLostWithoutUpdate {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if let Some(name) = view.host.name().filter(|_| line.is_for_all(Keyword::Quit)) {
            let mut kept = view.memory.notes(Self::TOPIC, name);
            for (_, listed) in view.listed() {
                kept.entry(listed.unique_id.clone()).or_insert(view.number);
            }
            view.memory.note(Self::TOPIC, name, kept);
        }
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let Some(name) = view.host.name().filter(|_| line.is(Keyword::Uidl)) else { return };
        let kept = view.memory.notes(Self::TOPIC, name);
        change_uidl(line, reply, view, |number, listed| {
            let session = kept.get(&listed.unique_id).copied().unwrap_or(view.number);
            format!("{number} {}.{session}", listed.unique_id)
        });
    }
}

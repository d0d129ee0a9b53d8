//! Faults in the form of STAT, LIST and UIDL, and in which messages they have
//! (RFC 1939 sections 4, 5 and 7).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;

use super::listing::{answered_for_one, listing};
use super::number::{Which, reread, shift_numbers};
use super::{Before, CommandLine, Filter, View, rewrite};

pub(super) fn stat_text_first(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.is_for_all(Keyword::Stat)
        && view.in_transaction()
        && let Some(numbers) = reply.strip_prefix(b"+OK ")
    {
        *reply = [b"+OK maildrop has ", numbers].concat();
    }
}

pub(super) fn uidl_argument_ignored(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_one(Keyword::Uidl) && view.in_transaction() { rewrite("UIDL") } else { Before::Pass }
}

pub(super) fn stray_dot_behind_listing(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let one = [Keyword::List, Keyword::Uidl].into_iter().find_map(|keyword| answered_for_one(line, keyword, reply));
    if one.is_some() {
        reply.extend_from_slice(b".\r\n");
    }
}

pub(super) fn empty_listing_unterminated(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let is_listing = line.is_for_all(Keyword::List) || line.is_for_all(Keyword::Uidl);
    if is_listing && view.in_transaction() && view.unmarked().is_empty() && reply.ends_with(b"\r\n.\r\n") {
        reply.truncate(reply.len() - 3);
    }
}

/// Room for one digit.
pub(super) fn tenth_message_not_listed(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let is_listing = line.is_for_all(Keyword::List) || line.is_for_all(Keyword::Uidl);
    if is_listing && view.in_transaction() && view.listed().count() > 9 {
        let uidl = line.is(Keyword::Uidl);
        *reply = listing(view, |number, listed| {
            let column = if uidl { listed.unique_id.to_string() } else { listed.octets.to_string() };
            (number.index() < 9 && !view.is_marked(number)).then(|| format!("{number} {column}"))
        });
    }
}

pub(super) fn numbers_in_hexadecimal(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.is_for_all(Keyword::List) && view.in_transaction() && view.listed().count() > 9 {
        *reply = listing(view, |number, listed| {
            (!view.is_marked(number)).then(|| format!("{:x} {}", number.index() + 1, listed.octets))
        });
    }
}

/// Room for so many lines.
pub(super) fn listing_ends_at_thousand(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let is_listing = line.is_for_all(Keyword::List) || line.is_for_all(Keyword::Uidl);
    if is_listing && view.in_transaction() && view.listed().count() > 1000 {
        let uidl = line.is(Keyword::Uidl);
        *reply = listing(view, |number, listed| {
            let column = if uidl { listed.unique_id.to_string() } else { listed.octets.to_string() };
            (number.index() < 1000 && !view.is_marked(number)).then(|| format!("{number} {column}"))
        });
    }
}

/// The number 10 is given to no message, as if one had been there.
pub(super) struct NumbersHaveGap;

impl Filter for NumbersHaveGap {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        reread(line, view, |text, which| {
            let asked = text.parse().ok().and_then(MessageNumber::new).filter(|_| which == Which::Message)?;
            match asked.index() {
                0..=8 => None,
                9 => Some(u32::MAX.to_string()),
                index => Some(index.to_string()),
            }
        })
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        shift_numbers(line, reply, view, |number| if number < 10 { number } else { number + 1 });
    }
}

//! Drop, scan and unique-id listings have their defined form.

use pop3_proto::command::Keyword;
use pop3_proto::listing::{DropListing, ScanListing, UniqueIdListing};

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Turn};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/listing-form",
    title: "Drop listings, scan listings and unique-id listings are numbers and a single space, as defined.",
    requirements: &["rfc1939-5-scan-listing-format"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    dialogue.replies.iter().flat_map(listings).collect()
}

fn listings(reply: &Turn) -> Vec<Breach> {
    type Form = fn(&[u8]) -> bool;
    let scan: Form = |line| ScanListing::parse(line).is_some_and(|listing| begins_apart(listing.extra));
    let drop: Form = |line| DropListing::parse(line).is_some_and(|listing| begins_apart(listing.extra));
    let unique_id: Form = |line| UniqueIdListing::parse(line).is_some();
    let (form, words): (Form, &str) = match reply.granted() {
        Some((Keyword::Stat, _)) => (drop, "'+OK', the number of messages, one space, the size in octets"),
        Some((Keyword::List, _)) => (scan, "message-number, one space, size in octets"),
        Some((Keyword::Uidl, _)) => (unique_id, "message-number, one space, unique-id"),
        _ => return Vec::new(),
    };
    let lines = reply.listing();
    let wrong = lines.into_iter().find(|line| !form(line));
    wrong.map(|line| Breach::new(reply, reply.octets.start, words, line)).into_iter().collect()
}

/// Whatever follows the size is not part of the number; RFC 1939 section 5
/// makes no requirement on it.
fn begins_apart(extra: &[u8]) -> bool {
    !extra.first().is_some_and(u8::is_ascii_digit)
}

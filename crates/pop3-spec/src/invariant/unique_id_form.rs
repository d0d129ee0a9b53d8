//! Unique-ids have their alphabet and length.

use pop3_proto::command::Keyword;
use pop3_proto::listing::UniqueIdListing;
use pop3_proto::unique_id::UniqueId;

use super::{Breach, Invariant};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/unique-id-form",
    title: "A unique-id is one to 70 characters from 0x21 to 0x7E, and nothing follows it.",
    requirement: "rfc1939-7-unique-id-alphabet",
    binding: Strength::Must,
    watch,
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        let Some((Keyword::Uidl, _)) = dialogue.granted(reply) else { continue };
        let lines: Vec<&[u8]> = if reply.body.is_some() { reply.lines().collect() } else { vec![reply.text()] };
        for line in lines {
            let wrong = UniqueIdListing::parse(line).and_then(|listing| UniqueId::new(listing.unique_id).err());
            if let Some(error) = wrong {
                breaches.push(Breach::new(reply, reply.octets.start, error.to_string(), line));
            }
        }
    }
    breaches
}

//! Unique-ids have their alphabet and length.

use pop3_proto::command::Keyword;
use pop3_proto::listing::UniqueIdListing;
use pop3_proto::unique_id::UniqueId;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/unique-id-form",
    title: "A unique-id is one to 70 characters from 0x21 to 0x7E, and nothing follows it.",
    requirements: &["rfc1939-7-unique-id-alphabet"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        let Some((Keyword::Uidl, _)) = reply.granted() else { continue };
        let lines = reply.listing();
        for line in lines {
            let wrong = UniqueIdListing::parse(line).and_then(|listing| UniqueId::new(listing.unique_id).err());
            if let Some(error) = wrong {
                breaches.push(Breach::new(reply, reply.octets.start, error.to_string(), line));
            }
        }
    }
    breaches
}

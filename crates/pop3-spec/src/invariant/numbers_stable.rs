//! Within a session a message keeps its number, size and unique-id.

use std::collections::BTreeMap;

use pop3_proto::command::Keyword;
use pop3_proto::escape::escape;
use pop3_proto::message_number::decimal;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/numbers-stable",
    title: "Within a session a message-number always stands for the same size and the same unique-id.",
    requirements: &["rfc1939-4-message-numbers-stable"],
    binding: Strength::Must,
    ruling: Some("a-31"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut first_seen: BTreeMap<(Keyword, u64), Vec<u8>> = BTreeMap::new();
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        let Some((keyword @ (Keyword::List | Keyword::Uidl), _)) = reply.granted() else { continue };
        let lines = reply.listing();
        for line in lines {
            let mut words = line.split(|octet| *octet == b' ');
            let (Some(Ok(number)), Some(value)) = (words.next().map(decimal), words.next()) else { continue };
            let first = first_seen.entry((keyword, number)).or_insert_with(|| value.to_vec());
            if first != value {
                let expected = format!("{number} {}, as before in this session", escape(first));
                breaches.push(Breach::new(reply, reply.octets.start, expected, line));
            }
        }
    }
    breaches
}

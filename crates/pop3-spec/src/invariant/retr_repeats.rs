//! RETR gives the same octets each time.

use std::collections::BTreeMap;

use pop3_proto::command::Keyword;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/retr-repeats",
    title: "RETR of one message gives the same octets each time.",
    requirements: &["rfc1939-5-retr-repeatable"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut first: BTreeMap<&[u8], &[u8]> = BTreeMap::new();
    let mut breaches = Vec::new();
    for turn in dialogue.replies.iter().filter(|turn| turn.whole) {
        let (Some((Keyword::Retr, Some(number))), Some(body)) = (turn.granted(), turn.body.as_deref()) else {
            continue;
        };
        let before = *first.entry(number).or_insert(body);
        if before != body {
            let at = before.iter().zip(body).take_while(|(one, other)| one == other).count();
            let expected = format!("the octets of the first time, {}; they differ from offset {at} on", before.len());
            let actual = format!("{} octets", body.len());
            breaches.push(Breach::new(turn, turn.octets.start, expected, actual.as_bytes()));
        }
    }
    breaches
}

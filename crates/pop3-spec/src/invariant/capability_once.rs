//! A capability is listed once.

use std::collections::BTreeSet;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;
use crate::session::capabilities;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capability-once",
    title: "No capability is listed twice.",
    requirements: &["rfc2449-5-capa-one-capability-per-line"],
    binding: Strength::Should,
    ruling: None,
    watch: Watch::Each(watch),
};

/// The text has one capability on each line, and no words for the same one on two.
fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        let mut tags = BTreeSet::new();
        for line in capabilities(turn).unwrap_or_default() {
            let tag = line.split(|octet| *octet == b' ').next().unwrap_or_default().to_ascii_uppercase();
            if !tags.insert(tag) {
                breaches.push(Breach::new(turn, turn.octets.start, "each tag once", line));
            }
        }
    }
    breaches
}

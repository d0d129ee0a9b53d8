//! A line of a multi-line response that begins with a dot begins with two.

use pop3_proto::deviation::Deviation;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/byte-stuffing",
    title: "A line of a multi-line response that begins with a dot is byte-stuffed.",
    requirements: &["rfc1939-3-byte-stuffing"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        for seen in reply.deviations.iter().filter(|seen| seen.deviation == Deviation::UnstuffedLine) {
            breaches.push(Breach::new(
                reply,
                seen.at,
                "a line that begins with two dots",
                b"a line that begins with one",
            ));
        }
    }
    breaches
}

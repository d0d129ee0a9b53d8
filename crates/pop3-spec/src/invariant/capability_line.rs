//! A line of the capability list is a tag and its parameters.

use pop3_proto::capability::Capability;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;
use crate::session::capabilities;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capability-line",
    title: "A line of the capability list is a tag without a dot, and parameters behind single spaces, all printable ASCII.",
    requirements: &["rfc2449-3-capability-line-syntax", "rfc2449-3-capability-tag-alphabet"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        for line in capabilities(turn).unwrap_or_default() {
            let tag = line.split(|octet| *octet == b' ').next().unwrap_or_default();
            let (requirement, expected) = if tag.contains(&b'.') {
                ("rfc2449-3-capability-tag-alphabet", "a tag without a dot")
            } else if Capability::parse(line).is_none() {
                ("rfc2449-3-capability-line-syntax", "a tag, and parameters behind single spaces")
            } else {
                continue;
            };
            breaches.push(Breach::new(turn, turn.octets.start, expected, line).citing(requirement));
        }
    }
    breaches
}

//! A line of the capability list has at most 512 octets.

use pop3_proto::capability::CAPABILITY_LINE_LIMIT;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;
use crate::session::capabilities;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capability-line-length",
    title: "A line of the capability list has at most 512 octets with its CRLF.",
    requirements: &["rfc2449-5-capability-line-at-most-512"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        let lines = capabilities(turn).unwrap_or_default();
        for line in lines.into_iter().filter(|line| line.len() + b"\r\n".len() > CAPABILITY_LINE_LIMIT) {
            let expected = "a line of at most 512 octets, CRLF included";
            breaches.push(Breach::new(turn, turn.octets.start, expected, line));
        }
    }
    breaches
}

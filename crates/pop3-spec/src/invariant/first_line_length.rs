//! The first line of a reply has at most 512 octets with its CRLF.

use pop3_proto::deviation::Deviation;

use pop3_proto::reply::Status;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/first-line-length",
    title: "The first line of a reply has at most 512 octets with its CRLF.",
    requirements: &["rfc1939-3-response-at-most-512"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    // RFC 5034 section 4: a challenge may be of any length.
    for reply in dialogue.replies.iter().filter(|reply| reply.status != Some(Status::Continue)) {
        for seen in reply.deviations.iter().filter(|seen| seen.deviation == Deviation::StatusLineTooLong) {
            let expected = "a first line of at most 512 octets, CRLF included";
            breaches.push(Breach::new(reply, seen.at, expected, &reply.line));
        }
    }
    breaches
}

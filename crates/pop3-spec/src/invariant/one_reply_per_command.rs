//! Every command is answered once; nothing comes unasked.

use pop3_proto::client::Answers;

use super::{Breach, Invariant};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/one-reply-per-command",
    title: "Every command is answered once, and nothing is sent unasked.",
    requirement: "rfc1939-3-one-response-per-command",
    binding: Strength::Must,
    watch,
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    // Where lines were malformed on purpose, how many commands they are is the
    // scenario's question, not ours.
    if !dialogue.orderly {
        return Vec::new();
    }
    let unasked = dialogue.replies.iter().filter(|reply| reply.answers == Answers::Nothing);
    unasked
        .map(|reply| Breach::new(reply, reply.octets.start, "nothing: no command waits for a reply", &reply.line))
        .collect()
}

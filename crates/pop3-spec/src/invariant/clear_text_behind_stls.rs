//! Nothing is sent in the clear behind the +OK to STLS.

use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/clear-text-behind-stls",
    title: "Between the positive reply to STLS and the TLS handshake nothing is sent in the clear.",
    requirements: &["rfc2595-4-handshake-directly-after-ok"],
    binding: Strength::Must,
    ruling: Some("a-64"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    // Of commands sent in the clear there is a check of its own.
    let Some((octet, clear)) = dialogue.clear_text.as_ref().filter(|_| !dialogue.injected) else { return Vec::new() };
    let stls = dialogue.replies.iter().rev().find(|turn| turn.after == State::Handshake);
    let expected = "the TLS handshake, and nothing in the clear";
    stls.map(|turn| Breach::new(turn, *octet, expected, clear)).into_iter().collect()
}

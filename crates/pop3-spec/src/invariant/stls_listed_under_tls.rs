//! STLS is not listed while TLS is active.

use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Layer};
use crate::requirement::Strength;
use crate::session::capabilities;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/stls-listed-under-tls",
    title: "STLS is not listed while TLS is active.",
    requirements: &["rfc2595-4-stls-not-announced-under-tls"],
    binding: Strength::Should,
    ruling: Some("a-63"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in dialogue.replies.iter().filter(|turn| turn.layer == Layer::Tls && turn.state != State::Transaction) {
        for line in capabilities(turn).unwrap_or_default() {
            if line.eq_ignore_ascii_case(b"STLS") {
                breaches.push(Breach::new(turn, turn.octets.start, "no STLS: TLS is active", line));
            }
        }
    }
    breaches
}

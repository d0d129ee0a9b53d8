//! What came in the clear does not count under TLS.

use pop3_proto::client::Answers;
use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Layer};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/clear-text-forgotten",
    title: "Commands sent in the clear behind STLS, and a name given before it, do not count under TLS.",
    requirements: &["rfc2595-4-buffered-plaintext-discarded", "rfc2595-4-state-before-tls-forgotten"],
    binding: Strength::Should,
    ruling: Some("a-43"),
    watch: Watch::Injected(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut named = None;
    let mut breaches = Vec::new();
    let stls = dialogue.replies.iter().rev().find(|turn| turn.after == State::Handshake);
    if let (Some((octet, clear)), Some(turn), true) = (&dialogue.clear_text, stls, dialogue.injected) {
        breaches.push(Breach::new(turn, *octet, "the TLS handshake: what came with STLS does not count", clear));
    }
    for turn in &dialogue.replies {
        if dialogue.injected && turn.layer == Layer::Tls && turn.answers == Answers::Nothing {
            let expected = "nothing: what was sent in the clear behind STLS is not executed";
            breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line));
        }
        match turn.granted() {
            Some((Keyword::User, _)) => named = Some(turn.layer),
            Some((Keyword::Pass, _))
                if turn.state != State::Transaction && turn.layer == Layer::Tls && named == Some(Layer::Plain) =>
            {
                let expected = "-ERR: no USER was granted since TLS began";
                let breach = Breach::new(turn, turn.octets.start, expected, &turn.line);
                breaches.push(breach.citing("rfc2595-4-state-before-tls-forgotten"));
            }
            _ => {}
        }
    }
    breaches
}

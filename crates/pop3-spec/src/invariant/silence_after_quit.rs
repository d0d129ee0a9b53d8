//! Behind the reply to QUIT the server sends nothing.

use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/silence-after-quit",
    title: "Behind the reply to QUIT nothing more is sent.",
    requirements: &["rfc1939-3-quit-then-close", "rfc1939-3-one-response-per-command"],
    binding: Strength::Must,
    ruling: Some("a-28"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let Some(quit) = dialogue.replies.iter().position(|turn| turn.after == State::Ended) else { return Vec::new() };
    let Some(turn) = dialogue.replies.get(quit).filter(|turn| turn.orderly) else { return Vec::new() };
    let expected = "nothing: the session has ended with the reply to QUIT";
    if let Some(next) = dialogue.replies.get(quit + 1) {
        return vec![Breach::new(turn, next.octets.start, expected, &next.line)];
    }
    let rest = dialogue.unfinished.as_deref().filter(|rest| !rest.is_empty());
    rest.map(|rest| Breach::new(turn, turn.octets.end, expected, rest)).into_iter().collect()
}

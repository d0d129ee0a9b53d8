//! Behind the reply to QUIT the server closes the connection.

use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;
use crate::transcript::ClosedBy;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/close-after-quit",
    title: "Behind the reply to QUIT the server closes the connection.",
    requirements: &["rfc1939-3-quit-then-close", "rfc1939-6-quit-closes-connection"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

/// A shorter wait shows nothing: the server may be busy.
const LONG_ENOUGH_MS: u64 = 2000;

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let quit = dialogue.replies.iter().find(|turn| turn.after == State::Ended && turn.orderly);
    let by_server = matches!(dialogue.closed, Some(ClosedBy::Server | ClosedBy::Reset));
    let (Some(turn), Some(waited)) = (quit, dialogue.waited.filter(|ms| *ms >= LONG_ENOUGH_MS && !by_server)) else {
        return Vec::new();
    };
    let requirement = match turn.state {
        State::Transaction => "rfc1939-6-quit-closes-connection",
        _ => "rfc1939-3-quit-then-close",
    };
    let actual = format!("still open after {waited} ms");
    let expected = "the end of the connection";
    vec![Breach::new(turn, turn.octets.end, expected, actual.as_bytes()).citing(requirement)]
}

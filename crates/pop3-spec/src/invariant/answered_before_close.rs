//! A command is answered before the connection is closed.

use pop3_proto::reply::Status;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;
use crate::transcript::ClosedBy;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/answered-before-close",
    title: "A command is answered before the server closes the connection.",
    requirements: &["rfc1939-3-one-response-per-command"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

/// Of several that wait, the later ones may have come too late. So may one behind a
/// refusal, where the server was about to close (ruling a-49, RFC 1939 section 4).
fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let [line] = dialogue.unanswered.as_slice() else { return Vec::new() };
    let Some(last) = dialogue.replies.last().filter(|turn| !matches!(turn.after, State::Ended | State::Handshake))
    else {
        return Vec::new();
    };
    let complete = dialogue.unfinished.is_none() && !dialogue.cut && dialogue.failed.is_none();
    let refused = last.status != Some(Status::Ok);
    if refused || dialogue.closed != Some(ClosedBy::Server) || !dialogue.orderly || !complete {
        return Vec::new();
    }
    let expected = "a reply before the end of the connection";
    vec![Breach { command: line.clone(), ..Breach::new(last, dialogue.received, expected, b"closed by the server") }]
}

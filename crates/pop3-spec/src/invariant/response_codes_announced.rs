//! Response codes are used by servers that announce them.

use pop3_proto::reply::{ResponseCode, Status};

use super::{Breach, Invariant, Watch};
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/response-codes-announced",
    title: "Response codes are sent only by a server that announces RESP-CODES.",
    requirements: &["rfc2449-8-response-codes-announced"],
    binding: Strength::Should,
    ruling: Some("a-46"),
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    if watched.announces("RESP-CODES") != Some(false) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        for turn in dialogue.replies.iter().filter(|turn| turn.status != Some(Status::Continue)) {
            // Text in brackets that is no registered code may be anything.
            if turn.response_code().and_then(ResponseCode::registered).is_some() {
                let expected = "no response code: CAPA does not announce RESP-CODES";
                breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).on(at));
            }
        }
    }
    breaches
}

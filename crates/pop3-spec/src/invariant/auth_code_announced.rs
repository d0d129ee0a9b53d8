//! The response code AUTH is used by servers that announce it.

use pop3_proto::reply::{RegisteredCode, ResponseCode};

use super::{Breach, Invariant, Watch};
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/auth-code-announced",
    title: "The response code AUTH is sent only by a server that announces AUTH-RESP-CODE.",
    requirements: &["rfc3206-5-auth-code-announced"],
    binding: Strength::Should,
    ruling: None,
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    if watched.announces("AUTH-RESP-CODE") != Some(false) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        for turn in &dialogue.replies {
            if turn.response_code().and_then(ResponseCode::registered) == Some(RegisteredCode::Auth) {
                let expected = "no AUTH code: CAPA does not announce AUTH-RESP-CODE";
                breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).on(at));
            }
        }
    }
    breaches
}

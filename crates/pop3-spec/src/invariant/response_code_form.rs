//! A bracket at the beginning of a text begins a response code.

use pop3_proto::reply::Status;

use super::{Breach, Invariant, Watch};
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/response-code-form",
    title: "With RESP-CODES announced, a text that begins with a bracket begins with a response code.",
    requirements: &["rfc2449-6.4-resp-codes-bracket-means-code", "rfc2449-3-response-code-syntax"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    if watched.announces("RESP-CODES") != Some(true) {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        for turn in dialogue.replies.iter().filter(|turn| turn.status != Some(Status::Continue)) {
            if turn.text().starts_with(b"[") && turn.response_code().is_none() {
                let expected = "a response code: levels with slashes between, in brackets";
                breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).on(at));
            }
        }
    }
    breaches
}

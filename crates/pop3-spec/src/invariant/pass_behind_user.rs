//! PASS needs the name that USER gave.

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/pass-behind-user",
    title: "PASS is granted only where USER was granted before, on the same layer.",
    requirements: &["rfc1939-7-pass-directly-after-user", "rfc2595-4-state-before-tls-forgotten"],
    binding: Strength::Must,
    ruling: Some("a-14"),
    watch: Watch::Each(watch),
};

/// Whether the name has to come directly before is left to scenarios (ruling a-14);
/// without any name there is nobody whose password it could be.
fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut named = None;
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        match turn.granted() {
            Some((Keyword::User, _)) => named = Some(turn.layer),
            Some((Keyword::Pass, _)) if turn.state != State::Transaction && named != Some(turn.layer) => {
                let (requirement, why) = match named {
                    None => ("rfc1939-7-pass-directly-after-user", "no USER was granted before"),
                    Some(_) => ("rfc2595-4-state-before-tls-forgotten", "no USER was granted since TLS began"),
                };
                let expected = format!("-ERR: {why}");
                breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement));
            }
            _ => {}
        }
    }
    breaches
}

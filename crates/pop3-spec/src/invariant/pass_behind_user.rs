//! PASS needs the name that USER gave.

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/pass-behind-user",
    title: "PASS is granted only where USER was granted before.",
    requirements: &["rfc1939-7-pass-directly-after-user"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

/// Whether the name has to come directly before is left to scenarios (ruling a-14);
/// without any name there is nobody whose password it could be.
fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        match turn.granted() {
            Some((Keyword::User, _)) => return breaches,
            Some((Keyword::Pass, _)) if turn.state != State::Transaction => {
                let expected = "-ERR: no USER was granted before";
                breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line));
            }
            _ => {}
        }
    }
    breaches
}

//! Every reply begins with a status indicator, and its text stands behind a space.

use pop3_proto::client::Answers;
use pop3_proto::deviation::Deviation;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/status-indicator",
    title: "Every reply begins with a status indicator, and its text stands behind a space.",
    requirements: &["rfc1939-3-response-status-first"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        let counts = |deviation: Deviation| match deviation {
            // Behind a malformed line it may belong to a response of several lines.
            Deviation::NoStatusIndicator => dialogue.orderly || reply.answers != Answers::Nothing,
            // The grammar of RFC 2449 section 3 has no space in the greeting.
            Deviation::StatusNotSeparated => reply.answers != Answers::Greeting,
            _ => false,
        };
        for seen in reply.deviations.iter().filter(|seen| counts(seen.deviation)) {
            let expected = "+OK or -ERR, then a space or the end of the line";
            breaches.push(Breach::new(reply, seen.at, expected, &reply.line));
        }
        // What follows may be the rest of a response that seemed to have ended.
        if dialogue.orderly && reply.answers == Answers::Nothing {
            break;
        }
    }
    breaches
}

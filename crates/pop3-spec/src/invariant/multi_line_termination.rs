//! A multi-line response ends with a line that holds one dot.

use pop3_proto::escape::escape;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;
use crate::transcript::ClosedBy;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/multi-line-termination",
    title: "A reply that was begun is ended: by CRLF, and a multi-line response by a line with one dot.",
    requirements: &["rfc1939-3-multi-line-termination"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

/// How much of the end is shown, in octets.
const SHOWN: usize = 80;

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    // A connection that the client ended, or that was reset, says nothing.
    let Some(unfinished) = &dialogue.unfinished else { return Vec::new() };
    if dialogue.closed != Some(ClosedBy::Server) {
        return Vec::new();
    }
    let end = unfinished.get(unfinished.len().saturating_sub(SHOWN)..).unwrap_or(unfinished);
    vec![Breach {
        connection: 0,
        requirement: "",
        command: Vec::new(),
        octet: dialogue.received,
        expected: "the end of the reply before the connection is closed".to_owned(),
        actual: format!("closed behind {}", escape(end)).into_bytes(),
    }]
}

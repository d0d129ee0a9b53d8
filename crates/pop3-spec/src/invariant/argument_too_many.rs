//! A command that has no arguments is refused when it comes with one.

use pop3_proto::command::Keyword;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/argument-too-many",
    title: "A command that has no arguments is refused when it comes with one.",
    requirements: &[
        "rfc1939-3-invalid-syntax-negative",
        "rfc1939-5-noop-no-arguments",
        "rfc1939-5-rset-no-arguments",
        "rfc1939-5-stat-no-arguments",
        "rfc1939-6-quit-no-arguments",
        "rfc2449-5-capa-no-arguments",
        "rfc2595-4-stls-no-arguments",
    ],
    binding: Strength::Should,
    ruling: Some("a-11"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        // Blanks alone are no argument (ruling a-04).
        let Some((keyword, Some(_))) = turn.granted() else { continue };
        let requirement = match keyword {
            Keyword::Capa => "rfc2449-5-capa-no-arguments",
            Keyword::Noop => "rfc1939-5-noop-no-arguments",
            Keyword::Quit => "rfc1939-6-quit-no-arguments",
            Keyword::Rset => "rfc1939-5-rset-no-arguments",
            Keyword::Stat => "rfc1939-5-stat-no-arguments",
            Keyword::Stls => "rfc2595-4-stls-no-arguments",
            _ => continue,
        };
        let expected = format!("-ERR: {keyword} has no arguments");
        breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement));
    }
    breaches
}

//! Arguments of capabilities are the same before and behind login.

use std::collections::BTreeSet;

use super::{Breach, Invariant, Watch, lists_around_login};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capability-arguments-kept",
    title: "A capability has the same arguments before and behind login, EXPIRE and LOGIN-DELAY apart.",
    requirements: &["rfc2449-5-arguments-same-in-both-states"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

/// Defined so that arguments may differ (RFC 2449 sections 6.5 and 6.7), without any
/// meaning for a client (6.9), or a matter of ruling a-19.
const MAY_DIFFER: [&str; 4] = ["EXPIRE", "IMPLEMENTATION", "LOGIN-DELAY", "SASL"];

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (turn, before, behind) in lists_around_login(dialogue) {
        for (tag, arguments) in before.iter().filter(|(tag, _)| !is_free(tag)) {
            let now = behind.get(tag).filter(|now| *now != arguments);
            if let Some(now) = now {
                let expected = format!("{tag}{}, as before login", shown(arguments));
                let actual = format!("{tag}{}", shown(now));
                breaches.push(Breach::new(turn, turn.octets.start, expected, actual.as_bytes()));
            }
        }
    }
    breaches
}

/// Of private capabilities nobody knows the definition.
fn is_free(tag: &str) -> bool {
    tag.starts_with('X') || MAY_DIFFER.contains(&tag)
}

fn shown(arguments: &BTreeSet<String>) -> String {
    arguments.iter().map(|argument| format!(" {argument}")).collect()
}

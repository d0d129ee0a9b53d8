//! What is announced before login is announced behind it.

use super::{Breach, Invariant, Watch, gone};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capabilities-kept",
    title: "A capability announced before login is announced behind it, STLS and those of login apart.",
    requirements: &["rfc2449-5-announced-in-both-states"],
    binding: Strength::Must,
    ruling: Some("a-19"),
    watch: Watch::Each(watch),
};

/// Announced for the AUTHORIZATION state only, or a matter of ruling a-19.
const OF_LOGIN: [&str; 3] = ["SASL", "STLS", "USER"];

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    gone(dialogue, |tag| !OF_LOGIN.contains(&tag))
}

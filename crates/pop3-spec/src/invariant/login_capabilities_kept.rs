//! USER and SASL are announced behind login too.

use super::{Breach, Invariant, Watch, gone};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/login-capabilities-kept",
    title: "USER and SASL, if announced before login, are announced behind it.",
    requirements: &["rfc2449-5-announced-in-both-states"],
    binding: Strength::Should,
    ruling: Some("a-19"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    gone(dialogue, |tag| matches!(tag, "SASL" | "USER"))
}

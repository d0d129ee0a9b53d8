//! Commands that cannot fail do not.

use super::{Breach, Invariant, Watch, contradicted};
use crate::dialogue::Dialogue;
use crate::model::Rule;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/always-positive",
    title: "STAT, NOOP, RSET and LIST without a number are answered in the positive.",
    requirements: &[
        "rfc1939-5-stat-always-positive",
        "rfc1939-5-noop-positive-no-effect",
        "rfc1939-5-rset-without-marks-positive",
        "rfc1939-5-rset-unmarks-all",
        "rfc1939-5-list-empty-maildrop",
        "rfc1939-5-list-all-one-line-each",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    // A reply too few, which is another check's matter: which command it is that none came to is not known.
    if dialogue.closed.is_some() && !dialogue.unanswered.is_empty() {
        return Vec::new();
    }
    contradicted(dialogue, Rule::Positive)
}

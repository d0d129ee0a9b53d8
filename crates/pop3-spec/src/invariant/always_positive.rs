//! Commands that cannot fail do not.

use super::{Invariant, Watch, contradicted};
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
    watch: Watch::Each(|dialogue| contradicted(dialogue, Rule::Positive)),
};

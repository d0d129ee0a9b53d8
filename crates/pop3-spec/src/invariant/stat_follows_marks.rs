//! STAT follows DELE and RSET, and nothing else.

use super::{Invariant, Watch, contradicted};
use crate::model::Rule;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/stat-follows-marks",
    title: "STAT changes by what DELE and RSET do, and by nothing else.",
    requirements: &[
        "rfc1939-5-stat-count-of-messages",
        "rfc1939-5-stat-omits-marked-messages",
        "rfc1939-5-stat-size-of-maildrop",
        "rfc1939-8-new-mail-not-visible",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(|dialogue| contradicted(dialogue, Rule::Totals)),
};

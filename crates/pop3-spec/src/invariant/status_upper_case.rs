//! The status indicators are sent in upper case.

use pop3_proto::deviation::Deviation;

use super::{Invariant, Watch, noted};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/status-upper-case",
    title: "The status indicators are sent in upper case.",
    requirements: &["rfc1939-3-status-upper-case"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(|dialogue| noted(dialogue, &[Deviation::StatusNotUpperCase], "+OK or -ERR in upper case")),
};

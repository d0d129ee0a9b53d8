//! Every reply begins with a status indicator, and its text stands behind a space.

use pop3_proto::deviation::Deviation;

use super::{Invariant, noted};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/status-indicator",
    title: "Every reply begins with a status indicator, and its text stands behind a space.",
    requirement: "rfc1939-3-response-status-first",
    binding: Strength::Must,
    watch: |dialogue| {
        noted(
            dialogue,
            &[Deviation::NoStatusIndicator, Deviation::StatusNotSeparated],
            "+OK or -ERR, then a space or the end of the line",
        )
    },
};

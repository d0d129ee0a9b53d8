//! Status lines hold printable ASCII and spaces only.

use pop3_proto::deviation::Deviation;

use super::{Invariant, Watch, noted};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/printable",
    title: "Status lines hold printable ASCII and spaces only.",
    requirements: &["rfc2449-3-status-then-space-or-crlf"],
    binding: Strength::Should,
    ruling: Some("a-24"),
    watch: Watch::Each(|dialogue| noted(dialogue, &[Deviation::NotPrintable], "printable ASCII")),
};

//! The number of a message that is not marked as deleted is good for every command.

use super::{Invariant, Watch, contradicted};
use crate::model::Rule;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/number-good",
    title: "A message that was listed and is not marked as deleted can be listed, retrieved and deleted.",
    requirements: &[
        "rfc1939-5-retr-whole-message",
        "rfc1939-5-dele-marks-message",
        "rfc1939-5-list-one-single-line",
        "rfc1939-7-uidl-single-or-multi-line",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(|dialogue| contradicted(dialogue, Rule::NumberGood)),
};

//! A number that no message has, or that is marked as deleted, is refused.

use super::{Invariant, Watch, contradicted};
use crate::model::Rule;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/number-bad",
    title: "Commands about a message that is not there, or is marked as deleted, are refused.",
    requirements: &[
        "rfc1939-5-marked-number-is-error",
        "rfc1939-5-dele-twice-negative",
        "rfc1939-5-dele-unknown-number-negative",
        "rfc1939-5-list-marked-message-negative",
        "rfc1939-5-list-unknown-number-negative",
        "rfc1939-5-retr-marked-message-negative",
        "rfc1939-5-retr-unknown-number-negative",
        "rfc1939-7-top-marked-or-unknown-negative",
        "rfc1939-7-uidl-marked-or-unknown-negative",
    ],
    binding: Strength::Must,
    ruling: Some("a-01"),
    watch: Watch::Each(|dialogue| contradicted(dialogue, Rule::NumberBad)),
};

//! A challenge is a plus sign, a space and base64.

use pop3_proto::deviation::Deviation;

use super::{Invariant, Watch, noted};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/challenge-form",
    title: "A challenge is a plus sign, a space and base64.",
    requirements: &["rfc5034-4-challenge-form"],
    binding: Strength::Must,
    ruling: Some("a-23"),
    watch: Watch::Each(|dialogue| {
        noted(
            dialogue,
            &[Deviation::ChallengeNotBase64, Deviation::ChallengeWithoutSpace],
            "'+', a space, and base64 or nothing",
        )
    }),
};

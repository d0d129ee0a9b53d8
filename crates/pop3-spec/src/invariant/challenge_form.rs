//! A challenge is a plus sign, a space and base64.

use pop3_proto::deviation::Deviation;

use super::{Invariant, noted};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/challenge-form",
    title: "A challenge is a plus sign, a space and base64.",
    requirement: "rfc5034-4-challenge-form",
    binding: Strength::Must,
    watch: |dialogue| {
        noted(
            dialogue,
            &[Deviation::ChallengeNotBase64, Deviation::ChallengeWithoutSpace],
            "'+', a space, and base64 or nothing",
        )
    },
};

//! The first line of a reply has at most 512 octets with its CRLF.

use pop3_proto::deviation::Deviation;

use super::{Invariant, noted};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/first-line-length",
    title: "The first line of a reply has at most 512 octets with its CRLF.",
    requirement: "rfc1939-3-response-at-most-512",
    binding: Strength::Must,
    watch: |dialogue| {
        noted(dialogue, &[Deviation::StatusLineTooLong], "a first line of at most 512 octets, CRLF included")
    },
};

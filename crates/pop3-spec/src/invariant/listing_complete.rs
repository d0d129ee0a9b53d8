//! A listing has all messages but those marked as deleted, numbered from 1.

use super::{Invariant, Watch, contradicted};
use crate::model::Rule;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/listing-complete",
    title: "LIST and UIDL have one line for each message that is not marked as deleted, and no other.",
    requirements: &[
        "rfc1939-5-list-all-one-line-each",
        "rfc1939-5-list-omits-marked-messages",
        "rfc1939-5-list-one-equals-list-all",
        "rfc1939-7-uidl-single-or-multi-line",
        "rfc1939-7-uidl-omits-marked-messages",
        "rfc1939-7-uidl-one-equals-uidl-all",
        "rfc1939-4-message-numbers-from-one",
        "rfc1939-8-new-mail-not-visible",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(|dialogue| contradicted(dialogue, Rule::Listing)),
};

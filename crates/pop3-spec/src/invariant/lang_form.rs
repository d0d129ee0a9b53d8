//! A language that was chosen is told by its tag.

use pop3_proto::command::Keyword;
use pop3_proto::reply::Status;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/lang-form",
    title: "The positive answer to LANG begins with the tag of a language that was asked for.",
    requirements: &["rfc6856-3.2-lang-success-form", "rfc6856-3.2-lang-selects-matching-tag"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in dialogue.replies.iter().filter(|turn| turn.status == Some(Status::Ok) && turn.whole) {
        let Some((Keyword::Lang, words)) = turn.words() else { continue };
        let [range] = words.as_slice() else { continue };
        let tag = turn.text().split(|octet| *octet == b' ').next().unwrap_or_default();
        let is_tag = !tag.is_empty() && tag.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-');
        let (requirement, expected) = if !is_tag {
            ("rfc6856-3.2-lang-success-form", "+OK, a space, and the tag of the language")
        } else if *range != b"*" && !is_within(tag, range) {
            ("rfc6856-3.2-lang-selects-matching-tag", "the tag of a language within the range asked for")
        } else {
            continue;
        };
        breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement));
    }
    breaches
}

/// Basic filtering: the range itself, or the range and a hyphen before more
/// (RFC 4647 section 3.3.1).
fn is_within(tag: &[u8], range: &[u8]) -> bool {
    let (Some(start), rest) = (tag.get(..range.len()), tag.get(range.len()..).unwrap_or_default()) else {
        return false;
    };
    start.eq_ignore_ascii_case(range) && matches!(rest, [] | [b'-', ..])
}

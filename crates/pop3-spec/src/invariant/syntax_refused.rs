//! A command without its argument, or with something else in its place, is refused.

use pop3_proto::command::Keyword;
use pop3_proto::message_number::decimal;
use pop3_proto::reply::Status;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/syntax-refused",
    title: "A command without its argument, or with something that is no number in its place, is refused.",
    requirements: &[
        "rfc1939-3-invalid-syntax-negative",
        "rfc1939-5-retr-number-required",
        "rfc1939-5-dele-number-required",
        "rfc1939-7-apop-both-arguments-required",
        "rfc1939-7-pass-argument-required",
        "rfc1939-7-top-both-arguments-required",
        "rfc1939-7-top-line-count-non-negative",
        "rfc1939-7-user-name-required",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in dialogue.replies.iter().filter(|turn| turn.status == Some(Status::Ok) && turn.state != State::Ended) {
        let Some((keyword, words)) = turn.words() else { continue };
        let missing = match (keyword, words.as_slice()) {
            (Keyword::Apop, [] | [_]) => "rfc1939-7-apop-both-arguments-required",
            (Keyword::Dele, []) => "rfc1939-5-dele-number-required",
            (Keyword::Pass, []) => "rfc1939-7-pass-argument-required",
            (Keyword::Retr, []) => "rfc1939-5-retr-number-required",
            (Keyword::Top, [] | [_]) => "rfc1939-7-top-both-arguments-required",
            (Keyword::User, []) => "rfc1939-7-user-name-required",
            _ => "",
        };
        let (requirement, expected) = match (keyword, words.as_slice()) {
            _ if !missing.is_empty() => (missing, "-ERR: an argument is missing"),
            (Keyword::Top, [number, count]) if is_number(number) && count.starts_with(b"-") => {
                ("rfc1939-7-top-line-count-non-negative", "-ERR: a number of lines is not negative")
            }
            (Keyword::Dele | Keyword::List | Keyword::Retr | Keyword::Uidl, [number]) if !is_number(number) => {
                ("rfc1939-3-invalid-syntax-negative", "-ERR: this is no message-number")
            }
            (Keyword::Top, [number, count]) if !is_number(number) || !is_number(count) => {
                ("rfc1939-3-invalid-syntax-negative", "-ERR: these are no numbers")
            }
            _ => continue,
        };
        breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement));
    }
    breaches
}

/// Whether it may be read as a number. A plus sign is left to ruling a-02, blanks to
/// a-04 and a-05.
fn is_number(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"+").unwrap_or(word);
    word.is_empty() || !matches!(decimal(word), Err(pop3_proto::message_number::NumberError::NotDigits))
}

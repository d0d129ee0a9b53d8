//! What is announced is there.

use std::collections::BTreeSet;

use pop3_proto::command::Keyword;
use pop3_proto::listing::DropListing;
use pop3_proto::message_number::decimal;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Layer;
use crate::requirement::Strength;
use crate::session::{Watched, capabilities};

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/announced-works",
    title: "TOP, UIDL and STLS are there when they are announced.",
    requirements: &[
        "rfc2449-6.1-top-announced-works",
        "rfc1939-7-top-more-lines-than-body",
        "rfc2449-6.8-uidl-announced-works",
        "rfc2595-4-stls-announced-permitted-now",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::All(watch),
};

/// Lines in TOP that any server can count.
const MOST_LINES: u64 = 1 << 31;

fn watch(watched: &Watched) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        // What the last list said, and in which state and on which layer.
        let mut listed: Option<(State, Layer, BTreeSet<Vec<u8>>)> = None;
        let mut messages = 0;
        let mut seen: BTreeSet<Vec<u8>> = BTreeSet::new();
        let (mut named, mut utf8) = (false, false);
        for turn in &dialogue.replies {
            if let Some(lines) = capabilities(turn) {
                let tags = lines.iter().map(|line| line.to_ascii_uppercase()).collect();
                listed = Some((turn.state, turn.layer, tags));
                continue;
            }
            let Some((keyword, words)) = turn.words() else { continue };
            named |= keyword == Keyword::Dele;
            match turn.granted() {
                Some((Keyword::Utf8, _)) => utf8 = true,
                Some((Keyword::List | Keyword::Retr | Keyword::Uidl, Some(number))) => {
                    seen.insert(number.to_vec());
                }
                Some((Keyword::Stat, _)) if !named => {
                    messages = DropListing::parse(turn.text()).map_or(0, |stat| stat.messages);
                }
                _ => {}
            }
            // What a list anywhere has holds in the TRANSACTION state, save STLS.
            let announced = match &listed {
                Some((state, layer, tags)) if (*state, *layer) == (turn.state, turn.layer) => {
                    tags.contains(keyword.as_str().as_bytes())
                }
                _ => keyword != Keyword::Stls && watched.announces(keyword.as_str()) == Some(true),
            };
            if !announced || !turn.refused() || dialogue.is_last_word(turn) {
                continue;
            }
            let state = turn.state;
            let numbers: Option<Vec<u64>> = words.iter().map(|word| decimal(word).ok()).collect();
            let known = words.first().is_some_and(|number| seen.contains(*number));
            let is_message = |number: &u64| !named && (known || (1..=messages).contains(number));
            let requirement = match (keyword, numbers.as_deref()) {
                // RFC 2449 section 6.7: a policy that EXPIRE announces may limit TOP.
                (Keyword::Top, Some([number, lines]))
                    if state == State::Transaction && !watched.expires && is_message(number) && *lines < MOST_LINES =>
                {
                    "rfc2449-6.1-top-announced-works"
                }
                (Keyword::Uidl, Some([])) if state == State::Transaction => "rfc2449-6.8-uidl-announced-works",
                (Keyword::Uidl, Some([number])) if state == State::Transaction && is_message(number) => {
                    "rfc2449-6.8-uidl-announced-works"
                }
                // RFC 6856 section 2.1 may forbid STLS behind UTF8.
                (Keyword::Stls, Some([])) if state == State::Authorization && !utf8 => {
                    "rfc2595-4-stls-announced-permitted-now"
                }
                _ => continue,
            };
            let expected = format!("+OK: CAPA announces {keyword}");
            breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement).on(at));
        }
    }
    breaches
}

//! CAPA is there in every state or in none.

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Layer, Turn};
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capa-everywhere",
    title: "A server that has CAPA has it in both states, and under TLS.",
    requirements: &[
        "rfc2449-5-capa-in-transaction",
        "rfc2449-5-capa-in-authorization",
        "rfc2449-5-capa-negative-means-unimplemented",
        "rfc2595-4-stls-implies-capa",
    ],
    binding: Strength::Must,
    ruling: Some("a-37"),
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    let is_capa =
        |turn: &Turn| turn.words().is_some_and(|(keyword, words)| keyword == Keyword::Capa && words.is_empty());
    let turns = || watched.dialogues.iter().flat_map(|dialogue| &dialogue.replies).filter(|turn| is_capa(turn));
    let Some(granted) = turns().find(|turn| turn.granted().is_some()) else { return Vec::new() };
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        let refused = dialogue.replies.iter().filter(|turn| is_capa(turn) && turn.refused());
        for turn in refused.filter(|turn| !dialogue.is_last_word(turn)) {
            let requirement = match turn.state {
                _ if turn.layer == Layer::Tls && granted.layer == Layer::Plain => "rfc2595-4-stls-implies-capa",
                State::Transaction => "rfc2449-5-capa-in-transaction",
                _ => "rfc2449-5-capa-in-authorization",
            };
            let expected = format!("+OK, as in the {} state", granted.state.name());
            breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement).on(at));
        }
    }
    breaches
}

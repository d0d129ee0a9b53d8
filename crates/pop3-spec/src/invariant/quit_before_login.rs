//! QUIT before login has one answer.

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Turn};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/quit-before-login",
    title: "QUIT before login is answered in the positive.",
    requirements: &["rfc1939-4-quit-in-authorization-positive"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let refused = |turn: &&Turn| {
        let quit = turn.words().is_some_and(|(keyword, words)| keyword == Keyword::Quit && words.is_empty());
        quit && matches!(turn.state, State::Authorization | State::Named) && turn.refused()
    };
    let refused = dialogue.replies.iter().filter(refused);
    refused.map(|turn| Breach::new(turn, turn.octets.start, "+OK: QUIT has no other answer here", &turn.line)).collect()
}

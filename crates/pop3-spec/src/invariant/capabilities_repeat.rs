//! CAPA says the same again in the same state.

use std::collections::BTreeSet;

use pop3_proto::command::Keyword;
use pop3_proto::escape::escape;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Layer};
use crate::requirement::Strength;
use crate::session::capabilities;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/capabilities-repeat",
    title: "CAPA twice in one state, with nothing done in between, gives the same list.",
    requirements: &["rfc2449-5-capa-changes-nothing"],
    binding: Strength::Should,
    ruling: Some("a-69"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut before: Option<(State, Layer, BTreeSet<Vec<u8>>)> = None;
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        let Some(lines) = capabilities(turn) else {
            // UTF8 and LANG may change what is offered; an exchange, whatever it likes.
            let changes = !matches!(turn.words(), Some((Keyword::Noop | Keyword::Stat | Keyword::List, _)));
            if changes {
                before = None;
            }
            continue;
        };
        let list: BTreeSet<Vec<u8>> = lines.iter().map(|line| line.to_ascii_uppercase()).collect();
        if let Some((state, layer, first)) = &before
            && (*state, *layer) == (turn.state, turn.layer)
            && let Some(line) = first.symmetric_difference(&list).next()
        {
            let expected = match first.contains(line) {
                true => format!("{}, as in the list before", escape(line)),
                false => format!("no {}, as in the list before", escape(line)),
            };
            breaches.push(Breach::new(turn, turn.octets.start, expected, turn.body.as_deref().unwrap_or_default()));
        }
        before = Some((turn.state, turn.layer, list));
    }
    breaches
}

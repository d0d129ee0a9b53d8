//! A message keeps its unique-id from session to session.

use pop3_proto::escape::escape;

use super::{Breach, Invariant, Watch, ids_that_may_be_gone, in_succession};
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/unique-id-persists",
    title: "A message that no session can have removed has the same unique-id in later sessions.",
    requirements: &["rfc1939-7-unique-id-persists", "rfc1939-7-unique-id-survives-other-removals"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (one, later) in in_succession(watched) {
        let (before, Some((at, now))) = (&one.unique_ids, &later.all) else { continue };
        // With fewer messages than there must be, one is lost: another check's matter.
        let Some(ids) = ids_that_may_be_gone(watched, one, later) else { continue };
        let stays: Vec<&Vec<u8>> = before.values().filter(|id| !ids.contains(&id.as_slice())).collect();
        if now.len() < stays.len() {
            continue;
        }
        let Some(id) = stays.into_iter().find(|id| !now.contains(id)) else { continue };
        let turn = watched.dialogues.get(later.connection).and_then(|dialogue| dialogue.replies.get(*at));
        if let Some(turn) = turn {
            let expected = format!("the unique-id {} too, which an earlier session saw", escape(id));
            let listing = turn.body.as_deref().unwrap_or_default();
            breaches.push(Breach::new(turn, turn.octets.start, expected, listing).on(later.connection));
        }
    }
    breaches
}

//! What a positive QUIT removed is gone.

use pop3_proto::escape::escape;

use super::{Breach, Invariant, Watch, in_succession};
use crate::model::counted;
use crate::requirement::Strength;
use crate::session::Watched;
use crate::transcript::Deliveries;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/removed-is-gone",
    title: "A message marked as deleted in a session that ended with a positive QUIT is not there in later sessions.",
    requirements: &["rfc1939-6-quit-removes-marked-messages", "rfc1939-6-removal-is-durable"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (one, later) in in_succession(watched) {
        if one.removed.is_empty() || one.updated.is_none_or(|updated| updated >= later.began) {
            continue;
        }
        let dialogue = watched.dialogues.get(later.connection);
        let turn = |at: usize| dialogue.and_then(|dialogue| dialogue.replies.get(at));
        let removed = one.removed.len() as u64;
        if let (Some(before), Some(now), Deliveries::None) = (one.total, later.total, watched.deliveries)
            && now > before.saturating_sub(removed)
            && let Some(turn) = turn(later.counted)
        {
            let most = before.saturating_sub(removed);
            let expected = format!("{} at most: {before} before, QUIT removed {removed}", counted(most, "message"));
            breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).on(later.connection));
        } else if let (Some((_, before)), Some((at, now))) = (&one.all, &later.all) {
            // A copy that stays, or comes anew, may have the same one.
            let gone = one.removed.iter().filter_map(|number| one.unique_ids.get(number));
            let alone = |id: &&Vec<u8>| before.iter().filter(|each| each == id).count() == 1;
            let still = gone.filter(alone).find(|id| now.contains(id));
            if let (Some(id), Some(turn), Deliveries::None) = (still, turn(*at), watched.deliveries) {
                let expected = format!("no unique-id {}: QUIT removed its message", escape(id));
                let listing = turn.body.as_deref().unwrap_or_default();
                breaches.push(Breach::new(turn, turn.octets.start, expected, listing).on(later.connection));
            }
        }
    }
    breaches
}

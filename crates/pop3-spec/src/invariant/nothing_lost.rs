//! No message goes without DELE and QUIT.

use std::collections::BTreeSet;

use super::{Breach, Invariant, Watch, in_succession};
use crate::model::counted;
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/nothing-lost",
    title: "A message that no session has marked, or retrieved, and then ended with QUIT is there in later sessions.",
    requirements: &[
        "rfc1939-6-no-removal-without-quit",
        "rfc1939-6-quit-keeps-unmarked-messages",
        "rfc1939-5-rset-then-quit-removes-nothing",
        "rfc1939-4-quit-in-authorization-harmless",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (one, later) in in_succession(watched) {
        let (Some(before), Some(now)) = (one.total, later.total) else { continue };
        let Some(removers) = watched.removers(one, later) else { continue };
        let touched: Option<Vec<usize>> =
            removers.iter().map(|session| session.touched.as_ref().map(BTreeSet::len)).collect();
        let Some(touched) = touched.map(|touched| touched.iter().sum::<usize>() as u64) else { continue };
        if watched.expires || now.saturating_add(touched) >= before {
            continue;
        }
        let turn = watched.dialogues.get(later.connection).and_then(|dialogue| dialogue.replies.get(later.counted));
        if let Some(turn) = turn {
            let least = before - touched;
            let expected = format!(
                "{} at least: an earlier session saw {before}, {touched} may be removed",
                counted(least, "message")
            );
            breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).on(later.connection));
        }
    }
    breaches
}

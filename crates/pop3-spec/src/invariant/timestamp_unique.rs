//! No two greetings have the same timestamp.

use std::collections::BTreeSet;

use pop3_proto::client::Answers;
use pop3_proto::command::Keyword;

use super::{Breach, Invariant, Watch};
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/timestamp-unique",
    title: "No two greetings of a server with APOP have the same timestamp.",
    requirements: &["rfc1939-7-apop-timestamp-unique"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::All(watch),
};

/// What stands in brackets without APOP may be decoration (ruling a-16).
fn watch(watched: &Watched) -> Vec<Breach> {
    let by_apop = |keyword: Option<Keyword>| keyword == Some(Keyword::Apop);
    let mut turns = watched.dialogues.iter().flat_map(|dialogue| &dialogue.replies);
    let has_apop = turns.any(|turn| by_apop(turn.granted().map(|(keyword, _)| keyword)));
    if !has_apop && watched.announces("APOP") != Some(true) {
        return Vec::new();
    }
    let mut seen: BTreeSet<&[u8]> = BTreeSet::new();
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        let Some(greeting) = dialogue.replies.first().filter(|turn| turn.answers == Answers::Greeting) else {
            continue;
        };
        let Some(timestamp) = pop3_proto::apop::timestamp(&greeting.line).filter(|_| greeting.whole) else { continue };
        if timestamp.contains(&b'@') && !seen.insert(timestamp) {
            let expected = "a timestamp that no greeting had before";
            breaches.push(Breach::new(greeting, greeting.octets.start, expected, &greeting.line).on(at));
        }
    }
    breaches
}

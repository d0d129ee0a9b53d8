//! APOP needs a timestamp in the greeting.

use pop3_proto::client::Answers;
use pop3_proto::command::Keyword;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/apop-timestamp",
    title: "APOP is granted only where the greeting has a timestamp.",
    requirements: &["rfc1939-7-apop-timestamp-in-greeting"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let Some(greeting) = dialogue.replies.first().filter(|turn| turn.answers == Answers::Greeting) else {
        return Vec::new();
    };
    if !greeting.whole || timestamp(&greeting.line).is_some() {
        return Vec::new();
    }
    let logins = dialogue.replies.iter().filter(|turn| turn.logs_in());
    let by_apop = logins.filter(|turn| matches!(turn.granted(), Some((Keyword::Apop, _))));
    by_apop
        .map(|turn| Breach::new(turn, turn.octets.start, "-ERR: the greeting has no timestamp", &turn.line))
        .collect()
}

fn timestamp(line: &[u8]) -> Option<&[u8]> {
    let open = line.iter().position(|octet| *octet == b'<')?;
    let behind = line.get(open..)?;
    let close = behind.iter().position(|octet| *octet == b'>')?;
    behind.get(..=close)
}

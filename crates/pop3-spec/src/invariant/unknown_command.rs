//! A command that POP3 cannot have is refused.

use pop3_proto::client::Answers;
use pop3_proto::reply::Status;

use super::{Breach, Invariant, Watch};
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/unknown-command",
    title: "A keyword of more than four letters, which no POP3 command has, is refused.",
    requirements: &["rfc1939-3-unrecognized-command-negative"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::All(watch),
};

/// Shorter ones, those that begin with X, and those that the server announces may be
/// commands of its own.
fn watch(watched: &Watched) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        for turn in dialogue.replies.iter().filter(|turn| turn.orderly && turn.status == Some(Status::Ok)) {
            let Answers::Line(line) = &turn.answers else { continue };
            let word = line.split(|octet| *octet == b' ').next().unwrap_or_default().to_ascii_uppercase();
            let own = word.first() == Some(&b'X') || !word.iter().all(u8::is_ascii_uppercase);
            let announced = String::from_utf8(word.clone()).is_ok_and(|tag| watched.announces(&tag) == Some(true));
            if word.len() > 4 && !own && !announced {
                let expected = "-ERR: there is no such command";
                breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).on(at));
            }
        }
    }
    breaches
}

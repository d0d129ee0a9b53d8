//! Every command is answered once; nothing comes unasked.

use pop3_proto::client::{Answers, ObservedReply};
use pop3_proto::command::Keyword;
use pop3_proto::reply::Status;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Layer, command_of};
use crate::requirement::Strength;
use crate::transcript::ClosedBy;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/one-reply-per-command",
    title: "Every command is answered once, and nothing is sent unasked.",
    requirements: &["rfc1939-3-one-response-per-command"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    // Where lines were malformed on purpose, how many commands they are is the
    // scenario's question, not ours.
    if !dialogue.orderly {
        return Vec::new();
    }
    let last = dialogue.replies.len().saturating_sub(1);
    let unasked = dialogue.replies.iter().enumerate().filter(|(_, turn)| turn.answers == Answers::Nothing);
    // What comes behind QUIT is a check of its own, and so is what was sent in the
    // clear and answered under TLS.
    unasked
        .filter(|(_, turn)| turn.state != State::Ended)
        .filter(|(_, turn)| !(dialogue.injected && turn.layer == Layer::Tls))
        .filter(|(at, reply)| *at != last || !(dialogue.half_line || is_farewell(dialogue, reply)))
        .map(|(_, reply)| reply)
        // Behind the first, nobody knows what answers what.
        .take(1)
        .map(|reply| Breach::new(reply, reply.octets.start, "nothing: no command waits for a reply", &reply.line))
        .collect()
}

/// A server that ends an idle session *should* send nothing (RFC 1939 section 3),
/// so a last word of refusal before it closes breaks no must. Behind QUIT there
/// is no such word.
fn is_farewell(dialogue: &Dialogue, reply: &ObservedReply) -> bool {
    let quits = |reply: &ObservedReply| {
        let word = command_of(reply).split(|octet| *octet == b' ').next();
        word.and_then(Keyword::from_word) == Some(Keyword::Quit)
    };
    reply.status == Some(Status::Err)
        && dialogue.closed == Some(ClosedBy::Server)
        && !dialogue.replies.iter().any(|turn| quits(turn))
}

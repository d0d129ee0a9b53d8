//! In an AUTH exchange, `*` and what is not base64 are refused.

use pop3_proto::auth::{ClientLine, initial_response};
use pop3_proto::client::Answers;
use pop3_proto::command::Keyword;
use pop3_proto::reply::Status;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Turn};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/exchange-refusals",
    title: "In an AUTH exchange, a cancellation and a response that is not base64 are refused.",
    requirements: &["rfc5034-4-cancel-refused", "rfc5034-4-undecodable-response-refused"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in dialogue.replies.iter().filter(|turn| matches!(turn.status, Some(Status::Ok | Status::Continue))) {
        let (requirement, why) = match response(turn) {
            Some(ClientLine::Cancel) => ("rfc5034-4-cancel-refused", "the client has cancelled"),
            Some(ClientLine::NotBase64) => ("rfc5034-4-undecodable-response-refused", "the response is not base64"),
            _ => continue,
        };
        breaches.push(Breach::new(turn, turn.octets.start, format!("-ERR: {why}"), &turn.line).citing(requirement));
    }
    breaches
}

/// The response that a reply answers, unless a mask may stand in its place.
fn response(turn: &Turn) -> Option<ClientLine> {
    let masked = |octets: &[u8]| octets.windows(3).any(|three| three == b"***");
    match &turn.answers {
        Answers::ExchangeLine(line) if turn.orderly && !masked(line) => Some(ClientLine::parse(line)),
        Answers::Line(_) => match turn.words()? {
            (Keyword::Auth, words) => match words.as_slice() {
                [_, response] if !masked(response) => {
                    let decoded = std::str::from_utf8(response).ok().and_then(initial_response);
                    Some(decoded.map_or(ClientLine::NotBase64, ClientLine::Response))
                }
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

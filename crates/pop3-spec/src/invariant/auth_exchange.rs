//! An AUTH exchange takes the initial response, and refuses `*` and what is not base64.

use pop3_proto::auth::{ClientLine, has_trailing_bits, initial_response};
use pop3_proto::client::Answers;
use pop3_proto::command::Keyword;
use pop3_proto::login::Mechanism;
use pop3_proto::reply::Status;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Turn};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/auth-exchange",
    title: "An AUTH exchange takes the initial response, and refuses a cancellation and what is not base64.",
    requirements: &[
        "rfc5034-4-cancel-refused",
        "rfc5034-4-undecodable-response-refused",
        "rfc5034-4-initial-response-accepted",
        "rfc5034-4-empty-challenge-no-data",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        if let Some((requirement, expected)) = challenge(turn) {
            breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement));
        }
    }
    // Ruling a-99: a server may ask on behind what it cannot decode, and refuse at the end.
    let mut undecodable = false;
    for turn in &dialogue.replies {
        undecodable &= matches!(turn.answers, Answers::ExchangeLine(_));
        undecodable |= matches!(response(turn), Some(ClientLine::NotBase64));
        let goes_on = matches!(turn.status, Some(Status::Ok | Status::Continue));
        let (requirement, why) = match response(turn) {
            Some(ClientLine::Cancel) if goes_on => ("rfc5034-4-cancel-refused", "the client has cancelled"),
            _ if undecodable && turn.status == Some(Status::Ok) => {
                ("rfc5034-4-undecodable-response-refused", "a response of this exchange is not base64")
            }
            _ => continue,
        };
        breaches.push(Breach::new(turn, turn.octets.start, format!("-ERR: {why}"), &turn.line).citing(requirement));
    }
    breaches
}

/// Whether a reply to AUTH asks for what came with it, or says something where the
/// client is to begin.
fn challenge(turn: &Turn) -> Option<(&'static str, &'static str)> {
    let (Keyword::Auth, words) = turn.words().filter(|_| turn.status == Some(Status::Continue))? else { return None };
    let (name, response) = (words.first()?, words.get(1));
    let mechanism =
        Mechanism::from_name(std::str::from_utf8(name).ok()?).filter(|mechanism| mechanism.client_first())?;
    match (response, turn.text().is_empty()) {
        // Behind the equals sign nothing came, nor behind a space at the end of the line.
        (Some(response), true) if *response != b"=" && !response.is_empty() => {
            Some(("rfc5034-4-initial-response-accepted", "no empty challenge: the response came with AUTH"))
        }
        // XOAUTH2 is nobody's standard.
        (None, false) if turn.whole && mechanism != Mechanism::Xoauth2 => {
            Some(("rfc5034-4-empty-challenge-no-data", "an empty challenge: with this mechanism the client begins"))
        }
        _ => None,
    }
}

/// The response that a reply answers, unless a mask may stand in its place, or the server
/// is free to take it or not.
fn response(turn: &Turn) -> Option<ClientLine> {
    let untold = |octets: &[u8]| octets.windows(3).any(|three| three == b"***") || has_trailing_bits(octets);
    match &turn.answers {
        Answers::ExchangeLine(line) if turn.orderly && !untold(line) => Some(ClientLine::parse(line)),
        Answers::Line(_) => match turn.words()? {
            (Keyword::Auth, words) => match words.as_slice() {
                [_, response] if !response.is_empty() && !untold(response) => {
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

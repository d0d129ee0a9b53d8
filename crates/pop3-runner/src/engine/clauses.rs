//! Clauses that a reply or an exchange breaks by its form, whatever the scenario asks:
//! these are cited in place of what the scenario is about.

use pop3_proto::login::LoginDeviation;

/// A reply begins with a status indicator.
pub(super) const STATUS_FIRST: &str = "rfc1939-3-response-status-first";

/// Each command has one reply. A sentinel that names no requirement asks this.
pub(super) const ONE_REPLY: &str = "rfc1939-3-one-response-per-command";

/// The requirement that the opening of an exchange departs from, whatever the client is
/// about to say. What comes later may be an answer to what the scenario does.
pub(super) fn of_opening(deviation: LoginDeviation) -> Option<&'static str> {
    match deviation {
        LoginDeviation::AcceptedTooEarly => Some("rfc5034-4-unauthenticated-refused"),
        LoginDeviation::ChallengeNotBase64 => Some("rfc5034-4-challenge-form"),
        LoginDeviation::ChallengeNotEmpty => Some("rfc5034-4-empty-challenge"),
        LoginDeviation::ChallengeNotMsgId => Some("rfc2195-2-challenge-is-msg-id"),
        LoginDeviation::InitialResponseIgnored => Some("rfc2449-6.3-sasl-implies-initial-response"),
        _ => None,
    }
}

//! An AUTH exchange (RFC 5034 section 4), whatever its mechanism.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::alteration::Alterations;
use super::client::{Answer, Client};
use super::deviation::LoginDeviation;
use super::failure::{Failure, Unusable};
use super::identity::Identity;
use super::line::Line;
use super::method::Mechanism;
use super::surroundings::{InitialResponse, Surroundings};
use super::{Reply, Said, Step};
use crate::reply::Status;

/// An exchange that has begun, or is about to.
pub(super) struct Exchange {
    mechanism: Mechanism,
    client: Client,
    opening: Opening,
    responses: usize,
    alterations: Alterations,
    /// Messages of the client, the first one included.
    messages: usize,
    /// The message in place of which it cancels.
    cancelled_at: Option<usize>,
}

/// Where the client's first message is.
enum Opening {
    /// It stands in the AUTH command.
    Sent(Vec<u8>),
    /// It waits for an empty challenge.
    Awaited(Vec<u8>),
    /// There is none, or no more to be done about it.
    Over,
    /// The exchange is being given up for this reason.
    Cancelled(Failure),
    /// It is being given up since that was asked for.
    CancelledAsAsked,
}

impl Exchange {
    pub(super) fn new(mechanism: Mechanism, identity: &Identity, surroundings: Surroundings) -> Result<Self, Unusable> {
        let (client, first) = Client::new(mechanism, identity, &surroundings)?;
        let mut alterations = Alterations::new(surroundings.alterations);
        let messages = usize::from(first.is_some());
        let first = match client.alters_itself() {
            true => first,
            false => first.map(|message| alterations.apply(1, message)),
        };
        // Only a challenge can be answered by `*`.
        let policy = match surroundings.cancelled_at {
            Some(1) => InitialResponse::Never,
            _ => surroundings.initial_response,
        };
        let opening = match (first, policy) {
            (None, InitialResponse::Required) => return Err(Unusable::NoInitialResponse(mechanism)),
            (None, InitialResponse::IfItFits | InitialResponse::Never) => Opening::Over,
            (Some(message), InitialResponse::Never) => Opening::Awaited(message),
            (Some(message), policy) => {
                let line = Line::auth(mechanism.name(), Some(&message));
                match (line.fits(), policy) {
                    (true, _) => Opening::Sent(message),
                    (false, InitialResponse::Required) => {
                        return Err(Unusable::InitialResponseTooLong { octets: line.octets().len() });
                    }
                    (false, _) => Opening::Awaited(message),
                }
            }
        };
        Ok(Self {
            mechanism,
            client,
            opening,
            responses: 0,
            alterations,
            messages,
            cancelled_at: surroundings.cancelled_at,
        })
    }

    /// The AUTH command.
    pub(super) fn command(&self) -> (Said, Line) {
        let initial = match &self.opening {
            Opening::Sent(message) => Some(message.as_slice()),
            Opening::Awaited(_) | Opening::Over | Opening::Cancelled(_) | Opening::CancelledAsAsked => None,
        };
        let said = if initial.is_some() { Said::AuthWithResponse } else { Said::Auth };
        (said, Line::auth(self.mechanism.name(), initial))
    }

    /// Whether a change found nothing to replace.
    pub(super) fn missed_alteration(&self) -> bool {
        self.alterations.missed || self.client.missed_alteration()
    }

    /// The next line, or how the exchange ends.
    pub(super) fn next(
        &mut self,
        reply: Reply<'_>,
        deviations: &mut Vec<LoginDeviation>,
    ) -> Result<(Said, Line), Step> {
        match reply.status {
            None => Err(Step::Failed(Failure::NoStatus)),
            Some(Status::Err) => Err(match &self.opening {
                Opening::Cancelled(why) => Step::Failed(why.clone()),
                Opening::Sent(_) | Opening::Awaited(_) | Opening::Over | Opening::CancelledAsAsked => Step::Refused,
            }),
            Some(Status::Ok) => Err(self.accepted(reply.text, deviations)),
            Some(Status::Continue) => self.challenged(reply.text, deviations),
        }
    }

    fn accepted(&self, text: &[u8], deviations: &mut Vec<LoginDeviation>) -> Step {
        match &self.opening {
            Opening::Cancelled(why) => {
                deviations.push(LoginDeviation::CancelNotRefused);
                return Step::Failed(why.clone());
            }
            Opening::CancelledAsAsked => return not_refused(deviations),
            Opening::Awaited(_) => deviations.push(LoginDeviation::AcceptedTooEarly),
            Opening::Sent(_) | Opening::Over => {}
        }
        match self.client.accepted(text, deviations) {
            Ok(()) => Step::Done,
            Err(failure) => {
                note(&failure, deviations);
                Step::Failed(failure)
            }
        }
    }

    fn challenged(&mut self, text: &[u8], deviations: &mut Vec<LoginDeviation>) -> Result<(Said, Line), Step> {
        if let Opening::Cancelled(why) = &self.opening {
            deviations.push(LoginDeviation::CancelNotRefused);
            return Err(Step::Failed(why.clone()));
        }
        if matches!(self.opening, Opening::CancelledAsAsked) {
            return Err(not_refused(deviations));
        }
        // Anything but base64 must be answered by `*`.
        let Ok(challenge) = STANDARD.decode(text) else {
            return Ok(self.cancel(Failure::Deviation(LoginDeviation::ChallengeNotBase64), deviations));
        };
        match std::mem::replace(&mut self.opening, Opening::Over) {
            Opening::Awaited(message) => {
                if !challenge.is_empty() {
                    deviations.push(LoginDeviation::ChallengeNotEmpty);
                }
                if self.cancelled_at == Some(1) {
                    return Ok(self.cancel_as_asked());
                }
                Ok(self.respond(&message))
            }
            // An empty challenge can mean nothing else here.
            Opening::Sent(message) if challenge.is_empty() => {
                deviations.push(LoginDeviation::InitialResponseIgnored);
                Ok(self.respond(&message))
            }
            Opening::Sent(_) | Opening::Over | Opening::Cancelled(_) | Opening::CancelledAsAsked => {
                match self.client.answer(self.mechanism, &challenge, deviations) {
                    Answer::Say(response) => {
                        self.messages += 1;
                        if self.cancelled_at == Some(self.messages) {
                            return Ok(self.cancel_as_asked());
                        }
                        let response = match self.client.alters_itself() {
                            true => response,
                            false => self.alterations.apply(self.messages, response),
                        };
                        Ok(self.respond(&response))
                    }
                    Answer::GiveUp(why) => Ok(self.cancel(why, deviations)),
                }
            }
        }
    }

    fn respond(&mut self, response: &[u8]) -> (Said, Line) {
        self.responses += 1;
        (Said::Response(self.responses), Line::response(response))
    }

    fn cancel_as_asked(&mut self) -> (Said, Line) {
        self.opening = Opening::CancelledAsAsked;
        (Said::Cancel, Line::cancel())
    }

    fn cancel(&mut self, why: Failure, deviations: &mut Vec<LoginDeviation>) -> (Said, Line) {
        note(&why, deviations);
        self.opening = Opening::Cancelled(why);
        (Said::Cancel, Line::cancel())
    }
}

/// How an exchange ends that was cancelled as asked, and not refused.
fn not_refused(deviations: &mut Vec<LoginDeviation>) -> Step {
    let failure = Failure::Deviation(LoginDeviation::CancelNotRefused);
    note(&failure, deviations);
    Step::Failed(failure)
}

/// What ends an exchange is among the deviations too.
fn note(failure: &Failure, deviations: &mut Vec<LoginDeviation>) {
    if let Failure::Deviation(deviation) = failure
        && deviations.last() != Some(deviation)
    {
        deviations.push(*deviation);
    }
}

//! The client's side of logging in: USER and PASS, APOP, and AUTH with its mechanisms.
//!
//! A [`Login`] says which line to send, is told what came back, and says what
//! follows. It reads as leniently as safety allows and keeps a list of what the
//! server did otherwise than the RFCs have it. It knows no randomness and no
//! channel: nonce and channel binding come in with [`Surroundings`].
//!
//! ```
//! use pop3_proto::login::{Identity, Login, Method, Reply, Step, Surroundings};
//! use pop3_proto::reply::Status;
//!
//! let alice = Identity::new("alice", "secret");
//! let mut login = Login::new(Method::UserPass, &alice, Surroundings::default())?;
//! let Step::Send(line) = login.start() else { unreachable!() };
//! assert_eq!(line.octets(), b"USER alice\r\n");
//! let ok = Reply { status: Some(Status::Ok), text: b"" };
//! let Step::Send(line) = login.next(ok) else { unreachable!() };
//! assert_eq!(line.octets(), b"PASS secret\r\n");
//! assert_eq!(format!("{line:?}"), "PASS ***");
//! assert_eq!(login.next(ok), Step::Done);
//! # Ok::<(), pop3_proto::login::Unusable>(())
//! ```

mod alteration;
mod client;
mod cram_md5;
mod deviation;
mod exchange;
mod failure;
mod identity;
mod line;
mod method;
mod oauth;
mod prepare;
mod scram;
mod surroundings;
#[cfg(test)]
mod tests;

pub use alteration::Alteration;
pub use deviation::LoginDeviation;
pub use failure::{Failure, Unusable};
pub use identity::Identity;
pub use line::Line;
pub use method::{Mechanism, Method};
pub use surroundings::{Binding, BindingKind, ChannelBinding, InitialResponse, Surroundings};

use exchange::Exchange;

use crate::apop;
use crate::client::ObservedReply;
use crate::reply::Status;

/// What a server answered, as far as a login looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The status indicator; `None` when the line has none.
    pub status: Option<Status>,
    /// The octets behind the indicator and its space: of a challenge, its base64.
    pub text: &'a [u8],
}

impl<'a> From<&'a ObservedReply> for Reply<'a> {
    fn from(reply: &'a ObservedReply) -> Self {
        Self { status: reply.status, text: reply.text() }
    }
}

/// What follows. All but [`Step::Send`] end the login, and stay.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this line and give the reply to [`Login::next`].
    Send(Line),
    /// The server has let us in, and has shown what its mechanism asks it to show.
    Done,
    /// The server has answered `-ERR`. [`Login::said`] tells to what.
    Refused,
    /// The exchange cannot come to a good end, by the server's fault. The
    /// connection may be in any state and is best closed.
    Failed(Failure),
}

/// What the line sent last was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing yet.
    Nothing,
    /// USER.
    Name,
    /// PASS.
    Password,
    /// APOP.
    Digest,
    /// AUTH without an initial response.
    Auth,
    /// AUTH with an initial response.
    AuthWithResponse,
    /// So many responses to challenges, this one included, counted from 1.
    Response(usize),
    /// `*`
    Cancel,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Name => f.write_str("USER"),
            Self::Password => f.write_str("PASS"),
            Self::Digest => f.write_str("APOP"),
            Self::Auth => f.write_str("the AUTH command"),
            Self::AuthWithResponse => f.write_str("the AUTH command with its initial response"),
            Self::Response(1) => f.write_str("the first response"),
            Self::Response(2) => f.write_str("the second response"),
            Self::Response(number) => write!(f, "response number {number}"),
            Self::Cancel => f.write_str("the line that cancels"),
        }
    }
}

/// A login on one connection.
pub struct Login {
    method: Method,
    stage: Stage,
    said: Said,
    deviations: Vec<LoginDeviation>,
    missed_alteration: bool,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login")
            .field("method", &self.method)
            .field("said", &self.said)
            .field("deviations", &self.deviations)
            .finish_non_exhaustive()
    }
}

enum Stage {
    /// The lines of USER, PASS or APOP still to be sent.
    Lines(std::vec::IntoIter<(Said, Line)>),
    Exchange(Box<Exchange>),
    Over(Step),
}

impl Login {
    /// A login that has not begun. The mechanism's rules for names and passwords
    /// hold: SASLprep (RFC 4013) where the client prepares, octets as they are
    /// where the server does (RFC 4616 section 2).
    ///
    /// # Errors
    /// This login cannot be tried with what was given.
    pub fn new(method: Method, identity: &Identity, surroundings: Surroundings) -> Result<Self, Unusable> {
        let stage = match method {
            Method::UserPass => {
                let name = Line::command("USER", &identity.name, None)?;
                let password = Line::command("PASS", "", Some(&identity.password))?;
                Stage::Lines(vec![(Said::Name, name), (Said::Password, password)].into_iter())
            }
            Method::Apop => {
                let stamp = apop::timestamp(&surroundings.greeting).ok_or(Unusable::NoTimestamp)?;
                // RFC 6856 section 2.2 has both prepared where they may be UTF-8.
                let name = prepare::prepared_unless_ascii(&identity.name, "name")?;
                let password = prepare::prepared_unless_ascii(&identity.password, "password")?;
                let digest = apop::digest(stamp, password.as_bytes());
                let line = Line::command("APOP", &name, Some(&digest))?;
                Stage::Lines(vec![(Said::Digest, line)].into_iter())
            }
            Method::Auth(mechanism) => Stage::Exchange(Box::new(Exchange::new(mechanism, identity, surroundings)?)),
        };
        let missed_alteration = matches!(&stage, Stage::Exchange(exchange) if exchange.missed_alteration());
        Ok(Self { method, stage, said: Said::Nothing, deviations: Vec::new(), missed_alteration })
    }

    /// The line that begins the login. To be called once.
    pub fn start(&mut self) -> Step {
        match &mut self.stage {
            Stage::Lines(lines) if self.said == Said::Nothing => {
                let first = lines.next();
                self.send(first)
            }
            Stage::Exchange(exchange) if self.said == Said::Nothing => {
                let first = exchange.command();
                self.send(Some(first))
            }
            Stage::Over(step) => step.clone(),
            Stage::Lines(_) | Stage::Exchange(_) => self.end(Step::Failed(Failure::NotAsked)),
        }
    }

    /// What follows from a reply to the line sent last.
    pub fn next(&mut self, reply: Reply<'_>) -> Step {
        let step = match &mut self.stage {
            Stage::Over(step) => return step.clone(),
            Stage::Lines(_) | Stage::Exchange(_) if self.said == Said::Nothing => Err(Step::Failed(Failure::NotAsked)),
            Stage::Lines(lines) => match reply.status {
                Some(Status::Ok) => lines.next().ok_or(Step::Done),
                Some(Status::Err) => Err(Step::Refused),
                Some(Status::Continue) | None => Err(Step::Failed(Failure::NoStatus)),
            },
            Stage::Exchange(exchange) => {
                let step = exchange.next(reply, &mut self.deviations);
                self.missed_alteration |= exchange.missed_alteration();
                step
            }
        };
        match step {
            Ok(line) => self.send(Some(line)),
            Err(step) => self.end(step),
        }
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn outcome(&self) -> Option<&Step> {
        match &self.stage {
            Stage::Over(step) => Some(step),
            Stage::Lines(_) | Stage::Exchange(_) => None,
        }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// What the line sent last was.
    #[must_use]
    pub fn said(&self) -> Said {
        self.said
    }

    /// What the server did otherwise than the RFCs have it, in the order seen.
    /// What single lines lack is not among it, as the reader of the lines lists
    /// it ([`crate::deviation`]).
    #[must_use]
    pub fn deviations(&self) -> &[LoginDeviation] {
        &self.deviations
    }

    /// Whether a change that was asked for found nothing to replace in its message, by the
    /// fault of whoever asked ([`Surroundings::alterations`]).
    #[must_use]
    pub fn missed_alteration(&self) -> bool {
        self.missed_alteration
    }

    fn send(&mut self, line: Option<(Said, Line)>) -> Step {
        let Some((said, line)) = line else { return self.end(Step::Done) };
        self.said = said;
        Step::Send(line)
    }

    fn end(&mut self, step: Step) -> Step {
        self.stage = Stage::Over(step.clone());
        step
    }
}

//! Why a login cannot be tried, or cannot come to a good end.

use thiserror::Error;

use super::deviation::LoginDeviation;
use super::method::Mechanism;

/// Why a login cannot be tried: the fault of whoever asked for it, but for
/// [`Unusable::NoTimestamp`], which says that the server does not offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unusable {
    /// APOP, and no timestamp to make a digest with.
    #[error("the greeting has no timestamp, so that there is no APOP (RFC 1939 section 7)")]
    NoTimestamp,
    /// Such a name or password would be more than one line.
    #[error("the name or the password has a NUL or a line end in it")]
    EndsLine,
    /// Such a command is too long.
    #[error("the command would have {octets} octets; RFC 2449 section 4 allows 255")]
    LineTooLong {
        /// Its length, CRLF included.
        octets: usize,
    },
    /// An initial response is required and does not fit.
    #[error("with its initial response the command would have {octets} octets; RFC 5034 section 4 allows 255")]
    InitialResponseTooLong {
        /// The length of the command, CRLF included.
        octets: usize,
    },
    /// An initial response is required and there is none.
    #[error("{} has no initial response: the server sends first (RFC 5034 section 4)", .0.name())]
    NoInitialResponse(Mechanism),
    /// SASLprep fails, or leaves nothing.
    #[error("the {0} has no prepared form, or an empty one (SASLprep, RFC 4013)")]
    NotPreparable(&'static str),
    /// NUL divides the parts of the message.
    #[error("the {0} has a NUL or a control character in it, which the mechanism's message cannot hold")]
    NotInMessage(&'static str),
    /// There is no token.
    #[error("{} needs a token, and none was given", .0.name())]
    NoToken(Mechanism),
    /// The nonce is empty or has other characters than it may have.
    #[error("the nonce must be printable ASCII without commas, and not empty (RFC 5802 section 7)")]
    Nonce,
    /// A mechanism with channel binding, and nothing to bind to.
    #[error("{} needs the data of a TLS channel to bind to, and none was given", .0.name())]
    NoChannel(Mechanism),
    /// A mechanism without channel binding, and a channel.
    #[error("{} does not bind to a channel; its -PLUS form does", .0.name())]
    Channel(Mechanism),
}

/// Why an exchange cannot come to a good end: the server's fault, but for
/// [`Failure::NotAsked`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The reply is none of `+OK`, `-ERR` and, in an exchange, `+`.
    #[error("the reply has no status indicator that may stand here")]
    NoStatus,
    /// The server departs from the protocol in a way that the exchange cannot
    /// survive. It is among the deviations too.
    #[error("{} ({})", .0, .0.clause())]
    Deviation(LoginDeviation),
    /// The server asks for more work than anybody should do.
    #[error("the server asks for {iterations} iterations of its hash; no more than {limit} are done here")]
    TooManyIterations {
        /// What it asks for.
        iterations: u64,
        /// What is done at most.
        limit: u32,
    },
    /// Our own fault: the calls came in another order than they may.
    #[error("a login is started once, and then takes replies")]
    NotAsked,
}

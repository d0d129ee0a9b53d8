//! What a server may do otherwise than the RFCs have it while somebody logs in.

use std::fmt;

use super::method::Mechanism;

/// One departure, as a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoginDeviation {
    /// `+OK` came behind a message that said that the login fails.
    AcceptedAfterError(Mechanism),
    /// `+OK` came before the client had shown who it is.
    AcceptedTooEarly,
    /// `*` was answered by something else than `-ERR`.
    CancelNotRefused,
    /// A challenge is not base64.
    ChallengeNotBase64,
    /// The first challenge of a mechanism in which the client sends first has
    /// something in it.
    ChallengeNotEmpty,
    /// The challenge of CRAM-MD5 is no `msg-id`.
    ChallengeNotMsgId,
    /// A challenge came where the mechanism has no more.
    ChallengeTooMany(Mechanism),
    /// The error of OAUTHBEARER is not the JSON object that it should be.
    ErrorNotJson,
    /// An iteration count of less than 4096.
    FewIterations {
        /// The mechanism.
        mechanism: Mechanism,
        /// What the server announces.
        iterations: u32,
    },
    /// The initial response was passed over, and asked for by an empty challenge.
    InitialResponseIgnored,
    /// The iteration count is not a positive number without leading zeros.
    IterationsNotPositive,
    /// The server's message of SCRAM begins with `m=`, which nobody has defined.
    MandatoryExtension,
    /// The server's part of the nonce is missing.
    NonceNotExtended,
    /// The nonce does not begin with the client's.
    NonceNotOurs,
    /// The nonce has an octet that it may not have.
    NonceNotPrintable,
    /// The salt of SCRAM is not base64.
    SaltNotBase64,
    /// The server's first message of SCRAM is not in the form.
    ServerFirstForm,
    /// The server's final message of SCRAM is not in the form.
    ServerFinalForm,
    /// `+OK` came without the server's signature.
    SignatureMissing,
    /// The server's signature is not what the password gives.
    SignatureWrong,
    /// The server's signature stands in the text of `+OK`, which bears no data.
    SignatureWithSuccess,
}

impl LoginDeviation {
    /// The clause that it departs from.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Self::AcceptedAfterError(Mechanism::OauthBearer) | Self::ErrorNotJson => "RFC 7628 section 3.2.2",
            Self::AcceptedAfterError(_) | Self::MandatoryExtension => "RFC 5802 section 5.1",
            Self::NonceNotExtended | Self::NonceNotOurs | Self::SignatureMissing | Self::SignatureWrong => {
                "RFC 5802 section 5"
            }
            Self::AcceptedTooEarly
            | Self::CancelNotRefused
            | Self::ChallengeNotBase64
            | Self::ChallengeNotEmpty
            | Self::InitialResponseIgnored
            | Self::SignatureWithSuccess => "RFC 5034 section 4",
            Self::ChallengeNotMsgId => "RFC 2195 section 2",
            Self::ChallengeTooMany(mechanism) => match mechanism {
                Mechanism::Plain => "RFC 4616 section 2",
                Mechanism::CramMd5 => "RFC 2195 section 2",
                Mechanism::OauthBearer => "RFC 7628 section 3.2",
                Mechanism::External => "RFC 4422 appendix A",
                Mechanism::Anonymous => "RFC 4505 section 2",
                Mechanism::ScramSha1
                | Mechanism::ScramSha1Plus
                | Mechanism::ScramSha256
                | Mechanism::ScramSha256Plus => "RFC 5802 section 5",
                // These two have no RFC of their own.
                Mechanism::Login | Mechanism::Xoauth2 => "RFC 4422 section 3.1",
            },
            Self::FewIterations { mechanism: Mechanism::ScramSha256 | Mechanism::ScramSha256Plus, .. } => {
                "RFC 7677 section 3"
            }
            Self::FewIterations { .. } => "RFC 5802 section 5.1",
            Self::IterationsNotPositive
            | Self::NonceNotPrintable
            | Self::SaltNotBase64
            | Self::ServerFirstForm
            | Self::ServerFinalForm => "RFC 5802 section 7",
        }
    }

    /// Whether the clause says no more than that servers should not.
    #[must_use]
    pub fn is_advice(self) -> bool {
        matches!(self, Self::FewIterations { .. })
    }
}

impl fmt::Display for LoginDeviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AcceptedAfterError(_) => "+OK came behind a message that said that the login fails",
            Self::AcceptedTooEarly => "+OK came before the client had shown who it is",
            Self::CancelNotRefused => "the exchange was cancelled, and the answer is not -ERR",
            Self::ChallengeNotBase64 => "the challenge is not base64",
            Self::ChallengeNotEmpty => "the challenge that asks for the client's first message is not empty",
            Self::ChallengeNotMsgId => "the challenge is not in the form of a msg-id, `<…@…>`",
            Self::ChallengeTooMany(mechanism) => {
                return write!(f, "a challenge came where {} has no more", mechanism.name());
            }
            Self::ErrorNotJson => "the error is not a JSON object with a `status`",
            Self::FewIterations { iterations, .. } => {
                return write!(f, "the iteration count is {iterations}; it should be at least 4096");
            }
            Self::InitialResponseIgnored => "the initial response was passed over and asked for once more",
            Self::IterationsNotPositive => "the iteration count is not a positive number without leading zeros",
            Self::MandatoryExtension => "the message has the reserved attribute `m`",
            Self::NonceNotExtended => "the server has added nothing to the client's nonce",
            Self::NonceNotOurs => "the nonce does not begin with the client's",
            Self::NonceNotPrintable => "the nonce has an octet that is not printable ASCII",
            Self::SaltNotBase64 => "the salt is not base64",
            Self::ServerFirstForm => "the server's first message is not `r=…,s=…,i=…`",
            Self::ServerFinalForm => "the server's final message is neither `v=…` nor `e=…`",
            Self::SignatureMissing => "+OK came without the server's signature",
            Self::SignatureWrong => "the server's signature is not the one that the password gives",
            Self::SignatureWithSuccess => "the server's signature stands behind +OK, and not in a challenge",
        })
    }
}

//! The server's messages (RFC 5802 section 7).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::login::deviation::LoginDeviation;

/// `server-first-message`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ServerFirst<'a> {
    /// As sent.
    pub(super) text: &'a str,
    pub(super) nonce: &'a str,
    pub(super) salt: Vec<u8>,
    pub(super) iterations: u64,
}

impl<'a> ServerFirst<'a> {
    /// Reads the message. What can be passed over goes to `deviations`; behind
    /// the three attributes anything may stand.
    ///
    /// # Errors
    /// What makes the message useless.
    pub(super) fn parse(message: &'a [u8], deviations: &mut Vec<LoginDeviation>) -> Result<Self, LoginDeviation> {
        let text = std::str::from_utf8(message).map_err(|_| LoginDeviation::ServerFirstForm)?;
        if text.split(',').any(|attribute| attribute.starts_with("m=")) {
            return Err(LoginDeviation::MandatoryExtension);
        }
        let mut attributes = text.split(',');
        let mut value = |name: &str| {
            let attribute = attributes.next().and_then(|attribute| attribute.strip_prefix(name));
            attribute.ok_or(LoginDeviation::ServerFirstForm)
        };
        let (nonce, salt, iterations) = (value("r=")?, value("s=")?, value("i=")?);
        let salt = STANDARD.decode(salt).map_err(|_| LoginDeviation::SaltNotBase64)?;
        let is_number = !iterations.is_empty() && iterations.bytes().all(|octet| octet.is_ascii_digit());
        // A number of more digits than fit is too many iterations for anybody.
        let number = iterations.parse().unwrap_or(u64::MAX);
        if !is_number || number == 0 {
            return Err(LoginDeviation::IterationsNotPositive);
        }
        if iterations.starts_with('0') {
            deviations.push(LoginDeviation::IterationsNotPositive);
        }
        Ok(Self { text, nonce, salt, iterations: number })
    }
}

/// `server-final-message`
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ServerFinal {
    /// `ServerSignature`
    Verifier(Vec<u8>),
    /// `server-error`, whichever it is.
    Error,
}

impl ServerFinal {
    /// Reads the message. Behind its first attribute anything may stand.
    ///
    /// # Errors
    /// It is neither `v=` with base64 nor `e=` with a value.
    pub(super) fn parse(message: &[u8]) -> Result<Self, LoginDeviation> {
        let first = message.split(|octet| *octet == b',').next().unwrap_or_default();
        match first.split_at_checked(2) {
            Some((b"v=", base64)) => {
                let signature = STANDARD.decode(base64).map_err(|_| LoginDeviation::ServerFinalForm)?;
                Ok(Self::Verifier(signature))
            }
            Some((b"e=", [_, ..])) => Ok(Self::Error),
            _ => Err(LoginDeviation::ServerFinalForm),
        }
    }
}

//! The lines of an AUTH exchange (RFC 5034 section 4). Mechanisms live elsewhere.

use std::fmt;

use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::{Engine as _, alphabet};

/// What a client's line in an AUTH exchange is.
#[derive(Clone, PartialEq, Eq)]
pub enum ClientLine {
    /// A response; an empty line is an empty response.
    Response(Vec<u8>),
    /// `*` alone: the client gives up.
    Cancel,
    /// Not base64: an octet outside the alphabet, padding in the wrong place, or
    /// a wrong length. Must be refused (RFC 5034 section 4).
    NotBase64,
}

/// Whether this is base64 but for bits behind the data that are not zero. Clients set them
/// to zero; a server is free to take or to refuse others (RFC 4648 section 3.5).
#[must_use]
pub fn has_trailing_bits(text: &[u8]) -> bool {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    STANDARD.decode(text).is_err() && GeneralPurpose::new(&alphabet::STANDARD, config).decode(text).is_ok()
}

/// Without the response, which may be a password.
impl fmt::Debug for ClientLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response(octets) => write!(f, "Response({} octets)", octets.len()),
            Self::Cancel => f.write_str("Cancel"),
            Self::NotBase64 => f.write_str("NotBase64"),
        }
    }
}

impl ClientLine {
    /// Reads a line without its line end.
    #[must_use]
    pub fn parse(line: &[u8]) -> Self {
        if line == b"*" {
            return Self::Cancel;
        }
        STANDARD.decode(line).map_or(Self::NotBase64, Self::Response)
    }
}

/// The initial response of an AUTH command: `=` stands for an empty one. `None`
/// if it is not base64.
#[must_use]
pub fn initial_response(argument: &str) -> Option<Vec<u8>> {
    if argument == "=" { Some(Vec::new()) } else { STANDARD.decode(argument).ok() }
}

/// The challenge line `+ base64` with its CRLF; `+ ` CRLF when empty.
pub fn write_challenge(challenge: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"+ ");
    out.extend_from_slice(STANDARD.encode(challenge).as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// The response line of a client, base64 with its CRLF.
pub fn write_response(response: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(STANDARD.encode(response).as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Whether the octets are base64 as a challenge has it; nothing is, too.
#[must_use]
pub fn is_base64(octets: &[u8]) -> bool {
    STANDARD.decode(octets).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_strict() {
        let check = |line: &[u8], want| assert_eq!(ClientLine::parse(line), want, "{line:?}");
        check(b"", ClientLine::Response(Vec::new()));
        check(b"AGEAYg==", ClientLine::Response(b"\0a\0b".to_vec()));
        check(b"*", ClientLine::Cancel);
        for line in [
            b"**".as_slice(),
            b"* ",
            b"AGEAYg",
            b"AGE AYg==",
            b"=AAA",
            b"AAA=BBB=",
            b"AA==AAAA",
            b"AGEAYg==\x80",
            b"AG-_",
        ] {
            check(line, ClientLine::NotBase64);
        }
    }

    #[test]
    fn bits_behind_the_data() {
        let check = |text: &[u8], want| assert_eq!(has_trailing_bits(text), want, "{text:?}");
        check(b"MR==", true);
        check(b"MTJ=", true);
        check(b"MQ==", false);
        check(b"", false);
        check(b"MR", false);
        check(b"M!==", false);
    }

    #[test]
    fn an_empty_challenge_is_a_plus_and_a_space() {
        let check = |challenge: &[u8], want: &[u8]| {
            let mut out = Vec::new();
            write_challenge(challenge, &mut out);
            assert_eq!(out, want);
        };
        check(b"", b"+ \r\n");
        check(b"x", b"+ eA==\r\n");
        assert_eq!(initial_response("="), Some(Vec::new()));
        assert_eq!(initial_response("?"), None);
    }
}

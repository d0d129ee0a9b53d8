//! Unique-ids (RFC 1939 section 7).

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// A unique-id: one to 70 characters from 0x21 to 0x7E. Cannot be built otherwise.
/// A clone shares them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniqueId(Arc<str>);

/// Why text is no unique-id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UniqueIdError {
    /// There is nothing.
    #[error("a unique-id has at least one character (RFC 1939 section 7)")]
    Empty,
    /// An octet outside 0x21 to 0x7E.
    #[error("octet 0x{octet:02X} at offset {at} is outside 0x21 to 0x7E (RFC 1939 section 7)")]
    Alphabet {
        /// Offset from 0.
        at: usize,
        /// The octet.
        octet: u8,
    },
    /// More than 70 octets.
    #[error("{octets} octets are more than the 70 of a unique-id (RFC 1939 section 7)")]
    TooLong {
        /// The length in octets.
        octets: usize,
    },
}

impl UniqueId {
    /// The longest unique-id, in octets.
    pub const MAX: usize = 70;

    /// Takes octets as a unique-id.
    ///
    /// # Errors
    /// What of the definition they break.
    pub fn new(octets: &[u8]) -> Result<Self, UniqueIdError> {
        if let Some((at, &octet)) = octets.iter().enumerate().find(|(_, octet)| !(0x21..=0x7E).contains(*octet)) {
            return Err(UniqueIdError::Alphabet { at, octet });
        }
        match octets.len() {
            0 => Err(UniqueIdError::Empty),
            1..=Self::MAX => Ok(Self(octets.iter().copied().map(char::from).collect::<String>().into())),
            octets => Err(UniqueIdError::TooLong { octets }),
        }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_and_the_length_are_exact() {
        let check = |octets: &[u8], want: Result<&str, UniqueIdError>| {
            assert_eq!(UniqueId::new(octets).as_ref().map(UniqueId::as_str).map_err(|error| *error), want);
        };
        check(b"whqtswO00WBw418f9t5JxYwZ", Ok("whqtswO00WBw418f9t5JxYwZ"));
        check(b"!~", Ok("!~"));
        check(b"", Err(UniqueIdError::Empty));
        check(b"a b", Err(UniqueIdError::Alphabet { at: 1, octet: b' ' }));
        check(b"a\x7f", Err(UniqueIdError::Alphabet { at: 1, octet: 0x7F }));
        check(&[b'x'; 70], Ok(&"x".repeat(70)));
        check(&[b'x'; 71], Err(UniqueIdError::TooLong { octets: 71 }));
    }
}

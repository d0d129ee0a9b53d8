//! Octets as readable, reversible text on one line.

use std::fmt::{self, Write as _};

use thiserror::Error;

/// Shows octets as ASCII: printable characters as they are, `\` as `\\`, the
/// usual `\r`, `\n`, `\t`, and `\xNN` for everything else. Never a raw control
/// or 8-bit octet, so it is safe on a terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Escaped<'a>(pub &'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &octet in self.0 {
            match octet {
                b'\r' => f.write_str("\\r")?,
                b'\n' => f.write_str("\\n")?,
                b'\t' => f.write_str("\\t")?,
                b'\\' => f.write_str("\\\\")?,
                0x20..=0x7E => f.write_char(char::from(octet))?,
                _ => write!(f, "\\x{octet:02X}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// [`Escaped`] as a string.
#[must_use]
pub fn escape(octets: &[u8]) -> String {
    Escaped(octets).to_string()
}

/// Text that is no output of [`escape`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("character {at}: {found} is no escape; write \\r, \\n, \\t, \\0, \\\\ or \\xNN")]
pub struct UnescapeError {
    /// Which character, from 1.
    pub at: usize,
    /// The escape as written.
    pub found: String,
}

/// The octets of escaped text. Also takes `\0`, and characters above U+007F as
/// their UTF-8 octets, which is what a person types.
///
/// # Errors
/// An unknown or incomplete escape, with its place.
pub fn unescape(text: &str) -> Result<Vec<u8>, UnescapeError> {
    let mut octets = Vec::with_capacity(text.len());
    let mut characters = text.chars().enumerate();
    while let Some((index, character)) = characters.next() {
        if character != '\\' {
            octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let mut found = String::from('\\');
        let kind = characters.next().map(|(_, kind)| kind);
        found.extend(kind);
        let octet = match kind {
            Some('r') => Some(b'\r'),
            Some('n') => Some(b'\n'),
            Some('t') => Some(b'\t'),
            Some('0') => Some(0),
            Some('\\') => Some(b'\\'),
            Some('x') => {
                let digits: String = characters.by_ref().take(2).map(|(_, digit)| digit).collect();
                found.push_str(&digits);
                let is_hex = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                is_hex.then(|| u8::from_str_radix(&digits, 16).ok()).flatten()
            }
            _ => None,
        };
        octets.push(octet.ok_or(UnescapeError { at: index + 1, found })?);
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shows_what_a_terminal_must_not_see() {
        let check = |octets: &[u8], text: &str| assert_eq!(escape(octets), text);
        check(b"+OK\r\n", r"+OK\r\n");
        check(b"\x1b[31m\x00\xff\\", r"\x1B[31m\x00\xFF\\");
        check("ü".as_bytes(), r"\xC3\xBC");
    }

    #[test]
    fn wrong_escapes_name_their_place() {
        let check = |text: &str, at, found: &str| {
            assert_eq!(unescape(text), Err(UnescapeError { at, found: found.to_owned() }));
        };
        check(r"a\q", 2, r"\q");
        check(r"\x4", 1, r"\x4");
        check(r"\x+1", 1, r"\x+1");
        check("\\", 1, "\\");
    }

    proptest! {
        #[test]
        fn reversible(octets: Vec<u8>) {
            let text = escape(&octets);
            prop_assert!(text.bytes().all(|c| (0x20..=0x7E).contains(&c)));
            prop_assert_eq!(unescape(&text), Ok(octets));
        }
    }
}

//! Mail that scenarios find in the maildrop.

use crate::source::SourceFile;

/// The most octets of one fixture.
pub const MAX_FIXTURE_OCTETS: usize = 64 << 20;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixture {
    /// Its name: the file's stem below `mailboxes/`.
    pub name: String,
    /// One line for lists.
    pub title: String,
    /// The message as it is stored, octet by octet.
    pub content: Vec<u8>,
    /// The file it came from.
    pub source: SourceFile,
}

impl Fixture {
    /// The message as it is stored, octet by octet.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        self.content.clone()
    }

    /// The message as RETR must deliver it once byte-stuffing is removed: every
    /// line ends with CRLF (RFC 1939 section 11), so a bare LF becomes CRLF and a
    /// missing last line end is added. A CR elsewhere stays.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        canonical(&self.content)
    }
}

/// See [`Fixture::canonical`]. The reference server has a function like it: judge
/// and judged share the grammar only, so that neither can hide the other's mistake.
#[must_use]
pub fn canonical(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() + 2);
    let mut previous = 0;
    for octet in octets {
        if *octet == b'\n' && previous != b'\r' {
            out.push(b'\r');
        }
        out.push(*octet);
        previous = *octet;
    }
    if !out.is_empty() && !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_lines_end_with_crlf() {
        let check = |stored: &[u8], want: &[u8]| assert_eq!(canonical(stored), want);
        check(b"", b"");
        check(b"a", b"a\r\n");
        check(b"a\n\nb\n", b"a\r\n\r\nb\r\n");
        check(b"a\r\nb", b"a\r\nb\r\n");
        check(b"\n", b"\r\n");
        check(b"a\rb\r", b"a\rb\r\r\n");
    }
}

//! Mail that scenarios find in the maildrop.

use memchr::memchr_iter;

use crate::pattern::Template;
use crate::source::SourceFile;

/// The most octets of one fixture.
pub const MAX_FIXTURE_OCTETS: usize = 64 << 20;

/// The most messages of one maildrop.
pub const MAX_MESSAGES: usize = 20_000;

/// The name that stands in a fixture for the message-number.
pub(crate) const NUMBER: &str = "number";

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixture {
    /// Its name: the file's stem below `mailboxes/`.
    pub name: String,
    /// One line for lists.
    pub title: String,
    /// What it is made of, in order. Kept so, as the whole can be large.
    pub pieces: Vec<Piece>,
    /// Whether the last CRLF of the pieces belongs to it.
    pub final_line_end: bool,
    /// The file it came from.
    pub source: SourceFile,
}

/// A piece of a fixture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its octets; a use can only be that of the message-number.
    pub text: Template,
    /// How often it comes.
    pub repeat: usize,
}

impl Piece {
    fn once(&self, number: usize) -> Vec<u8> {
        // Five digits whatever the number, so that the octets of a fixture are known.
        self.text.resolve(|_| Some(format!("{number:05}").into_bytes())).unwrap_or_default()
    }

    /// How many octets it has with all its repetitions.
    pub(crate) fn length(&self) -> usize {
        self.once(1).len().saturating_mul(self.repeat)
    }
}

impl Fixture {
    /// Message 1 of this fixture as it is stored, octet by octet.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        self.octets_as(1)
    }

    /// The message as it is stored where it has this message-number.
    #[must_use]
    pub fn octets_as(&self, number: usize) -> Vec<u8> {
        let mut octets = Vec::with_capacity(self.length() + 2);
        for piece in &self.pieces {
            let once = piece.once(number);
            (0..piece.repeat).for_each(|_| octets.extend_from_slice(&once));
        }
        octets.truncate(self.length());
        octets
    }

    /// How many octets it has as stored, whatever its number.
    #[must_use]
    pub fn length(&self) -> usize {
        let pieces: usize = self.pieces.iter().map(Piece::length).sum();
        if self.final_line_end { pieces } else { pieces.saturating_sub(2) }
    }

    /// Message 1 of this fixture as RETR must deliver it; see [`canonical`].
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        canonical(self.octets())
    }
}

/// Whether the pieces end in CRLF.
pub(crate) fn ends_in_crlf(pieces: &[Piece]) -> bool {
    let mut end = Vec::new();
    for piece in pieces.iter().rev() {
        let mut tail = piece.once(1).repeat(piece.repeat.min(2));
        tail.extend(end);
        end = tail;
        if end.len() >= 2 {
            break;
        }
    }
    end.ends_with(b"\r\n")
}

/// A message as RETR must deliver it once byte-stuffing is removed: every line ends
/// with CRLF (RFC 1939 section 11), so a bare LF becomes CRLF and a missing last
/// line end is added. A CR elsewhere stays. The reference server has a function like
/// it: judge and judged share the grammar only, so that neither can hide the other's
/// mistake.
#[must_use]
pub fn canonical(stored: Vec<u8>) -> Vec<u8> {
    let by_crlf = |at: usize| at.checked_sub(1).and_then(|before| stored.get(before)) == Some(&b'\r');
    if (stored.is_empty() || stored.ends_with(b"\n")) && memchr_iter(b'\n', &stored).all(by_crlf) {
        return stored;
    }
    let mut sent = Vec::with_capacity(stored.len() + 2);
    for line in stored.split_inclusive(|octet| *octet == b'\n') {
        let text = line.strip_suffix(b"\n").map_or(line, |text| text.strip_suffix(b"\r").unwrap_or(text));
        sent.extend_from_slice(text);
        sent.extend_from_slice(b"\r\n");
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::TemplatePiece;

    #[test]
    fn canonical_lines_end_with_crlf() {
        let check = |stored: &[u8], want: &[u8]| assert_eq!(canonical(stored.to_vec()), want);
        check(b"", b"");
        check(b"a", b"a\r\n");
        check(b"a\n\nb\n", b"a\r\n\r\nb\r\n");
        check(b"a\r\nb", b"a\r\nb\r\n");
        check(b"\n", b"\r\n");
        check(b"a\rb\r", b"a\rb\r\r\n");
    }

    #[test]
    fn a_copy_carries_its_number() {
        let piece = |text: &str, repeat| Piece { text: Template::parse_raw(text).unwrap(), repeat };
        let pieces = vec![piece("x", 3), piece("${number}", 1), piece("\r\n", 1)];
        let fixture = Fixture {
            name: "copy".to_owned(),
            title: "A copy".to_owned(),
            pieces,
            final_line_end: false,
            source: SourceFile::new("mailboxes/copy.yaml", ""),
        };
        assert_eq!(fixture.octets_as(10_000), b"xxx10000");
        assert_eq!(fixture.canonical(), b"xxx00001\r\n");
        assert_eq!(fixture.length(), 8);
    }

    #[test]
    fn the_end_of_the_pieces() {
        let piece = |octets: &[u8], repeat| Piece {
            text: Template { pieces: vec![TemplatePiece::Literal(octets.to_vec())] },
            repeat,
        };
        let check = |pieces: &[Piece], want| assert_eq!(ends_in_crlf(pieces), want, "{pieces:?}");
        check(&[], false);
        check(&[piece(b"x\r\n", 9)], true);
        check(&[piece(b"\r", 1), piece(b"\n", 1)], true);
        check(&[piece(b"\r", 1), piece(b"\n", 2)], false);
    }
}

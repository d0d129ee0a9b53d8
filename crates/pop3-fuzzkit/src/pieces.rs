//! Ways to cut a stream into pieces.

/// A way to cut a stream. What a reader makes of a stream must not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cutting<'a> {
    /// All at once.
    Whole,
    /// Octet by octet.
    Octets,
    /// Of these lengths, over and over; some may be empty.
    Lengths(&'a [u8]),
    /// Of 1 to 8 octets, as the octets themselves have it, so that a seed stays
    /// a plain dialogue.
    ByContent,
}

impl Cutting<'_> {
    /// Where the piece that begins at octet `at`, the `count`th from 0, ends.
    pub(crate) fn end(self, stream: &[u8], at: usize, count: usize) -> usize {
        let length = match self {
            Self::Whole => stream.len(),
            Self::Octets => 1,
            Self::Lengths(lengths) if lengths.iter().all(|length| *length == 0) => stream.len(),
            Self::Lengths(lengths) => usize::from(lengths.get(count % lengths.len()).copied().unwrap_or(1)),
            Self::ByContent => {
                let seed = stream.get(at).copied().unwrap_or_default();
                1 + (usize::from(seed) + count) * 5 % 8
            }
        };
        at.saturating_add(length).min(stream.len())
    }

    /// The pieces, in order.
    pub(crate) fn pieces(self, stream: &[u8]) -> Vec<&[u8]> {
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < stream.len() {
            let end = self.end(stream, at, pieces.len());
            pieces.push(stream.get(at..end).unwrap_or_default());
            at = end;
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_up_the_stream() {
        let stream = b"USER mrose\r\nPASS tanstaaf\r\n";
        for cutting in [
            Cutting::Whole,
            Cutting::Octets,
            Cutting::ByContent,
            Cutting::Lengths(&[3, 0, 200]),
            Cutting::Lengths(&[0]),
            Cutting::Lengths(&[]),
        ] {
            assert_eq!(cutting.pieces(stream).concat(), stream, "{cutting:?}");
            assert!(cutting.pieces(b"").is_empty());
        }
        assert_eq!(Cutting::Octets.pieces(stream).len(), stream.len());
        assert!(Cutting::ByContent.pieces(stream).len() > 3);
        assert_eq!(Cutting::Lengths(&[3, 0, 200]).pieces(stream)[..2], [b"USE".as_slice(), b""]);
    }
}

//! How what is sent is cut into writes.

use pop3_scenario::scenario::Chunking;

/// The pieces in which octets are written.
pub(super) fn cut(octets: &[u8], chunking: Chunking) -> Vec<&[u8]> {
    match chunking {
        Chunking::Whole => vec![octets],
        Chunking::Bytewise => octets.chunks(1).collect(),
        Chunking::Size(size) => octets.chunks(size.max(1)).collect(),
        Chunking::SplitCrlf => octets.split_inclusive(|octet| *octet == b'\r').collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_cut_as_asked() {
        let check = |chunking, want: &[&str]| {
            let pieces: Vec<_> =
                cut(b"NOOP\r\nX\r\n", chunking).into_iter().map(|p| String::from_utf8_lossy(p).into_owned()).collect();
            assert_eq!(pieces, want);
        };
        check(Chunking::Whole, &["NOOP\r\nX\r\n"]);
        check(Chunking::SplitCrlf, &["NOOP\r", "\nX\r", "\n"]);
        check(Chunking::Size(4), &["NOOP", "\r\nX\r", "\n"]);
        assert_eq!(cut(b"abc", Chunking::Bytewise).len(), 3);
    }
}

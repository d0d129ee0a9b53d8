//! Framing: the lines of a stream do not depend on how it arrives.

use pop3_proto::line::{BareLf, Frame, LineEnd, LineFramer};

use crate::Broken;
use crate::pieces::Cutting;

const LAW: &str = "framing_split_invariance";

/// What was read of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lines {
    lines: Vec<Line>,
    /// Octets behind the last line end.
    unfinished: u64,
    /// The most octets ever held back.
    held: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// Its octets and how it ended.
    Within(Vec<u8>, LineEnd),
    /// Its length with line end, and its beginning.
    Beyond(u64, Vec<u8>),
}

/// A reader of lines: a limit, what a bare LF means, and the stream in pieces.
type Framer = fn(usize, BareLf, &[&[u8]]) -> Lines;

/// The first octet chooses the limit (1 to 64 octets), the second what a bare LF
/// means and how many octets behind it are lengths of pieces (0 to 7, each 0 to
/// 15 octets); the rest is the stream. However it is cut:
///
/// - the lines are those that a naive reader finds, each with its line end;
/// - a line beyond the limit is reported with its length, and the next one is
///   read as if nothing had been;
/// - never more octets are held than the limit.
///
/// # Errors
/// The law is broken.
pub fn framing_split_invariance(data: &[u8]) -> Result<(), Broken> {
    split_invariance_of(framed, data)
}

fn split_invariance_of(framer: Framer, data: &[u8]) -> Result<(), Broken> {
    let [limit, choice, rest @ ..] = data else { return Ok(()) };
    let limit = usize::from(limit % 64) + 1;
    let bare_lf = if choice & 1 == 0 { BareLf::IsData } else { BareLf::EndsLine };
    let lengths = usize::from(choice >> 1 & 7).min(rest.len());
    let (lengths, stream) = rest.split_at(lengths);
    let lengths: Vec<u8> = lengths.iter().map(|length| length % 16).collect();
    let want = naive(limit, bare_lf, stream);
    for cutting in [Cutting::Whole, Cutting::Octets, Cutting::Lengths(&lengths), Cutting::ByContent] {
        let got = framer(limit, bare_lf, &cutting.pieces(stream));
        let broken = |what: &str, got: &dyn std::fmt::Debug, want: &dyn std::fmt::Debug| {
            let sentence =
                format!("in pieces ({cutting:?}) with limit {limit} and {bare_lf:?}, {what}: {got:?}, not {want:?}");
            Err(Broken::new(LAW, sentence).with("stream", stream))
        };
        if got.lines != want.lines {
            return broken("the lines are", &got.lines, &want.lines);
        }
        if got.unfinished != want.unfinished {
            return broken("octets left over are", &got.unfinished, &want.unfinished);
        }
        if got.held > limit {
            return broken("octets held are", &got.held, &limit);
        }
    }
    Ok(())
}

fn framed(limit: usize, bare_lf: BareLf, pieces: &[&[u8]]) -> Lines {
    let mut framer = LineFramer::new(limit, bare_lf);
    let mut seen = Lines::default();
    for piece in pieces {
        let mut input = *piece;
        while let Some(frame) = framer.next(&mut input) {
            seen.lines.push(match frame {
                Frame::Line { octets, end } => Line::Within(octets.to_vec(), end),
                Frame::TooLong { octets, beginning } => Line::Beyond(octets, beginning.to_vec()),
            });
        }
        seen.held = seen.held.max(framer.unfinished().len());
    }
    seen.unfinished = framer.unfinished_octets();
    seen
}

/// The same, octet by octet and with everything kept.
fn naive(limit: usize, bare_lf: BareLf, stream: &[u8]) -> Lines {
    let mut seen = Lines::default();
    let mut line = Vec::new();
    for &octet in stream {
        line.push(octet);
        let end = if line.ends_with(b"\r\n") {
            LineEnd::CrLf
        } else if octet == b'\n' && bare_lf == BareLf::EndsLine {
            LineEnd::BareLf
        } else {
            continue;
        };
        let whole = line.len();
        seen.lines.push(if whole > limit {
            line.truncate(limit);
            Line::Beyond(whole as u64, line.clone())
        } else {
            line.truncate(whole - end.octets());
            Line::Within(line.clone(), end)
        });
        line.clear();
    }
    seen.unfinished = line.len() as u64;
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holds(
            head in proptest::collection::vec(any::<u8>(), 2..10),
            stream in proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'a'), any::<u8>()], 0..90),
        ) {
            framing_split_invariance(&[head, stream].concat())?;
        }
    }

    /// Splits every piece by itself, as a reader that forgets its state would.
    fn forgetful(limit: usize, bare_lf: BareLf, pieces: &[&[u8]]) -> Lines {
        let mut seen = Lines::default();
        for piece in pieces {
            let part = naive(limit, bare_lf, piece);
            seen.lines.extend(part.lines);
            seen.unfinished = part.unfinished;
        }
        seen
    }

    /// Holds back a line beyond the limit.
    fn greedy(limit: usize, bare_lf: BareLf, pieces: &[&[u8]]) -> Lines {
        Lines { held: pieces.iter().map(|piece| piece.len()).sum(), ..framed(limit, bare_lf, pieces) }
    }

    /// Ends a line at any LF.
    fn lax(limit: usize, _: BareLf, pieces: &[&[u8]]) -> Lines {
        framed(limit, BareLf::EndsLine, pieces)
    }

    #[test]
    fn wrong_framers_are_caught() {
        let check = |wrong: Framer, data: &[u8], sentence: &str| {
            framing_split_invariance(data).unwrap();
            let broken = split_invariance_of(wrong, data).unwrap_err();
            assert!(broken.sentence().contains(sentence), "{broken}");
        };
        check(forgetful, b"\x3f\x00NOOP\r\n", "lines");
        check(greedy, b"\x03\x00NOOP\r\n", "held");
        check(lax, b"\x3f\x00A\nB\r\n", "lines");
    }
}

//! Finds lines in a stream, before anything parses them.

use std::fmt;

use memchr::memchr;

/// What a framer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A line within the limit.
    Line {
        /// Its octets, without the line end.
        octets: &'a [u8],
        /// How it ended.
        end: LineEnd,
    },
    /// A line beyond the limit; its octets were discarded up to its end, so the
    /// next frame is the next line.
    TooLong {
        /// How many octets it had, line end included.
        octets: u64,
        /// Its beginning, for messages: at most the limit.
        beginning: &'a [u8],
    },
}

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// CR LF, as RFC 1939 section 3 has it.
    CrLf,
    /// LF alone.
    BareLf,
}

impl LineEnd {
    /// Its length in octets.
    #[must_use]
    pub fn octets(self) -> usize {
        match self {
            Self::CrLf => 2,
            Self::BareLf => 1,
        }
    }
}

/// What an LF without CR before it means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BareLf {
    /// It is an octet of the line like any other: only CRLF ends a line
    /// (RFC 1939 section 3).
    #[default]
    IsData,
    /// It ends the line, as many servers do for people who type.
    EndsLine,
}

/// Cuts a stream into lines. Linear in its input however it is cut up; holds at
/// most `limit` octets; a line that arrives whole is not copied.
#[derive(Clone)]
pub struct LineFramer {
    limit: usize,
    bare_lf: BareLf,
    held: Vec<u8>,
    /// The line in `held` was handed out; forget it at the next call.
    handed_out: bool,
    /// Length so far of the line being read, what was discarded included.
    seen: u64,
    /// Whether the last octet seen was CR.
    after_cr: bool,
}

/// Without the line, which may hold a password.
impl fmt::Debug for LineFramer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("LineFramer");
        shown.field("limit", &self.limit).field("bare_lf", &self.bare_lf).field("seen", &self.seen);
        shown.finish_non_exhaustive()
    }
}

impl LineFramer {
    /// A framer for lines of at most `limit` octets, line end included.
    #[must_use]
    pub fn new(limit: usize, bare_lf: BareLf) -> Self {
        Self { limit, bare_lf, held: Vec::new(), handed_out: false, seen: 0, after_cr: false }
    }

    /// Takes octets from the front of `input` up to the end of a line. `None`
    /// when `input` is used up and the line goes on.
    #[inline]
    pub fn next<'f, 'i: 'f>(&'f mut self, input: &mut &'i [u8]) -> Option<Frame<'f>> {
        // People type, and hostile clients drip: a single octet within a line
        // needs no search.
        match **input {
            [octet] if octet != b'\n' && !self.handed_out => {
                *input = &[];
                self.seen += 1;
                self.after_cr = octet == b'\r';
                if self.held.len() < self.limit {
                    self.held.push(octet);
                }
                None
            }
            _ => self.search(input),
        }
    }

    fn search<'f, 'i: 'f>(&'f mut self, input: &mut &'i [u8]) -> Option<Frame<'f>> {
        if std::mem::take(&mut self.handed_out) {
            self.held.clear();
        }
        let (taken, end) = self.take_line(input);
        let Some(end) = end else {
            self.hold(taken);
            return None;
        };
        let whole = self.seen;
        self.seen = 0;
        self.after_cr = false;
        let octets = if self.held.is_empty() && taken.len() as u64 == whole {
            taken
        } else {
            self.hold(taken);
            self.handed_out = true;
            &self.held
        };
        if whole > self.limit as u64 {
            let beginning = octets.get(..self.limit).unwrap_or(octets);
            return Some(Frame::TooLong { octets: whole, beginning });
        }
        let text = octets.len().saturating_sub(end.octets());
        Some(Frame::Line { octets: octets.get(..text).unwrap_or_default(), end })
    }

    /// Octets of a line that has not ended yet.
    #[must_use]
    pub fn unfinished(&self) -> &[u8] {
        if self.handed_out { &[] } else { &self.held }
    }

    /// Length in octets of the line that has not ended yet, discarded ones included.
    #[must_use]
    pub fn unfinished_octets(&self) -> u64 {
        self.seen
    }

    /// Forgets the unfinished line: what was said in clear before STLS must not
    /// be heard after it (RFC 2595 section 4, RFC 7457 section 2.2).
    pub fn discard(&mut self) {
        self.held = Vec::new();
        self.handed_out = false;
        self.seen = 0;
        self.after_cr = false;
    }

    /// Changes the limit for lines that end from now on.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Splits off the octets up to a line end, or all.
    fn take_line<'a>(&mut self, input: &mut &'a [u8]) -> (&'a [u8], Option<LineEnd>) {
        let all: &'a [u8] = input;
        let mut from = 0;
        while let Some(found) = all.get(from..).and_then(|rest| memchr(b'\n', rest)) {
            let lf = from + found;
            let after_cr = match lf.checked_sub(1) {
                Some(before) => all.get(before) == Some(&b'\r'),
                None => self.after_cr,
            };
            let end = match (after_cr, self.bare_lf) {
                (true, _) => LineEnd::CrLf,
                (false, BareLf::EndsLine) => LineEnd::BareLf,
                (false, BareLf::IsData) => {
                    from = lf + 1;
                    continue;
                }
            };
            let (line, rest) = all.split_at(lf + 1);
            *input = rest;
            self.seen += line.len() as u64;
            return (line, Some(end));
        }
        *input = &[];
        self.seen += all.len() as u64;
        if let Some(&last) = all.last() {
            self.after_cr = last == b'\r';
        }
        (all, None)
    }

    /// Keeps octets as far as the limit goes.
    fn hold(&mut self, octets: &[u8]) {
        let room = self.limit.saturating_sub(self.held.len());
        self.held.extend_from_slice(octets.get(..room).unwrap_or(octets));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq)]
    enum Seen {
        Line(Vec<u8>, LineEnd),
        TooLong(u64),
    }

    fn read(chunks: &[&[u8]], limit: usize, bare_lf: BareLf) -> (Vec<Seen>, u64) {
        let mut framer = LineFramer::new(limit, bare_lf);
        let mut seen = Vec::new();
        for chunk in chunks {
            let mut input = *chunk;
            while let Some(frame) = framer.next(&mut input) {
                seen.push(match frame {
                    Frame::Line { octets, end } => Seen::Line(octets.to_vec(), end),
                    Frame::TooLong { octets, beginning } => {
                        assert!(beginning.len() <= limit);
                        Seen::TooLong(octets)
                    }
                });
            }
            assert!(framer.held.len() <= limit);
        }
        (seen, framer.unfinished_octets())
    }

    #[test]
    fn lines_end_where_the_rfc_says() {
        let line = |text: &str, end| Seen::Line(text.as_bytes().to_vec(), end);
        let check = |input: &[u8], bare_lf, want: &[Seen], rest| {
            assert_eq!(read(&[input], 10, bare_lf), (want.to_vec(), rest), "{input:?}");
        };
        let crlf = LineEnd::CrLf;
        check(b"NOOP\r\nQUIT\r\n", BareLf::IsData, &[line("NOOP", crlf), line("QUIT", crlf)], 0);
        check(b"\r\n", BareLf::IsData, &[line("", crlf)], 0);
        check(b"NOOP\n", BareLf::IsData, &[], 5);
        check(b"A\nB\r\n", BareLf::IsData, &[line("A\nB", crlf)], 0);
        check(b"A\nB\r\n", BareLf::EndsLine, &[line("A", LineEnd::BareLf), line("B", crlf)], 0);
        check(b"NOOP\r", BareLf::EndsLine, &[], 5);
        check(b"A\r\r\n", BareLf::IsData, &[line("A\r", crlf)], 0);
        // Ten octets with the line end fit, eleven do not, and step is kept.
        check(b"12345678\r\nX\r\n", BareLf::IsData, &[line("12345678", crlf), line("X", crlf)], 0);
        check(b"123456789\r\nX\r\n", BareLf::IsData, &[Seen::TooLong(11), line("X", crlf)], 0);
    }

    #[test]
    fn octet_by_octet_costs_no_more_memory_than_the_limit() {
        let mut framer = LineFramer::new(16, BareLf::IsData);
        for _ in 0..100_000 {
            assert_eq!(framer.next(&mut b"x".as_slice()), None);
        }
        assert!(framer.held.capacity() <= 64);
        assert!(matches!(framer.next(&mut b"\r\n".as_slice()), Some(Frame::TooLong { octets: 100_002, .. })));
    }

    proptest! {
        #[test]
        fn cuts_do_not_matter(
            input in proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'a')], 0..60),
            cuts in proptest::collection::vec(0_usize..60, 0..8),
            limit in 2_usize..12,
            ends in any::<bool>(),
        ) {
            let bare_lf = if ends { BareLf::EndsLine } else { BareLf::IsData };
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(input.len())).chain([0, input.len()]).collect();
            cuts.sort_unstable();
            let chunks: Vec<&[u8]> = cuts.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&chunks, limit, bare_lf), read(&[&input], limit, bare_lf));
        }
    }
}

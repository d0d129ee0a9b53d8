//! Byte-stuffing, the framing of multi-line responses (RFC 1939 section 3).

use memchr::memmem;

use crate::deviation::Deviation;

/// Writes a message as the body of a multi-line response, chunk by chunk.
///
/// Lines are what CRLF ends; a dot after it, or at the very beginning, is
/// doubled. The caller sees to canonical line ends: a bare LF passes as it is.
#[derive(Clone, Debug)]
pub struct Stuffer {
    tail: Tail,
    search: memmem::Finder<'static>,
}

/// What the octets so far end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    /// CRLF, or nothing at all: a line begins here.
    LineEnd,
    /// CR.
    Cr,
    /// Anything else.
    Text,
}

impl Tail {
    fn of(self, octets: &[u8]) -> Self {
        match octets {
            [] => self,
            [.., b'\r', b'\n'] => Self::LineEnd,
            [b'\n'] if self == Self::Cr => Self::LineEnd,
            [.., b'\r'] => Self::Cr,
            _ => Self::Text,
        }
    }
}

impl Default for Stuffer {
    fn default() -> Self {
        Self::new()
    }
}

impl Stuffer {
    /// An encoder at the beginning of a body.
    #[must_use]
    pub fn new() -> Self {
        Self { tail: Tail::LineEnd, search: memmem::Finder::new(b"\r\n.") }
    }

    /// Appends the encoding of `octets` to `out`.
    pub fn push(&mut self, octets: &[u8], out: &mut Vec<u8>) {
        let line_begins = match (self.tail, octets) {
            (Tail::LineEnd, [b'.', ..]) => true,
            (Tail::Cr, [b'\n', b'.', ..]) => {
                // The CR came with the chunk before.
                out.push(b'\n');
                self.tail = Tail::LineEnd;
                return self.push(octets.get(1..).unwrap_or_default(), out);
            }
            _ => false,
        };
        if line_begins {
            out.push(b'.');
        }
        let mut rest = octets;
        while let Some(at) = self.search.find(rest) {
            let (line, dot) = rest.split_at(at + 2);
            out.extend_from_slice(line);
            out.push(b'.');
            // The dot itself goes out with what follows; step over it in the search.
            out.push(b'.');
            rest = dot.get(1..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
        self.tail = self.tail.of(octets);
    }

    /// Ends the body: completes an unfinished line with CRLF, then writes the
    /// terminating line.
    pub fn finish(self, out: &mut Vec<u8>) {
        match self.tail {
            Tail::LineEnd => {}
            Tail::Cr | Tail::Text => out.extend_from_slice(b"\r\n"),
        }
        out.extend_from_slice(b".\r\n");
    }
}

/// A piece of a decoded body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Octets of the body, without byte-stuffing.
    Octets(&'a [u8]),
    /// A departure at this place; the body goes on.
    Deviation(Deviation),
    /// The terminating line has been read; what is left of the input belongs
    /// to the next reply.
    End,
}

/// Reads the body of a multi-line response, chunk by chunk, without copying.
#[derive(Clone, Debug)]
pub struct Unstuffer {
    at: At,
    line_end: ExpectedEnd,
    search: memmem::Finder<'static>,
}

/// Which line end closes the terminating line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpectedEnd {
    /// `.` CR LF and nothing else.
    #[default]
    CrLf,
    /// `.` LF too: for a server that already ended the status line so.
    LfToo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// The beginning of a line.
    LineStart,
    /// Behind a dot that began a line.
    Dot,
    /// Behind a dot that began a line, and CR.
    DotCr,
    /// Behind a dot that began a line, and a CR that turned out to be no line
    /// end; it is still to be handed out.
    OwedCr,
    /// In a line, with this behind us.
    Line(Tail),
    /// Behind the end.
    Ended,
}

impl Unstuffer {
    /// A decoder behind the first line of a multi-line response.
    #[must_use]
    pub fn new(line_end: ExpectedEnd) -> Self {
        Self { at: At::LineStart, line_end, search: memmem::Finder::new(b"\n.") }
    }

    /// The next piece from the front of `input`. `None` when `input` is used up
    /// and the body goes on; [`Piece::End`] for ever once it has ended.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Option<Piece<'a>> {
        loop {
            let Some(&octet) = input.first() else {
                return (self.at == At::Ended).then_some(Piece::End);
            };
            let bare_lf_ends = self.line_end == ExpectedEnd::LfToo;
            match (self.at, octet) {
                (At::Ended, _) => return Some(Piece::End),
                (At::LineStart, b'.') => {
                    advance(input);
                    self.at = At::Dot;
                }
                (At::LineStart, _) => self.at = At::Line(Tail::Text),
                (At::Dot, b'.') => return Some(self.line(input)),
                (At::Dot, b'\r') => {
                    advance(input);
                    self.at = At::DotCr;
                }
                (At::DotCr, b'\n') => {
                    advance(input);
                    self.at = At::Ended;
                }
                (At::Dot, b'\n') if bare_lf_ends => {
                    advance(input);
                    self.at = At::Ended;
                }
                (At::Dot, _) => {
                    // RFC 1939 section 3: octets other than CRLF follow, so the
                    // dot is stripped; but a server that stuffs sends two.
                    self.at = At::Line(Tail::Text);
                    return Some(Piece::Deviation(Deviation::UnstuffedLine));
                }
                (At::DotCr, _) => {
                    self.at = At::OwedCr;
                    return Some(Piece::Deviation(Deviation::UnstuffedLine));
                }
                (At::OwedCr, _) => {
                    self.at = At::Line(Tail::Cr);
                    return Some(Piece::Octets(b"\r"));
                }
                (At::Line(_), _) => return Some(self.line(input)),
            }
        }
    }

    /// Whether the terminating line has been read.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.at == At::Ended
    }

    /// Octets up to the next line that begins with a dot, or all.
    fn line<'a>(&mut self, input: &mut &'a [u8]) -> Piece<'a> {
        let all: &'a [u8] = input;
        let tail = match self.at {
            At::Line(tail) => tail,
            _ => Tail::Text,
        };
        let mut from = 0;
        while let Some(found) = all.get(from..).and_then(|rest| self.search.find(rest)) {
            let lf = from + found;
            let after_cr = match lf.checked_sub(1) {
                Some(before) => all.get(before) == Some(&b'\r'),
                None => tail == Tail::Cr,
            };
            if after_cr || self.line_end == ExpectedEnd::LfToo {
                let (line, rest) = all.split_at(lf + 1);
                *input = rest;
                self.at = At::LineStart;
                return Piece::Octets(line);
            }
            from = lf + 1;
        }
        *input = &[];
        self.at = match tail.of(all) {
            Tail::LineEnd => At::LineStart,
            _ if self.line_end == ExpectedEnd::LfToo && all.ends_with(b"\n") => At::LineStart,
            tail => At::Line(tail),
        };
        Piece::Octets(all)
    }
}

fn advance(input: &mut &[u8]) {
    *input = input.get(1..).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stuff(chunks: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut stuffer = Stuffer::new();
        for chunk in chunks {
            stuffer.push(chunk, &mut out);
        }
        stuffer.finish(&mut out);
        out
    }

    /// The body, the deviations, and what is left behind the end.
    fn unstuff(chunks: &[&[u8]]) -> (Vec<u8>, usize, Option<Vec<u8>>) {
        let (mut body, mut deviations, mut rest) = (Vec::new(), 0, None::<Vec<u8>>);
        let mut unstuffer = Unstuffer::new(ExpectedEnd::CrLf);
        for chunk in chunks {
            let mut input = *chunk;
            while let Some(piece) = unstuffer.next(&mut input) {
                match piece {
                    Piece::Octets(octets) => body.extend_from_slice(octets),
                    Piece::Deviation(_) => deviations += 1,
                    Piece::End => {
                        rest.get_or_insert_default().extend_from_slice(input);
                        break;
                    }
                }
            }
            if unstuffer.has_ended() {
                rest.get_or_insert_default();
            }
        }
        (body, deviations, rest)
    }

    #[test]
    fn dots_that_begin_a_line_are_doubled() {
        let check = |message: &[u8], want: &[u8]| assert_eq!(stuff(&[message]), want, "{message:?}");
        check(b"", b".\r\n");
        check(b".", b"..\r\n.\r\n");
        check(b"..\r\n.x\r\na.b\r\n", b"...\r\n..x\r\na.b\r\n.\r\n");
        check(b"a\r\n.\r\n.\r\n", b"a\r\n..\r\n..\r\n.\r\n");
        check(b"no end", b"no end\r\n.\r\n");
        check(b"lf\n.x\r\n", b"lf\n.x\r\n.\r\n");
    }

    #[test]
    fn the_reader_goes_on_after_a_fault() {
        let check = |octets: &[u8], body: &[u8], deviations, rest: Option<&[u8]>| {
            assert_eq!(unstuff(&[octets]), (body.to_vec(), deviations, rest.map(<[u8]>::to_vec)), "{octets:?}");
        };
        check(b".\r\n+OK", b"", 0, Some(b"+OK"));
        check(b"..\r\n.\r\n", b".\r\n", 0, Some(b""));
        check(b".x\r\n.\r\n", b"x\r\n", 1, Some(b""));
        check(b".\rx\r\n.\r\n", b"\rx\r\n", 1, Some(b""));
        check(b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n", 0, Some(b""));
        check(b"a\r\n.\nb\r\n.\r\n", b"a\r\n\nb\r\n", 1, Some(b""));
        check(b"a..\r\n", b"a..\r\n", 0, None);
    }

    #[test]
    fn a_server_that_speaks_lf_can_still_be_read_to_its_end() {
        let mut unstuffer = Unstuffer::new(ExpectedEnd::LfToo);
        let mut input = b"1 10\n2 20\n.\n+OK".as_slice();
        let mut body = Vec::new();
        while let Some(Piece::Octets(octets)) = unstuffer.next(&mut input) {
            body.extend_from_slice(octets);
        }
        assert_eq!(
            (body.as_slice(), input, unstuffer.has_ended()),
            (b"1 10\n2 20\n".as_slice(), b"+OK".as_slice(), true)
        );
    }

    fn octets() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'.'), Just(b'a')], 0..48)
    }

    fn chunks<'a>(input: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| (*cut).min(input.len())).chain([0, input.len()]).collect();
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect()
    }

    proptest! {
        #[test]
        fn round_trip_over_any_cut(
            message in octets(),
            cuts in proptest::collection::vec(0_usize..60, 0..6),
            wire_cuts in proptest::collection::vec(0_usize..90, 0..6),
        ) {
            let wire = stuff(&chunks(&message, &cuts));
            prop_assert_eq!(&wire, &stuff(&[&message]));
            let mut want = message;
            if !want.is_empty() && !want.ends_with(b"\r\n") {
                want.extend_from_slice(b"\r\n");
            }
            prop_assert_eq!(unstuff(&chunks(&wire, &wire_cuts)), (want, 0, Some(Vec::new())));
        }

        #[test]
        fn any_octets_are_read_alike_over_any_cut(
            wire in octets(),
            cuts in proptest::collection::vec(0_usize..60, 0..6),
        ) {
            prop_assert_eq!(unstuff(&chunks(&wire, &cuts)), unstuff(&[&wire]));
        }
    }
}

//! Byte-stuffing: a body comes out as it went in, and ends where it ended.

use pop3_proto::stuffing::{ExpectedEnd, Piece, Stuffer, Unstuffer};

use crate::Broken;
use crate::pieces::Cutting;

const LAW: &str = "stuffing_round_trip";

/// A body as read from the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Body {
    octets: Vec<u8>,
    /// Lines that begin with one dot and something else.
    unstuffed_lines: usize,
    /// What follows the terminating line; `None` when there is none.
    rest: Option<Vec<u8>>,
}

type Writer = fn(&[&[u8]]) -> Vec<u8>;
type Reader = fn(&[&[u8]]) -> Body;

/// The octets as a message, and again as what a server might send:
///
/// - the message is written as a naive writer writes it, however it is cut;
/// - on the wire the terminating line stands at the end and nowhere before;
/// - it is read back as it was, but for the CRLF that a last line lacked, and
///   what follows it is left alone;
/// - anything on the wire is read as a naive reader reads it, however it is cut.
///
/// # Errors
/// The law is broken.
pub fn stuffing_round_trip(data: &[u8]) -> Result<(), Broken> {
    round_trip_of(stuff, unstuff, data)
}

fn round_trip_of(stuff: Writer, unstuff: Reader, data: &[u8]) -> Result<(), Broken> {
    let broken = |sentence: String, wire: &[u8]| Err(Broken::new(LAW, sentence).with("octets", data).with("S", wire));
    let cuttings = [Cutting::Whole, Cutting::Octets, Cutting::ByContent];
    let wire = naive_stuff(data);
    for cutting in cuttings {
        let got = stuff(&cutting.pieces(data));
        if got != wire {
            return broken(format!("written in pieces ({cutting:?}) it differs from the naive writer's"), &got);
        }
    }
    let ends = [b"\r\n", wire.as_slice()].concat().windows(5).filter(|window| window == b"\r\n.\r\n").count();
    if ends != 1 {
        return broken(format!("the terminating line stands there {ends} times"), &wire);
    }
    let mut message = data.to_vec();
    if !message.is_empty() && !message.ends_with(b"\r\n") {
        message.extend_from_slice(b"\r\n");
    }
    let behind = [wire.as_slice(), b"+OK\r\n"].concat();
    for cutting in cuttings {
        let got = unstuff(&cutting.pieces(&behind));
        let want = Body { octets: message.clone(), unstuffed_lines: 0, rest: Some(b"+OK\r\n".to_vec()) };
        if got != want {
            return broken(format!("read in pieces ({cutting:?}) it comes out as {got:?}"), &behind);
        }
        let (got, want) = (unstuff(&cutting.pieces(data)), naive_unstuff(data));
        if got != want {
            return broken(format!("as wire octets in pieces ({cutting:?}) it reads {got:?}, not {want:?}"), data);
        }
    }
    Ok(())
}

fn stuff(pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut stuffer = Stuffer::new();
    for piece in pieces {
        stuffer.push(piece, &mut out);
    }
    stuffer.finish(&mut out);
    out
}

fn unstuff(pieces: &[&[u8]]) -> Body {
    let mut body = Body::default();
    let mut unstuffer = Unstuffer::new(ExpectedEnd::CrLf);
    for piece in pieces {
        let mut input = *piece;
        while !unstuffer.has_ended() {
            match unstuffer.next(&mut input) {
                None => break,
                Some(Piece::Octets(octets)) => body.octets.extend_from_slice(octets),
                Some(Piece::Deviation(_)) => body.unstuffed_lines += 1,
                Some(Piece::End) => {}
            }
        }
        if unstuffer.has_ended() {
            body.rest.get_or_insert_default().extend_from_slice(input);
        }
    }
    body
}

/// The lines of a text, each with its CRLF but perhaps the last.
fn lines(octets: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut from = 0;
    for at in 0..octets.len() {
        if octets.get(..=at).is_some_and(|so_far| so_far.ends_with(b"\r\n")) {
            lines.push(octets.get(from..=at).unwrap_or_default());
            from = at + 1;
        }
    }
    lines.extend(octets.get(from..).filter(|rest| !rest.is_empty()));
    lines
}

/// RFC 1939 section 3, line by line.
fn naive_stuff(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines(message) {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        if !line.ends_with(b"\r\n") {
            out.extend_from_slice(b"\r\n");
        }
    }
    out.extend_from_slice(b".\r\n");
    out
}

fn naive_unstuff(wire: &[u8]) -> Body {
    let mut body = Body::default();
    let mut read = 0;
    for line in lines(wire) {
        read += line.len();
        match line {
            b".\r\n" => {
                body.rest = wire.get(read..).map(<[u8]>::to_vec);
                return body;
            }
            // The end of the stream: what the line becomes is still open.
            b"." | b".\r" => {}
            [b'.', text @ ..] => {
                body.octets.extend_from_slice(text);
                body.unstuffed_lines += usize::from(!text.starts_with(b"."));
            }
            text => body.octets.extend_from_slice(text),
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holds(
            data in proptest::collection::vec(
                prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'.'), Just(b'a'), any::<u8>()],
                0..60,
            ),
        ) {
            stuffing_round_trip(&data)?;
        }
    }

    /// Forgets whether a line began at the end of the piece before.
    fn forgetful_writer(pieces: &[&[u8]]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for piece in pieces {
            let stuffed = naive_stuff(piece);
            out.extend_from_slice(stuffed.strip_suffix(b"\r\n.\r\n").unwrap_or_default());
            if piece.ends_with(b"\r\n") {
                out.extend_from_slice(b"\r\n");
            }
        }
        [out.as_slice(), if out.is_empty() || out.ends_with(b"\r\n") { b".\r\n".as_slice() } else { b"\r\n.\r\n" }]
            .concat()
    }

    /// Ends at any line that begins with a dot.
    fn hasty(pieces: &[&[u8]]) -> Body {
        let wire = pieces.concat();
        let dot = lines(&wire).into_iter().take_while(|line| !line.starts_with(b".")).map(<[u8]>::len).sum::<usize>();
        Body { octets: wire[..dot].to_vec(), unstuffed_lines: 0, rest: wire.get(dot + 3..).map(<[u8]>::to_vec) }
    }

    /// Strips the first dot of every line, and a second one too.
    fn eager(pieces: &[&[u8]]) -> Body {
        let mut body = unstuff(pieces);
        body.octets = lines(&body.octets)
            .into_iter()
            .map(|line| line.strip_prefix(b".").unwrap_or(line))
            .collect::<Vec<_>>()
            .concat();
        body
    }

    #[test]
    fn wrong_variants_are_caught() {
        let check = |writer: Writer, reader: Reader, data: &[u8], sentence: &str| {
            stuffing_round_trip(data).unwrap();
            let broken = round_trip_of(writer, reader, data).unwrap_err();
            assert!(broken.sentence().contains(sentence), "{broken}");
        };
        check(|pieces| [pieces.concat().as_slice(), b".\r\n"].concat(), unstuff, b".\r\n", "naive writer");
        check(forgetful_writer, unstuff, b"a.\r\n", "Octets");
        check(stuff, hasty, b".x\r\n", "comes out as");
        check(stuff, eager, b".x\r\n", "comes out as");
    }
}

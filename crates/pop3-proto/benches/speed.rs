//! Speed of the core beside its limits and beside the nearest public crate,
//! pop3-codec. `cargo bench -p pop3-proto --bench speed`; the figures are kept in
//! docs/benchmarks.md.

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Lines as clients send them.
const LINES: [&str; 8] = [
    "NOOP",
    "STAT",
    "LIST 17",
    "RETR 1234",
    "TOP 17 100",
    "UIDL",
    "USER mrose",
    "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
];

fn with_line_end(line: &str) -> Vec<u8> {
    format!("{line}\r\n").into_bytes()
}

/// One command line, line end included, to a typed command.
mod command {
    use super::*;
    use pop3_proto::command::{Command, LINE_LIMIT};
    use pop3_proto::line::{BareLf, Frame, LineFramer};

    /// The line is found and parsed, as pop3-codec does both.
    #[divan::bench(args = LINES)]
    fn framed_and_parsed(bencher: Bencher<'_, '_>, line: &str) {
        let line = with_line_end(line);
        let mut framer = LineFramer::new(LINE_LIMIT, BareLf::IsData);
        bencher.bench_local(|| {
            let mut input = black_box(line.as_slice());
            if let Some(Frame::Line { octets, .. }) = framer.next(&mut input) {
                black_box(Command::parse(octets).is_ok());
            }
        });
    }

    #[divan::bench(args = LINES)]
    fn parsed(bencher: Bencher<'_, '_>, line: &str) {
        let line = line.as_bytes();
        bencher.bench_local(|| black_box(Command::parse(black_box(line))));
    }

    #[divan::bench(args = LINES)]
    fn pop3_codec(bencher: Bencher<'_, '_>, line: &str) {
        let line = with_line_end(line);
        bencher.bench_local(|| black_box(pop3_codec::parse::command(black_box(line.as_slice()))));
    }
}

/// A thousand pipelined commands in one buffer.
mod pipeline {
    use super::*;
    use pop3_proto::command::{Command, LINE_LIMIT};
    use pop3_proto::line::{BareLf, Frame, LineFramer};

    fn stream() -> Vec<u8> {
        LINES.map(with_line_end).concat().repeat(125)
    }

    #[divan::bench]
    fn framed_and_parsed(bencher: Bencher<'_, '_>) {
        let stream = stream();
        let mut framer = LineFramer::new(LINE_LIMIT, BareLf::IsData);
        bencher.counter(ItemsCount::new(1000_usize)).bench_local(|| {
            let mut input = black_box(stream.as_slice());
            while let Some(frame) = framer.next(&mut input) {
                if let Frame::Line { octets, .. } = frame {
                    let _ = black_box(Command::parse(octets));
                }
            }
        });
    }

    #[divan::bench]
    fn pop3_codec(bencher: Bencher<'_, '_>) {
        let stream = stream();
        bencher.counter(ItemsCount::new(1000_usize)).bench_local(|| {
            let mut input = black_box(stream.as_slice());
            while let Ok((rest, command)) = pop3_codec::parse::command(input) {
                black_box(command);
                input = rest;
            }
        });
    }
}

/// The body of a RETR of 10 MB, in 64 KiB pieces as sockets give them.
mod retr {
    use super::*;
    use pop3_proto::stuffing::{ExpectedEnd, Piece, Stuffer, Unstuffer};

    const OCTETS: usize = 10_000_000;
    const PIECE: usize = 64 * 1024;

    /// Text in lines of 74 octets; every 50th line begins with a dot.
    fn message() -> Vec<u8> {
        let mut message = Vec::with_capacity(OCTETS + 100);
        for number in 0.. {
            if message.len() >= OCTETS {
                break;
            }
            let first = if number % 50 == 0 { "." } else { "a" };
            message.extend_from_slice(
                format!("{first}{number:>7} {:<63}\r\n", "The quick brown fox jumps over").as_bytes(),
            );
        }
        message
    }

    fn wire() -> Vec<u8> {
        let mut wire = Vec::with_capacity(OCTETS + OCTETS / 10);
        let mut stuffer = Stuffer::new();
        stuffer.push(&message(), &mut wire);
        stuffer.finish(&mut wire);
        wire
    }

    #[divan::bench(sample_count = 30, sample_size = 1)]
    fn unstuffed_into_a_reused_vec(bencher: Bencher<'_, '_>) {
        let wire = wire();
        let mut body = Vec::with_capacity(wire.len());
        bencher.counter(BytesCount::new(wire.len())).bench_local(|| {
            body.clear();
            let mut unstuffer = Unstuffer::new(ExpectedEnd::CrLf);
            for piece in wire.chunks(PIECE) {
                let mut input = piece;
                while let Some(Piece::Octets(octets)) = unstuffer.next(&mut input) {
                    body.extend_from_slice(octets);
                }
            }
            black_box(body.len())
        });
    }

    #[divan::bench(sample_count = 30, sample_size = 1)]
    fn unstuffed_and_counted(bencher: Bencher<'_, '_>) {
        let wire = wire();
        bencher.counter(BytesCount::new(wire.len())).bench_local(|| {
            let mut count = 0;
            let mut unstuffer = Unstuffer::new(ExpectedEnd::CrLf);
            for piece in wire.chunks(PIECE) {
                let mut input = piece;
                while let Some(Piece::Octets(octets)) = unstuffer.next(&mut input) {
                    count += black_box(octets).len();
                }
            }
            count
        });
    }

    #[divan::bench(sample_count = 30, sample_size = 1)]
    fn stuffed_into_a_reused_vec(bencher: Bencher<'_, '_>) {
        let message = message();
        let mut wire = Vec::with_capacity(message.len() + message.len() / 10);
        bencher.counter(BytesCount::new(message.len())).bench_local(|| {
            wire.clear();
            let mut stuffer = Stuffer::new();
            for piece in message.chunks(PIECE) {
                stuffer.push(piece, &mut wire);
            }
            stuffer.finish(&mut wire);
            black_box(wire.len())
        });
    }

    #[divan::bench(sample_count = 10, sample_size = 1)]
    fn pop3_codec(bencher: Bencher<'_, '_>) {
        let response = [b"+OK\r\n".as_slice(), &wire()].concat();
        bencher
            .counter(BytesCount::new(response.len()))
            .bench_local(|| black_box(pop3_codec::parse::response_retr(black_box(&response))).is_ok());
    }

    /// What any reader must do at least: look at every octet once.
    #[divan::bench(sample_count = 30, sample_size = 1)]
    fn limit_memchr(bencher: Bencher<'_, '_>) {
        let wire = wire();
        bencher
            .counter(BytesCount::new(wire.len()))
            .bench_local(|| memchr::memchr_iter(b'\n', black_box(&wire)).count());
    }

    /// What a reader that keeps the body must do besides: copy it.
    #[divan::bench(sample_count = 30, sample_size = 1)]
    fn limit_memcpy(bencher: Bencher<'_, '_>) {
        let wire = wire();
        let mut copy = Vec::with_capacity(wire.len());
        bencher.counter(BytesCount::new(wire.len())).bench_local(|| {
            copy.clear();
            for piece in wire.chunks(PIECE) {
                copy.extend_from_slice(black_box(piece));
            }
            black_box(copy.len())
        });
    }
}

/// Lines of 40 octets in a stream of 100 MB.
mod framing {
    use super::*;
    use pop3_proto::line::{BareLf, LineFramer};

    const OCTETS: usize = 100_000_000;

    fn framed(bencher: Bencher<'_, '_>, piece: usize) {
        let stream = b"TOP 1234 100 and something behind the x\r\n".repeat(OCTETS / 41);
        bencher.counter(BytesCount::new(stream.len())).bench_local(|| {
            let mut framer = LineFramer::new(512, BareLf::IsData);
            let mut lines = 0;
            for piece in stream.chunks(piece) {
                let mut input = black_box(piece);
                while framer.next(&mut input).is_some() {
                    lines += 1;
                }
            }
            lines
        });
    }

    #[divan::bench(sample_count = 10, sample_size = 1)]
    fn whole(bencher: Bencher<'_, '_>) {
        framed(bencher, OCTETS);
    }

    #[divan::bench(sample_count = 10, sample_size = 1)]
    fn pieces_of_1460_octets(bencher: Bencher<'_, '_>) {
        framed(bencher, 1460);
    }

    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn octet_by_octet(bencher: Bencher<'_, '_>) {
        framed(bencher, 1);
    }
}

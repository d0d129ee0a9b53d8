//! Allocations, counted. Apart from `speed`, since counting costs time.
//! `cargo bench -p pop3-proto --bench allocations`

use divan::{AllocProfiler, Bencher, black_box};
use pop3_proto::command::{Command, LINE_LIMIT};
use pop3_proto::line::{BareLf, Frame, LineFramer};
use pop3_proto::stuffing::{ExpectedEnd, Piece, Unstuffer};

#[global_allocator]
static COUNTED: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const LINES: [&str; 4] = ["NOOP", "RETR 1234", "USER mrose", "APOP mrose c4c9334bac560ecc979e58001b3e22fb"];

fn with_line_end(line: &str) -> Vec<u8> {
    format!("{line}\r\n").into_bytes()
}

/// A well-formed command that arrives whole: none.
#[divan::bench(args = LINES)]
fn command(bencher: Bencher<'_, '_>, line: &str) {
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
fn command_pop3_codec(bencher: Bencher<'_, '_>, line: &str) {
    let line = with_line_end(line);
    bencher.bench_local(|| black_box(pop3_codec::parse::command(black_box(line.as_slice()))).is_ok());
}

/// A body whose pieces are handed on: none.
#[divan::bench]
fn body(bencher: Bencher<'_, '_>) {
    let wire = [b"..The quick brown fox jumps over\r\n".repeat(1000), b".\r\n".to_vec()].concat();
    bencher.bench_local(|| {
        let mut unstuffer = Unstuffer::new(ExpectedEnd::CrLf);
        let mut input = black_box(wire.as_slice());
        let mut octets = 0;
        while let Some(Piece::Octets(piece)) = unstuffer.next(&mut input) {
            octets += piece.len();
        }
        octets
    });
}

//! Faults of TOP (RFC 1939 section 7).

use pop3_proto::command::Keyword;

use super::body::change_body;
use super::{Before, CommandLine, View, rewrite};

/// Asks for another number of lines.
fn ask(line: &CommandLine<'_>, lines: u64) -> Before {
    rewrite([b"TOP ", line.word(1), format!(" {lines}").as_bytes()].concat())
}

fn lines_asked(line: &CommandLine<'_>, view: &View<'_>) -> Option<u64> {
    if line.is(Keyword::Top) && view.in_transaction() { line.count(2) } else { None }
}

pub(super) fn top_zero_sends_body(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match lines_asked(line, view) {
        Some(0) => ask(line, u64::from(u32::MAX)),
        _ => Before::Pass,
    }
}

pub(super) fn top_off_by_one(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match lines_asked(line, view) {
        Some(lines @ 1..) => ask(line, lines.saturating_add(1)),
        _ => Before::Pass,
    }
}

/// The number of lines is kept in 32 bits with a sign.
pub(super) fn top_count_signed(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match lines_asked(line, view) {
        Some(lines) if lines > i32::MAX as u64 => ask(line, 0),
        _ => Before::Pass,
    }
}

pub(super) fn top_without_blank_line(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, |mut lines| {
            if let Some(blank) = lines.iter().position(|line| *line == b"\r\n") {
                lines.remove(blank);
            }
            lines.into_iter().map(<[u8]>::to_vec).collect()
        });
    }
}

pub(super) fn top_fails_when_longer(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let (Some(asked), Some(message)) = (lines_asked(line, view), line.number().and_then(|number| view.message(number)))
    else {
        return Before::Pass;
    };
    let lines = message.octets().split_inclusive(|octet| *octet == b'\n');
    let body = lines.skip_while(|line| *line != b"\r\n").skip(1).count() as u64;
    if asked > body { Before::Answer(b"-ERR not so many lines\r\n".to_vec()) } else { Before::Pass }
}

/// The header of a message: its lines before the empty one.
fn header<'v>(line: &CommandLine<'_>, view: &'v View<'_>) -> impl Iterator<Item = &'v [u8]> + use<'v> {
    let message = line.number().and_then(|number| view.message(number));
    let lines = message.into_iter().flat_map(|message| message.octets().split_inclusive(|octet| *octet == b'\n'));
    lines.take_while(|line| *line != b"\r\n")
}

pub(super) fn top_counts_header(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match lines_asked(line, view) {
        Some(lines) => ask(line, lines.saturating_sub(header(line, view).count() as u64)),
        None => Before::Pass,
    }
}

/// Lines that go on with a header field are no header to this server.
pub(super) fn top_counts_folded_lines(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let is_folded = |line: &&[u8]| line.starts_with(b" ") || line.starts_with(b"\t");
    match (lines_asked(line, view), header(line, view).filter(is_folded).count()) {
        (Some(lines), folded @ 1..) => ask(line, lines.saturating_sub(folded as u64)),
        _ => Before::Pass,
    }
}

pub(super) fn top_count_wraps(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match lines_asked(line, view) {
        Some(lines) if lines > 0xFFFF => ask(line, lines & 0xFFFF),
        _ => Before::Pass,
    }
}

//! Faults in sending messages (RFC 1939 sections 3 and 5).

use pop3_proto::command::Keyword;

use super::{CommandLine, View};
use crate::maildrop::Message;

/// The lines of a message as sent, behind the status line and before the
/// terminating line. `None` for any other reply.
fn body<'r>(line: &CommandLine<'_>, reply: &'r [u8]) -> Option<(&'r [u8], Vec<&'r [u8]>)> {
    let sends = matches!(line.keyword(), Some(Keyword::Retr | Keyword::Top));
    if !sends || !reply.starts_with(b"+OK") {
        return None;
    }
    let mut lines: Vec<&[u8]> = reply.split_inclusive(|octet| *octet == b'\n').collect();
    lines.pop_if(|line| *line == b".\r\n")?;
    let (status, lines) = lines.split_first()?;
    Some((status, lines.to_vec()))
}

/// Sends the lines of a message in another way.
pub(super) fn change_body(
    line: &CommandLine<'_>,
    reply: &mut Vec<u8>,
    change: impl FnOnce(Vec<&[u8]>) -> Vec<Vec<u8>>,
) {
    if let Some((status, lines)) = body(line, reply) {
        let mut changed = status.to_vec();
        changed.extend(change(lines).concat());
        changed.extend_from_slice(b".\r\n");
        *reply = changed;
    }
}

pub(super) fn unstuffed(line: &[u8]) -> &[u8] {
    if line.starts_with(b"..") { line.get(1..).unwrap_or_default() } else { line }
}

pub(super) fn owned(lines: Vec<&[u8]>) -> Vec<Vec<u8>> {
    lines.into_iter().map(<[u8]>::to_vec).collect()
}

pub(super) fn retr_unstuffed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) {
        change_body(line, reply, |lines| owned(lines.into_iter().map(unstuffed).collect()));
    }
}

pub(super) fn top_unstuffed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, |lines| owned(lines.into_iter().map(unstuffed).collect()));
    }
}

pub(super) fn stuffing_lost_first_octet(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |mut lines| {
        if let Some(first) = lines.first_mut() {
            *first = unstuffed(first);
        }
        owned(lines)
    });
}

/// The size of the pieces in which the faulty server reads its messages.
const CHUNK: usize = 4096;

/// A search for CRLF and dot in one piece after the other misses those that lie
/// in two of them.
pub(super) fn stuffing_lost_at_chunk(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let mut at: usize = 0;
        let over_border = |at: usize| at >= 2 && (at - 2) / CHUNK != at / CHUNK;
        let lines = lines.into_iter().map(|line| {
            let sent = if over_border(at) { unstuffed(line) } else { line };
            at += unstuffed(line).len();
            sent
        });
        owned(lines.collect())
    });
}

/// Where the stored message has no line end at its end, the dot stands behind its
/// last octet.
pub(super) fn terminator_glued(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let unended = line.number().and_then(|number| view.message(number)).is_some_and(|message| message.was_completed());
    let last =
        line.number().and_then(|number| view.message(number)?.octets().split_inclusive(|o| *o == b'\n').next_back());
    if unended {
        change_body(line, reply, |lines| {
            // TOP need not have come so far.
            let ends = lines.last().copied().map(unstuffed) == last;
            let mut lines = owned(lines);
            if !ends {
                return lines;
            }
            if let Some(last) = lines.last_mut() {
                last.truncate(last.len().saturating_sub(2));
            }
            lines
        });
    }
}

pub(super) fn extra_blank_line_before_dot(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) {
        change_body(line, reply, |lines| owned([lines.as_slice(), &[b"\r\n"]].concat()));
    }
}

pub(super) fn eighth_bit_stripped(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        lines.into_iter().map(|line| line.iter().map(|octet| octet & 0x7F).collect()).collect()
    });
}

/// A message stored with bare LFs is sent as it is, but for a line end before the
/// terminating line.
pub(super) fn body_bare_lf(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.number().and_then(|number| view.message(number)).is_some_and(Message::had_bare_lf) {
        change_body(line, reply, |mut lines| {
            let last = lines.pop();
            let ends_in_lf = |line: &[u8]| [line.strip_suffix(b"\r\n").unwrap_or(line), b"\n"].concat();
            lines.into_iter().map(ends_in_lf).chain(last.map(<[u8]>::to_vec)).collect()
        });
    }
}

pub(super) fn every_dot_doubled(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let double = |octet: &u8| if *octet == b'.' { vec![b'.'; 2] } else { vec![*octet] };
        lines.into_iter().map(|line| unstuffed(line).iter().flat_map(double).collect()).collect()
    });
}

/// The longest line that the faulty server leaves whole, CRLF included (RFC 5322
/// section 2.1.1 has the number, POP3 has no such limit).
const LINE: usize = 1000;

pub(super) fn long_lines_cut(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let cut = |line: &[u8]| line.chunks(LINE - 2).collect::<Vec<_>>().join(b"\r\n".as_slice());
        lines.into_iter().map(|line| if line.len() > LINE { cut(line) } else { line.to_vec() }).collect()
    });
}

pub(super) fn retr_adds_header(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) {
        change_body(line, reply, |lines| owned([&[b"Status: RO\r\n".as_slice()], lines.as_slice()].concat()));
    }
}

/// A message without an empty line is sent without the terminating line.
pub(super) fn header_only_unterminated(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if body(line, reply).is_some_and(|(_, lines)| !lines.contains(&b"\r\n".as_slice())) {
        reply.truncate(reply.len() - 3);
    }
}

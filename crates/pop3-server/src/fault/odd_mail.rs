//! Faults that only mail of some kinds brings out: what is in a message decides what
//! the server makes of it (RFC 1939 sections 3, 5, 7 and 11, RFC 5322).

use pop3_proto::command::Keyword;

use super::body::{change_body, owned, unstuffed};
use super::{Before, CommandLine, Heard, View};
use crate::maildrop::Message;

const CRLF: &[u8] = b"\r\n";

/// The message that a RETR or TOP names.
fn asked<'v>(line: &CommandLine<'_>, view: &'v View<'_>) -> Option<&'v Message> {
    let sends = line.is(Keyword::Retr) || line.is(Keyword::Top);
    let number = line.number().filter(|_| sends && view.in_transaction())?;
    view.message(number).filter(|_| !view.is_marked(number))
}

/// A line without its CRLF.
fn text(line: &[u8]) -> &[u8] {
    line.strip_suffix(CRLF).unwrap_or(line)
}

/// How many lines stand before the empty one.
fn header_lines(lines: &[&[u8]]) -> usize {
    lines.iter().position(|line| *line == CRLF).unwrap_or(lines.len())
}

/// As a reader of SMTP takes it.
pub(super) fn dot_line_ends_message(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| owned(lines.into_iter().take_while(|line| *line != b"..\r\n").collect()));
}

/// The size of the blocks, each of which seems to begin a line.
const BLOCK: usize = 4096;

pub(super) fn dot_at_block_start_doubled(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let mut at = 0;
        let sent = lines.into_iter().map(|line| {
            let content = unstuffed(line);
            let border = BLOCK - at % BLOCK;
            at += content.len();
            match content.get(border) {
                Some(b'.') => [&content[..border], b".", &content[border..]].concat(),
                _ => line.to_vec(),
            }
        });
        sent.collect()
    });
}

/// What stands behind the CR is a line for the client, and was none when dots were stuffed.
pub(super) fn cr_becomes_line_end(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let cut = |line: &[u8]| text(line).split(|octet| *octet == b'\r').collect::<Vec<_>>().join(CRLF);
        lines.into_iter().map(|line| [cut(line).as_slice(), CRLF].concat()).collect()
    });
}

/// As C strings end.
pub(super) fn nul_ends_mail_line(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let before = |line: &[u8]| text(line).split(|octet| *octet == 0).next().unwrap_or_default().to_vec();
        lines.into_iter().map(|line| [before(line).as_slice(), CRLF].concat()).collect()
    });
}

pub(super) fn nul_closes(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if asked(line, view).is_some_and(|message| message.octets().contains(&0)) { Before::Close } else { Before::Pass }
}

/// The buffer for a line.
const ROOM: usize = 64 * 1024;

pub(super) fn very_long_line_closes(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let too_long = |message: &Message| message.octets().split(|octet| *octet == b'\n').any(|line| line.len() > ROOM);
    if asked(line, view).is_some_and(too_long) { Before::Close } else { Before::Pass }
}

pub(super) fn control_octets_replaced(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let shown = |octet: &u8| match octet {
            b'\t' | b'\r' | b'\n' | 0 => *octet,
            octet if octet.is_ascii_control() => b'?',
            octet => *octet,
        };
        lines.into_iter().map(|line| line.iter().map(shown).collect()).collect()
    });
}

/// The line of a response, where it is none.
pub(super) fn lines_cut_at_512(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        lines
            .into_iter()
            .map(|line| text(line).chunks(510).collect::<Vec<_>>().join(CRLF))
            .map(|line| [line.as_slice(), CRLF].concat())
            .collect()
    });
}

pub(super) fn empty_message_refused(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if asked(line, view).is_some_and(|message| message.octets().is_empty()) {
        Before::Answer(b"-ERR cannot read the message\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn empty_message_unterminated(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let empty = asked(line, view).is_some_and(|message| message.octets().is_empty());
    if empty && reply.ends_with(b"\r\n.\r\n") {
        reply.truncate(reply.len() - 3);
    }
}

pub(super) fn leading_empty_line_lost(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| owned(lines.into_iter().skip_while(|line| *line == CRLF).collect()));
}

pub(super) fn blank_line_added_to_header(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if asked(line, view).is_some_and(|message| !message.octets().is_empty()) && line.is(Keyword::Retr) {
        change_body(line, reply, |mut lines| {
            if !lines.contains(&CRLF) {
                lines.push(CRLF);
            }
            owned(lines)
        });
    }
}

/// The next message of the mbox file begins here, it seems.
pub(super) fn from_line_ends_message(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let begins =
            |pair: &[&[u8]]| pair.first() == Some(&CRLF) && pair.last().is_some_and(|line| line.starts_with(b"From "));
        let end = lines.windows(2).position(begins).map_or(lines.len(), |at| at + 1);
        owned(lines.into_iter().take(end).collect())
    });
}

/// Without the attachments.
pub(super) fn top_sends_first_part(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, |lines| {
            let border = lines.iter().skip(header_lines(&lines)).find(|line| line.starts_with(b"--") && line.len() > 5);
            let second = border.and_then(|border| lines.iter().enumerate().filter(|(_, line)| *line == border).nth(1));
            let end = second.map_or(lines.len(), |(at, _)| at);
            owned(lines.into_iter().take(end).collect())
        });
    }
}

/// What the faulty server has room for.
const THOUSAND: usize = 1000;

pub(super) fn thousand_header_lines(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let header = header_lines(&lines);
        let kept = |(at, _): &(usize, &[u8])| *at < THOUSAND || *at >= header;
        owned(lines.into_iter().enumerate().filter(kept).map(|(_, line)| line).collect())
    });
}

pub(super) fn top_ends_at_thousand(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, |lines| {
            let end = header_lines(&lines) + 1 + THOUSAND;
            owned(lines.into_iter().take(end).collect())
        });
    }
}

/// The last line before the dot has its CRLF.
pub(super) fn top_lines_end_in_lf(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, |mut lines| {
            let last = lines.pop();
            let short = lines.into_iter().map(|line| [text(line), b"\n"].concat());
            short.chain(last.map(<[u8]>::to_vec)).collect()
        });
    }
}

pub(super) fn top_skips_empty_lines(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, |lines| {
            let body = (header_lines(&lines) + 1).min(lines.len());
            let (header, body) = lines.split_at(body);
            let body = body.iter().skip_while(|line| **line == CRLF);
            owned(header.iter().chain(body).copied().collect())
        });
    }
}

/// As out of a database: by the names of the fields.
pub(super) fn header_fields_sorted(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let (header, body) = lines.split_at(header_lines(&lines));
        let mut fields: Vec<Vec<&[u8]>> = Vec::new();
        for line in header {
            match fields.last_mut() {
                Some(field) if line.starts_with(b" ") || line.starts_with(b"\t") => field.push(line),
                _ => fields.push(vec![line]),
            }
        }
        fields.sort_by_key(|field| {
            let name = field.first().and_then(|line| line.split(|octet| *octet == b':').next());
            name.unwrap_or_default().to_ascii_lowercase()
        });
        owned(fields.into_iter().flatten().chain(body.iter().copied()).collect())
    });
}

pub(super) fn retr_adds_long_field(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) {
        let field = format!("X-Scanned: {}\r\n", "x".repeat(THOUSAND));
        change_body(line, reply, |lines| owned([&[field.as_bytes()], lines.as_slice()].concat()));
    }
}

/// What the faulty server sends of one message.
const MEGABYTES: usize = 4 << 20;

pub(super) fn huge_message_cut(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if asked(line, view).is_some_and(|message| message.octets().len() > MEGABYTES) && reply.len() > MEGABYTES {
        let end = reply.get(..MEGABYTES).and_then(|kept| kept.iter().rposition(|octet| *octet == b'\n'));
        reply.truncate(end.map_or(0, |at| at + 1));
        reply.extend_from_slice(b".\r\n");
    }
}

/// A mark is put on a content.
pub(super) fn dele_marks_copies(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let Some(number) = line.number().filter(|_| line.is_for_one(Keyword::Dele) && view.in_transaction()) else {
        return Before::Pass;
    };
    let Some(message) = view.message(number) else { return Before::Pass };
    let is_copy = |other: &Message| other.octets() == message.octets();
    let others = view.unmarked().into_iter().filter(|other| *other != number);
    let copies = others.filter(|other| view.message(*other).is_some_and(is_copy));
    let quietly = copies.map(|copy| (format!("DELE {copy}").into_bytes(), Heard::No));
    let mut lines: Vec<_> = quietly.collect();
    if lines.is_empty() {
        return Before::Pass;
    }
    lines.push((line.octets.to_vec(), Heard::Yes));
    Before::Instead(lines)
}

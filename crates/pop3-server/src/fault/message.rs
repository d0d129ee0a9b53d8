//! Faults in what RETR makes of a message (RFC 1939 sections 3, 5 and 11).

use pop3_proto::command::Keyword;

use super::body::{change_body, owned, unstuffed};
use super::{CommandLine, View};

pub(super) fn only_lone_dot_stuffed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        owned(lines.into_iter().map(|line| if line == b"..\r\n" { line } else { unstuffed(line) }).collect())
    });
}

/// A line with two dots at its beginning passes for one that is stuffed already.
pub(super) fn two_dots_not_stuffed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        owned(lines.into_iter().map(|line| if line.starts_with(b"...") { unstuffed(line) } else { line }).collect())
    });
}

/// Only behind a CRLF that was stored does a line begin.
pub(super) fn stuffing_lost_with_bare_lf(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.number().and_then(|number| view.message(number)).is_some_and(|message| message.had_bare_lf()) {
        change_body(line, reply, |lines| owned(lines.into_iter().map(unstuffed).collect()));
    }
}

pub(super) fn status_line_twice(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let sends = line.is(Keyword::Retr) || line.is(Keyword::Top);
    if sends && reply.starts_with(b"+OK") {
        reply.splice(..0, b"+OK message follows\r\n".iter().copied());
    }
}

/// As mbox files need it.
pub(super) fn from_line_quoted(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let quoted = |line: &[u8]| if line.starts_with(b"From ") { [b">", line].concat() } else { line.to_vec() };
        lines.into_iter().map(quoted).collect()
    });
}

pub(super) fn trailing_blanks_lost(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| lines.into_iter().map(|line| [line.trim_ascii_end(), b"\r\n"].concat()).collect());
}

pub(super) fn last_empty_lines_lost(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) {
        change_body(line, reply, |mut lines| {
            let header = lines.iter().position(|line| *line == b"\r\n").map_or(0, |blank| blank + 1);
            while lines.len() > header && lines.last() == Some(&b"\r\n".as_slice()) {
                lines.pop();
            }
            owned(lines)
        });
    }
}

/// What the faulty server reads of a message.
const READ: usize = 64 * 1024;

/// The lines that lie in the first octets of a message.
fn beginning(lines: Vec<&[u8]>) -> Vec<Vec<u8>> {
    let mut octets = 0;
    let fits = |line: &&[u8]| {
        octets += unstuffed(line).len();
        octets <= READ
    };
    owned(lines.into_iter().take_while(fits).collect())
}

pub(super) fn big_message_cut(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) {
        change_body(line, reply, beginning);
    }
}

pub(super) fn big_top_cut(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Top) {
        change_body(line, reply, beginning);
    }
}

pub(super) fn tab_becomes_blanks(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let expanded = |octet: &u8| if *octet == b'\t' { vec![b' '; 8] } else { vec![*octet] };
        lines.into_iter().map(|line| line.iter().flat_map(expanded).collect()).collect()
    });
}

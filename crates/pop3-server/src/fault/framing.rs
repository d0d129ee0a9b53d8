//! Faults of lines and replies as such (RFC 1939 section 3).

use pop3_proto::command::{Keyword, LINE_LIMIT};

use super::{Before, CommandLine, Filter, Heard, View, rewrite};

const UNKNOWN: &[u8] = b"-ERR unknown command\r\n";

pub(super) fn keyword_case_sensitive(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    let lower = line.keyword().is_some() && line.word(0).iter().any(u8::is_ascii_lowercase);
    if lower { Before::Answer(UNKNOWN.to_vec()) } else { Before::Pass }
}

#[expect(clippy::ptr_arg, reason = "all filters of replies have one type")]
pub(super) fn status_lower_case(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    for octet in reply.iter_mut().take_while(|octet| !b" \r".contains(octet)) {
        octet.make_ascii_lowercase();
    }
}

pub(super) fn reply_bare_lf(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if let Some(at) = reply.iter().position(|octet| *octet == b'\r') {
        reply.remove(at);
    }
}

fn is_unknown(line: &CommandLine<'_>) -> bool {
    line.keyword().is_none() && !line.octets.is_empty()
}

pub(super) fn unknown_command_accepted(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if is_unknown(line) { Before::Answer(b"+OK\r\n".to_vec()) } else { Before::Pass }
}

pub(super) fn unknown_command_closes(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if is_unknown(line) { Before::Close } else { Before::Pass }
}

pub(super) fn extra_argument_ignored(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    use Keyword as K;
    match (line.keyword(), line.arguments()) {
        (Some(K::Stat | K::Noop | K::Rset | K::Quit | K::Capa | K::Stls), [_, ..]) => rewrite(line.word(0)),
        (Some(K::List | K::Uidl | K::Retr | K::Dele), [first, _, ..]) => rewrite([line.word(0), b" ", first].concat()),
        _ => Before::Pass,
    }
}

pub(super) fn long_line_tail_executed(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.octets.len() + 2 <= LINE_LIMIT {
        return Before::Pass;
    }
    // As a buffer of fixed size does it: when it is full, that was the line.
    Before::Instead(line.octets.chunks(LINE_LIMIT - 2).map(|chunk| (chunk.to_vec(), Heard::Yes)).collect())
}

pub(super) fn empty_line_ignored(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.octets.is_empty() { Before::Swallow } else { Before::Pass }
}

pub(super) fn echo_unescaped(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if is_unknown(line) { Before::Answer([b"-ERR ", line.octets, b" is unknown\r\n"].concat()) } else { Before::Pass }
}

pub(super) fn keyword_prefix_match(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    let word = line.word(0);
    if line.keyword().is_some() {
        return Before::Pass;
    }
    for length in [4, 3] {
        if let Some((start, tail)) = word.split_at_checked(length)
            && Keyword::from_word(start).is_some()
        {
            let behind = line.octets.get(length + tail.len()..).unwrap_or_default();
            return rewrite([start, behind].concat());
        }
    }
    Before::Pass
}

pub(super) fn multi_line_error(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    use Keyword as K;
    let of_messages = matches!(line.keyword(), Some(K::Retr | K::Top | K::List | K::Uidl));
    if of_messages && reply.starts_with(b"-ERR") {
        reply.extend_from_slice(b"what you asked for is not here\r\n.\r\n");
    }
}

/// `RETR` is RETR 1, `TOP 1` is TOP 1 0, and USER and PASS name nobody.
pub(super) fn missing_argument_accepted(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    match (line.keyword(), line.arguments()) {
        (Some(Keyword::Retr | Keyword::Dele), []) => rewrite([line.octets, b" 1"].concat()),
        (Some(Keyword::Top), []) => rewrite("TOP 1 0"),
        (Some(Keyword::Top), [_]) => rewrite([line.octets, b" 0"].concat()),
        (Some(Keyword::User | Keyword::Pass), []) => Before::Answer(b"+OK\r\n".to_vec()),
        _ => Before::Pass,
    }
}

pub(super) fn control_octets_ignored(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.octets.iter().any(u8::is_ascii_control) {
        let printable: Vec<u8> = line.octets.iter().copied().filter(|octet| !octet.is_ascii_control()).collect();
        rewrite(printable)
    } else {
        Before::Pass
    }
}

/// The longest argument that the faulty server takes: room for an APOP digest.
const SHORT: usize = 32;

pub(super) fn long_argument_closes(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    // Initial responses are long by nature.
    let long = line.arguments().iter().any(|argument| argument.len() > SHORT);
    if long && !line.is(Keyword::Auth) { Before::Close } else { Before::Pass }
}

pub(super) fn status_line_too_long(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if reply.starts_with(b"-ERR")
        && let Some(end) = reply.windows(2).position(|pair| pair == b"\r\n")
    {
        reply.splice(end..end, [b" ".as_slice(), &[b'-'; 600]].concat());
    }
}

/// The longest text that leaves room for nothing, not even the line end.
const LIMIT: usize = 512;

pub(super) fn limit_without_line_end(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let end = reply.windows(2).position(|pair| pair == b"\r\n");
    if let Some(end) = end.filter(|end| reply.starts_with(b"-ERR") && *end + 1 < LIMIT) {
        reply.splice(end..end, [b" ".as_slice(), &vec![b'-'; LIMIT - end - 1]].concat());
    }
}

/// The same command twice in a row is refused the second time.
#[derive(Default)]
pub(super) struct RepeatedCommandRefused {
    last: Vec<u8>,
}

impl Filter for RepeatedCommandRefused {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let last = std::mem::replace(&mut self.last, line.octets.to_vec());
        if last == line.octets && view.in_transaction() {
            Before::Answer(b"-ERR you asked that before\r\n".to_vec())
        } else {
            Before::Pass
        }
    }
}

/// The longest command that the faulty server takes, its CRLF included.
const NARROW: usize = 128;

pub(super) fn command_limit_too_low(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.octets.len() + 2 > NARROW { Before::Close } else { Before::Pass }
}

pub(super) fn empty_line_closes(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.octets.is_empty() { Before::Close } else { Before::Pass }
}

pub(super) fn colon_closes(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if is_unknown(line) && line.octets.contains(&b':') { Before::Close } else { Before::Pass }
}

pub(super) fn nul_ends_line(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    let nul = line.octets.iter().position(|octet| *octet == 0);
    let beginning = nul.and_then(|at| line.octets.get(..at));
    beginning.map_or(Before::Pass, rewrite)
}

pub(super) fn text_without_space(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if is_unknown(line)
        && let Some(text) = reply.strip_prefix(b"-ERR ")
    {
        *reply = [b"-ERR:", text].concat();
    }
}

pub(super) fn reply_with_eight_bit(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if is_unknown(line)
        && let Some(text) = reply.strip_prefix(b"-ERR ")
    {
        *reply = [b"-ERR refus\xE9e: ", text].concat();
    }
}

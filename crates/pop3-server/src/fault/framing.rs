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
    let none_allowed = matches!(line.keyword(), Some(K::Stat | K::Noop | K::Rset | K::Quit | K::Capa | K::Stls));
    if none_allowed && !line.arguments().is_empty() { rewrite(line.word(0)) } else { Before::Pass }
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

/// Of the lines that came in one read only the first is heard.
pub(super) struct OnlyFirstOfPipeline;

impl Filter for OnlyFirstOfPipeline {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        if let Some(at) = octets.windows(2).position(|pair| pair == b"\r\n") {
            octets.truncate(at + 2);
        }
    }
}

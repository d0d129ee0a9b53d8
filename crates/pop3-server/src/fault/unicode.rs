//! Faults of UTF8 (RFC 6856 sections 2, 2.1, 2.2 and 5).

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::body::change_body;
use super::login::WRONG;
use super::sessions::retrieved;
use super::{Before, CommandLine, Filter, View, rewrite};
use crate::maildrop::Message;
use crate::sasl::prepared;

fn header_end(message: &Message) -> usize {
    let octets = message.octets();
    let end = octets.windows(4).position(|octets| octets == b"\r\n\r\n");
    if octets.starts_with(b"\r\n") { 0 } else { end.map_or(octets.len(), |end| end + 2) }
}

fn needs_mode(line: &CommandLine<'_>, view: &View<'_>) -> bool {
    let reads = matches!(line.keyword(), Some(Keyword::Retr | Keyword::Top)) && view.in_transaction();
    let message = line.number().filter(|_| reads).and_then(|number| view.message(number));
    message.is_some_and(|message| message.octets().iter().take(header_end(message)).any(|octet| !octet.is_ascii()))
}

pub(super) fn utf8_header_without_mode(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if let Some(message) = line.number().and_then(|number| view.message(number))
        && line.is(Keyword::Retr)
        && reply.starts_with(b"-ERR [UTF8]")
    {
        *reply = retrieved(message);
    }
}

pub(super) fn utf8_after_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Utf8) && view.in_transaction() {
        Before::Answer(b"+OK UTF-8 mode is on\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn utf8_mode_lost_at_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if needs_mode(line, view) && line.number().is_some_and(|number| !view.is_marked(number)) {
        Before::Answer(b"-ERR [UTF8] this message needs UTF-8 mode\r\n".to_vec())
    } else {
        Before::Pass
    }
}

/// Octets that are not well-formed UTF-8 are left out of names and passwords.
pub(super) fn malformed_utf8_accepted(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let logs_in = matches!(line.keyword(), Some(Keyword::User | Keyword::Pass)) && !view.in_transaction();
    if logs_in && std::str::from_utf8(line.octets).is_err() {
        let left: String = line.octets.utf8_chunks().map(|chunk| chunk.valid()).collect();
        rewrite(left)
    } else {
        Before::Pass
    }
}

pub(super) fn utf8_refusal_without_code(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if let Some(text) = reply.strip_prefix(b"-ERR [UTF8] ") {
        *reply = [b"-ERR ", text].concat();
    }
}

pub(super) fn utf8_takes_argument(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is_for_one(Keyword::Utf8) { rewrite("UTF8") } else { Before::Pass }
}

/// What a session in UTF-8 mode does to messages.
pub(super) struct InUtf8Mode {
    change: fn(&CommandLine<'_>, &mut Vec<u8>),
    mode: bool,
}

impl InUtf8Mode {
    pub(super) fn new(change: fn(&CommandLine<'_>, &mut Vec<u8>)) -> Self {
        Self { change, mode: false }
    }
}

impl Filter for InUtf8Mode {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.mode |= line.is(Keyword::Utf8) && reply.starts_with(b"+OK");
        if self.mode {
            (self.change)(line, reply);
        }
    }
}

/// The byte order mark of other encodings.
pub(super) fn byte_order_mark(line: &CommandLine<'_>, reply: &mut Vec<u8>) {
    change_body(line, reply, |lines| {
        [b"\xEF\xBB\xBF".to_vec()].into_iter().chain(lines.into_iter().map(<[u8]>::to_vec)).collect()
    });
}

pub(super) fn header_downgraded(line: &CommandLine<'_>, reply: &mut Vec<u8>) {
    change_body(line, reply, |lines| {
        let end = lines.iter().position(|line| *line == b"\r\n").unwrap_or(lines.len());
        let ascii = |octet: &u8| if octet.is_ascii() { *octet } else { b'?' };
        let sent = |(index, line): (usize, &[u8])| {
            if index < end { line.iter().map(ascii).collect() } else { line.to_vec() }
        };
        lines.into_iter().enumerate().map(sent).collect()
    });
}

pub(super) fn top_with_utf8_header(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if let Some(message) = line.number().and_then(|number| view.message(number))
        && line.is(Keyword::Top)
        && reply.starts_with(b"-ERR [UTF8]")
    {
        let header = message.octets().get(..header_end(message)).unwrap_or_default();
        *reply = [b"+OK top of message follows\r\n", header, b"\r\n.\r\n"].concat();
    }
}

pub(super) fn extensions_unknown(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if matches!(line.keyword(), Some(Keyword::Utf8 | Keyword::Lang)) { rewrite("XYZZ") } else { Before::Pass }
}

/// Characters of tables C.2.2, C.3, C.6 and C.8 of RFC 3454, one of each.
const PROHIBITED: [char; 4] = ['\u{85}', '\u{E000}', '\u{FFFD}', '\u{200E}'];

pub(super) fn prohibited_characters_dropped(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let logs_in = matches!(line.keyword(), Some(Keyword::User | Keyword::Pass)) && !view.in_transaction();
    match std::str::from_utf8(line.octets) {
        Ok(text) if logs_in && text.contains(PROHIBITED) => rewrite(text.replace(PROHIBITED, "")),
        _ => Before::Pass,
    }
}

/// DELE asks whether the message can be shown.
#[derive(Default)]
pub(super) struct Utf8CodeOnDele {
    mode: bool,
}

impl Filter for Utf8CodeOnDele {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let message = line.number().filter(|_| line.is(Keyword::Dele)).and_then(|number| view.message(number));
        let raw = message.is_some_and(|message| !message.octets().is_ascii());
        if raw && !self.mode {
            Before::Answer(b"-ERR [UTF8] this message needs UTF-8 mode\r\n".to_vec())
        } else {
            Before::Pass
        }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.mode |= line.is(Keyword::Utf8) && reply.starts_with(b"+OK");
    }
}

pub(super) fn utf8_code_for_unknown_number(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let unknown = line.number().is_some_and(|number| view.message(number).is_none());
    if let Some(text) = reply.strip_prefix(b"-ERR ").filter(|_| unknown && line.is(Keyword::Retr)) {
        *reply = [b"-ERR [UTF8] ", text].concat();
    }
}

pub(super) fn utf8_name_refused(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::User) && !line.octets.is_ascii() && !view.in_transaction() {
        Before::Answer(b"-ERR names are in ASCII here\r\n".to_vec())
    } else {
        Before::Pass
    }
}

/// Names in UTF-8 wait for the command.
#[derive(Default)]
pub(super) struct Utf8NameNeedsCommand {
    mode: bool,
}

impl Filter for Utf8NameNeedsCommand {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if self.mode { Before::Pass } else { utf8_name_refused(line, view) }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.mode |= line.is(Keyword::Utf8) && reply.starts_with(b"+OK");
    }
}

/// A password is compared octet by octet, in whatever form it comes.
pub(super) fn password_not_prepared(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let password = line.text();
    let logs_in = line.is(Keyword::Pass) && view.state() == State::Named;
    if logs_in && prepared(password.as_bytes()).is_some_and(|prepared| prepared != password) {
        Before::Answer(WRONG.to_vec())
    } else {
        Before::Pass
    }
}

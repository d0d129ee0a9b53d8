//! What is said behind status indicators.

use pop3_proto::command::Keyword;
use pop3_proto::reply::STATUS_LINE_LIMIT;

use crate::fault::{CommandLine, Filter, OnReply, View};

/// Commands whose positive replies bear no meaning in their text.
const MEANINGLESS: [Keyword; 11] = [
    Keyword::User,
    Keyword::Pass,
    Keyword::Apop,
    Keyword::Noop,
    Keyword::Rset,
    Keyword::Dele,
    Keyword::Quit,
    Keyword::Retr,
    Keyword::Top,
    Keyword::Capa,
    Keyword::Stls,
];

/// Whether the text of a positive reply to the line may be any.
fn is_meaningless(line: &CommandLine<'_>) -> bool {
    let listing = line.is_for_all(Keyword::List) || line.is_for_all(Keyword::Uidl);
    listing || line.keyword().is_some_and(|keyword| MEANINGLESS.contains(&keyword))
}

/// The first line of a reply without its line end.
pub(super) fn first_line(reply: &[u8]) -> &[u8] {
    let end = reply.windows(2).position(|pair| pair == b"\r\n").unwrap_or(reply.len());
    reply.get(..end).unwrap_or(reply)
}

pub(super) fn set_first_line(reply: &mut Vec<u8>, line: &[u8]) {
    let end = first_line(reply).len();
    reply.splice(..end, line.iter().copied());
}

/// Other text in positive replies where it bears no meaning.
fn say(line: &CommandLine<'_>, reply: &mut Vec<u8>, text: &[u8]) {
    if is_meaningless(line) && reply.starts_with(b"+OK") {
        set_first_line(reply, &[b"+OK", text].concat());
    }
}

pub(super) fn bare_status() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| say(line, reply, b"")))
}

pub(super) fn bare_refusal() -> Box<dyn Filter> {
    Box::new(OnReply(|_, reply, _| {
        if reply.starts_with(b"-ERR") {
            set_first_line(reply, b"-ERR");
        }
    }))
}

pub(super) fn empty() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| {
        say(line, reply, b" ");
        if reply.starts_with(b"-ERR") {
            set_first_line(reply, b"-ERR ");
        }
    }))
}

pub(super) fn misleading() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| {
        say(line, reply, b" -ERR 0 0 <1.2@localhost> . +OK");
        if reply.starts_with(b"-ERR") {
            let text = text_behind_code(reply).to_vec();
            let line = first_line(reply);
            let code = line.get(..line.len() - text.len()).unwrap_or_default();
            let line = [code, b" +OK 0 0 <1.2@localhost> . -ERR"].concat();
            set_first_line(reply, &line);
        }
    }))
}

/// What stands on the first line behind the status and, if there is one, the code.
fn text_behind_code(reply: &[u8]) -> &[u8] {
    let line = first_line(reply);
    let start = match line.strip_prefix(b"-ERR [") {
        Some(code) => b"-ERR [".len() + code.iter().position(|octet| *octet == b']').map_or(0, |at| at + 1),
        None => b"-ERR".len(),
    };
    line.get(start..).unwrap_or_default()
}

pub(super) fn long() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| {
        let first = first_line(reply);
        let free = reply.starts_with(b"-ERR") || is_meaningless(line) && reply.starts_with(b"+OK");
        if !free {
            return;
        }
        let mut first = first.to_vec();
        let missing = (STATUS_LINE_LIMIT - b"\r\n".len()).saturating_sub(first.len());
        first.extend(b" ".iter().chain(b"x".iter().cycle()).take(missing));
        set_first_line(reply, &first);
    }))
}

pub(super) fn other_numbers() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| {
        if !matches!(line.keyword(), Some(Keyword::Noop | Keyword::Capa | Keyword::Stls)) {
            say(line, reply, b" 77 7777 octets in 777 messages");
        }
    }))
}

pub(super) fn echo() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        // What may be a password or a response in an exchange is not repeated.
        if reply.starts_with(b"-ERR") && (view.in_transaction() || line.keyword().is_none()) && is_no_secret(line) {
            let code = first_line(reply);
            let code = code.get(..code.len() - text_behind_code(reply).len()).unwrap_or_default();
            let shown: Vec<u8> =
                line.octets.iter().copied().filter(|octet| (b' '..=b'~').contains(octet)).take(60).collect();
            let line = [code, b" not done: ", &shown].concat();
            set_first_line(reply, &line);
        }
    }))
}

fn is_no_secret(line: &CommandLine<'_>) -> bool {
    !matches!(line.keyword(), Some(Keyword::Pass | Keyword::Apop | Keyword::Auth | Keyword::User))
}

/// Fields that RFC 1939 section 5 discourages and does not forbid.
pub(super) fn extra_fields() -> Box<dyn Filter> {
    Box::new(OnReply(add_fields))
}

fn add_fields(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if !view.in_transaction() || !reply.starts_with(b"+OK") {
    } else if line.is_for_all(Keyword::Stat) || line.is_for_one(Keyword::List) {
        let first = [first_line(reply), b" octets 0"].concat();
        set_first_line(reply, &first);
    } else if line.is_for_all(Keyword::List) {
        let text = String::from_utf8_lossy(reply).replace("\r\n", " octets 0\r\n");
        // Neither the first line nor the last is about a message.
        let text = text.replacen(" octets 0\r\n", "\r\n", 1);
        *reply = text.strip_suffix(". octets 0\r\n").map(|text| format!("{text}.\r\n")).unwrap_or(text).into_bytes();
    }
}

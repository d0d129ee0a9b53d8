//! Holds a session against the text, with as little of the server's code as can be.

use pop3_proto::command::Command;
use pop3_proto::escape::escape;
use pop3_proto::line::BareLf;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::reply::{Charset, ReplyShape, STATUS_LINE_LIMIT};
use pop3_proto::server::{Availability, Ending, ServerConfig};
use pop3_proto::state::{self, Input, Outcome, State};

use super::Session;
use super::host::MESSAGES;

/// A line of the client and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The line with its line end.
    pub(super) line: Vec<u8>,
    pub(super) before: State,
    pub(super) after: State,
    /// Which messages are marked as deleted behind it.
    pub(super) marked: Vec<bool>,
    pub(super) reply: Vec<u8>,
}

/// Octets that a reply may have beyond twice the maildrop (every line of it a dot).
const REPLY_OCTETS: usize = 1024;

/// What UTF8 and LANG have changed (RFC 6856).
#[derive(Clone, Copy, Debug, Default)]
struct Agreed {
    utf8: bool,
    language: bool,
}

impl Agreed {
    fn charset(self) -> Charset {
        if self.utf8 || self.language { Charset::Utf8 } else { Charset::Ascii }
    }
}

pub(super) fn judge(config: &ServerConfig, session: &Session) -> Result<(), String> {
    let mut marked = vec![false; MESSAGES.len()];
    let mut agreed = Agreed::default();
    for (index, step) in session.steps.iter().enumerate() {
        let text = without_line_end(&step.line, config.bare_lf);
        let at = |sentence: String| format!("line {}, {}: {sentence}", index + 1, escape(text));
        let (outcome, first_line, body) = reply(step, text, &mut agreed).map_err(at)?;
        let last = index + 1 == session.steps.len();
        let lost_patience = matches!(session.ending, Ending::BadCommands | Ending::FailedLogins);
        if !(last && lost_patience && outcome == Outcome::Negative && step.after == State::Ended) {
            transition(config, step, text, outcome).map_err(at)?;
        }
        let command = Command::parse(text).ok().filter(|_| step.before == State::Transaction);
        if let Some(command) = command.filter(|_| outcome == Outcome::Positive) {
            contents(command, first_line, body, &mut marked).map_err(at)?;
            if config.utf8 == Availability::Offered && !agreed.utf8 && !sent_header(command, body).is_ascii() {
                return Err(at("octets above 127 in a header, not in UTF-8 mode".to_owned()));
            }
        }
        if step.after == State::Transaction && step.marked != marked {
            return Err(at(format!("messages marked are {:?}, not {marked:?}", step.marked)));
        }
    }
    let updated = session.ending == Ending::Update;
    let quit = session.steps.last().is_some_and(|step| {
        let text = without_line_end(&step.line, config.bare_lf);
        step.before == State::Transaction && text.eq_ignore_ascii_case(b"QUIT")
    });
    if updated != quit {
        return Err(format!("the session ended by {:?}", session.ending));
    }
    let want: Vec<MessageNumber> = numbers().filter(|number| marked.get(number.index()) == Some(&true)).collect();
    let failed = session.steps.last().is_some_and(|step| step.reply.starts_with(b"-ERR"));
    let want = if updated && !failed { want } else { Vec::new() };
    if session.removed != want {
        return Err(format!("removed are {:?}, not {want:?}", session.removed));
    }
    if session.let_go != 1 {
        return Err(format!("the maildrop was let go {} times", session.let_go));
    }
    Ok(())
}

/// The outcome, first line and body of a well-formed reply.
fn reply<'s>(step: &'s Step, text: &[u8], agreed: &mut Agreed) -> Result<(Outcome, &'s [u8], &'s [u8]), String> {
    let reply = step.reply.as_slice();
    let end = reply.windows(2).position(|pair| pair == b"\r\n").ok_or("the reply has no first line")?;
    let (line, body) = reply.split_at(end + 2);
    let line = line.get(..end).unwrap_or_default();
    if end + 2 > STATUS_LINE_LIMIT {
        return Err(format!("the first line has {} octets, more than 512", end + 2));
    }
    if step.before != State::Exchange && line.starts_with(b"+OK") {
        match Command::parse(text) {
            Ok(Command::Utf8) => agreed.utf8 = true,
            Ok(Command::Lang(Some(_))) => agreed.language = true,
            _ => {}
        }
    }
    if agreed.charset().first_outside(line).is_some() {
        return Err(format!("the first line is not printable {:?}", agreed.charset()));
    }
    if step.after == State::Handshake {
        *agreed = Agreed::default();
    }
    let outcome = match line {
        [b'+', b'O', b'K'] | [b'+', b'O', b'K', b' ', ..] => Outcome::Positive,
        [b'-', b'E', b'R', b'R'] | [b'-', b'E', b'R', b'R', b' ', ..] => Outcome::Negative,
        [b'+', b' ', ..] if step.after == State::Exchange => Outcome::Challenge,
        _ => return Err(format!("{} begins with no status indicator", escape(line))),
    };
    let multi_line = step.before != State::Exchange && ReplyShape::of(text) == ReplyShape::MultiLine;
    if multi_line && outcome == Outcome::Positive {
        let framed = [b"\r\n", body].concat();
        let first = framed.windows(5).position(|window| window == b"\r\n.\r\n");
        if first.map(|first| first + 5) != Some(framed.len()) {
            return Err("the terminating line does not stand at the end, or not only there".to_owned());
        }
    } else if !body.is_empty() {
        return Err(format!("{} stands behind its reply", escape(body)));
    }
    let most = REPLY_OCTETS + 2 * MESSAGES.iter().map(|message| message.len()).sum::<usize>();
    if reply.len() > most {
        return Err(format!("the reply has {} octets, more than {most}", reply.len()));
    }
    Ok((outcome, line, body))
}

/// Along the table, or refused.
fn transition(config: &ServerConfig, step: &Step, text: &[u8], outcome: Outcome) -> Result<(), String> {
    let exchange = step.before == State::Exchange;
    let limit = if exchange { config.exchange_line_limit } else { config.line_limit };
    let command = if config.utf8_user { Command::parse_utf8(text) } else { Command::parse(text) };
    let input = match command {
        _ if exchange => Some(Input::ExchangeLine),
        Ok(command) if step.line.len() <= limit => Some(Input::Command(command.keyword())),
        _ => None,
    };
    let legal = input.and_then(|input| state::next(step.before, input, outcome)) == Some(step.after);
    let refused = outcome == Outcome::Negative && state::refused(step.before) == step.after && !exchange;
    let too_long = exchange && step.line.len() > limit && outcome != Outcome::Negative;
    if !(legal || refused) || too_long {
        return Err(format!("{outcome} goes from {} to {}", step.before, step.after));
    }
    Ok(())
}

/// What of a message's header went out.
fn sent_header<'s>(command: Command<'_>, body: &'s [u8]) -> &'s [u8] {
    if !matches!(command, Command::Retr(_) | Command::Top { .. }) {
        return &[];
    }
    let end = body.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(body.len());
    body.get(..end).unwrap_or_default()
}

/// What a positive reply in the TRANSACTION state says of the maildrop.
fn contents(command: Command<'_>, first_line: &[u8], body: &[u8], marked: &mut [bool]) -> Result<(), String> {
    let octets = |number: MessageNumber| MESSAGES.get(number.index()).map_or(0, |message| message.len());
    let left: Vec<MessageNumber> = numbers().filter(|number| marked.get(number.index()) == Some(&false)).collect();
    let named = match command {
        Command::Dele(number) | Command::Retr(number) | Command::List(Some(number)) => Some(number),
        Command::Uidl(Some(number)) | Command::Top { message: number, .. } => Some(number),
        _ => None,
    };
    if let Some(number) = named.filter(|number| !left.contains(number)) {
        return Err(format!("there is no message {number} any more"));
    }
    let message = named.and_then(|number| MESSAGES.get(number.index()).copied()).unwrap_or_default();
    let is_right = match command {
        Command::Dele(number) => {
            if let Some(mark) = marked.get_mut(number.index()) {
                *mark = true;
            }
            true
        }
        Command::Rset => {
            marked.fill(false);
            true
        }
        Command::Retr(_) => unstuffed(body) == message,
        Command::Top { .. } => message.starts_with(&unstuffed(body)),
        Command::Stat => {
            let total: usize = left.iter().map(|number| octets(*number)).sum();
            first_line == format!("+OK {} {total}", left.len()).as_bytes()
        }
        Command::List(Some(number)) => first_line == format!("+OK {number} {}", octets(number)).as_bytes(),
        Command::List(None) => {
            let lines: String = left.iter().map(|number| format!("{number} {}\r\n", octets(*number))).collect();
            body == format!("{lines}.\r\n").as_bytes()
        }
        Command::Uidl(None) => body.split(|octet| *octet == b'\n').count() == left.len() + 2,
        _ => true,
    };
    let named = named.map_or_else(String::new, |number| format!(" for message {number}"));
    if is_right { Ok(()) } else { Err(format!("{}{named} does not tell what is there", command.keyword())) }
}

fn unstuffed(body: &[u8]) -> Vec<u8> {
    let lines = body.strip_suffix(b".\r\n").unwrap_or(body).split_inclusive(|octet| *octet == b'\n');
    lines.map(|line| line.strip_prefix(b".").unwrap_or(line)).collect::<Vec<_>>().concat()
}

fn without_line_end(line: &[u8], bare_lf: BareLf) -> &[u8] {
    match line {
        [text @ .., b'\r', b'\n'] => text,
        [text @ .., b'\n'] if bare_lf == BareLf::EndsLine => text,
        _ => line,
    }
}

fn numbers() -> impl Iterator<Item = MessageNumber> {
    (0..MESSAGES.len()).filter_map(MessageNumber::from_index)
}

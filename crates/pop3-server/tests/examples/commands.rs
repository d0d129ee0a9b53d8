//! The client's lines through the command parser, against a reading that is as
//! plain as can be.

use pop3_proto::auth::{self, ClientLine};
use pop3_proto::command::{Command, LINE_LIMIT};
use pop3_proto::message_number::MessageNumber;

use crate::dialogue::{Sent, in_exchange};
use crate::format::Example;

pub(crate) fn parse(example: &Example) -> Result<(), String> {
    for session in &example.sessions {
        for (index, exchange) in session.iter().enumerate() {
            let (Sent::Line(line) | Sent::LeftOut(line)) = &exchange.sent else { continue };
            let read = if in_exchange(session, index) { response(line) } else { command(line) };
            read.map_err(|why| format!("line {}: {line:?}: {why}", exchange.at))?;
        }
    }
    Ok(())
}

fn response(line: &str) -> Result<(), String> {
    let mut printed = Vec::new();
    match ClientLine::parse(line.as_bytes()) {
        ClientLine::Response(octets) => auth::write_response(&octets, &mut printed),
        other => return Err(format!("{other:?}")),
    }
    let same = printed == [line.as_bytes(), b"\r\n"].concat();
    if same { Ok(()) } else { Err(format!("prints as {:?}", printed.escape_ascii().to_string())) }
}

fn command(line: &str) -> Result<(), String> {
    let want = plain(line).ok_or("no command that this test knows")?;
    let got = Command::parse(line.as_bytes()).map_err(|why| why.to_string())?;
    if got != want {
        return Err(format!("is {got:?}, not {want:?}"));
    }
    if got.to_line() != line {
        return Err(format!("prints as {:?}", got.to_line()));
    }
    if line.len() + 2 > LINE_LIMIT { Err(format!("has more than {LINE_LIMIT} octets")) } else { Ok(()) }
}

/// What a line of the RFCs says. They are all well-formed and in upper case.
fn plain(line: &str) -> Option<Command<'_>> {
    let number = |word: &str| word.parse().ok().and_then(MessageNumber::new);
    let words: Vec<&str> = line.split(' ').collect();
    Some(match words[..] {
        ["APOP", name, digest] => Command::Apop { name, digest },
        ["AUTH", mechanism] => Command::Auth { mechanism, initial_response: None },
        ["AUTH", mechanism, response] => Command::Auth { mechanism, initial_response: Some(response) },
        ["CAPA"] => Command::Capa,
        ["DELE", message] => Command::Dele(number(message)?),
        ["LANG"] => Command::Lang(None),
        ["LANG", range] => Command::Lang(Some(range)),
        ["LIST"] => Command::List(None),
        ["LIST", message] => Command::List(Some(number(message)?)),
        ["NOOP"] => Command::Noop,
        ["PASS", password] => Command::Pass(password),
        ["QUIT"] => Command::Quit,
        ["RETR", message] => Command::Retr(number(message)?),
        ["RSET"] => Command::Rset,
        ["STAT"] => Command::Stat,
        ["STLS"] => Command::Stls,
        ["TOP", message, lines] => Command::Top { message: number(message)?, lines: lines.parse().ok()? },
        ["UIDL"] => Command::Uidl(None),
        ["UIDL", message] => Command::Uidl(Some(number(message)?)),
        ["USER", name] => Command::User(name),
        ["UTF8"] => Command::Utf8,
        _ => return None,
    })
}

//! Every command, with good and bad arguments, in every state: what a session
//! answers, and what the table of states says that it may answer.

mod rows;

use std::fmt;
use std::time::Duration;

use pop3_proto::apop;
use pop3_proto::command::Command;
use pop3_proto::escape::escape;
use pop3_proto::server::{Availability, Ending, Next, ServerConfig, ServerSession, Tls};
use pop3_proto::state::{self, Input, Outcome, State};

use crate::law::server::host::TwoMessages;
use rows::{ROWS, Row};

/// What a line is, whatever the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Well-formed, and granted where the command is legal.
    Good,
    /// Well-formed, and refused on its merits where the command is legal.
    Refused,
    /// No command as the RFCs have it: refused everywhere.
    Bad,
}

/// A state of a session, and how a client gets there.
#[derive(Clone, Copy, Debug)]
struct Place {
    name: &'static str,
    before: &'static str,
    tls: Tls,
}

const fn place(name: &'static str, before: &'static str, tls: Tls) -> Place {
    Place { name, before, tls }
}

const PLACES: [Place; 7] = [
    place("AUTHORIZATION", "", Tls::Available),
    place("the same under TLS", "", Tls::Active),
    place("behind USER", "USER u\r\n", Tls::Available),
    place("AUTH exchange", "AUTH PLAIN\r\n", Tls::Available),
    place("TLS handshake", "STLS\r\n", Tls::Available),
    place("TRANSACTION", "USER u\r\nPASS p\r\nDELE 2\r\n", Tls::Available),
    place("behind QUIT", "QUIT\r\n", Tls::Available),
];

const TIMESTAMP: &str = "<1896.697170952@dbc.mtview.ca.us>";

/// What a session answers to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    /// `None` when the line is not heard.
    status: Option<Outcome>,
    /// The response code, brackets included.
    code: String,
    multi_line: bool,
    before: State,
    after: State,
    ending: Option<Ending>,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(status) = self.status else { return f.write_str("not heard") };
        write!(f, "`{status}{}{}`", if self.code.is_empty() { "" } else { " " }, self.code)?;
        if self.multi_line {
            f.write_str(" and lines")?;
        }
        match (self.before == self.after, self.ending) {
            (_, Some(Ending::Update)) => f.write_str(" → UPDATE"),
            (_, Some(_)) => f.write_str(" → closed"),
            (true, None) => Ok(()),
            (false, None) => write!(f, " → {}", self.after),
        }
    }
}

/// The page with all of it, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Every command in every state\n\
         \n\
         What the reference server answers to each command, with good and bad arguments, in each\n\
         state; `→` says which state follows, when it is another one. A test holds every cell\n\
         against the [table of states](../crates/pop3-proto/doc/states.md), where the clauses are.\n\
         The maildrop has two messages, and message 2 is marked as deleted. STLS, UTF8 without\n\
         USER, LANG, APOP and AUTH PLAIN are on offer.\n\
         \n",
    );
    page.push_str("| line | |");
    for place in PLACES {
        page.push_str(&format!(" {} |", place.name));
    }
    page.push_str(&format!("\n|---|---|{}\n", "---|".repeat(PLACES.len())));
    for row in ROWS {
        let shown = escape(&row.octets("256 octets"));
        page.push_str(&format!("| `{shown}` | {} |", row.what));
        for place in PLACES {
            page.push_str(&format!(" {} |", answer(place, *row)));
        }
        page.push('\n');
    }
    page
}

/// The cells that the table of states does not allow, each in a sentence.
#[must_use]
pub fn wrong_cells() -> Vec<String> {
    let mut wrong = Vec::new();
    for place in PLACES {
        for row in ROWS {
            if let Err(sentence) = judged(place, *row, &answer(place, *row)) {
                wrong.push(format!("{}: {:?} {sentence}", place.name, row.line));
            }
        }
    }
    wrong
}

impl Row {
    /// The line without its line end, `long` in place of one that is too long.
    fn octets(&self, long: &str) -> Vec<u8> {
        let digest = apop::digest(TIMESTAMP.as_bytes(), b"p");
        self.line.replace("{digest}", &digest).replace("{long}", long).into_bytes()
    }
}

fn answer(place: Place, row: Row) -> Cell {
    let config = ServerConfig {
        timestamp: Some(TIMESTAMP.to_owned()),
        mechanisms: vec!["PLAIN".into()],
        tls: place.tls,
        utf8: Availability::Offered,
        lang: Availability::Offered,
        ..ServerConfig::default()
    };
    let mut host = TwoMessages::new(Ok(()));
    let mut out = Vec::new();
    let mut session = ServerSession::new(config, Duration::ZERO, &mut out);
    let mut before = place.before.as_bytes();
    let heard = talk(&mut session, &mut before, &mut host, &mut out);
    out.clear();
    let state = session.state();
    let line = [row.octets(&"x".repeat(254)), b"\r\n".to_vec()].concat();
    let next = match heard {
        Next::Read => talk(&mut session, &mut line.as_slice(), &mut host, &mut out),
        next => next,
    };
    let first = out.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let text = String::from_utf8_lossy(first);
    let status = match text.split([' ', '\r']).next() {
        Some("+OK") => Some(Outcome::Positive),
        Some("-ERR") => Some(Outcome::Negative),
        Some("+") => Some(Outcome::Challenge),
        _ => None,
    };
    let code = text.split(' ').nth(1).filter(|word| word.starts_with('[')).unwrap_or_default().to_owned();
    let ending = match next {
        Next::Close(ending) if status.is_some() => Some(ending),
        _ => None,
    };
    Cell { status, code, multi_line: out.ends_with(b"\r\n.\r\n"), before: state, after: session.state(), ending }
}

fn talk(session: &mut ServerSession, input: &mut &[u8], host: &mut TwoMessages, out: &mut Vec<u8>) -> Next {
    loop {
        match session.advance(input, Duration::ZERO, host, out) {
            Next::Again => {}
            next => return next,
        }
    }
}

/// What is wrong with a cell, by the table of states and nothing else.
fn judged(place: Place, row: Row, cell: &Cell) -> Result<(), String> {
    let deaf = matches!(cell.before, State::Handshake | State::Ended);
    let Some(status) = cell.status.filter(|_| !deaf) else {
        let silent = cell.status.is_none() && deaf && cell.after == cell.before;
        return if silent { Ok(()) } else { Err("is not answered".to_owned()) };
    };
    if cell.before == State::Exchange {
        let right = row.line == "AHUAcA==";
        let want = if right { Outcome::Positive } else { Outcome::Negative };
        let to = state::next(cell.before, Input::ExchangeLine, want);
        return expect(status == want && to == Some(cell.after), cell);
    }
    let line = row.octets(&"x".repeat(254));
    let input = Command::parse(&line).ok().map(|command| Input::Command(command.keyword()));
    if (row.form == Form::Bad) != input.is_none() {
        return Err(format!("is {:?}, and the parser says {input:?}", row.form));
    }
    let legal = input.filter(|input| state::is_legal(cell.before, *input));
    // A second STLS is refused on its merits (RFC 2595 section 4).
    let refused = row.form == Form::Refused || (row.line == "STLS" && place.tls == Tls::Active);
    match legal {
        Some(input) if !refused => {
            let to = |outcome| state::next(cell.before, input, outcome);
            let granted = [Outcome::Positive, Outcome::Challenge].into_iter().find(|outcome| *outcome == status);
            expect(granted.and_then(to) == Some(cell.after), cell)
        }
        Some(input) => {
            let to = state::next(cell.before, input, Outcome::Negative);
            expect(status == Outcome::Negative && to == Some(cell.after), cell)
        }
        None => expect(status == Outcome::Negative && cell.after == state::refused(cell.before), cell),
    }
}

fn expect(holds: bool, cell: &Cell) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("answers {cell}")) }
}

#[cfg(test)]
mod tests {
    use pop3_proto::command::Keyword;

    use super::*;

    #[test]
    fn every_cell_is_as_the_table_has_it() {
        assert_eq!(wrong_cells(), Vec::<String>::new());
    }

    #[test]
    fn every_command_has_good_and_bad_rows_and_every_step_is_seen() {
        for keyword in Keyword::ALL {
            let of = |form| {
                let word = |row: &&Row| row.line.split(' ').next() == Some(keyword.as_str());
                ROWS.iter().filter(word).any(|row| row.form == form)
            };
            assert!(of(Form::Good) && of(Form::Bad), "{keyword}");
        }
        for state in State::ALL {
            let seen = PLACES.iter().any(|place| answer(*place, ROWS[0]).before == state);
            assert!(seen, "{state}");
        }
    }

    #[test]
    fn a_wrong_cell_is_seen() {
        let noop = ROWS.iter().find(|row| row.line == "NOOP").unwrap();
        let [authorization, .., transaction, _] = PLACES;
        let right = answer(transaction, *noop);
        assert_eq!(judged(transaction, *noop, &right), Ok(()));
        for wrong in [
            Cell { status: Some(Outcome::Negative), ..right.clone() },
            Cell { status: None, ..right.clone() },
            Cell { after: State::Ended, ..right.clone() },
            Cell { before: State::Authorization, after: State::Authorization, ..right },
        ] {
            assert!(judged(authorization, *noop, &wrong).is_err(), "{wrong}");
        }
    }
}

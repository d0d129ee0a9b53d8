//! A server's side of a session, without I/O: octets and the present time come
//! in as arguments, octets go into the caller's buffer, and what concerns mail
//! is asked of a [`Host`].

use std::collections::BTreeSet;
use std::time::Duration;

use crate::command::{Command, CommandError};
use crate::language::Language;
use crate::line::{Frame, LineFramer};
use crate::message_number::MessageNumber;
use crate::reply::{Charset, RegisteredCode, ResponseCode, Status, write_status};
use crate::state::{self, Input, Outcome, State};

mod authorization;
mod config;
mod host;
mod offer;
mod text;
mod transaction;
mod transfer;

pub use config::{Announced, Availability, OfferedMechanism, ServerConfig, Tls};
pub use host::{Admission, Credentials, ExchangeStep, Host, Listed, Refusal, UpdateFailed};
use text::Text;
use transaction::Totals;
use transfer::{Column, Sending};

/// What the caller must do next.
#[must_use = "the session goes on only when this is done"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send what is in the output, then call again with the rest of the input.
    Again,
    /// Send what is in the output, then call with more input.
    Read,
    /// Send what is in the output, drop every octet received so far, run the TLS
    /// handshake, then call [`ServerSession::handshake_done`].
    StartTls,
    /// Send what is in the output and close the connection.
    Close(Ending),
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// QUIT in the AUTHORIZATION state.
    Quit,
    /// QUIT in the TRANSACTION state, through UPDATE.
    Update,
    /// The autologout timer expired; nothing is sent.
    Autologout,
    /// Too many bad commands in a row.
    BadCommands,
    /// Too many failed logins.
    FailedLogins,
    /// The client went away.
    Disconnected,
}

/// A server's side of a session.
#[derive(Debug)]
pub struct ServerSession {
    config: ServerConfig,
    state: State,
    framer: LineFramer,
    name: Option<String>,
    admission: Admission,
    /// By index: those marked as deleted.
    marked: Vec<bool>,
    /// Of those not marked.
    totals: Totals,
    /// Those retrieved as a whole, under `EXPIRE 0` only.
    retrieved: BTreeSet<MessageNumber>,
    utf8: bool,
    language: Option<Language>,
    sending: Option<Sending>,
    last_command: Duration,
    bad_in_a_row: u32,
    failed_logins: u32,
    ending: Option<Ending>,
}

impl ServerSession {
    /// Begins a session at the time `now` and writes the greeting.
    #[must_use]
    pub fn new(config: ServerConfig, now: Duration, out: &mut Vec<u8>) -> Self {
        write_status(Status::Ok, None, &text::greeting(&config), Charset::Ascii, out);
        Self {
            framer: LineFramer::new(config.line_limit, config.bare_lf),
            config,
            state: State::Authorization,
            name: None,
            admission: Admission::new(Vec::new()),
            marked: Vec::new(),
            totals: Totals::default(),
            retrieved: BTreeSet::new(),
            utf8: false,
            language: None,
            sending: None,
            last_command: now,
            bad_in_a_row: 0,
            failed_logins: 0,
            ending: None,
        }
    }

    /// The state of the session.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// The messages as listed at login; empty before.
    #[must_use]
    pub fn listed(&self) -> &[Listed] {
        &self.admission.messages
    }

    /// Whether a message is marked as deleted.
    #[must_use]
    pub fn is_marked(&self, number: MessageNumber) -> bool {
        self.marked.get(number.index()).copied().unwrap_or_default()
    }

    /// Takes one step: answers one line, or goes on sending a message or a listing.
    /// `now` is the time since any one moment, the same for all sessions of a host.
    pub fn advance(&mut self, input: &mut &[u8], now: Duration, host: &mut dyn Host, out: &mut Vec<u8>) -> Next {
        if let Some(ending) = self.ending {
            return Next::Close(ending);
        }
        if self.sending.is_some() {
            self.last_command = now;
            self.send_on(out);
            return Next::Again;
        }
        if self.state == State::Handshake {
            return Next::StartTls;
        }
        let line = match self.framer.next(input) {
            None => return Next::Read,
            Some(Frame::TooLong { .. }) => None,
            Some(Frame::Line { octets, .. }) => Some(octets.to_vec()),
        };
        self.last_command = now;
        match (self.state, line) {
            (State::Exchange, line) => self.exchange_line(line.as_deref(), now, host, out),
            (_, Some(line)) => match self.parse(&line) {
                Ok(command) => self.command(command, now, host, out),
                Err(error) => self.refuse(error.into(), out),
            },
            (_, None) => self.refuse(Text::LineTooLong, out),
        }
        if self.ending.is_none() {
            if self.failed_logins >= self.config.failed_logins {
                self.end(Ending::FailedLogins, host);
            } else if self.bad_in_a_row >= self.config.bad_commands {
                self.end(Ending::BadCommands, host);
            }
        }
        match self.ending {
            Some(ending) => Next::Close(ending),
            None if self.state == State::Handshake => {
                // RFC 2595 section 4 lets the client send nothing more in clear;
                // what it sent all the same is never heard (RFC 7457 section 2.2).
                self.framer.discard();
                *input = &[];
                Next::StartTls
            }
            None => Next::Again,
        }
    }

    /// The TLS handshake behind STLS is complete: the session begins anew in the
    /// AUTHORIZATION state, without another greeting.
    pub fn handshake_done(&mut self, now: Duration) {
        if let Some(to) = state::next(self.state, Input::HandshakeDone, Outcome::Silent) {
            self.state = to;
            self.config.tls = Tls::Active;
            self.name = None;
            self.language = None;
            self.utf8 = false;
            self.framer.discard();
            self.last_command = now;
        }
    }

    /// Other AUTH mechanisms from now on: under TLS a host may have more of them
    /// (RFC 2595 section 4 has the client ask for capabilities again).
    pub fn set_mechanisms(&mut self, mechanisms: Vec<OfferedMechanism>) {
        self.config.mechanisms = mechanisms;
    }

    /// When the autologout timer expires unless a command comes before.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.last_command.saturating_add(self.config.autologout)
    }

    /// Tells the session the time. Behind the deadline the session ends without
    /// a reply and without UPDATE (RFC 1939 section 3).
    pub fn tick(&mut self, now: Duration, host: &mut dyn Host) -> Option<Ending> {
        if self.ending.is_none() && now >= self.deadline() {
            self.end(Ending::Autologout, host);
        }
        self.ending
    }

    /// The client went away, or the server stops: the session ends without UPDATE.
    pub fn disconnect(&mut self, host: &mut dyn Host) {
        if self.ending.is_none() {
            self.end(Ending::Disconnected, host);
        }
    }

    fn end(&mut self, ending: Ending, host: &mut dyn Host) {
        if ending != Ending::Update {
            host.release();
        }
        self.state = State::Ended;
        self.sending = None;
        self.ending = Some(ending);
    }

    fn parse<'a>(&self, line: &'a [u8]) -> Result<Command<'a>, CommandError> {
        let utf8 = self.config.utf8_user && self.config.utf8.is_there(self.config.tls);
        if utf8 { Command::parse_utf8(line) } else { Command::parse(line) }
    }

    /// What texts may be written in (RFC 6856 sections 2 and 3.2).
    fn charset(&self) -> Charset {
        if self.utf8 || self.language.is_some() { Charset::Utf8 } else { Charset::Ascii }
    }

    fn write(&self, status: Status, code: Option<RegisteredCode>, text: &str, out: &mut Vec<u8>) {
        let code = code.filter(|code| self.sends(*code)).map(ResponseCode::from);
        write_status(status, code, text, self.charset(), out);
    }

    fn words(&self, text: Text) -> String {
        text.in_language(self.language.unwrap_or(Language::English))
    }

    /// Answers a line that is refused as it stands.
    fn refuse(&mut self, why: Text, out: &mut Vec<u8>) {
        self.write(Status::Err, None, &self.words(why), out);
        self.state = state::refused(self.state);
        self.name = None;
        self.bad_in_a_row += 1;
    }

    /// `+OK` with text for a person, along the table.
    fn grant(&mut self, input: Input, text: Text, out: &mut Vec<u8>) {
        self.write(Status::Ok, None, &self.words(text), out);
        self.take(input, Outcome::Positive);
    }

    /// `+OK` with text that the RFC defines, along the table.
    fn grant_exactly(&mut self, input: Input, text: &str, out: &mut Vec<u8>) {
        self.write(Status::Ok, None, text, out);
        self.take(input, Outcome::Positive);
    }

    /// `-ERR`, along the table.
    fn deny(&mut self, input: Input, code: Option<RegisteredCode>, text: Text, out: &mut Vec<u8>) {
        self.write(Status::Err, code, &self.words(text), out);
        self.take(input, Outcome::Negative);
    }

    fn take(&mut self, input: Input, outcome: Outcome) {
        let from = self.state;
        self.state = state::next(from, input, outcome).unwrap_or_else(|| state::refused(from));
        if self.state != State::Named {
            self.name = None;
        }
        if outcome != Outcome::Negative {
            self.bad_in_a_row = 0;
        }
    }

    fn command(&mut self, command: Command<'_>, now: Duration, host: &mut dyn Host, out: &mut Vec<u8>) {
        let keyword = command.keyword();
        let input = Input::Command(keyword);
        if !self.has(keyword) {
            return self.refuse(Text::NotAvailable, out);
        }
        if !state::is_legal(self.state, input) {
            return self.refuse(Text::NotInThisState { keyword, state: self.state.name() }, out);
        }
        match command {
            Command::User(name) => self.user(name, out),
            Command::Pass(password) => {
                let name = self.name.take().unwrap_or_default();
                let login = host.log_in(Credentials::Password { name: &name, password }, now);
                self.logged_in(input, login, out);
            }
            Command::Apop { name, digest } => {
                let timestamp = self.config.timestamp.clone().unwrap_or_default();
                let login = host.log_in(Credentials::Digest { name, timestamp: &timestamp, digest }, now);
                self.logged_in(input, login, out);
            }
            Command::Auth { mechanism, initial_response } => self.auth(mechanism, initial_response, now, host, out),
            Command::Capa => self.capa(out),
            Command::Stls => self.stls(out),
            Command::Utf8 => self.utf8(out),
            Command::Lang(range) => self.lang(range, out),
            Command::Quit => self.quit(host, out),
            Command::Noop => self.grant_exactly(input, "", out),
            Command::Stat => {
                let Totals { messages, octets } = self.totals;
                self.grant_exactly(input, &format!("{messages} {octets}"), out);
            }
            Command::List(number) => self.listing(Column::Octets, number, out),
            Command::Uidl(number) => self.listing(Column::UniqueId, number, out),
            Command::Retr(number) => self.send(input, number, None, host, out),
            Command::Top { message, lines } => self.send(input, message, Some(lines), host, out),
            Command::Dele(number) => self.dele(number, out),
            Command::Rset => {
                self.marked.fill(false);
                self.totals = Totals::of(&self.admission.messages);
                self.grant(input, self.maildrop(), out);
            }
        }
    }
}

#[cfg(test)]
mod tests;

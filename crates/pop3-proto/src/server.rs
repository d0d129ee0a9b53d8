//! A server's side of a session, without I/O: octets and the present time come
//! in as arguments, octets go into the caller's buffer, and what concerns mail
//! is asked of a [`Host`].

use std::time::Duration;

use crate::auth::{self, ClientLine};
use crate::capability::Capability;
use crate::command::{Command, Keyword};
use crate::line::{Frame, LineFramer};
use crate::message_number::MessageNumber;
use crate::reply::{ResponseCode, Status, write_status};
use crate::state::{self, Input, Outcome, State};

mod config;
mod host;
mod transfer;

pub use config::{Availability, ServerConfig, Tls};
pub use host::{Credentials, ExchangeStep, Host, Listed, Refusal, UpdateFailed};
use transfer::Sending;

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
    listed: Vec<Listed>,
    marked: Vec<bool>,
    sending: Option<Sending>,
    last_command: Duration,
    bad_in_a_row: u32,
    ending: Option<Ending>,
}

impl ServerSession {
    /// Begins a session at the time `now` and writes the greeting.
    #[must_use]
    pub fn new(config: ServerConfig, now: Duration, out: &mut Vec<u8>) -> Self {
        let greeting = match &config.timestamp {
            Some(timestamp) => format!("{} {timestamp}", config.greeting),
            None => config.greeting.clone(),
        };
        write_status(Status::Ok, None, &greeting, out);
        Self {
            framer: LineFramer::new(config.line_limit, config.bare_lf),
            config,
            state: State::Authorization,
            name: None,
            listed: Vec::new(),
            marked: Vec::new(),
            sending: None,
            last_command: now,
            bad_in_a_row: 0,
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
        &self.listed
    }

    /// Whether a message is marked as deleted.
    #[must_use]
    pub fn is_marked(&self, number: MessageNumber) -> bool {
        self.marked.get(number.index()).copied().unwrap_or_default()
    }

    /// Takes one step: answers one line, or goes on sending a message.
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
            (State::Exchange, line) => self.exchange_line(line.as_deref(), host, out),
            (_, Some(line)) => match Command::parse(&line) {
                Ok(command) => self.command(command, host, out),
                Err(error) => self.refuse(&error.to_string(), out),
            },
            (_, None) => self.refuse("line too long", out),
        }
        if self.bad_in_a_row >= self.config.bad_commands && self.ending.is_none() {
            self.end(Ending::BadCommands, host);
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
            self.framer.discard();
            self.last_command = now;
        }
    }

    /// Other AUTH mechanisms from now on: under TLS a host may have more of them
    /// (RFC 2595 section 4 has the client ask for capabilities again).
    pub fn set_mechanisms(&mut self, mechanisms: Vec<String>) {
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

    /// The capabilities in the present state, in the order they are listed.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        let mut list = Vec::new();
        if self.offers(self.config.top) {
            list.push(Capability::Top);
        }
        if self.offers(self.config.uidl) {
            list.push(Capability::Uidl);
        }
        list.extend([Capability::RespCodes, Capability::AuthRespCode, Capability::Pipelining]);
        if self.offers(self.config.user) {
            list.push(Capability::User);
        }
        if !self.config.mechanisms.is_empty() {
            list.push(Capability::Sasl(self.config.mechanisms.clone()));
        }
        if self.config.tls == Tls::Available && self.state != State::Transaction {
            list.push(Capability::Stls);
        }
        list.extend(self.config.implementation.clone().map(Capability::Implementation));
        list
    }

    fn end(&mut self, ending: Ending, host: &mut dyn Host) {
        if ending != Ending::Update {
            host.release();
        }
        self.state = State::Ended;
        self.sending = None;
        self.ending = Some(ending);
    }

    fn offers(&self, availability: Availability) -> bool {
        match availability {
            Availability::Offered => true,
            Availability::UnderTls => self.config.tls == Tls::Active,
            Availability::Absent => false,
        }
    }

    /// Answers a line that is refused as it stands.
    fn refuse(&mut self, why: &str, out: &mut Vec<u8>) {
        write_status(Status::Err, None, why, out);
        self.state = state::refused(self.state);
        self.name = None;
        self.bad_in_a_row += 1;
    }

    /// Writes a reply to a legal command and takes the step in the table.
    fn reply(&mut self, input: Input, status: Status, code: Option<&str>, text: &str, out: &mut Vec<u8>) {
        write_status(status, code.and_then(ResponseCode::new), text, out);
        let outcome = match status {
            Status::Ok => Outcome::Positive,
            Status::Err => Outcome::Negative,
            Status::Continue => Outcome::Challenge,
        };
        self.take(input, outcome);
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

    fn command(&mut self, command: Command<'_>, host: &mut dyn Host, out: &mut Vec<u8>) {
        let keyword = command.keyword();
        let input = Input::Command(keyword);
        if !self.has(keyword) {
            return self.refuse("command not available", out);
        }
        if !state::is_legal(self.state, input) {
            return self.refuse(&format!("{keyword} is not valid in the {} state", self.state.name()), out);
        }
        match command {
            Command::User(name) => self.user(name, out),
            Command::Pass(password) => {
                let name = self.name.take().unwrap_or_default();
                let login = host.log_in(Credentials::Password { name: &name, password });
                self.logged_in(input, login, out);
            }
            Command::Apop { name, digest } => {
                let timestamp = self.config.timestamp.clone().unwrap_or_default();
                let login = host.log_in(Credentials::Digest { name, timestamp: &timestamp, digest });
                self.logged_in(input, login, out);
            }
            Command::Auth { mechanism, initial_response } => self.auth(mechanism, initial_response, host, out),
            Command::Capa => self.capa(out),
            Command::Stls => self.stls(out),
            Command::Quit => self.quit(host, out),
            Command::Noop => self.reply(input, Status::Ok, None, "", out),
            Command::Stat => {
                let (messages, octets) = self.totals();
                self.reply(input, Status::Ok, None, &format!("{messages} {octets}"), out);
            }
            Command::List(number) => self.listing(input, number, |_, listed| listed.octets.to_string(), out),
            Command::Uidl(number) => self.listing(input, number, |_, listed| listed.unique_id.to_string(), out),
            Command::Retr(number) => self.send(input, number, None, host, out),
            Command::Top { message, lines } => self.send(input, message, Some(lines), host, out),
            Command::Dele(number) => self.dele(number, out),
            Command::Rset => {
                self.marked.fill(false);
                let (messages, octets) = self.totals();
                self.reply(
                    input,
                    Status::Ok,
                    None,
                    &format!("maildrop has {messages} messages ({octets} octets)"),
                    out,
                );
            }
        }
    }

    /// Whether this server has the command at all.
    fn has(&self, keyword: Keyword) -> bool {
        match keyword {
            Keyword::User | Keyword::Pass => self.config.user != Availability::Absent,
            Keyword::Apop => self.config.timestamp.is_some(),
            Keyword::Auth => !self.config.mechanisms.is_empty(),
            Keyword::Capa => self.config.capa != Availability::Absent,
            Keyword::Stls => self.config.tls != Tls::Unavailable,
            Keyword::Top => self.offers(self.config.top),
            Keyword::Uidl => self.offers(self.config.uidl),
            _ => true,
        }
    }

    fn user(&mut self, name: &str, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::User);
        if !self.offers(self.config.user) {
            return self.reply(input, Status::Err, None, "start TLS first", out);
        }
        // Also for names without a mailbox: RFC 1939 section 13.
        self.reply(input, Status::Ok, None, "now the password", out);
        self.name = Some(name.to_owned());
    }

    fn logged_in(&mut self, input: Input, login: Result<Vec<Listed>, Refusal>, out: &mut Vec<u8>) {
        match login {
            Ok(listed) => {
                self.marked = vec![false; listed.len()];
                self.listed = listed;
                let (messages, octets) = self.totals();
                let text = format!("maildrop has {messages} messages ({octets} octets)");
                self.reply(input, Status::Ok, None, &text, out);
            }
            Err(refusal) => {
                let (code, text) = refusal.reply();
                self.reply(input, Status::Err, Some(code), text, out);
                self.bad_in_a_row += 1;
            }
        }
        self.set_line_limit();
    }

    fn auth(&mut self, mechanism: &str, initial: Option<&str>, host: &mut dyn Host, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Auth);
        let initial = match initial.map(auth::initial_response) {
            Some(None) => return self.reply(input, Status::Err, None, "initial response is not base64", out),
            Some(initial) => initial,
            None => None,
        };
        match host.begin_exchange(&mechanism.to_ascii_uppercase(), initial.as_deref()) {
            Some(step) => self.exchange_step(input, step, out),
            None => self.reply(input, Status::Err, None, "no such mechanism", out),
        }
    }

    fn exchange_line(&mut self, line: Option<&[u8]>, host: &mut dyn Host, out: &mut Vec<u8>) {
        let input = Input::ExchangeLine;
        let refused = match line.map(ClientLine::parse) {
            Some(ClientLine::Response(response)) => {
                let step = host.continue_exchange(&response);
                return self.exchange_step(input, step, out);
            }
            Some(ClientLine::Cancel) => "authentication cancelled",
            Some(ClientLine::NotBase64) => "response is not base64",
            None => "line too long",
        };
        host.cancel_exchange();
        self.reply(input, Status::Err, None, refused, out);
        self.set_line_limit();
    }

    fn exchange_step(&mut self, input: Input, step: ExchangeStep, out: &mut Vec<u8>) {
        match step {
            ExchangeStep::Challenge(challenge) => {
                auth::write_challenge(&challenge, out);
                self.take(input, Outcome::Challenge);
                self.set_line_limit();
            }
            ExchangeStep::Done(login) => self.logged_in(input, login, out),
        }
    }

    fn set_line_limit(&mut self) {
        let exchanging = self.state == State::Exchange;
        self.framer.set_limit(if exchanging { self.config.exchange_line_limit } else { self.config.line_limit });
    }

    fn capa(&mut self, out: &mut Vec<u8>) {
        let list = self.capabilities();
        self.reply(Input::Command(Keyword::Capa), Status::Ok, None, "capability list follows", out);
        for capability in list {
            // Tags never begin with a dot, so there is nothing to stuff.
            out.extend_from_slice(format!("{capability}\r\n").as_bytes());
        }
        out.extend_from_slice(b".\r\n");
    }

    fn stls(&mut self, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Stls);
        match self.config.tls {
            Tls::Available => self.reply(input, Status::Ok, None, "begin TLS negotiation", out),
            Tls::Active | Tls::Unavailable => self.reply(input, Status::Err, None, "TLS is already active", out),
        }
    }

    fn quit(&mut self, host: &mut dyn Host, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Quit);
        if self.state != State::Transaction {
            self.reply(input, Status::Ok, None, "bye", out);
            return self.end(Ending::Quit, host);
        }
        let marked: Vec<MessageNumber> = self.numbers().filter(|number| self.is_marked(*number)).collect();
        match host.update(&marked) {
            Ok(()) => self.reply(input, Status::Ok, None, "bye", out),
            Err(UpdateFailed) => {
                self.reply(input, Status::Err, Some("SYS/TEMP"), "some deleted messages not removed", out);
            }
        }
        self.end(Ending::Update, host);
    }

    fn numbers(&self) -> impl Iterator<Item = MessageNumber> + use<> {
        (0..self.listed.len()).filter_map(MessageNumber::from_index)
    }

    /// Count and octets of the messages not marked as deleted.
    fn totals(&self) -> (usize, u64) {
        let unmarked = self.listed.iter().zip(&self.marked).filter(|(_, marked)| !**marked);
        unmarked.fold((0, 0), |(count, octets), (listed, _)| (count + 1, octets + listed.octets))
    }

    /// The message, unless there is none or it is marked as deleted.
    fn find(&self, number: MessageNumber) -> Option<&Listed> {
        if self.is_marked(number) { None } else { self.listed.get(number.index()) }
    }

    fn no_such_message(&mut self, input: Input, out: &mut Vec<u8>) {
        self.reply(input, Status::Err, None, "no such message", out);
    }

    fn listing(
        &mut self,
        input: Input,
        number: Option<MessageNumber>,
        column: impl Fn(MessageNumber, &Listed) -> String,
        out: &mut Vec<u8>,
    ) {
        if let Some(number) = number {
            let line = self.find(number).map(|listed| format!("{number} {}", column(number, listed)));
            return match line {
                Some(line) => self.reply(input, Status::Ok, None, &line, out),
                None => self.no_such_message(input, out),
            };
        }
        let (messages, octets) = self.totals();
        self.reply(input, Status::Ok, None, &format!("{messages} messages ({octets} octets)"), out);
        for number in self.numbers() {
            if let Some(listed) = self.find(number) {
                out.extend_from_slice(format!("{number} {}\r\n", column(number, listed)).as_bytes());
            }
        }
        out.extend_from_slice(b".\r\n");
    }

    fn dele(&mut self, number: MessageNumber, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Dele);
        if self.find(number).is_none() {
            return self.no_such_message(input, out);
        }
        if let Some(marked) = self.marked.get_mut(number.index()) {
            *marked = true;
        }
        self.reply(input, Status::Ok, None, &format!("message {number} deleted"), out);
    }

    fn send(
        &mut self,
        input: Input,
        number: MessageNumber,
        lines: Option<u64>,
        host: &mut dyn Host,
        out: &mut Vec<u8>,
    ) {
        let Some(octets) = self.find(number).map(|listed| listed.octets) else {
            return self.no_such_message(input, out);
        };
        let Some(message) = host.message(number) else {
            return self.reply(input, Status::Err, Some("SYS/TEMP"), "message cannot be read", out);
        };
        let text = if lines.is_some() { "top of message follows".to_owned() } else { format!("{octets} octets") };
        self.reply(input, Status::Ok, None, &text, out);
        self.sending = Some(Sending::new(message, lines));
    }

    fn send_on(&mut self, out: &mut Vec<u8>) {
        self.sending = self.sending.take().and_then(|sending| sending.send_on(out));
    }
}

#[cfg(test)]
mod tests;

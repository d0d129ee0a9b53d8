//! The client's lines through a session of the reference server.

use std::time::Duration;

use pop3_proto::server::{Next, ServerSession};
use pop3_proto::state::State;
use pop3_server::store::Store;

use crate::dialogue::{Event, Exchange, Sent, in_exchange};
use crate::format::Example;
use crate::host::{ExampleHost, config, store};
use crate::meaning::{self, Asked};

/// Its replies mean what the RFC's do.
pub(crate) fn replay(example: &Example) -> Result<(), String> {
    let store = store(&example.server);
    let mut state = None;
    let mut now = Duration::ZERO;
    for session in &example.sessions {
        let host = ExampleHost::new(example, session, &store);
        let mut connection = Connection::open(example, host, &store, now);
        for (index, exchange) in session.iter().enumerate() {
            let at = exchange.at;
            connection.events(&exchange.events).map_err(|why| format!("before line {at}: {why}"))?;
            let got = connection.say(&exchange.sent);
            answered(session, index, &got).map_err(|why| {
                format!("line {at}: {why}\n  sent {:?}\n  got  \"{}\"", exchange.sent, got.escape_ascii())
            })?;
        }
        state = Some(connection.session.state());
        now = connection.now;
    }
    let want = example.server_ends.as_ref().unwrap_or(&example.ends);
    match state {
        Some(state) if state.to_string() == *want => Ok(()),
        other => Err(format!("the session ends in {other:?}, not {want}")),
    }
}

/// Where a mechanism stands in, our server alone refuses AUTH with it.
pub(crate) fn refuse(example: &Example) -> Result<(), String> {
    let Some(stand_in) = &example.server.stand_in else { return Ok(()) };
    let store = store(&example.server);
    for session in &example.sessions {
        let host = ExampleHost::new(example, session, &store).without_stand_in();
        let mut connection = Connection::open(example, host, &store, Duration::ZERO);
        connection.say(&Sent::Nothing);
        let got = connection.say(&Sent::Line(format!("AUTH {}", stand_in.mechanism)));
        if !got.starts_with(b"-ERR ") {
            return Err(format!("{} is there: \"{}\"", stand_in.mechanism, got.escape_ascii()));
        }
    }
    if stand_in.why.contains("RFC ") { Ok(()) } else { Err("the reason for the stand-in names no RFC".to_owned()) }
}

fn answered(session: &[Exchange], index: usize, got: &[u8]) -> Result<(), String> {
    let exchange = &session[index];
    match &exchange.sent {
        Sent::LeftOut(_) if got.starts_with(b"+OK") => Ok(()),
        Sent::LeftOut(_) => Err("what the RFC leaves out is not answered +OK".to_owned()),
        Sent::Nothing => meaning::compare(Asked::Nothing, exchange, got),
        Sent::Line(_) if in_exchange(session, index) => meaning::compare(Asked::Response, exchange, got),
        Sent::Line(line) => meaning::compare(Asked::Command(line), exchange, got),
    }
}

struct Connection<'a> {
    session: ServerSession,
    host: ExampleHost,
    greeting: Vec<u8>,
    example: &'a Example,
    store: &'a Store,
    now: Duration,
    /// The other session that holds the maildrop.
    other: Option<(ServerSession, ExampleHost)>,
}

impl<'a> Connection<'a> {
    fn open(example: &'a Example, host: ExampleHost, store: &'a Store, now: Duration) -> Self {
        let mut greeting = Vec::new();
        let session = ServerSession::new(config(&example.server), now, &mut greeting);
        Self { session, host, greeting, example, store, now, other: None }
    }

    fn events(&mut self, events: &[Event]) -> Result<(), String> {
        for event in events {
            match event {
                Event::Tls if self.session.state() != State::Handshake => {
                    return Err("the server awaits no TLS handshake".to_owned());
                }
                Event::Tls => self.session.handshake_done(self.now),
                Event::Wait(time) => self.now += *time,
                Event::Lock(name) => {
                    let mut host = ExampleHost::new(self.example, &[], self.store);
                    let mut out = Vec::new();
                    let mut session = ServerSession::new(config(&self.example.server), self.now, &mut out);
                    let secret = &self.example.server.accounts[name].secret;
                    for line in [format!("USER {name}"), format!("PASS {secret}")] {
                        say(&mut session, &mut host, &line, self.now);
                    }
                    self.other = Some((session, host));
                    if !self.store.is_locked(name).expect("an account") {
                        return Err("the other session did not get the lock".to_owned());
                    }
                }
                Event::Unlock(_) => {
                    let (mut session, mut host) = self.other.take().ok_or("nobody holds the lock")?;
                    say(&mut session, &mut host, "QUIT", self.now);
                }
            }
        }
        Ok(())
    }

    /// The octets that answer a line; the greeting when there is none.
    fn say(&mut self, sent: &Sent) -> Vec<u8> {
        match sent {
            Sent::Nothing => std::mem::take(&mut self.greeting),
            Sent::Line(line) | Sent::LeftOut(line) => say(&mut self.session, &mut self.host, line, self.now),
        }
    }
}

fn say(session: &mut ServerSession, host: &mut ExampleHost, line: &str, now: Duration) -> Vec<u8> {
    let octets = format!("{line}\r\n").into_bytes();
    let mut input = octets.as_slice();
    let mut out = Vec::new();
    for _ in 0..1000 {
        match session.advance(&mut input, now, host, &mut out) {
            Next::Again => {}
            Next::Read | Next::StartTls | Next::Close(_) => return out,
        }
    }
    panic!("{line:?}: the session comes to no end");
}

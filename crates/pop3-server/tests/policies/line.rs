//! A session of its own for each client, without a socket and without a clock.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_proto::apop;
use pop3_proto::capability::Retention;
use pop3_proto::server::{Announced, Ending, Next, ServerConfig, ServerSession};
use pop3_proto::state::State;
use pop3_server::host::StoreHost;
use pop3_server::sasl::Mechanism;
use pop3_server::store::Store;

const TIMESTAMP: &str = "<1.2@localhost>";

/// So many seconds since the first moment.
pub(crate) const fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The shortest time before a moment.
pub(crate) const fn just_before(moment: Duration) -> Duration {
    moment.saturating_sub(Duration::from_nanos(1))
}

pub(crate) fn config() -> ServerConfig {
    // Announced, as what is retrieved may not go under EXPIRE 0 else.
    let expire = Some(Announced { strictest: Retention::Days(0), per_user: true });
    ServerConfig {
        timestamp: Some(TIMESTAMP.to_owned()),
        mechanisms: vec!["PLAIN".into()],
        expire,
        ..ServerConfig::default()
    }
}

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Apop,
    Password,
    Plain,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Apop, Self::Password, Self::Plain];

    /// The command whose reply decides, behind those that lead to it.
    fn commands(self, name: &str, password: &str) -> Vec<String> {
        match self {
            Self::Apop => {
                vec![format!("APOP {name} {}", apop::digest(TIMESTAMP.as_bytes(), password.as_bytes()))]
            }
            Self::Password => vec![format!("USER {name}"), format!("PASS {password}")],
            Self::Plain => {
                vec![format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{name}\0{password}")))]
            }
        }
    }
}

/// A client's line to a session.
pub(crate) struct Line {
    session: ServerSession,
    host: StoreHost,
    /// How the session ended, by what was heard on it.
    pub(crate) ending: Option<Ending>,
}

impl Line {
    pub(crate) fn open(store: &Store, now: Duration) -> Self {
        Self::with(config(), store, now)
    }

    pub(crate) fn with(config: ServerConfig, store: &Store, now: Duration) -> Self {
        let mut greeting = Vec::new();
        let session = ServerSession::new(config, now, &mut greeting);
        assert!(greeting.starts_with(b"+OK "));
        Self { session, host: StoreHost::new(store.clone(), vec![Mechanism::Plain]), ending: None }
    }

    /// What comes for these octets.
    pub(crate) fn hears(&mut self, mut octets: &[u8], now: Duration) -> String {
        let mut out = Vec::new();
        loop {
            match self.session.advance(&mut octets, now, &mut self.host, &mut out) {
                Next::Again => {}
                Next::Close(ending) => {
                    self.ending = Some(ending);
                    break;
                }
                Next::Read => break,
                Next::StartTls => panic!("nobody asked for TLS"),
            }
        }
        String::from_utf8(out).unwrap()
    }

    /// The whole reply to a command.
    pub(crate) fn asks(&mut self, command: &str, now: Duration) -> String {
        self.hears(format!("{command}\r\n").as_bytes(), now)
    }

    /// Asserts how the reply to a command begins.
    #[track_caller]
    pub(crate) fn says(&mut self, command: &str, now: Duration, beginning: &str) {
        let reply = self.asks(command, now);
        assert!(reply.starts_with(beginning), "{command} at {now:?}: {reply}");
    }

    /// The reply that decides a login.
    pub(crate) fn logs_in(&mut self, way: Way, name: &str, password: &str, now: Duration) -> String {
        way.commands(name, password).iter().map(|command| self.asks(command, now)).last().unwrap()
    }

    /// The client is gone.
    pub(crate) fn drops(mut self) {
        self.session.disconnect(&mut self.host);
    }

    pub(crate) fn tick(&mut self, now: Duration) -> Option<Ending> {
        self.session.tick(now, &mut self.host)
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.session.deadline()
    }

    pub(crate) fn state(&self) -> State {
        self.session.state()
    }
}

/// Logs in by USER and PASS, as somebody who may.
#[track_caller]
pub(crate) fn logged_in(store: &Store, name: &str, now: Duration) -> Line {
    let mut line = Line::open(store, now);
    let reply = line.logs_in(Way::Password, name, "secret", now);
    assert!(reply.starts_with("+OK"), "{name} at {now:?}: {reply}");
    line
}

/// One whole session that does nothing.
#[track_caller]
pub(crate) fn visits(store: &Store, name: &str, now: Duration) {
    logged_in(store, name, now).says("QUIT", now, "+OK");
}

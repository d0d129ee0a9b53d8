//! Faults of timers: autologout (RFC 1939 section 3) and the delay between logins (RFC
//! 2449 section 6.5).

use std::time::Duration;

use pop3_proto::command::Keyword;
use pop3_proto::server::ServerConfig;

use super::announcing::relist;
use super::{Before, CommandLine, Filter, View, update};

/// The timer runs out after so many milliseconds.
pub(super) struct Autologout(pub(super) u64);

impl Filter for Autologout {
    fn on_connect(&mut self, config: &mut ServerConfig) {
        config.autologout = Duration::from_millis(self.0);
    }
}

/// What starts the timer afresh.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StartsTimer {
    /// The login alone.
    Login,
    /// Commands that are answered `+OK`.
    Accepted,
}

/// Not every command starts the timer afresh.
pub(super) struct AutologoutRunsOn {
    starts: StartsTimer,
    ends_at: Option<Duration>,
}

impl AutologoutRunsOn {
    pub(super) fn but_for(starts: StartsTimer) -> Self {
        Self { starts, ends_at: None }
    }
}

impl Filter for AutologoutRunsOn {
    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let starts = match self.starts {
            StartsTimer::Login => self.ends_at.is_none(),
            StartsTimer::Accepted => reply.starts_with(b"+OK"),
        };
        if view.in_transaction() && starts {
            self.ends_at = Some(view.session.deadline());
        }
    }

    fn ends_at(&self) -> Option<Duration> {
        self.ends_at
    }
}

/// What is marked is removed when the timer runs out.
pub(super) struct AutologoutUpdates;

impl Filter for AutologoutUpdates {
    fn on_autologout(&mut self, _: &mut Vec<u8>, view: &View<'_>) {
        update::remove_marked(view);
    }
}

/// A session that ends by the timer leaves the maildrop locked.
#[derive(Default)]
pub(super) struct LockKeptAfterAutologout {
    over: bool,
}

impl Filter for LockKeptAfterAutologout {
    fn on_autologout(&mut self, _: &mut Vec<u8>, _: &View<'_>) {
        self.over = true;
    }

    fn on_disconnect(&mut self, view: &View<'_>) {
        if let Some(name) = view.host.name().filter(|_| self.over) {
            view.store().lock_for_ever(name);
        }
    }
}

/// Seconds that are announced, and those that are in force.
const ANNOUNCED: u64 = 300;
const LONGER: u64 = 600;

fn announce(line: &CommandLine<'_>, reply: &mut Vec<u8>) {
    relist(line, reply, &["LOGIN-DELAY"], &[format!("LOGIN-DELAY {ANNOUNCED}").as_bytes()]);
}

/// Logins are refused for longer than is announced.
pub(super) struct LoginDelayLonger;

impl Filter for LoginDelayLonger {
    fn before_line(&mut self, _: &CommandLine<'_>, view: &View<'_>) -> Before {
        view.store().set_login_delay(LONGER);
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        announce(line, reply);
    }
}

/// A login that is refused begins the delay anew.
#[derive(Default)]
pub(super) struct LoginDelayRestarts {
    name: Option<String>,
}

impl Filter for LoginDelayRestarts {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        view.store().set_login_delay(ANNOUNCED);
        if line.is_for_one(Keyword::User) {
            self.name = Some(line.text().to_owned());
        }
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        announce(line, reply);
        if line.is(Keyword::Pass)
            && reply.starts_with(b"-ERR")
            && let Some(name) = &self.name
        {
            view.store().begin_delay(name);
        }
    }
}

/// The code of a login that comes too soon answers USER already.
pub(super) struct LoginDelayCodeOnUser;

impl Filter for LoginDelayCodeOnUser {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        view.store().set_login_delay(ANNOUNCED);
        if line.is_for_one(Keyword::User) && view.store().is_too_soon(line.text()) {
            return Before::Answer(b"-ERR [LOGIN-DELAY] too soon after the last login\r\n".to_vec());
        }
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        announce(line, reply);
    }
}

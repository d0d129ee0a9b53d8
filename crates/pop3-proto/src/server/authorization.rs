//! The AUTHORIZATION state: logins, AUTH exchanges, STLS.

use std::time::Duration;

use super::{Admission, Availability, ExchangeStep, Host, Refusal, ServerSession, Text, Tls, Totals};
use crate::auth::{self, ClientLine};
use crate::capability::Retention;
use crate::command::Keyword;
use crate::state::{Input, Outcome, State};

impl ServerSession {
    /// Where it is only there under TLS, right and wrong names are refused alike,
    /// before there is any password (RFC 8314 section 4.1). No response code says
    /// so: AUTH is about credentials, and advised against for USER (RFC 3206
    /// section 5).
    pub(super) fn user(&mut self, name: &str, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::User);
        if !self.config.user.is_there(self.config.tls) {
            return self.deny(input, None, Text::NeedsTls, out);
        }
        // Also for names without a mailbox: RFC 1939 section 13.
        self.grant(input, Text::NowThePassword, out);
        self.name = Some(name.to_owned());
    }

    pub(super) fn logged_in(&mut self, input: Input, login: Result<Admission, Refusal>, out: &mut Vec<u8>) {
        match login {
            Ok(admission) => {
                self.marked = vec![false; admission.messages.len()];
                self.totals = Totals::of(&admission.messages);
                self.admission = admission;
                self.grant(input, self.maildrop(), out);
            }
            Err(refusal) => {
                let (code, text) = refusal.reply();
                self.bad_in_a_row += 1;
                if refusal == Refusal::Credentials {
                    self.failed_logins += 1;
                }
                let last = self.failed_logins >= self.config.failed_logins;
                self.deny(input, Some(code), if last { Text::TooManyFailures } else { text }, out);
            }
        }
        self.set_line_limit();
    }

    /// A mechanism that is only there under TLS is refused before its initial
    /// response is looked at (RFC 8314 section 4.1).
    pub(super) fn auth(
        &mut self,
        mechanism: &str,
        initial: Option<&str>,
        now: Duration,
        host: &mut dyn Host,
        out: &mut Vec<u8>,
    ) {
        let input = Input::Command(Keyword::Auth);
        let known = self.config.mechanisms.iter().find(|known| known.name.eq_ignore_ascii_case(mechanism));
        let name = match known {
            Some(known) if known.availability.is_there(self.config.tls) => known.name.clone(),
            Some(known) if known.availability == Availability::UnderTls => {
                return self.deny(input, None, Text::NeedsTls, out);
            }
            _ => return self.deny(input, None, Text::NoSuchMechanism, out),
        };
        let initial = match initial.map(auth::initial_response) {
            Some(None) => return self.deny(input, None, Text::InitialResponseNotBase64, out),
            Some(initial) => initial,
            None => None,
        };
        match host.begin_exchange(&name, initial.as_deref(), now) {
            Some(step) => self.exchange_step(input, step, out),
            None => self.deny(input, None, Text::NoSuchMechanism, out),
        }
    }

    pub(super) fn exchange_line(&mut self, line: Option<&[u8]>, now: Duration, host: &mut dyn Host, out: &mut Vec<u8>) {
        let input = Input::ExchangeLine;
        let refused = match line.map(ClientLine::parse) {
            Some(ClientLine::Response(response)) => {
                let step = host.continue_exchange(&response, now);
                return self.exchange_step(input, step, out);
            }
            Some(ClientLine::Cancel) => Text::Cancelled,
            Some(ClientLine::NotBase64) => Text::NotBase64,
            None => Text::LineTooLong,
        };
        host.cancel_exchange();
        // Also when the client breaks it off: a mechanism such as OAUTHBEARER has told
        // it by then that the token is wrong (RFC 7628 section 3.2.3).
        self.failed_logins += 1;
        let last = self.failed_logins >= self.config.failed_logins;
        self.deny(input, None, if last { Text::TooManyFailures } else { refused }, out);
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

    /// Behind UTF8, a client must not send it (RFC 6856 section 2.1).
    pub(super) fn stls(&mut self, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Stls);
        match self.config.tls {
            Tls::Available if self.utf8 => self.deny(input, None, Text::StlsBehindUtf8, out),
            Tls::Available => self.grant(input, Text::BeginTls, out),
            Tls::Active | Tls::Unavailable => self.deny(input, None, Text::AlreadyUnderTls, out),
        }
    }

    /// Whether messages that were retrieved may not stay (RFC 2449 section 6.7).
    /// Where CAPA cannot say so, none that is not marked may go (RFC 1939 section 6).
    pub(super) fn expires_at_once(&self) -> bool {
        let is_announced = self.config.expire.is_some() && self.has(Keyword::Capa);
        is_announced && self.admission.expire == Some(Retention::Days(0))
    }
}

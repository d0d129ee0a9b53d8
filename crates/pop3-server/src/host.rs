//! The mail store as a session sees it.

use std::sync::Arc;

use pop3_proto::apop;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{Credentials, ExchangeStep, Host, Listed, Refusal, UpdateFailed};

use crate::account::LoginMethod;
use crate::maildrop::Message;
use crate::sasl::{Mechanism, Step};
use crate::store::{Opened, Store};

/// One session's hold on a [`Store`]. When it is dropped, whatever the reason,
/// the maildrop is unlocked and nothing is removed.
#[derive(Debug)]
pub struct StoreHost {
    store: Store,
    mechanisms: Vec<Mechanism>,
    exchange: Option<Mechanism>,
    opened: Option<Opened>,
}

impl StoreHost {
    /// A host for one session that takes these AUTH mechanisms.
    #[must_use]
    pub fn new(store: Store, mechanisms: Vec<Mechanism>) -> Self {
        Self { store, mechanisms, exchange: None, opened: None }
    }

    /// The store behind it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The name logged in, between login and end.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.opened.as_ref().map(Opened::name)
    }

    /// The messages as they were at login; empty before.
    pub(crate) fn messages(&self) -> &[Message] {
        self.opened.as_ref().map(Opened::messages).unwrap_or_default()
    }

    fn enter(&mut self, opened: Result<Opened, Refusal>) -> Result<Vec<Listed>, Refusal> {
        let opened = self.opened.insert(opened?);
        Ok(opened.messages().iter().map(|message| message.listed()).collect())
    }

    fn password(&mut self, method: LoginMethod, name: &str, password: &str) -> Result<Vec<Listed>, Refusal> {
        let opened = self.store.open(name, method, |secret| secret.as_bytes().to_vec(), password.as_bytes());
        self.enter(opened)
    }

    fn step(&mut self, mechanism: Mechanism, response: &[u8]) -> ExchangeStep {
        self.exchange = None;
        ExchangeStep::Done(match mechanism.step(response) {
            Step::Password { name, password } => self.password(LoginMethod::Sasl, name, password),
            Step::Refuse => Err(Refusal::Credentials),
        })
    }
}

impl Host for StoreHost {
    fn log_in(&mut self, credentials: Credentials<'_>) -> Result<Vec<Listed>, Refusal> {
        match credentials {
            Credentials::Password { name, password } => self.password(LoginMethod::Password, name, password),
            Credentials::Digest { name, timestamp, digest } => {
                let expected = |secret: &str| apop::digest(timestamp.as_bytes(), secret.as_bytes()).into_bytes();
                let opened = self.store.open(name, LoginMethod::Apop, expected, digest.as_bytes());
                self.enter(opened)
            }
        }
    }

    fn begin_exchange(&mut self, mechanism: &str, initial_response: Option<&[u8]>) -> Option<ExchangeStep> {
        let mechanism = Mechanism::from_name(mechanism).filter(|known| self.mechanisms.contains(known))?;
        Some(match initial_response {
            Some(response) => self.step(mechanism, response),
            None => {
                self.exchange = Some(mechanism);
                ExchangeStep::Challenge(mechanism.first_challenge().to_vec())
            }
        })
    }

    fn continue_exchange(&mut self, response: &[u8]) -> ExchangeStep {
        match self.exchange {
            Some(mechanism) => self.step(mechanism, response),
            None => ExchangeStep::Done(Err(Refusal::Credentials)),
        }
    }

    fn cancel_exchange(&mut self) {
        self.exchange = None;
    }

    fn message(&mut self, number: MessageNumber) -> Option<Arc<[u8]>> {
        let opened = self.opened.as_ref()?;
        opened.messages().get(number.index()).map(|message| Arc::clone(message.octets()))
    }

    fn update(&mut self, marked: &[MessageNumber]) -> Result<(), UpdateFailed> {
        let removed = self.opened.take().is_some_and(|opened| opened.update(marked));
        if removed { Ok(()) } else { Err(UpdateFailed) }
    }

    fn release(&mut self) {
        self.opened = None;
    }
}

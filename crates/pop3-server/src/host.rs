//! The mail store as a session sees it.

use std::fmt;
use std::sync::Arc;

use pop3_proto::apop;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{Credentials, ExchangeStep, Host, Listed, Refusal, UpdateFailed};

use crate::account::LoginMethod;
use crate::maildrop::Message;
use crate::sasl::{Channel, Exchange, Kept, Mechanism, SaslSettings, Step};
use crate::store::{Opened, Store};

/// One session's hold on a [`Store`]. When it is dropped, whatever the reason,
/// the maildrop is unlocked and nothing is removed.
pub struct StoreHost {
    store: Store,
    sasl: Arc<SaslSettings>,
    channel: Channel,
    exchange: Option<Exchange>,
    opened: Option<Opened>,
}

impl StoreHost {
    /// A host for one session in clear that takes these AUTH mechanisms. There is
    /// no account for anonymous clients.
    #[must_use]
    pub fn new(store: Store, mechanisms: Vec<Mechanism>) -> Self {
        Self::with_sasl(store, Arc::new(SaslSettings::new(mechanisms)))
    }

    pub(crate) fn with_sasl(store: Store, sasl: Arc<SaslSettings>) -> Self {
        Self { store, sasl, channel: Channel::default(), exchange: None, opened: None }
    }

    /// Tells the mechanisms what the connection below them is now.
    pub(crate) fn set_channel(&mut self, channel: Channel) {
        self.channel = channel;
    }

    /// The names of the mechanisms that are there over the channel.
    pub(crate) fn mechanism_names(&self) -> Vec<String> {
        self.sasl.mechanisms_over(&self.channel).map(|mechanism| mechanism.name().to_owned()).collect()
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
        let opened = self.store.open(name, method, |kept| kept.takes_password(password));
        self.enter(opened)
    }

    fn take(&mut self, step: Step) -> ExchangeStep {
        match step {
            Step::Challenge(challenge, exchange) => {
                self.exchange = Some(exchange);
                ExchangeStep::Challenge(challenge)
            }
            Step::Enter(name) => {
                let opened = self.store.enter(&name);
                ExchangeStep::Done(self.enter(opened))
            }
            Step::Refuse => ExchangeStep::Done(Err(Refusal::Credentials)),
            Step::NoRandomness => ExchangeStep::Done(Err(Refusal::Temporarily)),
        }
    }
}

impl fmt::Debug for StoreHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreHost").field("name", &self.name()).finish_non_exhaustive()
    }
}

impl Host for StoreHost {
    fn log_in(&mut self, credentials: Credentials<'_>) -> Result<Vec<Listed>, Refusal> {
        match credentials {
            Credentials::Password { name, password } => self.password(LoginMethod::Password, name, password),
            Credentials::Digest { name, timestamp, digest } => {
                let expected = |secret: &str| apop::digest(timestamp.as_bytes(), secret.as_bytes()).into_bytes();
                let is_shown = |kept: &Kept| kept.is_shown_by(digest.as_bytes(), expected);
                let opened = self.store.open(name, LoginMethod::Apop, is_shown);
                self.enter(opened)
            }
        }
    }

    fn begin_exchange(&mut self, mechanism: &str, initial_response: Option<&[u8]>) -> Option<ExchangeStep> {
        let mechanism = Mechanism::from_name(mechanism)?;
        let known = self.sasl.mechanisms_over(&self.channel).find(|known| *known == mechanism)?;
        let step = known.begin(initial_response, &self.sasl, &self.channel, &self.store);
        Some(self.take(step))
    }

    fn continue_exchange(&mut self, response: &[u8]) -> ExchangeStep {
        let step = match self.exchange.take() {
            Some(exchange) => exchange.step(response, &self.store),
            None => Step::Refuse,
        };
        self.take(step)
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

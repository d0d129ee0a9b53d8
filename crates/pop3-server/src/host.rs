//! The mail store as a session sees it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use pop3_proto::apop;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{Admission, Credentials, ExchangeStep, Host, OfferedMechanism, Refusal, UpdateFailed};

use crate::account::LoginMethod;
use crate::maildrop::Message;
use crate::sasl::{Channel, Exchange, Kept, Mechanism, SaslSettings, Step, prepared};
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
        let sasl = SaslSettings::new(mechanisms).with_salt_secret(store.salt_secret());
        Self::with_sasl(store, Arc::new(sasl))
    }

    pub(crate) fn with_sasl(store: Store, sasl: Arc<SaslSettings>) -> Self {
        Self { store, sasl, channel: Channel::default(), exchange: None, opened: None }
    }

    /// Tells the mechanisms what the connection below them is now.
    pub(crate) fn set_channel(&mut self, channel: Channel) {
        self.channel = channel;
    }

    /// The mechanisms that are there over the channel.
    pub(crate) fn mechanisms(&self) -> Vec<OfferedMechanism> {
        let offered = |mechanism: Mechanism| OfferedMechanism {
            name: mechanism.name().to_owned(),
            availability: self.sasl.availability(mechanism),
        };
        self.sasl.mechanisms_over(&self.channel).map(offered).collect()
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

    fn enter(&mut self, opened: Result<Opened, Refusal>) -> Result<Admission, Refusal> {
        Ok(self.opened.insert(opened?).admission().clone())
    }

    fn take(&mut self, step: Step, now: Duration) -> ExchangeStep {
        match step {
            Step::Challenge(challenge, exchange) => {
                self.exchange = Some(exchange);
                ExchangeStep::Challenge(challenge)
            }
            Step::Enter(name) => {
                let opened = self.store.enter(&name, now);
                ExchangeStep::Done(self.enter(opened))
            }
            Step::Refuse => ExchangeStep::Done(Err(Refusal::Credentials)),
            Step::NoRandomness => ExchangeStep::Done(Err(Refusal::Temporarily)),
        }
    }

    /// The name in the store that a client's name stands for.
    fn stored_name(&self, name: &str) -> Result<String, Refusal> {
        let prepared = prepared(name.as_bytes()).ok_or(Refusal::Credentials)?;
        Ok(self.store.stored_name(&prepared).unwrap_or(prepared))
    }
}

impl fmt::Debug for StoreHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreHost").field("name", &self.name()).finish_non_exhaustive()
    }
}

impl Host for StoreHost {
    fn log_in(&mut self, credentials: Credentials<'_>, now: Duration) -> Result<Admission, Refusal> {
        let opened = match credentials {
            Credentials::Password { name, password } => {
                let name = self.stored_name(name)?;
                let password = prepared(password.as_bytes()).ok_or(Refusal::Credentials)?;
                let is_shown = |kept: &Kept| kept.takes_password(&password);
                self.store.open(&name, LoginMethod::Password, is_shown, now)
            }
            Credentials::Digest { name, timestamp, digest } => {
                let expected = |secret: &str| apop::digest(timestamp.as_bytes(), secret.as_bytes()).into_bytes();
                let is_shown = |kept: &Kept| kept.is_shown_by(digest.as_bytes(), expected);
                let name = self.stored_name(name)?;
                self.store.open(&name, LoginMethod::Apop, is_shown, now)
            }
        };
        self.enter(opened)
    }

    fn begin_exchange(
        &mut self,
        mechanism: &str,
        initial_response: Option<&[u8]>,
        now: Duration,
    ) -> Option<ExchangeStep> {
        let mechanism = Mechanism::from_name(mechanism)?;
        let known = self.sasl.mechanisms_over(&self.channel).find(|known| *known == mechanism)?;
        let step = known.begin(initial_response, &self.sasl, &self.channel, &self.store);
        Some(self.take(step, now))
    }

    fn continue_exchange(&mut self, response: &[u8], now: Duration) -> ExchangeStep {
        let step = match self.exchange.take() {
            Some(exchange) => exchange.step(response, &self.store),
            None => Step::Refuse,
        };
        self.take(step, now)
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

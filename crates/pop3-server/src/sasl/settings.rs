//! What the exchanges of a server need from outside.

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use pop3_proto::server::Availability;

use super::{Channel, Iterations, Mechanism};
use crate::net::{clock, random};

/// What the exchanges of a server need from outside: random octets, the time,
/// and what it was configured with.
#[derive(Clone)]
pub(crate) struct SaslSettings {
    mechanisms: Vec<Mechanism>,
    /// Of those that are not offered without condition.
    availabilities: Vec<(Mechanism, Availability)>,
    anonymous: Option<String>,
    host_name: String,
    iterations: Iterations,
    random: fn(&mut [u8]) -> bool,
    seconds: fn() -> u64,
    /// Drawn when it is first needed, and the same ever after.
    salt_secret: SaltSecret,
}

/// What salts are derived from, of a store: every server of it has the same.
pub(crate) type SaltSecret = Arc<OnceLock<[u8; 32]>>;

impl SaslSettings {
    /// These mechanisms, with the system's randomness and clock.
    pub(crate) fn new(mechanisms: Vec<Mechanism>) -> Self {
        Self {
            mechanisms,
            availabilities: Vec::new(),
            anonymous: None,
            host_name: "localhost".to_owned(),
            iterations: Iterations::default(),
            random: random::fill,
            seconds: clock::seconds,
            salt_secret: SaltSecret::default(),
        }
    }

    /// The account that anonymous clients enter.
    pub(crate) fn with_anonymous(self, anonymous: Option<String>) -> Self {
        Self { anonymous, ..self }
    }

    /// Mechanisms that are there under TLS only, or not announced; the last word on
    /// a mechanism counts.
    pub(crate) fn with_availabilities(self, availabilities: Vec<(Mechanism, Availability)>) -> Self {
        Self { availabilities, ..self }
    }

    /// The name of the host in challenges.
    pub(crate) fn with_host_name(self, host_name: &str) -> Self {
        Self { host_name: host_name.to_owned(), ..self }
    }

    /// Salts from this secret, drawn or not.
    pub(crate) fn with_salt_secret(self, salt_secret: SaltSecret) -> Self {
        Self { salt_secret, ..self }
    }

    /// How often passwords are hashed that are kept in clear.
    pub(crate) fn with_iterations(self, iterations: Iterations) -> Self {
        Self { iterations, ..self }
    }

    /// Other sources of randomness (whether it could fill the octets) and time.
    pub(crate) fn with_sources(self, random: fn(&mut [u8]) -> bool, seconds: fn() -> u64) -> Self {
        Self { random, seconds, ..self }
    }

    /// The mechanisms that are there on a connection over this channel, in the
    /// order in which they are announced.
    pub(crate) fn mechanisms_over<'a>(&'a self, channel: &'a Channel) -> impl Iterator<Item = Mechanism> + 'a {
        self.mechanisms.iter().copied().filter(|mechanism| mechanism.works_over(channel))
    }

    /// Whether a mechanism that is there over the channel is offered.
    pub(crate) fn availability(&self, mechanism: Mechanism) -> Availability {
        let said = self.availabilities.iter().rfind(|(of, _)| *of == mechanism);
        said.map_or(Availability::Offered, |(_, availability)| *availability)
    }

    pub(super) fn iterations(&self) -> Iterations {
        self.iterations
    }

    pub(super) fn anonymous(&self) -> Option<&str> {
        self.anonymous.as_deref()
    }

    /// A nonce of 24 printable characters, none of them a comma (RFC 5802
    /// section 7). `None` when there is no randomness.
    pub(super) fn nonce(&self) -> Option<String> {
        Some(STANDARD.encode(self.octets::<18>()?))
    }

    /// `<random.time@host>` (RFC 2195 section 2).
    pub(super) fn msg_id(&self) -> Option<String> {
        let random = u128::from_be_bytes(self.octets()?);
        Some(format!("<{random:032x}.{}@{}>", (self.seconds)(), self.host_name))
    }

    /// What salts are derived from.
    pub(super) fn salt_secret(&self) -> Option<[u8; 32]> {
        match self.salt_secret.get() {
            Some(secret) => Some(*secret),
            None => self.octets().map(|fresh| *self.salt_secret.get_or_init(|| fresh)),
        }
    }

    fn octets<const N: usize>(&self) -> Option<[u8; N]> {
        let mut octets = [0; N];
        (self.random)(&mut octets).then_some(octets)
    }
}

//! Building a server.

mod varied;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use pop3_proto::capability::Retention;
use pop3_proto::server::{Availability, ServerConfig};
use thiserror::Error;

use crate::account::{Account, Policies};
use crate::fault::{Departures, Fault, Planted, Sabotage, Tally};
use crate::net::clock::scaled;
use crate::sasl::{Iterations, Mechanism, SaslSettings};
use crate::server::{Addresses, RunningServer, Server};
use crate::settings::{Limits, Settings};
use crate::store::Store;
use crate::tls::{ClientCertificates, TlsError, TlsIdentity, TlsServer, TlsVersions};
use crate::transcript::Transcript;
use crate::variation::Variation;

/// A free port on the loopback address.
pub const FREE_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Collects what a server is made of.
#[derive(Debug)]
#[must_use = "a builder does nothing before build() or start()"]
pub struct ServerBuilder {
    store: Store,
    session: ServerConfig,
    apop: Availability,
    mechanisms: Vec<Mechanism>,
    availabilities: Vec<(Mechanism, Availability)>,
    anonymous: Option<String>,
    policies: Policies,
    iterations: Iterations,
    identity: Option<TlsIdentity>,
    named: Vec<(String, TlsIdentity)>,
    client_certificates: ClientCertificates,
    tls_versions: TlsVersions,
    stls: bool,
    host_name: String,
    addresses: Addresses,
    limits: Limits,
    transcript: Option<Transcript>,
    departures: Departures,
    time_scale: f64,
    error: Option<StartError>,
}

/// Why a server does not start. Always the caller's fault, or the machine's.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another port, port 0 takes a free one")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The identity cannot be used, or none could be made.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A message for an account that was not added before.
    #[error("a message for {name:?} is given, but no account of that name before it; call .account({name:?}, …) first")]
    MessageWithoutAccount {
        /// The name.
        name: String,
    },
    /// A token for an account that was not added before.
    #[error("a token for {name:?} is given, but no account of that name before it; call .account({name:?}, …) first")]
    TokenWithoutAccount {
        /// The name.
        name: String,
    },
    /// ANONYMOUS is offered, and there is nothing that it would open.
    #[error(
        "ANONYMOUS is offered, but anonymous clients have no account; call .anonymous(name) with one that was added"
    )]
    NoAnonymousAccount,
    /// Neither a plain nor a TLS address.
    #[error("the server has no address to listen on; leave out .no_plain(), or add .implicit_tls(…)")]
    NoAddress,
    /// The greeting, its timestamp included, does not fit.
    #[error(
        "the greeting has {octets} octets with status and timestamp; a first line has 512 at most (RFC 1939 section 3)"
    )]
    GreetingTooLong {
        /// Its length.
        octets: usize,
    },
}

impl ServerBuilder {
    pub(crate) fn new() -> Self {
        Self {
            store: Store::new(),
            session: ServerConfig::default(),
            apop: Availability::Offered,
            mechanisms: Mechanism::DEFAULT.to_vec(),
            availabilities: Vec::new(),
            anonymous: None,
            policies: Policies::default(),
            iterations: Iterations::default(),
            identity: None,
            named: Vec::new(),
            client_certificates: ClientCertificates::default(),
            tls_versions: TlsVersions::default(),
            stls: false,
            host_name: "localhost".to_owned(),
            addresses: Addresses { plain: Some(FREE_PORT), tls: None },
            limits: Limits::default(),
            transcript: None,
            departures: Departures::default(),
            time_scale: 1.0,
            error: None,
        }
    }

    /// Adds an account with an empty maildrop.
    pub fn account(self, name: &str, secret: &str) -> Self {
        self.store.add_account(name, Account::new(secret));
        self
    }

    /// Delivers a message to an account added before.
    pub fn message(mut self, name: &str, octets: impl AsRef<[u8]>) -> Self {
        if let Err(missing) = self.store.deliver(name, octets.as_ref()) {
            self.error.get_or_insert(StartError::MessageWithoutAccount { name: missing.name });
        }
        self
    }

    /// Gives an account added before the token that OAUTHBEARER and XOAUTH2 take.
    pub fn token(mut self, name: &str, token: &str) -> Self {
        if let Err(missing) = self.store.set_token(name, token) {
            self.error.get_or_insert(StartError::TokenWithoutAccount { name: missing.name });
        }
        self
    }

    /// Serves this store. What was added with `account` and `message` before is
    /// not in it.
    pub fn store(self, store: Store) -> Self {
        Self { store, ..self }
    }

    /// The text of the greeting, without status and timestamp.
    pub fn greeting(mut self, text: &str) -> Self {
        text.clone_into(&mut self.session.greeting);
        self
    }

    /// The name of the host, as it stands in the timestamp of a greeting.
    /// Characters that may not stand there are left out.
    pub fn host_name(mut self, name: &str) -> Self {
        self.host_name = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect();
        if self.host_name.is_empty() {
            self.host_name.push_str("localhost");
        }
        self
    }

    /// Who the server is under TLS. Without it, one is made for `localhost`,
    /// `127.0.0.1` and `::1` when TLS is asked for.
    pub fn tls(self, identity: TlsIdentity) -> Self {
        Self { identity: Some(identity), ..self }
    }

    /// Who the server is for clients that ask for this host name (SNI, RFC 6066
    /// section 3), whatever names are in the certificate. May be called for
    /// several. A client that asks for another name, or for none, sees the
    /// identity of [`Self::tls`].
    pub fn tls_for(mut self, name: &str, identity: TlsIdentity) -> Self {
        self.named.push((name.to_owned(), identity));
        self
    }

    /// Asks clients for certificates; the mechanism EXTERNAL needs them.
    pub fn client_certificates(self, client_certificates: ClientCertificates) -> Self {
        Self { client_certificates, ..self }
    }

    /// Takes these versions of TLS only.
    pub fn tls_versions(self, tls_versions: TlsVersions) -> Self {
        Self { tls_versions, ..self }
    }

    /// Offers STLS (RFC 2595 section 4).
    pub fn stls(self) -> Self {
        Self { stls: true, ..self }
    }

    /// Listens with TLS from the first octet on (RFC 8314), see [`FREE_PORT`].
    pub fn implicit_tls(mut self, address: SocketAddr) -> Self {
        self.addresses.tls = Some(address);
        self
    }

    /// Listens in clear here instead of on a free port.
    pub fn plain(mut self, address: SocketAddr) -> Self {
        self.addresses.plain = Some(address);
        self
    }

    /// Does not listen in clear.
    pub fn no_plain(mut self) -> Self {
        self.addresses.plain = None;
        self
    }

    /// How many connections at once.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Changes what every session offers. `timestamp`, `tls` and `mechanisms`
    /// are set by the server: see [`Self::apop`], [`Self::stls`] and
    /// [`Self::mechanisms`].
    pub fn session(mut self, change: impl FnOnce(&mut ServerConfig)) -> Self {
        change(&mut self.session);
        self
    }

    /// Whether APOP is there. `UnderTls` means on the TLS port: behind STLS there
    /// is no greeting that could bear a timestamp.
    pub fn apop(self, apop: Availability) -> Self {
        Self { apop, ..self }
    }

    /// The AUTH mechanisms in the order in which they are announced, none for a
    /// server without AUTH. Without this, [`Mechanism::DEFAULT`]. Those with
    /// `-PLUS` are there under TLS only.
    pub fn mechanisms(self, mechanisms: &[Mechanism]) -> Self {
        Self { mechanisms: mechanisms.to_vec(), ..self }
    }

    /// One more mechanism, or other conditions for one that is there already.
    pub fn mechanism(mut self, mechanism: Mechanism, availability: Availability) -> Self {
        if !self.mechanisms.contains(&mechanism) {
            self.mechanisms.push(mechanism);
        }
        self.availabilities.push((mechanism, availability));
        self
    }

    /// Refuses, without TLS, every login that shows a password or token to whoever
    /// listens: USER and PASS, and the mechanisms that are plaintext (RFC 8314
    /// section 4.1, RFC 4422 section 6.1.3). Call it behind [`Self::mechanisms`].
    pub fn plaintext_under_tls(mut self) -> Self {
        self.session.user = Availability::UnderTls;
        let plaintext = self.mechanisms.iter().copied().filter(|mechanism| mechanism.is_plaintext());
        self.availabilities.extend(plaintext.map(|mechanism| (mechanism, Availability::UnderTls)));
        self
    }

    /// Seconds from a login to the next that is let in, for every account that has
    /// no delay of its own (RFC 2449 section 6.5).
    pub fn login_delay(mut self, seconds: u64) -> Self {
        self.policies.login_delay = Some(seconds);
        self
    }

    /// Makes the timers of the server run by this factor of what is announced and set: the
    /// autologout timer, and the delay between logins in force. With 1.0, the default,
    /// they are what they say; with less, tests need not wait for minutes.
    pub fn time_scale(self, factor: f64) -> Self {
        Self { time_scale: factor, ..self }
    }

    /// How long messages stay, for every account that has no policy of its own (RFC
    /// 2449 section 6.7). Days are counted from the first login that lists a message.
    pub fn expire(mut self, retention: Retention) -> Self {
        self.policies.expire = Some(retention);
        self
    }

    /// The account that clients enter by the mechanism ANONYMOUS (RFC 4505).
    pub fn anonymous(self, name: &str) -> Self {
        Self { anonymous: Some(name.to_owned()), ..self }
    }

    /// How often SCRAM hashes the passwords that are kept in clear, and of names
    /// without account. Without this, [`Iterations::LEAST`].
    pub fn scram_iterations(self, iterations: Iterations) -> Self {
        Self { iterations, ..self }
    }

    /// Keeps a transcript of every connection, passwords masked.
    pub fn transcript(self) -> Self {
        Self { transcript: Some(Transcript::default()), ..self }
    }

    /// Adds a deliberate defect; may be called for several.
    pub fn fault(self, fault: Fault) -> Self {
        self.planted(fault.into())
    }

    /// Adds a deliberate defect to all sessions or to one.
    pub fn planted(mut self, planted: Planted) -> Self {
        self.departures.faults.push(planted);
        self
    }

    /// Makes the server differ in what the RFCs leave open; may be called for several.
    pub fn variation(self, variation: Variation) -> Self {
        variation.apply(self)
    }

    /// Counts the replies of all sessions, greetings included, and spoils one of them.
    pub fn sabotage(mut self, tally: Tally, sabotage: Option<Sabotage>) -> Self {
        self.departures.sabotage = Some((tally, sabotage));
        self
    }

    /// A server to be started later, or to serve streams only.
    ///
    /// # Errors
    /// What was given does not fit together; see [`StartError`].
    pub fn build(mut self) -> Result<Server, StartError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let identity = match self.identity.take() {
            None if self.stls || self.addresses.tls.is_some() => {
                Some(TlsIdentity::self_made(&["localhost", "127.0.0.1", "::1"])?)
            }
            identity => identity,
        };
        let identity = match identity {
            Some(_) => self.departures.identity()?.or(identity),
            None => None,
        };
        let tls = match &identity {
            Some(identity) => {
                Some(TlsServer::new(identity, &self.named, &self.client_certificates, self.tls_versions)?)
            }
            None => None,
        };
        if self.mechanisms.contains(&Mechanism::Anonymous) {
            let names = self.store.names();
            self.anonymous.as_ref().filter(|name| names.contains(name)).ok_or(StartError::NoAnonymousAccount)?;
        }
        if self.policies != Policies::default() {
            self.store.set_policies(self.policies);
        }
        self.store.set_time_scale(self.time_scale);
        self.session.autologout = scaled(self.session.autologout, self.time_scale);
        let sasl = SaslSettings::new(self.mechanisms)
            .with_host_name(&self.host_name)
            .with_anonymous(self.anonymous)
            .with_availabilities(self.availabilities)
            .with_salt_secret(self.store.salt_secret())
            .with_iterations(self.iterations);
        let clock = self.store.clock();
        let settings = Settings {
            store: self.store,
            session: self.session,
            apop: self.apop,
            sasl: Arc::new(sasl),
            tls,
            stls: self.stls,
            host_name: self.host_name,
            transcript: self.transcript.map(|transcript| transcript.since(clock.now())),
            clock,
            sessions: AtomicU64::new(1),
            departures: self.departures,
        };
        greeting_fits(&settings)?;
        Ok(Server {
            settings: Arc::new(settings),
            addresses: self.addresses,
            limits: self.limits,
            ca_pem: identity.and_then(|identity| identity.ca_pem().map(str::to_owned)),
        })
    }

    /// Builds the server and starts it.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(self) -> Result<RunningServer, StartError> {
        self.build()?.start().await
    }
}

/// `+OK greeting timestamp CRLF` must not be cut.
fn greeting_fits(settings: &Settings) -> Result<(), StartError> {
    let timestamp = settings.timestamp(u64::MAX, u64::MAX);
    let octets = "+OK ".len() + settings.session.greeting.len() + " ".len() + timestamp.len() + "\r\n".len();
    if octets > 512 { Err(StartError::GreetingTooLong { octets }) } else { Ok(()) }
}

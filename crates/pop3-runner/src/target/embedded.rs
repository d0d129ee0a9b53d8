//! The reference server in this process.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use pop3_proto::capability::Retention;
use pop3_proto::server::Availability;
use pop3_server::account;
use pop3_server::sasl::Mechanism;
use pop3_server::tls::TlsIdentity;
use pop3_server::{FREE_PORT, RunningServer, Server};

use super::{EmbeddedTarget, LoginChoice, Provisioning, Running, Target};
use crate::account::Account;
use crate::error::RunError;
use crate::tls::Trust;

/// The running reference server.
#[derive(Debug)]
pub(super) struct Embedded {
    /// What does not end with the ports.
    server: Server,
    /// `None` while it is killed.
    running: RefCell<Option<RunningServer>>,
    /// Where it listens again.
    again: Server,
}

/// Scenarios at the same time; it has no limit of its own worth speaking of.
const CONCURRENCY: usize = 32;

/// A little more than the ten minutes of RFC 1939 section 3, as on many servers.
const AUTOLOGOUT: Duration = Duration::from_secs(660);

/// Every mechanism for which a password suffices.
const MECHANISMS: [Mechanism; 7] = [
    Mechanism::Plain,
    Mechanism::Login,
    Mechanism::CramMd5,
    Mechanism::ScramSha1,
    Mechanism::ScramSha1Plus,
    Mechanism::ScramSha256,
    Mechanism::ScramSha256Plus,
];

/// Starts the reference server.
pub(super) async fn start(spec: &EmbeddedTarget, accounts: &[Account], time_scale: f64) -> Result<Target, RunError> {
    let internal = |what: &str, error: &dyn std::fmt::Display| RunError::Internal(format!("{what}: {error}"));
    let identity = TlsIdentity::self_made(&["localhost", "127.0.0.1"])
        .map_err(|error| internal("cannot make a certificate", &error))?;
    let address = spec.loopback.map_or(FREE_PORT, |loopback| SocketAddr::from((loopback, 0)));
    let mut builder = Server::builder()
        .plain(address)
        .tls(identity)
        .stls()
        .implicit_tls(address)
        .mechanisms(&MECHANISMS)
        // RFC 7628 section 3: under TLS only; and the token is as good as a password.
        .mechanism(Mechanism::OauthBearer, Availability::UnderTls)
        .mechanism(Mechanism::Xoauth2, Availability::UnderTls)
        .expire(Retention::Never)
        .session(|session| {
            session.utf8 = Availability::Offered;
            session.utf8_user = true;
            session.lang = Availability::Offered;
            session.implementation = Some("pop3spec".to_owned());
            session.autologout = AUTOLOGOUT;
        })
        .time_scale(time_scale);
    for account in accounts {
        builder = builder.account(&account.name, &account.password);
    }
    builder = spec.variations.iter().fold(builder, |builder, variation| builder.variation(*variation));
    builder = spec.faults.iter().fold(builder, |builder, planted| builder.planted(*planted));
    if let Some((tally, sabotage)) = &spec.sabotage {
        builder = builder.sabotage(tally.clone(), *sabotage);
    }
    let server = builder.start().await.map_err(|error| internal("the reference server did not start", &error))?;
    let mut description = "the reference server in this process".to_owned();
    let mut departs = |words: &str, slugs: Vec<String>| {
        if !slugs.is_empty() {
            description.push_str(&format!(", with {words}: {}", slugs.join(", ")));
        }
    };
    departs("deliberate faults", spec.faults.iter().map(ToString::to_string).collect());
    departs("legal variations", spec.variations.iter().map(ToString::to_string).collect());
    Ok(Target {
        name: "embedded".to_owned(),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        description,
        options: spec.options(),
        plain: server.plain_address(),
        implicit: server.tls_address(),
        stls: Some(server.server().offers_stls()),
        tls_name: "localhost".to_owned(),
        trust: Trust::Authority(server.ca_pem().unwrap_or_default().to_owned()),
        profile: BTreeSet::new(),
        login: LoginChoice::Auto,
        concurrency: CONCURRENCY,
        provisioning: Provisioning::OwnAccounts,
        ready_within: Duration::from_secs(10),
        deadline: None,
        cannot: Vec::new(),
        running: Running::Embedded(Box::new(Embedded {
            server: server.server().clone(),
            again: server.server().at(server.plain_address(), server.tls_address()),
            running: RefCell::new(Some(server)),
        })),
    })
}

impl Embedded {
    /// The same, with a token.
    pub(super) fn account(&self, made: &Account) -> Account {
        Account { token: Some(format!("{}-{}", made.name, made.password)), ..made.clone() }
    }

    pub(super) fn fill(&self, account: &Account, messages: &[Vec<u8>]) -> Result<(), String> {
        let store = self.server.store();
        let kept = account::Account::new(&account.password);
        let kept = account.token.iter().fold(kept, |kept, token| kept.with_token(token));
        store.add_account(&account.name, kept);
        store.replace_messages(&account.name, messages).map(drop).map_err(|error| error.to_string())
    }

    pub(super) fn deliver(&self, account: &Account, message: &[u8]) -> Result<(), String> {
        self.server.store().deliver(&account.name, message).map(drop).map_err(|error| error.to_string())
    }

    /// Ends its ports and connections; its mail stays.
    pub(super) async fn kill(&self) {
        let running = self.running.take();
        if let Some(running) = running {
            running.stop().await;
        }
    }

    /// Listens again where it did.
    ///
    /// # Errors
    /// In words, why it cannot.
    pub(super) async fn start_again(&self) -> Result<(), String> {
        let running = self.again.clone().start().await.map_err(|error| error.to_string())?;
        self.running.replace(Some(running));
        Ok(())
    }

    /// Whether it listens.
    ///
    /// # Errors
    /// That it was killed.
    pub(super) fn check_alive(&self) -> Result<(), String> {
        self.running.borrow().as_ref().map(drop).ok_or_else(|| "the server was ended on purpose".to_owned())
    }

    pub(super) async fn stop(self) {
        self.kill().await;
    }
}

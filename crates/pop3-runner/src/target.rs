//! The server under test: how to reach it, and what the runner may do with it.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use pop3_scenario::scenario::Hook;
use pop3_server::fault::{Planted, Sabotage, Tally};
use pop3_server::variation::Variation;

use crate::account::{Account, Seed};
use crate::error::RunError;
use crate::tls::Trust;

mod accounts;
mod embedded;
pub mod file;
mod login;
pub mod names;
mod prepare;
mod spawn;
pub mod store;

pub use accounts::Alphabet;
pub use file::TargetFile;
pub use login::LoginChoice;
pub(crate) use login::Methods;
pub use store::Unfilled;

/// Which server to grade.
#[derive(Clone, Debug)]
pub enum TargetSpec {
    /// The reference server in this process, perhaps with deliberate faults.
    Embedded(EmbeddedTarget),
    /// A server that runs already, with one account that holds somebody's mail.
    Address(AddressTarget),
    /// A server to start, as a target file says.
    Spawn {
        /// What the file says.
        file: Box<TargetFile>,
        /// The options that select it again.
        options: String,
    },
}

/// How the reference server departs from its honest self; by default, in nothing.
#[derive(Clone, Debug, Default)]
pub struct EmbeddedTarget {
    /// Deliberate defects.
    pub faults: Vec<Planted>,
    /// Legal differences.
    pub variations: Vec<Variation>,
    /// Where replies are counted, and perhaps one that is spoiled.
    pub sabotage: Option<(Tally, Option<Sabotage>)>,
    /// The address of 127.0.0.0/8 to listen on; `None` for 127.0.0.1.
    pub loopback: Option<Ipv4Addr>,
}

impl EmbeddedTarget {
    /// What departs, as options that select it again; empty for the honest server.
    fn options(&self) -> String {
        let faults = self.faults.iter().map(|planted| format!("--fault {planted}"));
        let variations = self.variations.iter().map(|variation| format!("--variation {variation}"));
        faults.chain(variations).collect::<Vec<_>>().join(" ")
    }
}

/// A server that runs already.
#[derive(Clone, Debug)]
pub struct AddressTarget {
    /// Host and port as the user gave them.
    pub host: String,
    /// Where it resolves to.
    pub address: SocketAddr,
    /// How the connection begins.
    pub tls: AddressTls,
    /// The account.
    pub account: Account,
    /// Whom to trust under TLS.
    pub trust: Trust,
    /// The options that select it again, without the password.
    pub options: String,
}

/// TLS of an [`AddressTarget`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressTls {
    /// A plain port.
    #[default]
    Plain,
    /// TLS from the first octet.
    Implicit,
}

/// A target that is running.
#[derive(Debug)]
pub struct Target {
    /// Its name in reports.
    pub name: String,
    /// Its version, if it can be asked.
    pub version: Option<String>,
    /// How it is reached, in words, without secrets.
    pub description: String,
    /// Options that select it again.
    pub options: String,
    /// The plain port.
    pub plain: Option<SocketAddr>,
    /// The port with implicit TLS.
    pub implicit: Option<SocketAddr>,
    /// Whether STLS is expected on the plain port; `None` when CAPA shall say.
    pub stls: Option<bool>,
    /// The name to check certificates against.
    pub tls_name: String,
    /// Whom to trust.
    pub trust: Trust,
    /// Capabilities that the target claims, upper case.
    pub profile: BTreeSet<String>,
    /// How the runner logs in, where a scenario does not say how.
    pub login: LoginChoice,
    /// How many scenarios may run at the same time.
    pub concurrency: usize,
    /// Ways to put mail into maildrops.
    pub provisioning: Provisioning,
    /// Longest time until it answers first.
    pub ready_within: Duration,
    /// The longest silence where octets are due, where the target file says so.
    pub deadline: Option<Duration>,
    /// What its target file says that it cannot do.
    pub cannot: Vec<file::Cannot>,
    running: Running,
}

/// How maildrops are filled.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Provisioning {
    /// The runner fills them: each scenario has an account of its own.
    OwnAccounts,
    /// The runner must not: the mail in it is somebody's.
    None,
}

#[derive(Debug)]
enum Running {
    Embedded(Box<embedded::Embedded>),
    Address(Account),
    Spawned(Box<spawn::Spawned>),
}

impl Target {
    /// Starts the target with these accounts, those left out that it cannot have
    /// ([`Self::cannot_have`]). A target with an account of its own has that alone. The
    /// timers of the embedded server go by `time_scale`.
    ///
    /// # Errors
    /// Whose fault it is that it does not run.
    pub async fn start(spec: &TargetSpec, accounts: &[Account], time_scale: f64) -> Result<Self, RunError> {
        match spec {
            TargetSpec::Embedded(spec) => embedded::start(spec, accounts, time_scale).await,
            TargetSpec::Address(address) => Ok(Self::at_address(address)),
            TargetSpec::Spawn { file, options } => spawn::start(file, options, accounts).await,
        }
    }

    fn at_address(address: &AddressTarget) -> Self {
        let (plain, implicit) = match address.tls {
            AddressTls::Plain => (Some(address.address), None),
            AddressTls::Implicit => (None, Some(address.address)),
        };
        let name = address.host.rsplit_once(':').map_or(address.host.as_str(), |(name, _)| name);
        Self {
            name: address.host.clone(),
            version: None,
            description: format!("{} as {}", address.host, address.account.name),
            options: address.options.clone(),
            plain,
            implicit,
            stls: None,
            tls_name: name.trim_matches(['[', ']']).to_owned(),
            trust: address.trust.clone(),
            profile: BTreeSet::new(),
            login: LoginChoice::Auto,
            concurrency: 1,
            provisioning: Provisioning::None,
            ready_within: Duration::from_secs(10),
            deadline: None,
            cannot: Vec::new(),
            running: Running::Address(address.account.clone()),
        }
    }

    /// The account that stands for this one of those that it was started with.
    #[must_use]
    pub fn account(&self, made: &Account) -> Account {
        match &self.running {
            Running::Address(account) => account.clone(),
            Running::Embedded(embedded) => embedded.account(made),
            Running::Spawned(spawned) => spawned.account(made),
        }
    }

    /// Why it cannot have this account, which a scenario has made to its wish, if it cannot.
    #[must_use]
    pub fn cannot_have(&self, wished: &Account) -> Option<String> {
        match &self.running {
            Running::Address(_) => Some("it needs an account of its own making, and this one is somebody's".to_owned()),
            Running::Embedded(_) => None,
            Running::Spawned(spawned) => spawned.cannot_have(wished),
        }
    }

    /// The second account for the scenario number `index`, if there is one.
    #[must_use]
    pub fn neighbour(&self, seed: Seed, index: usize) -> Option<Account> {
        match &self.running {
            Running::Address(_) => None,
            Running::Embedded(_) => Some(seed.neighbour(index)),
            Running::Spawned(spawned) => spawned.has_many_accounts().then(|| seed.neighbour(index)),
        }
    }

    /// Puts exactly these messages into the account's maildrop.
    ///
    /// # Errors
    /// Why it could not be done.
    pub async fn fill(&self, account: &Account, messages: &[Vec<u8>]) -> Result<(), Unfilled> {
        match &self.running {
            Running::Address(_) => Err(untouched()),
            Running::Embedded(embedded) => embedded.fill(account, messages).map_err(Unfilled::Failed),
            Running::Spawned(spawned) => spawned.fill(account, messages).await,
        }
    }

    /// Puts one more message into a maildrop, as a delivery does.
    ///
    /// # Errors
    /// Why it could not be done.
    pub async fn deliver(&self, account: &Account, message: &[u8]) -> Result<(), Unfilled> {
        match &self.running {
            Running::Address(_) => Err(untouched()),
            Running::Embedded(embedded) => embedded.deliver(account, message).map_err(Unfilled::Failed),
            Running::Spawned(spawned) => spawned.deliver(account, message).await,
        }
    }

    /// The actions that it offers to scenarios.
    #[must_use]
    pub fn hooks(&self) -> Vec<Hook> {
        match &self.running {
            Running::Address(_) => Vec::new(),
            Running::Embedded(_) => vec![Hook::Deliver, Hook::Kill, Hook::Restart],
            Running::Spawned(spawned) => {
                let deliver = spawned.delivers().then_some(Hook::Deliver);
                let restart: &[Hook] = if spawned.restarts() { &[Hook::Kill, Hook::Restart] } else { &[] };
                deliver.into_iter().chain(restart.iter().copied()).collect()
            }
        }
    }

    /// Ends the server without warning.
    ///
    /// # Errors
    /// In words, why it could not be done.
    pub async fn kill(&self) -> Result<(), String> {
        match &self.running {
            Running::Spawned(spawned) => spawned.kill().await,
            Running::Embedded(embedded) => {
                embedded.kill().await;
                Ok(())
            }
            Running::Address(_) => Err("it cannot be killed".to_owned()),
        }
    }

    /// Starts a server that has ended again, on the same maildrops, and waits until it answers.
    ///
    /// # Errors
    /// In words, why it does not.
    pub async fn start_again(&self) -> Result<(), String> {
        match &self.running {
            Running::Spawned(spawned) => spawned.start_again().await,
            Running::Embedded(embedded) => embedded.start_again().await,
            Running::Address(_) => Err("it cannot be started again".to_owned()),
        }
    }

    /// Whether all scenarios have one account, and so one maildrop that a session locks.
    #[must_use]
    pub fn has_one_account(&self) -> bool {
        match &self.running {
            Running::Address(_) => true,
            Running::Embedded(_) => false,
            Running::Spawned(spawned) => !spawned.has_many_accounts(),
        }
    }

    /// Whether it is a process that we started, and see the end of.
    #[must_use]
    pub fn can_end(&self) -> bool {
        matches!(&self.running, Running::Spawned(spawned) if spawned.is_ours())
    }

    /// How often a server that we started was seen to have ended by itself.
    #[must_use]
    pub fn deaths(&self) -> usize {
        match &self.running {
            Running::Spawned(spawned) => spawned.deaths(),
            Running::Embedded(_) | Running::Address(_) => 0,
        }
    }

    /// The end of what a server that we started printed, to stand behind an error; empty
    /// for others.
    #[must_use]
    pub fn last_words(&self) -> String {
        match &self.running {
            Running::Spawned(spawned) if spawned.is_ours() => spawned.last_words(),
            Running::Spawned(_) | Running::Embedded(_) | Running::Address(_) => String::new(),
        }
    }

    /// Whether it still runs, as far as we can know; with its last words when not.
    ///
    /// # Errors
    /// How it ended and what it printed.
    pub fn check_alive(&self) -> Result<(), String> {
        match &self.running {
            Running::Spawned(spawned) => spawned.check_alive(),
            Running::Embedded(embedded) => embedded.check_alive(),
            Running::Address(_) => Ok(()),
        }
    }

    /// Stops the target and removes what it left behind.
    pub async fn stop(self) {
        match self.running {
            Running::Embedded(embedded) => embedded.stop().await,
            Running::Spawned(spawned) => spawned.stop().await,
            Running::Address(_) => {}
        }
    }
}

fn untouched() -> Unfilled {
    Unfilled::Cannot("the maildrop holds somebody's mail and is not touched".to_owned())
}

/// A folder of the runner's own for a spawned target.
fn private_folder() -> Result<tempfile::TempDir, RunError> {
    tempfile::Builder::new()
        .prefix("pop3spec-")
        .tempdir()
        .map_err(|source| RunError::File { path: PathBuf::from("the temporary folder"), source })
}

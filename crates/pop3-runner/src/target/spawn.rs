//! A server that a target file describes: started for the run in a folder of its own, or
//! running already.

use std::cell::{Cell, RefCell};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{interval, timeout};

use super::file::{RunningAt, TargetFile};
use super::prepare::{self, Ground};
use super::store::{Programs, Store, Unfilled};
use super::{Provisioning, Running, Target};
use crate::account::Account;
use crate::clock::Clock;
use crate::error::RunError;
use crate::preflight;
use crate::tls::Trust;
use crate::transcript::Secrets;

/// A server of a target file.
#[derive(Debug)]
pub(super) struct Spawned {
    file: TargetFile,
    ground: Ground,
    process: RefCell<Process>,
    /// How often it was seen to have ended by itself.
    deaths: Cell<usize>,
    /// What its output and its logs may give away.
    secrets: Secrets,
    addresses: Addresses,
}

/// Where it listens.
#[derive(Clone, Copy, Debug)]
struct Addresses {
    plain: Option<SocketAddr>,
    implicit: Option<SocketAddr>,
}

#[derive(Debug)]
enum Process {
    /// Our child; the first of a process group.
    Ours(Child),
    /// Somebody else's, which runs as far as we know.
    Foreign,
    /// It is not there, and why.
    Gone(String),
}

/// How long a server may take to stop before it is ended.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// How long processes of a server that was ended may still hold its ports.
const PORTS_FREE_WITHIN: Duration = Duration::from_secs(3);

/// How often it is started anew meanwhile.
const START_AGAIN: Duration = Duration::from_millis(100);

/// How long it may take to greet once it listens.
const GREETS_WITHIN: Duration = Duration::from_secs(5);

/// How long processes that were killed may take to be gone.
const GONE_WITHIN: Duration = Duration::from_secs(1);

/// How often a server that starts is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Starts the server of a target file, or finds it.
pub(super) async fn start(file: &TargetFile, options: &str, accounts: &[Account]) -> Result<Target, RunError> {
    prepare::check_requisites(file)?;
    let ground = Ground::make(file, accounts)?;
    // Before it is started: an interrupt meanwhile must find nothing that nobody owns.
    let version = prepare::version(file, &ground.names).await;
    let loopback = |port| Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let (addresses, process, description, trust, tls_name) = match &file.address {
        Some(at) => (
            Addresses { plain: resolved(at, at.port).await?, implicit: resolved(at, at.tls_port).await? },
            Process::Foreign,
            format!("{}, which runs already", at.host),
            trust(file, at)?,
            at.host.clone(),
        ),
        None => (
            Addresses {
                plain: loopback(ground.port),
                implicit: if file.tls.implicit { loopback(ground.tls_port) } else { None },
            },
            Process::Ours(spawn(file, &ground)?),
            format!("`{}`, started on 127.0.0.1:{}", file.command.join(" "), ground.port),
            Trust::Authority(ground.authority.clone()),
            "localhost".to_owned(),
        ),
    };
    let fixed = file.accounts.fixed.iter().map(|fixed| fixed.password.as_str());
    let passwords = accounts.iter().map(|account| account.password.as_str()).chain(fixed);
    let secrets = passwords.fold(Secrets::default(), |secrets, password| secrets.and(Secrets::of(password)));
    let spawned = Spawned {
        file: file.clone(),
        ground,
        process: RefCell::new(process),
        deaths: Cell::new(0),
        secrets,
        addresses,
    };
    if !file.accounts.load.is_empty() {
        let not_made = |why: String, help: &str| RunError::NotStarted {
            why: format!("the accounts could not be made: {why}"),
            help: help.to_owned(),
        };
        spawned.answers().await.map_err(|why| not_made(why, preflight::BY_HAND))?;
        let loaded = spawned.done(&file.accounts.load).await;
        loaded.map_err(|why| {
            not_made(
                why,
                "run the program of `accounts: {load}` by hand on a file of accounts, and look at its own messages",
            )
        })?;
    }
    Ok(Target {
        name: file.name.clone(),
        version,
        description,
        options: options.to_owned(),
        plain: addresses.plain,
        implicit: addresses.implicit,
        stls: file.tls.stls,
        tls_name,
        trust,
        profile: file.profile.iter().map(|tag| tag.to_uppercase()).collect(),
        login: file.login,
        deadline: file.deadline.map(Duration::from_millis),
        concurrency: file.concurrency,
        provisioning: Provisioning::OwnAccounts,
        ready_within: file.patience(),
        cannot: file.cannot.clone(),
        running: Running::Spawned(Box::new(spawned)),
    })
}

impl Spawned {
    pub(super) fn account(&self, made: &Account) -> Account {
        let fixed = self.file.accounts.fixed.as_ref();
        let account = fixed.map_or_else(|| made.clone(), |fixed| Account::new(&fixed.user, &fixed.password));
        let names = self.ground.names.clone().with("user", &account.name).with("password", &account.password);
        let token = self.file.accounts.token.as_ref().map(|token| names.in_template(token));
        Account { token, ..account }
    }

    pub(super) fn cannot_have(&self, wished: &Account) -> Option<String> {
        self.file.accounts.cannot_hold(wished)
    }

    pub(super) fn has_many_accounts(&self) -> bool {
        self.file.accounts.fixed.is_none()
    }

    pub(super) fn delivers(&self) -> bool {
        self.file.mail.delivers()
    }

    /// Whether we have started it.
    pub(super) fn is_ours(&self) -> bool {
        self.file.address.is_none()
    }

    /// Whether it can be killed and started again.
    pub(super) fn restarts(&self) -> bool {
        self.file.hooks.is_some() || self.file.address.is_none()
    }

    pub(super) async fn fill(&self, account: &Account, messages: &[Vec<u8>]) -> Result<(), Unfilled> {
        self.masked(self.store().fill(account, messages).await)
    }

    pub(super) async fn deliver(&self, account: &Account, message: &[u8]) -> Result<(), Unfilled> {
        self.masked(self.store().deliver(account, message).await)
    }

    fn store(&self) -> Store<'_> {
        Store { mail: &self.file.mail, programs: self.programs(), owner: self.ground.mail_owner }
    }

    fn masked(&self, filled: Result<(), Unfilled>) -> Result<(), Unfilled> {
        filled.map_err(|why| match why {
            Unfilled::Cannot(why) => Unfilled::Cannot(self.secrets.mask(&why)),
            Unfilled::Failed(why) => Unfilled::Failed(self.secrets.mask(&why)),
        })
    }

    fn programs(&self) -> Programs<'_> {
        Programs { names: &self.ground.names, environment: &self.file.environment }
    }

    /// Runs a program of the target file to its good end.
    async fn done(&self, words: &[String]) -> Result<(), String> {
        self.programs().done(words).await.map_err(|why| self.secrets.mask(&why))
    }

    /// How often it ended by itself, as far as was seen.
    pub(super) fn deaths(&self) -> usize {
        self.deaths.get()
    }

    pub(super) fn check_alive(&self) -> Result<(), String> {
        let mut process = self.process.borrow_mut();
        let child = match &mut *process {
            Process::Ours(child) => child,
            Process::Foreign => return Ok(()),
            Process::Gone(why) => return Err(why.clone()),
        };
        let group = group(child);
        let why = match child.try_wait() {
            Ok(None) => return Ok(()),
            Ok(Some(status)) => {
                // It has no number from here on, but its children may live.
                end(group);
                format!("the server ended ({status}){}", self.last_words())
            }
            Err(error) => format!("the server cannot be watched: {error}"),
        };
        self.deaths.set(self.deaths.get() + 1);
        *process = Process::Gone(why.clone());
        Err(why)
    }

    /// The end of what it printed, and of its logs.
    pub(super) fn last_words(&self) -> String {
        const LINES: usize = 12;
        let dir = self.ground.folder.path();
        let logs = self.file.logs.iter().map(|log| dir.join(log));
        let texts = std::iter::once(dir.join(OUTPUT)).chain(logs).filter_map(|path| fs::read(path).ok());
        let mut said = String::new();
        for text in texts {
            let text = String::from_utf8_lossy(&text).into_owned();
            let lines: Vec<&str> = text.lines().collect();
            for line in lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default() {
                said.push_str(&format!("\n    {}", pop3_proto::escape::escape(line.as_bytes())));
            }
        }
        match said.is_empty() {
            true => "; it printed nothing".to_owned(),
            false => format!("; its last words:{}", self.secrets.mask(&said)),
        }
    }

    /// Ends it without warning, and waits until it is gone.
    ///
    /// # Errors
    /// In words, why it could not be done.
    pub(super) async fn kill(&self) -> Result<(), String> {
        if let Some(hooks) = &self.file.hooks {
            self.done(&hooks.kill).await?;
            return self.is_silent().await;
        }
        let gone = Process::Gone("the server was ended on purpose".to_owned());
        if let Process::Ours(mut child) = self.process.replace(gone) {
            end(group(&child));
            let _ = child.wait().await;
        }
        Ok(())
    }

    /// Starts it again on what is there, and waits until it answers.
    ///
    /// # Errors
    /// In words, why it does not.
    pub(super) async fn start_again(&self) -> Result<(), String> {
        if let Some(hooks) = &self.file.hooks {
            self.done(&hooks.start).await?;
            return self.answers().await;
        }
        let clock = Clock::start();
        let mut ticks = interval(START_AGAIN);
        loop {
            ticks.tick().await;
            let child = spawn(&self.file, &self.ground).map_err(|error| error.to_string())?;
            self.process.replace(Process::Ours(child));
            let deaths = self.deaths.get();
            let answered = self.answers().await;
            // What ends while it is being started was not ended by a scenario.
            self.deaths.set(deaths);
            if answered.is_ok() || clock.elapsed() >= PORTS_FREE_WITHIN {
                return answered;
            }
            // What it held is free again only when the last of its processes has gone.
            self.kill().await?;
        }
    }

    /// Waits until it greets.
    async fn answers(&self) -> Result<(), String> {
        let clock = Clock::start();
        let mut ticks = interval(LOOK_AGAIN);
        while clock.elapsed() < self.file.patience() {
            ticks.tick().await;
            self.check_alive()?;
            if self.greets().await {
                return Ok(());
            }
        }
        Err(format!("the server does not answer within {} s{}", self.file.ready_within, self.last_words()))
    }

    /// Whether it greets now. A TLS port greets those only who speak TLS: there, whether it
    /// listens.
    async fn greets(&self) -> bool {
        let Some(address) = self.addresses.plain.or(self.addresses.implicit) else { return true };
        let Ok(Ok(mut stream)) = timeout(GREETS_WITHIN, TcpStream::connect(address)).await else { return false };
        let mut first = [0; 1];
        self.addresses.plain.is_none()
            || timeout(GREETS_WITHIN, stream.read(&mut first)).await.is_ok_and(|read| read.is_ok_and(|count| count > 0))
    }

    /// Waits until somebody else's server that was killed greets no more.
    async fn is_silent(&self) -> Result<(), String> {
        let clock = Clock::start();
        let mut ticks = interval(LOOK_AGAIN);
        while clock.elapsed() < STOP_WITHIN {
            ticks.tick().await;
            if !self.greets().await {
                return Ok(());
            }
        }
        Err(format!(
            "the server still answers {} s after the program of `hooks: {{kill}}`; does something start it again?",
            STOP_WITHIN.as_secs()
        ))
    }

    pub(super) async fn stop(self) {
        let process = self.process.replace(Process::Gone(String::new()));
        let Process::Ours(mut child) = process else { return };
        if let Some(group) = group(&child) {
            let _ = killpg(group, Signal::SIGTERM);
            if timeout(STOP_WITHIN, child.wait()).await.is_err() {
                end(Some(group));
            }
            let _ = child.wait().await;
            // Children of the server that outlived it.
            end(Some(group));
            // They may still write into the folder, which is removed next.
            let clock = Clock::start();
            let mut ticks = interval(LOOK_AGAIN);
            while killpg(group, None).is_ok() && clock.elapsed() < GONE_WITHIN {
                ticks.tick().await;
            }
        }
    }
}

impl Drop for Spawned {
    /// A run that ends in an error, or is interrupted, leaves no server behind.
    fn drop(&mut self) {
        let Process::Ours(child) = self.process.get_mut() else { return };
        let group = group(child);
        end(group);
        // They may still write into the folder, which is removed next.
        let clock = Clock::start();
        while clock.elapsed() < GONE_WITHIN && group.is_some_and(|group| killpg(group, None).is_ok()) {
            let _ = child.try_wait();
            std::thread::yield_now();
        }
    }
}

/// The process group of a server that was not yet seen to end.
fn group(child: &Child) -> Option<Pid> {
    child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw)
}

fn end(group: Option<Pid>) {
    let _ = group.map(|group| killpg(group, Signal::SIGKILL));
}

/// Where the server's output goes, below its folder.
const OUTPUT: &str = "pop3spec-target.log";

fn spawn(file: &TargetFile, ground: &Ground) -> Result<Child, RunError> {
    let log = ground.folder.path().join(OUTPUT);
    let opened = fs::File::options().create(true).append(true).open(&log);
    let (out, err) = opened
        .and_then(|out| Ok((out.try_clone()?, out)))
        .map_err(|source| RunError::File { path: log.clone(), source })?;
    let names = &ground.names;
    let mut words = file.command.iter().map(|word| names.in_command(word));
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(&program);
    command.args(words).stdin(Stdio::null()).stdout(out).stderr(err).process_group(0).kill_on_drop(true);
    Programs { names, environment: &file.environment }.set_environment(&mut command);
    // A target file names programs relative to where the user stands, and so does the server
    // with its files, unless it goes by this.
    command.env("POP3SPEC_DIR", ground.folder.path());
    if let Some((user, group)) = ground.runs_as {
        command.uid(user).gid(group);
    }
    command.spawn().map_err(|error| RunError::NotStarted {
        why: format!("`{program}`: {error}"),
        help: "is the program installed, and is its path right as seen from this folder?".to_owned(),
    })
}

async fn resolved(at: &RunningAt, port: Option<u16>) -> Result<Option<SocketAddr>, RunError> {
    let Some(port) = port else { return Ok(None) };
    let unknown = |why: String| RunError::Usage(format!("target file: `address: {{host: {}}}`: {why}", at.host));
    let mut found =
        tokio::net::lookup_host((at.host.as_str(), port)).await.map_err(|error| unknown(error.to_string()))?;
    found.next().map(Some).ok_or_else(|| unknown("it has no address".to_owned()))
}

fn trust(file: &TargetFile, at: &RunningAt) -> Result<Trust, RunError> {
    let Some(ca) = &at.ca else { return Ok(Trust::Anybody) };
    let path = file.folder.join(ca);
    fs::read_to_string(&path).map(Trust::Authority).map_err(|source| RunError::File { path, source })
}

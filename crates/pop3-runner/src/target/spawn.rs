//! A server started for the run, in a folder of its own, on free loopback ports.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use pop3_server::tls::TlsIdentity;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::file::{Names, TargetFile};
use super::maildir::{self, Owner};
use super::{Provisioning, Running, Target, private_folder};
use crate::account::Account;
use crate::error::RunError;
use crate::tls::Trust;

/// A server that runs as our child.
#[derive(Debug)]
pub(super) struct Spawned {
    file: TargetFile,
    names: Names,
    owner: Owner,
    child: Child,
    log: PathBuf,
    /// Removed when dropped.
    _folder: tempfile::TempDir,
}

/// How long a server may take to stop before it is ended.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Starts the server of a target file.
pub(super) async fn start(file: &TargetFile, options: &str, accounts: &[Account]) -> Result<Target, RunError> {
    let folder = private_folder()?;
    let dir = folder.path();
    let owner = owner(file)?;
    let [port, tls_port] = free_ports()?;
    let identity = TlsIdentity::self_made(&["localhost", "127.0.0.1"])
        .map_err(|error| RunError::Internal(format!("cannot make a certificate: {error}")))?;
    let (uid, gid) = owner.unwrap_or_else(own_ids);
    let names = Names::default()
        .with("dir", dir.display().to_string())
        .with("port", port.to_string())
        .with("tls_port", tls_port.to_string())
        .with("cert", dir.join("cert.pem").display().to_string())
        .with("key", dir.join("key.pem").display().to_string())
        .with("ca", dir.join("ca.pem").display().to_string())
        .with("users", dir.join("users").display().to_string())
        .with("maildir", dir.join("mail").display().to_string())
        .with("uid", uid.to_string())
        .with("gid", gid.to_string())
        .with("account", account_name(uid))
        .with("group", group_name(gid));
    let prepared = prepare(file, &names, dir, owner, &identity, accounts);
    prepared.map_err(|(path, source)| RunError::File { path, source })?;
    let log = dir.join("pop3spec-target.log");
    let child = spawn(file, &names, dir, owner, &log)?;
    let description = format!("`{}`, started on 127.0.0.1:{port}", file.command.join(" "));
    let loopback = |port| Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    Ok(Target {
        name: file.name.clone(),
        description,
        options: options.to_owned(),
        plain: loopback(port),
        implicit: if file.tls.implicit { loopback(tls_port) } else { None },
        stls: Some(file.tls.stls),
        tls_name: "localhost".to_owned(),
        trust: Trust::Authority(identity.ca_pem().unwrap_or_default().to_owned()),
        profile: file.profile.iter().map(|tag| tag.to_uppercase()).collect(),
        login: file.login,
        concurrency: file.concurrency,
        provisioning: Provisioning::OwnAccounts,
        ready_within: file.patience(),
        running: Running::Spawned(Box::new(Spawned { file: file.clone(), names, owner, child, log, _folder: folder })),
    })
}

impl Spawned {
    pub(super) fn account(&self, made: &Account) -> Account {
        let fixed = self.file.accounts.fixed.as_ref();
        let account = fixed.map_or_else(|| made.clone(), |fixed| Account::new(&fixed.user, &fixed.password));
        let names = self.names.clone().with("user", &account.name).with("password", &account.password);
        let token = self.file.accounts.token.as_ref().map(|token| names.in_template(token));
        Account { token, ..account }
    }

    pub(super) fn cannot_have(&self, wished: &Account) -> Option<String> {
        self.file.accounts.cannot_hold(wished)
    }

    pub(super) fn has_many_accounts(&self) -> bool {
        self.file.accounts.fixed.is_none()
    }

    pub(super) fn fill(&self, account: &Account, messages: &[Vec<u8>]) -> Result<(), String> {
        let path = self.maildir(account);
        maildir::fill(&path, messages, &self.file.mail.forget, self.owner)
            .map_err(|error| format!("cannot fill {}: {error}", path.display()))
    }

    pub(super) fn deliver(&self, account: &Account, message: &[u8]) -> Result<(), String> {
        let path = self.maildir(account);
        maildir::deliver(&path, message, self.owner)
            .map_err(|error| format!("cannot deliver into {}: {error}", path.display()))
    }

    fn maildir(&self, account: &Account) -> PathBuf {
        self.names.clone().with("user", account.name.clone()).in_command(&self.file.mail.maildir).into()
    }

    pub(super) fn check_alive(&mut self) -> Result<(), String> {
        let group = self.group();
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => {
                // It has no number from here on, but its children may live.
                let _ = group.map(|group| killpg(group, Signal::SIGKILL));
                Err(format!("the server ended ({status}){}", self.last_words()))
            }
            Err(error) => Err(format!("the server cannot be watched: {error}")),
        }
    }

    /// The end of what it printed, for messages.
    fn last_words(&self) -> String {
        const LINES: usize = 12;
        let text = fs::read(&self.log).map(|octets| String::from_utf8_lossy(&octets).into_owned()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default();
        if last.is_empty() {
            return "; it printed nothing".to_owned();
        }
        let last: Vec<String> =
            last.iter().map(|line| format!("    {}", pop3_proto::escape::escape(line.as_bytes()))).collect();
        format!("; its last words:\n{}", last.join("\n"))
    }

    /// The process group of a server that was not yet seen to end.
    fn group(&self) -> Option<Pid> {
        self.child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw)
    }

    pub(super) async fn stop(mut self) {
        if let Some(group) = self.group() {
            let _ = killpg(group, Signal::SIGTERM);
            if timeout(STOP_WITHIN, self.child.wait()).await.is_err() {
                let _ = killpg(group, Signal::SIGKILL);
            }
            let _ = self.child.wait().await;
            // Children of the server that outlived it.
            let _ = killpg(group, Signal::SIGKILL);
        }
    }
}

impl Drop for Spawned {
    /// A run that ends in an error, or is interrupted, leaves no server behind.
    fn drop(&mut self) {
        if let Some(group) = self.group() {
            let _ = killpg(group, Signal::SIGKILL);
        }
    }
}

type PathError = (PathBuf, io::Error);

/// Writes everything the server needs before it starts.
fn prepare(
    file: &TargetFile,
    names: &Names,
    dir: &Path,
    owner: Owner,
    identity: &TlsIdentity,
    accounts: &[Account],
) -> Result<(), PathError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    maildir::own(dir, owner).map_err(at(dir))?;
    for folder in &file.folders {
        let folder = dir.join(folder);
        maildir::make_folder(&folder, owner).map_err(at(&folder))?;
    }
    let write = |path: PathBuf, text: &str| -> Result<(), PathError> {
        if let Some(parent) = path.parent() {
            maildir::make_folder(parent, owner).map_err(at(parent))?;
        }
        fs::write(&path, text)
            .and_then(|()| private(&path))
            .and_then(|()| maildir::own(&path, owner))
            .map_err(at(&path))
    };
    write(dir.join("cert.pem"), identity.chain_pem())?;
    write(dir.join("key.pem"), identity.key_pem())?;
    write(dir.join("ca.pem"), identity.ca_pem().unwrap_or_default())?;
    for written in &file.files {
        let text = match (&written.template, &written.text) {
            (Some(template), _) => {
                let template = file.folder.join(template);
                fs::read_to_string(&template).map_err(at(&template))?
            }
            (None, text) => text.clone().unwrap_or_default(),
        };
        write(dir.join(&written.path), &names.in_template(&text))?;
    }
    if let (Some(users), Some(line)) = (&file.accounts.file, &file.accounts.line) {
        let mut text = String::new();
        for account in accounts.iter().filter(|account| file.accounts.cannot_hold(account).is_none()) {
            let names = names.clone().with("user", &account.name).with("password", &account.password);
            text.push_str(&names.in_template(line));
            text.push('\n');
        }
        write(dir.join(users), &text)?;
    }
    Ok(())
}

fn private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

fn spawn(file: &TargetFile, names: &Names, dir: &Path, owner: Owner, log: &Path) -> Result<Child, RunError> {
    let out = fs::File::create(log).map_err(|source| RunError::File { path: log.to_owned(), source })?;
    let err = out.try_clone().map_err(|source| RunError::File { path: log.to_owned(), source })?;
    let mut words = file.command.iter().map(|word| names.in_command(word));
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(&program);
    command.args(words).stdin(Stdio::null()).stdout(out).stderr(err).process_group(0).kill_on_drop(true);
    for (name, value) in &file.environment {
        command.env(name, names.in_command(value));
    }
    // A target file names programs relative to where the user stands, and the
    // server writes into its own folder.
    command.env("POP3SPEC_DIR", dir);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command.spawn().map_err(|error| RunError::NotStarted {
        why: format!("`{program}`: {error}"),
        help: "is the program installed, and is its path right as seen from this folder?".to_owned(),
    })
}

/// The user whom the server runs as: only root can choose one.
fn owner(file: &TargetFile) -> Result<Owner, RunError> {
    let Some(name) = file.run_as.as_deref().filter(|_| own_ids().0 == 0) else { return Ok(None) };
    let user = nix::unistd::User::from_name(name).ok().flatten();
    user.map(|user| Some((user.uid.as_raw(), user.gid.as_raw())))
        .ok_or_else(|| RunError::Usage(format!("target file: `run_as: {name}`: there is no such user on this machine")))
}

fn account_name(uid: u32) -> String {
    let user = nix::unistd::User::from_uid(uid.into()).ok().flatten();
    user.map_or_else(|| uid.to_string(), |user| user.name)
}

fn group_name(gid: u32) -> String {
    let group = nix::unistd::Group::from_gid(gid.into()).ok().flatten();
    group.map_or_else(|| gid.to_string(), |group| group.name)
}

fn own_ids() -> (u32, u32) {
    fs::metadata("/proc/self").map_or((u32::MAX, u32::MAX), |meta| (meta.uid(), meta.gid()))
}

/// Two ports that are free, and not the same: both are held until both are known.
fn free_ports() -> Result<[u16; 2], RunError> {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let ports = || -> io::Result<[u16; 2]> {
        let held = [bind()?, bind()?];
        let [port, tls_port] = &held;
        Ok([port.local_addr()?.port(), tls_port.local_addr()?.port()])
    };
    ports().map_err(|error| RunError::Internal(format!("no free port: {error}")))
}

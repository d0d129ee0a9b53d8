//! The servers that are measured, each a child of this process.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Group, Pid, Uid, User, getgid, getuid};

use super::mail::{Mail, PASSWORD};
use crate::clock;
use crate::error::ChoreError;

/// How long a server may take to start.
const START: Duration = Duration::from_secs(15);

/// A server to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pop3spec,
    /// A few processes that each serve many connections.
    DovecotFast,
    /// A process for each login and one for each session.
    DovecotDefault,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Pop3spec, Self::DovecotFast, Self::DovecotDefault];

    /// What this adds to Dovecot's configuration.
    fn configuration(self) -> &'static str {
        match self {
            Self::Pop3spec | Self::DovecotDefault => "",
            Self::DovecotFast => include_str!("dovecot-fast.conf"),
        }
    }
}

/// A server that runs until it is dropped.
pub(super) struct Running {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Running {
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(process) = self.child.id().try_into() {
            // Dovecot ends its own processes when it is asked to end.
            let _ = kill(Pid::from_raw(process), Signal::SIGTERM);
        }
        let _ = self.child.wait();
    }
}

/// Who the mail belongs to: Dovecot refuses root's.
pub(super) struct Owner {
    account: String,
    group: String,
    /// Numbers of user and group.
    pub(super) ids: (u32, u32),
}

impl Owner {
    /// `nobody` for root, else whoever runs this.
    pub(super) fn find() -> Self {
        let user = if getuid().is_root() { User::from_name("nobody") } else { User::from_uid(getuid()) };
        let (account, uid, gid) = match user.ok().flatten() {
            Some(user) => (user.name, user.uid, user.gid),
            None => ("nobody".to_owned(), Uid::from_raw(65534), getgid()),
        };
        let group = Group::from_gid(gid).ok().flatten().map_or_else(|| gid.to_string(), |group| group.name);
        Self { account, group, ids: (uid.as_raw(), gid.as_raw()) }
    }
}

/// Starts the reference server on the Maildirs below `mail`.
///
/// # Errors
/// It cannot be started, or does not say where it listens.
pub(super) fn pop3spec(program: &Path, mail: &Path) -> Result<Running, ChoreError> {
    let mut command = Command::new(program);
    command.args(["serve", "--root-password", PASSWORD, "--root"]).arg(mail);
    let mut child = start(command.stdout(Stdio::piped()).stderr(Stdio::null()), "build it in release mode")?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(ChoreError::of_file(program))?;
    }
    let mut running = Running { child, address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)) };
    match line.trim().strip_prefix("pop3://").and_then(|address| address.parse().ok()) {
        Some(address) => running.address = address,
        None => return Err(ChoreError::Failed { command: format!("{} serve", program.display()) }),
    }
    Ok(running)
}

/// Starts Dovecot on the Maildirs below `mail`, with a private folder `dir`.
///
/// # Errors
/// It is not installed, does not start, or a file cannot be written.
pub(super) fn dovecot(kind: Kind, dir: &Path, mail: &Path, clients: usize) -> Result<Running, ChoreError> {
    let program = PathBuf::from("/usr/sbin/dovecot");
    let owner = Owner::find();
    let port = free_port(dir)?;
    for folder in [dir.to_owned(), dir.join("run"), dir.join("state")] {
        fs::create_dir_all(&folder).map_err(ChoreError::of_file(&folder))?;
    }
    let mut configuration = format!("{}\n{}", include_str!("dovecot.conf"), kind.configuration());
    let (dir_text, mail_text) = (dir.display().to_string(), mail.display().to_string());
    for (name, value) in [
        ("dir", dir_text.as_str()),
        ("mail", &mail_text),
        ("account", &owner.account),
        ("group", &owner.group),
        ("uid", &owner.ids.0.to_string()),
        ("gid", &owner.ids.1.to_string()),
        ("port", &port.to_string()),
        ("cores", &cores().to_string()),
        ("clients", &clients.to_string()),
    ] {
        configuration = configuration.replace(&format!("${{{name}}}"), value);
    }
    let users: String =
        (0..clients).map(|client| format!("{}:{{PLAIN}}{PASSWORD}::::::\n", Mail::account(client))).collect();
    for (name, text) in [("dovecot.conf", &configuration), ("users", &users)] {
        let path = dir.join(name);
        fs::write(&path, text).map_err(ChoreError::of_file(&path))?;
    }
    let said = dir.join("said");
    let said = File::create(&said).map_err(ChoreError::of_file(&said))?;
    let mut command = Command::new(program);
    command.arg("-F").arg("-c").arg(dir.join("dovecot.conf")).stdout(Stdio::null()).stderr(said);
    let child = start(&mut command, "install it with `cargo xtask setup`")?;
    let mut running = Running { child, address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)) };
    let begin = clock::now();
    while TcpStream::connect(running.address).is_err() {
        let is_gone = running.child.try_wait().is_ok_and(|status| status.is_some());
        if is_gone || begin.elapsed() > START {
            let said = fs::read_to_string(dir.join("said")).unwrap_or_default();
            let log = fs::read_to_string(dir.join("dovecot.log")).unwrap_or_default();
            return Err(ChoreError::Server { name: "dovecot", said: format!("{said}{log}") });
        }
        std::thread::yield_now();
    }
    Ok(running)
}

/// Cores of this machine.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn start(command: &mut Command, advice: &'static str) -> Result<Child, ChoreError> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.spawn().map_err(|source| ChoreError::Start { command: name, source, advice })
}

fn free_port(dir: &Path) -> Result<u16, ChoreError> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    Ok(free.map_err(ChoreError::of_file(dir))?.port())
}

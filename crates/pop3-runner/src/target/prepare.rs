//! The ground on which a server is started: its folder, ports, certificate, files and
//! list of accounts.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use pop3_server::tls::TlsIdentity;
use tokio::process::Command;
use tokio::time::timeout;

use super::file::TargetFile;
use super::names::Names;
use super::store::maildir::{make_folder, own};
use super::store::{Owner, Programs};
use crate::account::Account;
use crate::clock;
use crate::error::RunError;

/// How long a program may take to tell its version.
const VERSION_WITHIN: Duration = Duration::from_secs(10);

/// What a server is started on.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) names: Names,
    pub(super) port: u16,
    pub(super) tls_port: u16,
    /// Whom the server runs as.
    pub(super) runs_as: Owner,
    /// Whom its mail belongs to.
    pub(super) mail_owner: Owner,
    /// What signed its certificate, PEM.
    pub(super) authority: String,
    /// Removed when dropped.
    pub(super) folder: tempfile::TempDir,
}

impl Ground {
    /// Makes everything that a server needs before it is started.
    ///
    /// # Errors
    /// Whose fault it is that it cannot be made.
    pub(super) fn make(file: &TargetFile, accounts: &[Account]) -> Result<Self, RunError> {
        let folder = super::private_folder()?;
        let dir = folder.path();
        let runs_as = owner("run_as", file.run_as.as_deref())?;
        let mail_owner = owner("mail: {owner}", file.mail.owner.as_deref())?.or(runs_as);
        let mut ports = free_ports(2 + file.ports.len())?.into_iter();
        let (port, tls_port) = (ports.next().unwrap_or_default(), ports.next().unwrap_or_default());
        let unpacked = within_reach(file, runs_as, dir)?;
        let identity = TlsIdentity::self_made(&["localhost", "127.0.0.1"])
            .map_err(|error| RunError::Internal(format!("cannot make a certificate: {error}")))?;
        let (uid, gid) = mail_owner.unwrap_or_else(own_ids);
        let names = Names::default()
            .with("dir", dir.display().to_string())
            .with("target", target_folder(file))
            .with("unpacked", unpacked.display().to_string())
            .with("port", port.to_string())
            .with("tls_port", tls_port.to_string())
            .with("cert", dir.join("cert.pem").display().to_string())
            .with("key", dir.join("key.pem").display().to_string())
            .with("ca", dir.join("ca.pem").display().to_string())
            .with("users", dir.join(file.accounts.file.as_deref().unwrap_or("users")).display().to_string())
            .with("maildir", dir.join("mail").display().to_string())
            .with("uid", uid.to_string())
            .with("gid", gid.to_string())
            .with("account", account_name(uid))
            .with("group", group_name(gid));
        let names = file.ports.iter().zip(ports).fold(names, |names, (name, port)| names.with(name, port.to_string()));
        let authority = identity.ca_pem().unwrap_or_default().to_owned();
        let ground = Self { names, port, tls_port, runs_as, mail_owner, authority, folder };
        ground.write(file, &identity, accounts).map_err(|(path, source)| RunError::File { path, source })?;
        Ok(ground)
    }

    fn write(&self, file: &TargetFile, identity: &TlsIdentity, accounts: &[Account]) -> Result<(), PathError> {
        let (names, owner, dir) = (&self.names, self.runs_as, self.folder.path());
        own(dir, owner).map_err(at(dir))?;
        for folder in &file.folders {
            let folder = dir.join(folder);
            make_folder(&folder, owner).map_err(at(&folder))?;
        }
        write(&dir.join("cert.pem"), identity.chain_pem(), owner)?;
        write(&dir.join("key.pem"), identity.key_pem(), owner)?;
        write(&dir.join("ca.pem"), &self.authority, owner)?;
        for written in &file.files {
            let text = match (&written.template, &written.text) {
                (Some(template), _) => {
                    let template = file.folder.join(template);
                    fs::read_to_string(&template).map_err(at(&template))?
                }
                (None, text) => text.clone().unwrap_or_default(),
            };
            write(&dir.join(&written.path), &names.in_template(&text), owner)?;
        }
        if let (Some(users), Some(line)) = (&file.accounts.file, &file.accounts.line) {
            let mut text = String::new();
            for account in accounts.iter().filter(|account| file.accounts.cannot_hold(account).is_none()) {
                let names = names.clone().with("user", &account.name).with("password", &account.password);
                text.push_str(&names.in_template(line));
                text.push('\n');
            }
            write(&dir.join(users), &text, owner)?;
        }
        Ok(())
    }
}

type PathError = (PathBuf, io::Error);

fn at(path: &Path) -> impl Fn(io::Error) -> PathError {
    let path = path.to_owned();
    move |error| (path.clone(), error)
}

/// Writes a file that its owner alone can read.
fn write(path: &Path, text: &str, owner: Owner) -> Result<(), PathError> {
    if let Some(parent) = path.parent() {
        make_folder(parent, owner).map_err(at(parent))?;
    }
    fs::write(path, text)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o600)))
        .and_then(|()| own(path, owner))
        .map_err(at(path))
}

/// Looks whether what the target needs is there.
///
/// # Errors
/// What is missing, and how it comes there.
pub(super) fn check_requisites(file: &TargetFile) -> Result<(), RunError> {
    if file.needs.root && own_ids().0 != 0 {
        return Err(RunError::NotStarted {
            why: format!("the target `{}` can be started by root only", file.name),
            help: "run this as root, or in a container where you are: its paths are compiled in, and are laid over in a name space of its own".to_owned(),
        });
    }
    let names = Names::default().with("target", target_folder(file)).with("unpacked", unpacked_folder(file));
    let programs = file.needs.programs.iter().map(|program| names.in_command(program));
    let Some(missing) = programs.into_iter().find(|program| !is_there(program)) else { return Ok(()) };
    let help = match &file.install {
        Some(_) if file.is_of_this_project() => {
            let folder = file.folder.file_name().unwrap_or_default().display();
            format!("`cargo xtask servers install {folder}` installs it (Debian); its target file says what that is")
        }
        Some(_) => "`install` in the target file says what it takes".to_owned(),
        None => "install it, or mend `needs: {programs}` in the target file".to_owned(),
    };
    Err(RunError::NotStarted {
        why: format!("the program `{missing}` of the target `{}` is not there", file.name),
        help,
    })
}

/// Whether a program is at its path, or where programs are looked for.
fn is_there(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(system).any(|folder| folder.join(program).is_file())
}

/// What the server's version is, if it can be asked.
pub(super) async fn version(file: &TargetFile, names: &Names) -> Option<String> {
    let mut words = file.version.iter().map(|word| names.in_command(word));
    let mut command = Command::new(words.next()?);
    command.args(words).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    Programs { names, environment: &file.environment }.set_environment(&mut command);
    let output = timeout(VERSION_WITHIN, command.output()).await.ok()?.ok()?;
    version_in(&String::from_utf8_lossy(&output.stdout))
}

/// The first word that begins with a digit.
fn version_in(text: &str) -> Option<String> {
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let word = text.split_whitespace().find(is_version)?;
    Some(word.chars().filter(|c| c.is_ascii_graphic()).take(60).collect())
}

fn target_folder(file: &TargetFile) -> String {
    fs::canonicalize(&file.folder).unwrap_or_else(|_| file.folder.clone()).display().to_string()
}

/// Where `cargo xtask servers install` puts what stays out of the system: below the folder
/// that the variable names, or `target/servers` of the workspace that the target file is in.
fn unpacked_folder(file: &TargetFile) -> String {
    let folder = PathBuf::from(target_folder(file));
    let name = folder.file_name().unwrap_or_default();
    let servers = std::env::var_os("POP3SPEC_SERVERS").map_or_else(
        || folder.ancestors().nth(3).unwrap_or_else(|| Path::new(".")).join("target/servers"),
        PathBuf::from,
    );
    servers.join(name).display().to_string()
}

/// Where the user whom the server runs as finds what is unpacked for it: a copy in `dir`, if
/// a folder above the place itself is closed to others, as the home of root is.
fn within_reach(file: &TargetFile, runs_as: Owner, dir: &Path) -> Result<PathBuf, RunError> {
    let unpacked = PathBuf::from(unpacked_folder(file));
    let is_closed = |folder: &Path| fs::metadata(folder).is_ok_and(|meta| meta.mode() & 0o001 == 0);
    if runs_as.is_none() || !unpacked.is_dir() || !unpacked.ancestors().any(is_closed) {
        return Ok(unpacked);
    }
    let copy = dir.join("unpacked");
    let copied = std::process::Command::new("cp").arg("-a").args([&unpacked, &copy]).output();
    let output = copied.map_err(|source| RunError::File { path: copy.clone(), source })?;
    if output.status.success() {
        return Ok(copy);
    }
    let user = file.run_as.as_deref().unwrap_or_default();
    Err(RunError::NotStarted {
        why: format!(
            "the target `{}` runs as `{user}`, who cannot come to {}, and it cannot be copied: {}",
            file.name,
            unpacked.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        ),
        help: "unpack the servers where others may pass, and name that folder in POP3SPEC_SERVERS".to_owned(),
    })
}

/// A user of this machine: only root can choose one.
fn owner(key: &str, name: Option<&str>) -> Result<Owner, RunError> {
    let Some(name) = name.filter(|_| own_ids().0 == 0) else { return Ok(None) };
    let user = nix::unistd::User::from_name(name).ok().flatten();
    user.map(|user| Some((user.uid.as_raw(), user.gid.as_raw())))
        .ok_or_else(|| RunError::Usage(format!("target file: `{key}: {name}`: there is no such user on this machine")))
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
    (nix::unistd::geteuid().as_raw(), nix::unistd::getegid().as_raw())
}

/// Where ports for servers are looked for: below those that a system gives to connections
/// (from 32768 on, on Linux), which would take them before the server does.
const PORTS: std::ops::Range<u16> = 10_240..32_768;

/// Ports that are free, and none twice: all are held until all are known.
fn free_ports(count: usize) -> Result<Vec<u16>, RunError> {
    // Each run begins elsewhere, so that those beside it look at other ones.
    let begin = clock::fresh_seed() % u64::from(PORTS.end - PORTS.start);
    let all = PORTS.cycle().skip(usize::try_from(begin).unwrap_or_default()).take(PORTS.len());
    let held: Vec<TcpListener> =
        all.filter_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()).take(count).collect();
    if held.len() < count {
        return Err(RunError::Internal(format!("there are no {count} free ports in {PORTS:?} on 127.0.0.1")));
    }
    let ports: io::Result<Vec<u16>> = held.iter().map(|listener| Ok(listener.local_addr()?.port())).collect();
    ports.map_err(|error| RunError::Internal(format!("no free port: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_begins_with_a_digit() {
        let check = |text: &str, want: Option<&str>| assert_eq!(version_in(text).as_deref(), want, "{text:?}");
        check("2.3.19.1 (9b53102964)\n", Some("2.3.19.1"));
        check("pop3d (GNU Mailutils) 3.15\n", Some("3.15"));
        check("1:3.15-4\u{1b}[0m", Some("1:3.15-4[0m"));
        check("no version\n", None);
        check("", None);
    }

    #[test]
    fn what_is_missing_is_named_with_a_way_to_get_it() {
        let check_in = |folder: &Path, more: &str, want: Option<&str>| {
            let text = format!(
                "format: pop3-target/1\nname: x\ncommand: [x]\nmail: {{maildir: m}}\naccounts: {{file: u, line: l}}\n{more}"
            );
            let file = TargetFile::parse(&text, "t.yaml", folder).unwrap();
            let judged = check_requisites(&file).map_err(|error| error.to_string());
            match want {
                None => assert!(judged.is_ok(), "{judged:?}"),
                Some(want) => assert!(judged.unwrap_err().contains(want)),
            }
        };
        let check = |more: &str, want: Option<&str>| check_in(Path::new("."), more, want);
        check("", None);
        check("needs: {programs: [sh, /bin/sh]}\n", None);
        check("needs: {programs: [sh, no-such-program]}\n", Some("`no-such-program` of the target `x`"));
        let install = "needs: {programs: ['{unpacked}/x']}\ninstall: {debian: [x]}\n";
        check(install, Some("`install` in the target file says what it takes"));
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/targets/popa3d");
        check_in(&ours, install, Some("cargo xtask servers install popa3d"));
    }
}

//! The servers of `scenarios/targets`: what they are, and how they are installed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::command_line::say;
use crate::error::ChoreError;
use crate::setup;

/// Where target files are.
const TARGETS: &str = "scenarios/targets";

/// Where packages are unpacked that stay out of the system, unless POP3SPEC_SERVERS says
/// where: the runner looks for them there too.
const UNPACKED: &str = "target/servers";

/// What an installation there was made from.
const STAMP: &str = "installed.json";

/// A server that we know how to grade.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Its folder's name.
    pub(crate) name: String,
    /// Its target file, from the root of the workspace.
    pub(crate) target: PathBuf,
    install: Install,
}

/// The part of a target file that says how a server is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Install {
    /// Debian's packages, by apt.
    #[serde(default)]
    debian: Vec<String>,
    /// Debian's packages that stay out of the system, since Debian lets one POP3 server be
    /// installed at a time: unpacked into a folder of the server's own. The version of
    /// the first of them is the server's, in its file `version`.
    #[serde(default)]
    unpacked: Vec<String>,
    /// Python packages, into a virtual environment there, `venv`.
    #[serde(default)]
    pypi: Vec<String>,
}

#[derive(Deserialize)]
struct TargetFile {
    #[serde(default)]
    install: Install,
}

/// The servers with these names, or all; sorted by name.
///
/// # Errors
/// A name that there is none of, or a target file that cannot be read.
pub(crate) fn named(root: &Path, names: &[String]) -> Result<Vec<Server>, ChoreError> {
    let folder = root.join(TARGETS);
    let mut servers = Vec::new();
    for entry in fs::read_dir(&folder).map_err(ChoreError::of_file(&folder))? {
        let name = entry.map_err(ChoreError::of_file(&folder))?.file_name().to_string_lossy().into_owned();
        let target = Path::new(TARGETS).join(&name).join("target.yaml");
        if !root.join(&target).is_file() || !(names.is_empty() || names.contains(&name)) {
            continue;
        }
        let text = fs::read_to_string(root.join(&target)).map_err(ChoreError::of_file(&target))?;
        let file: TargetFile = serde_yaml::from_str(&text)
            .map_err(|error| ChoreError::of_file(&target)(io::Error::new(io::ErrorKind::InvalidData, error)))?;
        servers.push(Server { name, target, install: file.install });
    }
    servers.sort_by(|a, b| a.name.cmp(&b.name));
    let known: BTreeSet<&str> = servers.iter().map(|server| server.name.as_str()).collect();
    match names.iter().find(|name| !known.contains(name.as_str())) {
        Some(unknown) => Err(ChoreError::UnknownServer { name: unknown.clone() }),
        None => Ok(servers),
    }
}

/// Installs these servers, or all; says what it does before it does it.
///
/// # Errors
/// A name that there is none of; a command that failed.
pub(crate) fn install(root: &Path, names: &[String]) -> Result<(), ChoreError> {
    let servers = named(root, names)?;
    let mut wanted: Vec<&str> = servers.iter().flat_map(|server| &server.install.debian).map(String::as_str).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let missing: Vec<&str> = wanted.into_iter().filter(|package| !is_installed(package)).collect();
    if !missing.is_empty() {
        say(format_args!("installing from Debian: {}", missing.join(", ")));
        setup::install(root, &missing)?;
    }
    for server in &servers {
        let unpacked = std::env::var_os("POP3SPEC_SERVERS").map_or_else(|| root.join(UNPACKED), PathBuf::from);
        let place = unpacked.join(&server.name);
        if server.install.unpacked.is_empty() && server.install.pypi.is_empty() {
            say(format_args!("{}: there", server.name));
            continue;
        }
        let made_from = serde_json::to_string(&server.install).unwrap_or_default();
        if fs::read_to_string(place.join(STAMP)).is_ok_and(|stamp| stamp == made_from) {
            say(format_args!("{}: there", server.name));
            continue;
        }
        let what = [&server.install.unpacked[..], &server.install.pypi[..]].concat();
        say(format_args!("{}: unpacking into {}: {}", server.name, shown(root, &place), what.join(", ")));
        cleared(&place)?;
        unpack(&place, &server.install.unpacked)?;
        virtual_environment(&place, &server.install.pypi)?;
        fs::write(place.join(STAMP), made_from).map_err(ChoreError::of_file(&place))?;
    }
    Ok(())
}

/// Makes a folder of ours that is empty but for its stamp.
///
/// # Errors
/// There is something in it that we did not put there.
fn cleared(place: &Path) -> Result<(), ChoreError> {
    let stamp = place.join(STAMP);
    let is_empty = fs::read_dir(place).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty && !stamp.is_file() {
        return Err(ChoreError::NotOurs { place: place.to_owned() });
    }
    if place.exists() {
        fs::remove_dir_all(place).map_err(ChoreError::of_file(place))?;
    }
    fs::create_dir_all(place).map_err(ChoreError::of_file(place))?;
    // An installation that is broken off is ours too.
    fs::write(&stamp, "").map_err(ChoreError::of_file(&stamp))
}

fn shown(root: &Path, place: &Path) -> String {
    place.strip_prefix(root).unwrap_or(place).display().to_string()
}

fn is_installed(package: &str) -> bool {
    let output = Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}

fn unpack(place: &Path, packages: &[String]) -> Result<(), ChoreError> {
    if packages.is_empty() {
        return Ok(());
    }
    let folder = tempfile::tempdir().map_err(ChoreError::of_file("the temporary folder"))?;
    let download = |packages: &[String]| {
        let mut command = Command::new("apt-get");
        finished(command.args(["download", "-qq"]).args(packages).current_dir(folder.path()))
    };
    // A machine that never asked its mirror does not know where packages are.
    if download(packages).is_err() {
        setup::update()?;
        download(packages)?;
    }
    let mut archives = Vec::new();
    for entry in fs::read_dir(folder.path()).map_err(ChoreError::of_file(folder.path()))? {
        archives.push(entry.map_err(ChoreError::of_file(folder.path()))?.path());
    }
    for archive in &archives {
        finished(Command::new("dpkg-deb").arg("--extract").arg(archive).arg(place))?;
    }
    let first = packages.first().map(|package| format!("{package}_"));
    let is_first = |archive: &&PathBuf| {
        let name = archive.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        first.as_ref().is_some_and(|first| name.starts_with(first))
    };
    let Some(archive) = archives.iter().find(is_first) else { return Ok(()) };
    let output = Command::new("dpkg-deb").arg("--field").arg(archive).arg("Version").output();
    let version = output.map_err(ChoreError::of_file(archive))?.stdout;
    let version = upstream(String::from_utf8_lossy(&version).trim()).to_owned();
    fs::write(place.join("version"), version + "\n").map_err(ChoreError::of_file(place))
}

/// The version without Debian's epoch and revision.
pub(crate) fn upstream(version: &str) -> &str {
    let version = version.split_once(':').map_or(version, |(_, version)| version);
    let end = version.find(['-', '+', '~']).unwrap_or(version.len());
    version.get(..end).unwrap_or(version)
}

fn virtual_environment(place: &Path, packages: &[String]) -> Result<(), ChoreError> {
    if packages.is_empty() {
        return Ok(());
    }
    let venv = place.join("venv");
    // Debian's own: another one may lie where the server's user must not look.
    let python = if Path::new("/usr/bin/python3").exists() { "/usr/bin/python3" } else { "python3" };
    finished(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
    finished(
        Command::new(venv.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check"]).args(packages),
    )
}

/// Runs a command to its good end.
fn finished(command: &mut Command) -> Result<(), ChoreError> {
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
    let name = words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let advice = "servers are installed from Debian; on another system see `install:` in the target files";
    let status = command.status().map_err(|source| ChoreError::Start { command: name.clone(), source, advice })?;
    if status.success() { Ok(()) } else { Err(ChoreError::Failed { command: name }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_file_says_how_it_is_installed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let servers = named(&root, &[]).unwrap();
        assert!(servers.iter().any(|server| server.name == "dovecot"));
        for server in servers {
            assert_ne!(server.install, Install::default(), "{}", server.name);
        }
        let unknown = named(&root, &["dovekot".to_owned()]).unwrap_err().to_string();
        assert!(unknown.contains("`dovekot`") && unknown.contains("scenarios/targets"), "{unknown}");
    }

    #[test]
    fn versions_are_those_of_the_makers() {
        let check = |version, want| assert_eq!(upstream(version), want);
        check("1:2.3.19.1+dfsg1-2.1+deb12u7", "2.3.19.1");
        check("1.0.16-3+b6", "1.0.16");
        check("3.15", "3.15");
    }

    #[test]
    fn only_what_is_ours_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("cyrus");
        for _ in 0..2 {
            cleared(&place).unwrap();
            fs::write(place.join("part"), "of an installation that was broken off").unwrap();
        }
        fs::remove_file(place.join(STAMP)).unwrap();
        let refused = cleared(&place).unwrap_err().to_string();
        assert!(refused.contains("cyrus holds what was not put there") && place.join("part").is_file(), "{refused}");
    }
}

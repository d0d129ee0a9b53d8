//! What the tests need beside Rust: real servers and clients, from Debian.

use std::path::Path;
use std::process::Command;

use crate::clients::{self, Tool};
use crate::command_line::say;
use crate::error::ChoreError;
use crate::{process, servers};

/// What the tests start beside the servers of `scenarios/targets`; what `cargo xtask clients`
/// starts comes to it.
const TOOLS: &[Tool] = &[Tool { program: "curl", package: "curl" }, Tool { program: "python3", package: "python3" }];

/// Installs what is missing; says what it does before it does it.
///
/// # Errors
/// A command that failed, or a machine without Debian's package manager.
pub(crate) fn run(root: &Path) -> Result<(), ChoreError> {
    let tools = TOOLS.iter().copied().chain(clients::tools());
    let mut missing: Vec<&str> = tools.filter(|tool| !is_there(tool.program)).map(|tool| tool.package).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        say(format_args!("servers and clients: all there"));
    } else {
        say(format_args!("installing from Debian: {}", missing.join(", ")));
        install(root, &missing)?;
    }
    servers::install(root, &[])?;
    if is_there("cargo-nextest") {
        say(format_args!("cargo-nextest: there"));
        return Ok(());
    }
    say(format_args!("installing cargo-nextest"));
    process::run(root, "cargo install cargo-nextest --locked", &[], "cargo is needed")
}

/// The servers are started by the tests, on loopback, with a configuration of
/// their own; the package's own start is held back by a policy that lasts as
/// long as the installation.
pub(crate) fn install(root: &Path, packages: &[&str]) -> Result<(), ChoreError> {
    const SCRIPT: &str = "\
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove \"$@\"
";
    let advice = "on another system install by hand what xtask/src/setup.rs, xtask/src/clients.rs and `install` in scenarios/targets/*/target.yaml name";
    let mut command = as_root("sh");
    command.args(["-c", SCRIPT, "sh"]).args(packages).current_dir(root);
    let name = format!("apt-get install {}", packages.join(" "));
    let status = command.status().map_err(|source| ChoreError::Start { command: name.clone(), source, advice })?;
    if status.success() { Ok(()) } else { Err(ChoreError::Failed { command: name }) }
}

/// Asks the mirror of this machine what packages there are.
///
/// # Errors
/// The command failed, or this is no Debian.
pub(crate) fn update() -> Result<(), ChoreError> {
    let name = "apt-get update".to_owned();
    let advice = "on another system install the servers by hand";
    let status = as_root("apt-get").args(["update", "-qq"]).status();
    let status = status.map_err(|source| ChoreError::Start { command: name.clone(), source, advice })?;
    if status.success() { Ok(()) } else { Err(ChoreError::Failed { command: name }) }
}

/// A command for root: only apt needs it.
fn as_root(program: &str) -> Command {
    if is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.arg(program);
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// Whether a program is at its path, or on `PATH`.
pub(crate) fn is_there(program: &str) -> bool {
    if program.starts_with('/') {
        return Path::new(program).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_looked_for() {
        assert!(is_there("sh") && is_there("/bin/sh"));
        assert!(!is_there("no-such-program-here") && !is_there("/bin/no-such-program-here"));
    }
}

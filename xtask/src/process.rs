//! Other programs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use cargo_metadata::MetadataCommand;

use crate::error::ChoreError;

/// Runs a program from the root, its output for the person to see.
///
/// # Errors
/// It cannot be started, or says that it failed.
pub(crate) fn run(root: &Path, command: &str, set: &[(&str, &str)], advice: &'static str) -> Result<(), ChoreError> {
    let (program, arguments) = command.split_once(' ').unwrap_or((command, ""));
    run_program(root, Path::new(program), arguments, set, advice)
}

/// The same of a program whose path may have spaces in it.
///
/// # Errors
/// It cannot be started, or says that it failed.
pub(crate) fn run_program(
    root: &Path,
    program: &Path,
    arguments: &str,
    set: &[(&str, &str)],
    advice: &'static str,
) -> Result<(), ChoreError> {
    let command = format!("{} {arguments}", program.display());
    let command = command.trim_end();
    let mut process = Command::new(program);
    let words = arguments.split(' ').filter(|word| !word.is_empty());
    process.args(words).current_dir(root).envs(set.iter().copied());
    // Cargo's own variables would tie a nested cargo to this toolchain and package.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUSTUP_TOOLCHAIN"] {
        process.env_remove(name);
    }
    let status =
        process.status().map_err(|source| ChoreError::Start { command: command.to_owned(), source, advice })?;
    if status.success() { Ok(()) } else { Err(ChoreError::Failed { command: command.to_owned() }) }
}

/// A `pop3spec` that this chore has built already.
static BUILT: OnceLock<PathBuf> = OnceLock::new();

/// From here on, [`pop3spec`] is what the tests are built with.
pub(crate) fn is_built(program: PathBuf) {
    let _ = BUILT.set(program);
}

/// Builds `pop3spec`, unless it is built; its path.
///
/// # Errors
/// It cannot be built.
pub(crate) fn pop3spec(root: &Path) -> Result<PathBuf, ChoreError> {
    if let Some(program) = BUILT.get() {
        return Ok(program.clone());
    }
    run(root, "cargo build --quiet --locked -p pop3spec --bin pop3spec", &[], "cargo is needed")?;
    built(root)
}

/// Where cargo puts `pop3spec`.
///
/// # Errors
/// Cargo does not tell.
pub(crate) fn built(root: &Path) -> Result<PathBuf, ChoreError> {
    let metadata = MetadataCommand::new().manifest_path(root.join("Cargo.toml")).no_deps().exec()?;
    Ok(PathBuf::from(metadata.target_directory).join("debug/pop3spec"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_name_the_command() {
        let here = Path::new(".");
        assert!(run(here, "cargo --version", &[], "").is_ok());
        let failed = run(here, "cargo no-such-chore", &[], "").unwrap_err().to_string();
        assert_eq!(failed, "`cargo no-such-chore` failed; its output above says why");
        let absent = run(here, "no-such-program-here", &[], "install it").unwrap_err().to_string();
        assert!(absent.contains("no-such-program-here") && absent.ends_with("install it"), "{absent}");
    }
}

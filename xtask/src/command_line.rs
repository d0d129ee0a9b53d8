//! Arguments to calls, errors to exit codes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::ChoreError;
use crate::{ci, clients, fuzz, generate, load, matrix, servers, setup, stability, tidy};

/// The chores of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// All that a pull request must pass, in the order of how soon it fails
    Ci,
    /// Run mail clients against `pop3spec serve`, and write docs/clients.md
    Clients {
        /// Write nothing; fail if a cell differs from the page
        #[arg(long)]
        check: bool,
    },
    /// Seeds and short runs of the fuzz targets
    Fuzz {
        #[command(subcommand)]
        chore: FuzzChore,
    },
    /// Write the generated files
    Generate {
        /// Write nothing; fail if a file is stale
        #[arg(long)]
        check: bool,
    },
    /// Measure the reference server beside Dovecot; takes some ten minutes
    Load {
        /// How long each measurement takes
        #[arg(long, default_value_t = 1500)]
        milliseconds: u64,
        /// Measurements of each figure
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// Print the section instead of writing it into docs/benchmarks.md
        #[arg(long)]
        print: bool,
    },
    /// Grade real servers, and write their reports and the page that compares them
    Matrix {
        /// The servers, by their folders in scenarios/targets; none for all
        names: Vec<String>,
        /// Runs of each; all must say the same
        #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..))]
        runs: u8,
        /// Write nothing: run the gate tier, and fail if a verdict is not the published one
        #[arg(long, conflicts_with = "runs")]
        check: bool,
    },
    /// Real servers
    Servers {
        #[command(subcommand)]
        chore: ServersChore,
    },
    /// Install what the tests need beside Rust: real servers and clients from Debian
    Setup,
    /// Run the gate tier again and again under load; every run must say the same
    Stability {
        /// How many runs
        #[arg(long, default_value_t = 200)]
        runs: usize,
    },
    /// Hold the tree against the house rules: layers, sizes, names, references
    Tidy,
}

#[derive(Debug, Subcommand)]
enum ServersChore {
    /// Install them from Debian; the packages that shut each other out are unpacked beside their target files
    Install {
        /// The servers, by their folders in scenarios/targets; none for all
        names: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
enum FuzzChore {
    /// Write the built-in seeds into fuzz/corpus
    Seeds {
        /// Write the dialogues of all scenarios below this folder instead
        #[arg(long, value_name = "FOLDER")]
        from_scenarios_into: Option<PathBuf>,
    },
    /// Run every target briefly; needs cargo-fuzz
    Smoke {
        /// How long each target runs
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
}

pub(crate) fn run() -> ExitCode {
    let root = root();
    let result = match Arguments::parse().chore {
        Chore::Ci => ci::run(&root),
        Chore::Clients { check: true } => clients::check(&root),
        Chore::Clients { check: false } => clients::write(&root),
        Chore::Fuzz { chore: FuzzChore::Seeds { from_scenarios_into } } => match from_scenarios_into {
            Some(folder) => fuzz::scenario_seeds(&root, &folder),
            None => fuzz::seeds(&root),
        },
        Chore::Fuzz { chore: FuzzChore::Smoke { seconds } } => fuzz::smoke(&root, seconds),
        Chore::Generate { check: true } => generate::check(&root),
        Chore::Generate { check: false } => generate::write(&root),
        Chore::Load { milliseconds, rounds, print } => {
            load::run(&root, load::Options { milliseconds, rounds: rounds.max(1), print })
        }
        Chore::Matrix { names, check: true, .. } => matrix::check(&root, &names),
        Chore::Matrix { names, runs, check: false } => matrix::write(&root, &names, runs),
        Chore::Servers { chore: ServersChore::Install { names } } => servers::install(&root, &names),
        Chore::Setup => setup::run(&root),
        Chore::Stability { runs } => stability::run(&root, runs),
        Chore::Tidy => tidy::run(&root),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(ChoreError::Problems(problems)) => {
            for problem in &problems {
                say(format_args!("{problem}"));
            }
            say(format_args!("{} to put right", problems.len()));
            ExitCode::FAILURE
        }
        Err(error) => {
            say(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line for the person who runs the chore.
#[expect(clippy::print_stdout, reason = "the one place that prints")]
pub(crate) fn say(line: std::fmt::Arguments<'_>) {
    println!("{line}");
}

/// The root of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}

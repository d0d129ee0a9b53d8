//! The command line of pop3spec: arguments become calls, errors become exit codes.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use pop3_scenario::verdict::Exit;

mod args;
mod check;
mod coverage;
mod departures;
mod diff;
mod explain;
mod files;
mod lint;
mod list;
mod matrix;
mod progress;
mod report;
mod run;
mod self_test;
mod serve;
mod terminal;
mod verify;

use args::{Arguments, Command};

/// Exit code of a run that the user interrupted, as shells have it.
const INTERRUPTED: u8 = 130;

/// A number and its noun.
fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How a command ended.
enum Ended {
    /// With this exit code.
    Exit(Exit),
    /// By the user.
    Interrupted,
}

/// Why a command could not do its work: a message for people, and the exit code.
struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }
}

impl From<pop3_runner::RunError> for Failure {
    fn from(error: pop3_runner::RunError) -> Self {
        Self { exit: error.exit(), message: error.to_string() }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self { exit: Exit::Usage, message: error.to_string() }
    }
}

/// Runs a command line; the exit codes are listed in `pop3spec --help`.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; a closed pipe is nobody's fault.
            let _ = error.print();
            let code = if error.use_stderr() { Exit::Usage.code() } else { Exit::Clean.code() };
            return ExitCode::from(code);
        }
    };
    let terminal = terminal::Terminal::new(arguments.color);
    let ended = match arguments.command {
        Command::Run(options) => run::run(&options, &terminal),
        Command::Diff(options) => diff::diff(&options, &terminal),
        Command::Matrix(options) => matrix::matrix(&options, &terminal),
        Command::Verify(options) => verify::verify(&options, &terminal),
        Command::SelfTest(options) => self_test::self_test(&options, &terminal),
        Command::Serve(options) => serve::serve(&options, &terminal),
        Command::List(options) => list::list(&options, &terminal),
        Command::Coverage(options) => coverage::coverage(&options, &terminal),
        Command::Explain(options) => explain::explain(&options, &terminal),
        Command::Lint(options) => lint::lint(&options, &terminal),
        Command::Check(options) => check::check(&options, &terminal),
        Command::Report(options) => report::report(&options, &terminal),
        Command::Completions { shell } => args::completions(shell, &terminal),
    };
    match ended {
        Ok(Ended::Exit(exit)) => ExitCode::from(exit.code()),
        Ok(Ended::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(failure) => {
            terminal.error(&failure.message);
            ExitCode::from(failure.exit.code())
        }
    }
}

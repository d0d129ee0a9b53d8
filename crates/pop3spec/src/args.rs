//! The arguments.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use pop3_scenario::verdict::Exit;

use crate::terminal::Terminal;
use crate::{Ended, Failure};

mod coverage;
mod requirements;
mod run;
mod serve;

pub(crate) use coverage::{CoverageArguments, CoverageFormat};
pub(crate) use requirements::RequirementFilter;
pub(crate) use run::{RunArguments, TargetArguments, TlsArgument};
pub(crate) use serve::{ServeArguments, TlsVersionsArgument, Utf8Argument};

const EXIT_CODES: &str = "\
Exit codes:
   0  clean: nothing failed (warnings and recorded choices do not fail a gate)
   1  a must is broken, or a question got no answer (diff, verify: something differs)
   2  usage: arguments, configuration or scenario files
   3  the target did not start, is not reachable, or is not the server meant
   4  nothing selected, or nothing that this target can be asked
   5  only the baseline is stale
   6  only flaky
  70  our own fault
 130  interrupted";

/// The conformance and fuzz-testing toolkit for POP3.
#[derive(Debug, Parser)]
#[command(name = "pop3spec", version, max_term_width = 100, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// When to use colours; `auto` honours NO_COLOR and pipes
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Grade a server: the embedded one, one that runs, or one to start
    Run(Box<RunArguments>),
    /// Run the reference server, for tests of clients
    Serve(Box<ServeArguments>),
    /// List scenarios, what they are made of, requirements, rulings, always-on checks or faults
    List(ListArguments),
    /// Show which requirements the scenarios and checks ask for, and why not the others
    Coverage(CoverageArguments),
    /// Explain a scenario, fragment, fixture, requirement, ruling, always-on check or fault
    Explain(ExplainArguments),
    /// Check scenario files
    Lint(LintArguments),
    /// Hold transcripts against the always-on checks
    Check(CheckArguments),
    /// Render the log of an earlier run
    Report(ReportArguments),
    /// Compare the logs of two runs
    Diff(DiffArguments),
    /// Put the logs of several servers side by side
    Matrix(MatrixArguments),
    /// Show that scenarios are stable: many runs, all deliveries, the same outcome
    Verify(Box<VerifyArguments>),
    /// Grade the suite itself, by servers whose every defect is known
    SelfTest(SelfTestArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// What to list
    #[arg(value_enum, default_value_t = Listed::Scenarios)]
    pub(crate) what: Listed,
    #[command(flatten)]
    pub(crate) filter: RequirementFilter,
    /// Add scenarios of your own from this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) scenarios: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Listed {
    Scenarios,
    Fragments,
    Fixtures,
    Requirements,
    Rulings,
    Checks,
    Faults,
    Variations,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  pop3spec self-test\n  pop3spec self-test --fault retr-unstuffed")]
pub(crate) struct SelfTestArguments {
    /// Only this deliberate defect (and the variations named)
    #[arg(long, value_name = "SLUG")]
    pub(crate) fault: Vec<String>,
    /// Only this legal variation (and the defects named)
    #[arg(long, value_name = "SLUG")]
    pub(crate) variation: Vec<String>,
    /// Only these scenarios: an id, a folder, or a pattern with *
    #[arg(long, value_name = "PATTERN")]
    pub(crate) only: Vec<String>,
    /// Do not spoil replies to prove the assertions that no defect proves
    #[arg(long)]
    pub(crate) no_assertions: bool,
    /// Runs at the same time [default: five for each core]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Write the matrix as pages into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) write: Option<PathBuf>,
    /// Fail if the pages in this folder are not what was found
    #[arg(long, value_name = "DIR", conflicts_with = "write")]
    pub(crate) check: Option<PathBuf>,
    /// Add scenarios of your own from this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// Show no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  pop3spec explain rfc1939/retr/dots-are-stuffed\n  pop3spec explain a-11")]
pub(crate) struct ExplainArguments {
    /// The id, as reports show it; the name, as scenarios use it; the code, as lint shows it
    pub(crate) id: String,
    /// Add scenarios of your own from this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) scenarios: Vec<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  pop3spec lint my-scenarios/\n  pop3spec lint broken.yaml")]
pub(crate) struct LintArguments {
    /// Scenario files, or folders laid out as catalogues, from which ids count; without any, the built-in catalogue
    pub(crate) paths: Vec<PathBuf>,
    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Args, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArguments {
    /// Event logs of `pop3spec run --log`, or text with `C: ` and `S: ` lines; - for standard input
    #[arg(required = true, value_name = "TRANSCRIPT")]
    pub(crate) transcripts: Vec<PathBuf>,
    /// All sessions of a transcript are of one account, also where no name shows
    #[arg(long)]
    pub(crate) one_account: bool,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  pop3spec check run.jsonl
      every dialogue of an earlier run
  pop3spec check session.txt
      a dialogue as RFCs print them; docs/transcript.md has the format

Exit codes: 0 when no must is broken, 1 when one is, 2 when a transcript cannot be read";

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  pop3spec report run.jsonl\n  pop3spec report run.jsonl --format html --output report.html"
)]
pub(crate) struct ReportArguments {
    /// The log that `pop3spec run --log FILE` wrote; - for standard input
    pub(crate) log: PathBuf,
    /// terminal, markdown, html, json, jsonl or junit
    #[arg(long, default_value = "terminal", value_name = "FORMAT")]
    pub(crate) format: String,
    /// Write it to this file, not to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Exit codes: 0 no difference, 1 some, 2 a log cannot be read.\n\nExamples:\n  pop3spec run --log before.jsonl; ...; pop3spec run --log after.jsonl\n  pop3spec diff before.jsonl after.jsonl"
)]
pub(crate) struct DiffArguments {
    /// The log of the earlier run; - for standard input
    pub(crate) before: PathBuf,
    /// The log of the later run
    pub(crate) after: PathBuf,
}

#[derive(Args, Debug)]
#[command(after_help = MATRIX_EXAMPLES)]
pub(crate) struct MatrixArguments {
    /// Logs that `pop3spec run --log FILE` wrote, one for each server
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<PathBuf>,
    /// Tables, or a page for a repository
    #[arg(long, value_enum, default_value_t = MatrixFormat::Terminal, value_name = "FORMAT")]
    pub(crate) format: MatrixFormat,
    /// Write it to this file, not to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum MatrixFormat {
    Terminal,
    Markdown,
}

const MATRIX_EXAMPLES: &str = "\
Examples:
  pop3spec matrix reports/*/run.jsonl
  pop3spec matrix reports/*/run.jsonl --format markdown --output reports/README.md
      leads to report.md, .html, .json and .txt, and holds findings.md, where they
      are beside a log";

#[derive(Args, Debug)]
#[command(
    after_help = "Exit codes: 0 always the same, 1 something differed, others as `run`.\n\nExamples:\n  pop3spec verify rfc1939/stat/counts-agree-with-list\n  pop3spec verify my-scenario.yaml --target dovecot/target.yaml\n  pop3spec verify --all"
)]
pub(crate) struct VerifyArguments {
    /// Ids, folders or patterns with *, or files of scenarios
    #[arg(required_unless_present = "all", value_name = "SCENARIO")]
    pub(crate) names: Vec<String>,
    /// The whole catalogue, but for what takes minutes
    #[arg(long, conflicts_with = "names")]
    pub(crate) all: bool,
    /// Runs in one process on one server, with each delivery
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) runs: u16,
    /// Runs on a fresh server each, with each delivery
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub(crate) fresh: u16,
    /// Add scenarios of your own from this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) server: TargetArguments,
    /// The longest silence, in milliseconds, where octets are due
    #[arg(long, default_value_t = 5000, value_name = "MS")]
    pub(crate) deadline: u64,
    /// Factor for all times, for slow machines [default: 1; 0.005 for what takes minutes on the embedded server]
    #[arg(long, value_name = "FACTOR")]
    pub(crate) time_scale: Option<f64>,
    /// Scenarios at the same time at most
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// No progress on standard error
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Prints the completion script of a shell.
pub(crate) fn completions(shell: clap_complete::Shell, terminal: &Terminal) -> Result<Ended, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "pop3spec", &mut script);
    terminal.print_with(|out| out.write_all(&script))?;
    Ok(Ended::Exit(Exit::Clean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}

//! The arguments.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use pop3_scenario::delivery::Delivery;
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Exit;

use crate::terminal::Terminal;
use crate::{Ended, Failure};

mod coverage;
mod requirements;
mod serve;

pub(crate) use coverage::{CoverageArguments, CoverageFormat};
pub(crate) use requirements::RequirementFilter;
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

const RUN_EXAMPLES: &str = "\
Examples:
  pop3spec run
      grade the embedded reference server
  pop3spec run --spawn './server --port {port} --users {users} --mail {maildir}'
      start your own server and grade it; {users} is a file of name:password
      lines, {maildir} holds one Maildir for each name
  pop3spec run --target dovecot/target.yaml
      start the server that a target file describes
  pop3spec run --host mail.example.org:110 --user me --password-env PW
      grade a server that runs, with somebody's mailbox: nothing that could
      remove mail is run
  pop3spec run --only rfc1939/retr --junit report.xml --log run.jsonl
  pop3spec run --only-tier slow --target dovecot/target.yaml
      what takes minutes, such as the autologout timer, side by side";

/// Which server, for `run` and `verify`.
#[derive(Args, Debug)]
pub(crate) struct TargetArguments {
    /// Start the server of this target file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["host", "spawn"], help_heading = "Target")]
    pub(crate) target: Option<PathBuf>,
    /// Start a server by this command; {port}, {tls_port}, {users}, {maildir}, {dir}, {cert}, {key} are replaced
    #[arg(long, value_name = "COMMAND", conflicts_with = "host", help_heading = "Target")]
    pub(crate) spawn: Option<String>,
    /// Grade the server that runs at this address
    #[arg(long, value_name = "HOST:PORT", requires_all = ["user", "password_env"], help_heading = "Target")]
    pub(crate) host: Option<String>,
    /// The mailbox name (with --host, or the only account of --spawn)
    #[arg(long, value_name = "NAME", help_heading = "Target")]
    pub(crate) user: Option<String>,
    /// The environment variable that holds the password
    #[arg(long, value_name = "VARIABLE", help_heading = "Target")]
    pub(crate) password_env: Option<String>,
    /// How the connection to --host begins
    #[arg(long, value_enum, default_value_t = TlsArgument::Plain, value_name = "HOW", help_heading = "Target")]
    pub(crate) tls: TlsArgument,
    /// Trust the certificates in this PEM file (with --host)
    #[arg(long, value_name = "FILE", conflicts_with = "insecure", help_heading = "Target")]
    pub(crate) ca: Option<PathBuf>,
    /// Trust any certificate (with --host)
    #[arg(long, help_heading = "Target")]
    pub(crate) insecure: bool,
    /// A capability that the server has, though it cannot announce it
    #[arg(long, value_name = "TAG", help_heading = "Target")]
    pub(crate) claim: Vec<String>,
    /// Run scenarios that may remove mail from somebody's mailbox too
    #[arg(long, help_heading = "Target")]
    pub(crate) allow_delete: bool,
    /// Switch on a deliberate defect of the embedded server; behind @, in its Nth session only
    #[arg(long, value_name = "SLUG[@N]", conflicts_with_all = ["host", "spawn", "target"], help_heading = "Target")]
    pub(crate) fault: Vec<String>,
    /// Make the embedded server differ in what the RFCs leave open
    #[arg(long, value_name = "SLUG", conflicts_with_all = ["host", "spawn", "target"], help_heading = "Target")]
    pub(crate) variation: Vec<String>,
}

#[derive(Args, Debug)]
#[command(after_help = RUN_EXAMPLES)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) server: TargetArguments,

    /// Run only these: an id, a folder, or a pattern with *
    #[arg(long, value_name = "PATTERN", help_heading = "Selection")]
    pub(crate) only: Vec<String>,
    /// Leave these out
    #[arg(long, value_name = "PATTERN", help_heading = "Selection")]
    pub(crate) skip: Vec<String>,
    /// How much to run
    #[arg(long, value_enum, default_value_t = TierArgument::Full, help_heading = "Selection")]
    pub(crate) tier: TierArgument,
    /// Run the scenarios of this tier and no others
    #[arg(long, value_enum, value_name = "TIER", conflicts_with = "tier", help_heading = "Selection")]
    pub(crate) only_tier: Option<TierArgument>,
    /// Add scenarios of your own from this folder
    #[arg(long, value_name = "DIR", help_heading = "Selection")]
    pub(crate) scenarios: Vec<PathBuf>,

    /// Read an open question of the texts otherwise, such as a-11=fail; `pop3spec explain a-11` has the options
    #[arg(long, value_name = "ID=OPTION", help_heading = "Verdicts")]
    pub(crate) ruling: Vec<String>,

    /// The longest silence, in milliseconds, where octets are due
    #[arg(long, default_value_t = 5000, value_name = "MS", help_heading = "Running")]
    pub(crate) deadline: u64,
    /// How everything that is sent is cut into writes, where a scenario does not say so itself
    #[arg(long, value_enum, default_value_t = DeliveryArgument::Whole, value_name = "HOW", help_heading = "Running")]
    pub(crate) delivery: DeliveryArgument,
    /// Factor for all times, for slow machines; below 1, for what takes minutes on the embedded server alone
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR", help_heading = "Running")]
    pub(crate) time_scale: f64,
    /// Scenarios at the same time at most, those of tier slow not counted, which mostly wait
    #[arg(long, value_name = "N", help_heading = "Running")]
    pub(crate) jobs: Option<usize>,
    /// Derive accounts and passwords from this number, to repeat a run
    #[arg(long, value_name = "NUMBER", help_heading = "Running")]
    pub(crate) seed: Option<u64>,

    /// Write the event log (JSON Lines) to this file
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(crate) log: Option<PathBuf>,
    /// Write JUnit XML to this file
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(crate) junit: Option<PathBuf>,
    /// What to print on standard output: terminal, jsonl or junit
    #[arg(long, default_value = "terminal", value_name = "FORMAT", help_heading = "Reports")]
    pub(crate) format: String,
    /// No progress on standard error
    #[arg(long, short, help_heading = "Reports")]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TlsArgument {
    /// A plain port (scenarios may use STLS on it)
    Plain,
    /// TLS from the first octet
    Implicit,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TierArgument {
    /// Milliseconds each
    Gate,
    /// Also what takes seconds
    Full,
    /// Also what takes minutes: all of it side by side, in real time
    Slow,
}

impl From<TierArgument> for Tier {
    fn from(argument: TierArgument) -> Self {
        match argument {
            TierArgument::Gate => Self::Gate,
            TierArgument::Full => Self::Full,
            TierArgument::Slow => Self::Slow,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DeliveryArgument {
    /// What a step sends is one write
    Whole,
    /// Every octet is a write of its own
    Bytewise,
    /// A write ends between every CR and LF
    SplitCrlf,
    /// Commands that follow each other with nothing waited for between them are one write
    Coalesced,
}

impl From<DeliveryArgument> for Delivery {
    fn from(argument: DeliveryArgument) -> Self {
        match argument {
            DeliveryArgument::Whole => Self::Whole,
            DeliveryArgument::Bytewise => Self::Bytewise,
            DeliveryArgument::SplitCrlf => Self::SplitCrlf,
            DeliveryArgument::Coalesced => Self::Coalesced,
        }
    }
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
    after_help = "Examples:\n  pop3spec report run.jsonl\n  pop3spec report run.jsonl --format junit > report.xml"
)]
pub(crate) struct ReportArguments {
    /// The log that `pop3spec run --log FILE` wrote; - for standard input
    pub(crate) log: PathBuf,
    /// terminal, jsonl or junit
    #[arg(long, default_value = "terminal", value_name = "FORMAT")]
    pub(crate) format: String,
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

//! The options of `pop3spec run`, and those by which `verify` finds its server too.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pop3_scenario::delivery::Delivery;
use pop3_scenario::scenario::Tier;

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

    /// The longest silence, in milliseconds, where octets are due [default: what the target file says, or 5000]
    #[arg(long, value_name = "MS", help_heading = "Running")]
    pub(crate) deadline: Option<u64>,
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
    /// What to print on standard output: terminal, markdown, html, json, jsonl or junit
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

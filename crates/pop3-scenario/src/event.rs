//! The events of a run. The log of them, one JSON object a line, *is* the run:
//! every report is a pure function of it, today or in a year.
//!
//! The runner writes these and never renders; reports read them and never run.

use pop3_spec::ruling::Reading;
use serde::{Deserialize, Serialize};

use crate::delivery::Delivery;
use crate::verdict::{Exit, Level, Verdict};

/// The name of the log format, first member of the first line.
pub const FORMAT: &str = "pop3-events/1";

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The header: always the first line.
    RunStarted(Box<RunStarted>),
    /// The target answered, and is the server meant.
    TargetReady(TargetReady),
    /// A scenario begins. Scenarios run side by side, so these interleave.
    ScenarioStarted(ScenarioStarted),
    /// A scenario ended with this verdict.
    ScenarioFinished(Box<ScenarioFinished>),
    /// An always-on check over all transcripts of the run, after the last scenario.
    InvariantFinished(Box<InvariantFinished>),
    /// The footer: always the last line of a complete run.
    RunFinished(RunFinished),
}

/// The header of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStarted {
    /// Always [`FORMAT`].
    pub format: String,
    /// Version of the suite that wrote the log.
    pub suite: String,
    /// When the run began, RFC 3339 in UTC, to the second.
    pub started: String,
    /// What the target is called in reports, such as `embedded` or `dovecot`.
    pub target: String,
    /// Version of the server under test, such as `2.3.19.1`, where the target tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_version: Option<String>,
    /// How the target was reached, in words (never with a password).
    pub target_description: String,
    /// The command-line options that select the same target again, such as
    /// `--target dovecot/target.yaml`, and add the same scenarios; empty for the
    /// embedded one with the built-in catalogue.
    pub target_options: String,
    /// Number of results to expect, for progress.
    pub selected: usize,
    /// Scenarios left out before the start are reported as `skipped` results;
    /// this is how many that will be.
    pub left_out: usize,
    /// The number that derives accounts, passwords and nonces.
    pub seed: u64,
    /// Requirements that the selected scenarios cite, so that the log explains itself.
    pub requirements: Vec<CitedRequirement>,
    /// How what was sent went to the network, where a scenario did not say so.
    #[serde(default)]
    pub delivery: Delivery,
    /// The rulings that this run reads otherwise than by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rulings: Vec<ChosenRuling>,
    /// What takes minutes, if there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow: Option<SlowPart>,
}

/// The scenarios of tier slow of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowPart {
    /// How many will be played.
    pub scenarios: usize,
    /// How many of them at the same time.
    pub at_once: usize,
    /// How long they may take by their budgets, in milliseconds.
    pub longest_ms: u64,
}

/// A ruling that a run reads otherwise than by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenRuling {
    /// The id, such as `a-11`.
    pub id: String,
    /// How the run reads it.
    pub chosen: Reading,
    /// How it is read without a choice.
    pub default: Reading,
}

/// A requirement as cited in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedRequirement {
    /// The id, such as `rfc1939-5-stat-count-of-messages`.
    pub id: String,
    /// The RFC's number.
    pub rfc: u32,
    /// The section, such as `5`, `6.3` or `A`; the heading, where the RFC has no numbers.
    pub section: String,
    /// Our paraphrase.
    pub text: String,
}

impl CitedRequirement {
    /// `RFC 1939 section 5`, or `RFC 1939 appendix A`.
    #[must_use]
    pub fn clause(&self) -> String {
        // A whole word is the heading of a section without number, as in RFC 1957.
        let is_appendix = matches!(self.section.as_bytes(), [b'A'..=b'Z'] | [b'A'..=b'Z', b'.', ..]);
        let part = if is_appendix { "appendix" } else { "section" };
        format!("RFC {} {part} {}", self.rfc, self.section)
    }
}

/// What the target showed when it was first spoken to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetReady {
    /// The greeting, escaped, without its CRLF.
    pub greeting: String,
    /// Lines of the capability list in the AUTHORIZATION state, escaped; empty
    /// where CAPA is refused.
    pub capabilities: Vec<String>,
    /// Milliseconds from the start of the run.
    pub at_ms: u64,
}

/// A scenario begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioStarted {
    /// Scenario id, with the variant in brackets where there are axes:
    /// `rfc1939/retr/dots[chunking=bytewise]`.
    pub id: String,
    /// Milliseconds from the start of the run.
    pub at_ms: u64,
}

/// A scenario ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioFinished {
    /// Scenario id with its variant, as in [`ScenarioStarted`].
    pub id: String,
    /// The scenario's revision.
    pub rev: u32,
    /// The scenario's title.
    pub title: String,
    /// The scenario file, as a path below the catalogue, such as
    /// `rfc1939/stat/counts.yaml`.
    pub file: String,
    /// The outcome.
    pub verdict: Verdict,
    /// For `skipped`, `unsupported`, `inconclusive` and `error`: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The default level of its assertions.
    pub level: Level,
    /// Whether its failure endangers people, not only interoperation.
    #[serde(default)]
    pub security: bool,
    /// Ids of the requirements it covers.
    pub requirements: Vec<String>,
    /// Where something is broken: why that matters to a person's mail.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Where something is broken: what the author of the server can do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
    /// Milliseconds from the start of the run.
    pub at_ms: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// Milliseconds from the start of the run to the moment from which the transcript
    /// counts: behind the filling of the maildrop and the positive control. `None` where
    /// nothing was played, and in logs older than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub played_at_ms: Option<u64>,
    /// What did not hold, in the order seen.
    pub findings: Vec<Finding>,
    /// Which of several graded alternatives the target took.
    pub choices: Vec<Choice>,
    /// Every octet of both sides, by connection.
    pub transcript: Vec<ConnectionTranscript>,
}

/// One assertion that did not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it does to the scenario's verdict.
    pub verdict: Verdict,
    /// How strongly the assertion binds.
    pub level: Level,
    /// The requirement this assertion rests on: its own, or the first of the scenario.
    pub requirement: String,
    /// The ruling that decided an open reading, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<String>,
    /// Where in the scenario the assertion stands.
    pub place: Place,
    /// The session in which it was seen; empty for the only one.
    pub session: String,
    /// One sentence: what went wrong.
    pub summary: String,
    /// The last command before it, escaped, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What was expected, one item a line, escaped.
    pub expected: String,
    /// What came, one item a line, escaped.
    pub actual: String,
    /// What to do next, if more than reading the clause helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// A place in a scenario file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path below the catalogue, or as given by the user.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The text of that line.
    pub text: String,
}

/// A recorded choice between graded alternatives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Line of the `one_of`.
    pub line: u32,
    /// Which `one_of`: a path of names that says where it stands, and outlives edits
    /// elsewhere in the file. `docs/format.md` has its form. Empty in old logs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// The id of the alternative taken.
    pub id: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Its note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Its ruling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<String>,
}

/// One connection's traffic, as printed; secrets are already masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionTranscript {
    /// The session's name; empty for the only one.
    pub session: String,
    /// What happened, in order.
    pub entries: Vec<TranscriptEntry>,
}

/// Of a long transcript entry, how many octets stand before those left out.
pub const KEPT_BEFORE: usize = 3072;

/// Of a long transcript entry, how many octets stand behind those left out.
pub const KEPT_BEHIND: usize = 1024;

/// One thing seen on a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptEntry {
    /// Milliseconds from [`ScenarioFinished::played_at_ms`]: of octets sent or received,
    /// when the first of them went or came.
    pub at_ms: u64,
    /// Running number over all connections of the scenario: of octets sent, when the
    /// first of them went; of octets received, when the last of them came. 0 in logs
    /// older than this number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub order: u64,
    /// Who did it.
    pub who: Who,
    /// Octets in the reversible escape of `pop3_proto::escape`, or words for
    /// [`Who::Event`].
    pub text: String,
    /// Octets left out in the middle of a long entry: behind its first
    /// [`KEPT_BEFORE`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub elided: u64,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// The side of a transcript entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// The client, that is this tool, sent the octets.
    #[serde(rename = "C")]
    Client,
    /// The server, that is the target, sent the octets.
    #[serde(rename = "S")]
    Server,
    /// The connection itself: opened, TLS, closed.
    #[serde(rename = "*")]
    Event,
}

/// The outcome of one always-on check over the whole run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvariantFinished {
    /// The id, such as `always/crlf`.
    pub id: String,
    /// What it watches, in one sentence.
    pub title: String,
    /// The requirement it rests on.
    pub requirement: String,
    /// The requirements that its breaches break; the one it rests on, or others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<String>,
    /// How strongly it binds.
    pub level: Level,
    /// `pass`, or what its level says when it is broken.
    pub verdict: Verdict,
    /// How often it was broken in all.
    pub breaches: usize,
    /// How many connections it watched.
    pub connections: usize,
    /// The first few breaches.
    pub examples: Vec<Breach>,
}

/// One breach of an always-on check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// The scenario in whose transcript it was seen.
    pub scenario: String,
    /// The session; empty for the only one.
    pub session: String,
    /// The requirement broken, where it is not the check's main one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub requirement: String,
    /// The command answered, escaped; empty for the greeting.
    pub command: String,
    /// Offset in the server's octets of that connection, from 0.
    pub octet: u64,
    /// What was expected.
    pub expected: String,
    /// What came, escaped.
    pub actual: String,
}

/// The footer of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFinished {
    /// Milliseconds from the start of the run.
    pub elapsed_ms: u64,
    /// The exit code that the verdicts ask for.
    pub exit: Exit,
    /// Set when the run ended early, with the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aborted: Option<String>,
}

//! A run as one JSON document, for programs that do not want to read the event log.
//!
//! It begins with `"format": "pop3-report/1"`. Members may be added, and none is renamed
//! or removed while that stays. Octets are text in the reversible escape of
//! [`pop3_proto::escape`]: `\r`, `\n`, `\t`, `\\`, `\xNN` for what is not printable
//! ASCII. Times are milliseconds. A result, a check and a requirement are a line each.

mod lines;
mod result;

use std::io::{self, Write};

use pop3_scenario::event::{ChosenRuling, RunStarted};
use pop3_scenario::verdict::Verdict;
use serde::Serialize;

pub use result::{CheckRow, ChoiceRow, Clause, ConnectionRow, EntryRow, ExampleRow, FindingRow, PlaceRow, ResultRow};

use crate::log::Run;
use crate::tally::{self, Tally};

/// The name of the format, first member of the document.
pub const FORMAT: &str = "pop3-report/1";

/// A run.
#[derive(Clone, Debug, Serialize)]
pub struct Document<'a> {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// Version of the suite that ran.
    pub suite: &'a str,
    /// The server under test.
    pub target: TargetRow<'a>,
    /// When the run began, RFC 3339 in UTC, to the second.
    pub started: &'a str,
    /// The number that derives accounts, passwords and nonces.
    pub seed: u64,
    /// How what was sent went to the network: `whole`, `bytewise`, …
    pub delivery: &'static str,
    /// The rulings that this run reads otherwise than by default.
    pub rulings: &'a [ChosenRuling],
    /// How long it took from the first connection to the last result.
    pub elapsed_ms: u64,
    /// Whether all that was selected was played.
    pub complete: bool,
    /// Why it was broken off, if a reason was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aborted: Option<&'a str>,
    /// The exit code that the verdicts ask for; `null` where the log has no end.
    pub exit: Option<u8>,
    /// How many results have each verdict.
    pub counts: Counts,
    /// The same for each first folder of the ids, by name.
    pub parts: Vec<PartRow<'a>>,
    /// Every result, by id.
    pub results: Vec<ResultRow<'a>>,
    /// The always-on checks, in the order of the log.
    pub checks: Vec<CheckRow<'a>>,
    /// Ids of scenarios that began and have no result.
    pub unfinished: Vec<&'a str>,
    /// The requirements that results and checks cite.
    pub requirements: Vec<RequirementRow<'a>>,
}

/// The server under test.
#[derive(Clone, Debug, Serialize)]
pub struct TargetRow<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its version, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
    /// How it was reached, in words.
    pub description: &'a str,
    /// The options of `pop3spec run` that select it again.
    pub options: &'a str,
    /// Its greeting, escaped, without CRLF; `null` if it never answered.
    pub greeting: Option<&'a str>,
    /// The lines of its first capability list, escaped.
    pub capabilities: &'a [String],
    /// From the start of the run until it answered; `null` if it never did.
    pub ready_ms: Option<u64>,
}

/// How many results have each verdict, all eight named.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "each is the number of results with the verdict of its name")]
pub struct Counts {
    pub pass: usize,
    pub info: usize,
    pub unsupported: usize,
    pub skipped: usize,
    pub warn: usize,
    pub inconclusive: usize,
    pub fail: usize,
    pub error: usize,
    pub total: usize,
}

impl From<&Tally> for Counts {
    fn from(tally: &Tally) -> Self {
        Self {
            pass: tally.get(Verdict::Pass),
            info: tally.get(Verdict::Info),
            unsupported: tally.get(Verdict::Unsupported),
            skipped: tally.get(Verdict::Skipped),
            warn: tally.get(Verdict::Warn),
            inconclusive: tally.get(Verdict::Inconclusive),
            fail: tally.get(Verdict::Fail),
            error: tally.get(Verdict::Error),
            total: tally.total(),
        }
    }
}

/// The counts of one part.
#[derive(Clone, Debug, Serialize)]
pub struct PartRow<'a> {
    /// The first folder of the ids, such as `rfc1939`.
    pub part: &'a str,
    /// How many results have each verdict.
    pub counts: Counts,
}

/// A requirement that is cited.
#[derive(Clone, Debug, Serialize)]
pub struct RequirementRow<'a> {
    /// The id.
    pub id: &'a str,
    /// The RFC's number.
    pub rfc: u32,
    /// The section, appendix, or heading.
    pub section: &'a str,
    /// What it asks, in our words.
    pub text: &'a str,
}

/// The document of a run.
#[must_use]
pub fn document(run: &Run) -> Document<'_> {
    let RunStarted { suite, started, seed, delivery, rulings, requirements, .. } = &run.started;
    let parts = tally::by_part(&run.results, tally::folder);
    let requirements = requirements.iter();
    Document {
        format: FORMAT,
        suite,
        target: target(run),
        started,
        seed: *seed,
        delivery: delivery.as_str(),
        rulings,
        elapsed_ms: run.elapsed_ms(),
        complete: run.is_complete(),
        aborted: run.finished.as_ref().and_then(|footer| footer.aborted.as_deref()),
        exit: run.finished.as_ref().map(|footer| footer.exit.code()),
        counts: Counts::from(&Tally::of(&run.results)),
        parts: parts.iter().map(|(part, tally)| PartRow { part, counts: tally.into() }).collect(),
        results: run.results.iter().map(|each| ResultRow::of(run, each)).collect(),
        checks: run.invariants.iter().map(|each| CheckRow::of(run, each)).collect(),
        unfinished: run.unfinished.iter().map(|started| started.id.as_str()).collect(),
        requirements: requirements
            .map(|each| RequirementRow { id: &each.id, rfc: each.rfc, section: &each.section, text: &each.text })
            .collect(),
    }
}

/// Writes the document. What a terminal would act on is written `\uNNNN`, so that it
/// reads back as it was.
///
/// # Errors
/// What the writer says.
pub fn write(run: &Run, mut out: impl Write) -> io::Result<()> {
    let mut writer = serde_json::Serializer::with_formatter(&mut out, lines::Lines::default());
    document(run).serialize(&mut writer)?;
    out.write_all(b"\n")
}

fn target(run: &Run) -> TargetRow<'_> {
    let started = &run.started;
    TargetRow {
        name: &started.target,
        version: started.target_version.as_deref(),
        description: &started.target_description,
        options: &started.target_options,
        greeting: run.ready.as_ref().map(|ready| ready.greeting.as_str()),
        capabilities: run.ready.as_ref().map(|ready| ready.capabilities.as_slice()).unwrap_or_default(),
        ready_ms: run.ready.as_ref().map(|ready| ready.at_ms),
    }
}

//! Results and always-on checks in the document.

use pop3_scenario::event::{Breach, Choice, Finding, InvariantFinished, Place, ScenarioFinished, Who};
use pop3_scenario::verdict::{Level, Verdict};
use serde::Serialize;

use crate::log::Run;
use crate::told;

/// One result.
#[derive(Clone, Debug, Serialize)]
pub struct ResultRow<'a> {
    /// The id of the scenario, with its variant in brackets.
    pub id: &'a str,
    /// What is asked.
    pub title: &'a str,
    /// The scenario's file, below the catalogue.
    pub file: &'a str,
    /// The revision of the scenario.
    pub rev: u32,
    /// The outcome.
    pub verdict: Verdict,
    /// Why nothing, or nothing more, is said of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// How strongly its assertions bind, where they do not say so themselves.
    pub level: Level,
    /// Whether its failure endangers people.
    pub security: bool,
    /// The requirements that it covers.
    pub clauses: Vec<Clause<'a>>,
    /// Where something is broken: why that matters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub why: &'a str,
    /// Where something is broken: what to do about it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub fix: &'a str,
    /// When it began, from the start of the run.
    pub at_ms: u64,
    /// When the exchange of its transcript began, from the start of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub played_at_ms: Option<u64>,
    /// How long it took.
    pub elapsed_ms: u64,
    /// What did not hold, in the order seen.
    pub findings: Vec<FindingRow<'a>>,
    /// Which of several alternatives the target took.
    pub choices: Vec<ChoiceRow<'a>>,
    /// Both sides of every connection.
    pub transcript: Vec<ConnectionRow<'a>>,
    /// The command that plays just this one against the same target.
    pub repeat: String,
}

/// A requirement and its place.
#[derive(Clone, Debug, Serialize)]
pub struct Clause<'a> {
    /// The id.
    pub requirement: &'a str,
    /// Such as `RFC 1939 section 5`; left out where the log does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// One assertion that did not hold.
#[derive(Clone, Debug, Serialize)]
pub struct FindingRow<'a> {
    /// What it does to the verdict of the scenario.
    pub verdict: Verdict,
    /// How strongly it binds.
    pub level: Level,
    /// The requirement that it rests on.
    #[serde(flatten)]
    pub clause: Clause<'a>,
    /// The ruling that decided an open reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruling: Option<&'a str>,
    /// What went wrong, in a sentence.
    pub summary: &'a str,
    /// The session in which it was seen; empty for the only one.
    pub session: &'a str,
    /// The last command before it, escaped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<&'a str>,
    /// What was expected, an item a line, escaped.
    pub expected: &'a str,
    /// What came, an item a line, escaped.
    pub actual: &'a str,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'a str>,
    /// Where the assertion stands.
    pub place: PlaceRow<'a>,
}

/// A place in a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceRow<'a> {
    /// The file, below the catalogue.
    pub file: &'a str,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// The text of the line.
    pub text: &'a str,
}

/// The alternative of a `one_of` that the target took.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceRow<'a> {
    /// Which `one_of`: a path of names.
    pub step: &'a str,
    /// Its line.
    pub line: u32,
    /// The alternative.
    pub id: &'a str,
    /// How it is graded.
    pub verdict: Verdict,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
    /// The ruling that grades it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruling: Option<&'a str>,
}

/// One connection.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectionRow<'a> {
    /// The session; empty for the only one.
    pub session: &'a str,
    /// What happened, in order.
    pub entries: Vec<EntryRow<'a>>,
}

/// One thing that happened on a connection.
#[derive(Clone, Debug, Serialize)]
pub struct EntryRow<'a> {
    /// Milliseconds from [`ResultRow::played_at_ms`].
    pub ms: u64,
    /// `C` for the client, `S` for the server, `*` for the connection itself.
    pub who: Who,
    /// The octets, escaped, secrets masked; words where `who` is `*`.
    pub text: &'a str,
    /// Octets left out of the middle.
    #[serde(skip_serializing_if = "is_zero")]
    pub elided: u64,
}

/// An always-on check.
#[derive(Clone, Debug, Serialize)]
pub struct CheckRow<'a> {
    /// The id, such as `always/crlf`.
    pub id: &'a str,
    /// What it watches.
    pub title: &'a str,
    /// The outcome over the whole run.
    pub verdict: Verdict,
    /// How strongly it binds.
    pub level: Level,
    /// What it rests on, or what its breaches break.
    pub clauses: Vec<Clause<'a>>,
    /// How often it was broken.
    pub breaches: usize,
    /// How many connections it watched.
    pub connections: usize,
    /// The first few breaches.
    pub examples: Vec<ExampleRow<'a>>,
}

/// A breach of an always-on check.
#[derive(Clone, Debug, Serialize)]
pub struct ExampleRow<'a> {
    /// The result in whose transcript it is.
    pub scenario: &'a str,
    /// The session; empty for the only one.
    pub session: &'a str,
    /// The requirement that it breaks.
    pub requirement: &'a str,
    /// The command that was answered, escaped; empty for the greeting.
    pub command: &'a str,
    /// Which octet of the server on that connection, from 0.
    pub octet: u64,
    /// What was expected.
    pub expected: &'a str,
    /// What came, escaped.
    pub actual: &'a str,
}

impl<'a> ResultRow<'a> {
    pub(super) fn of(run: &Run, result: &'a ScenarioFinished) -> Self {
        Self {
            id: &result.id,
            title: &result.title,
            file: &result.file,
            rev: result.rev,
            verdict: result.verdict,
            reason: result.reason.as_deref(),
            level: result.level,
            security: result.security,
            clauses: result.requirements.iter().map(|id| clause(run, id)).collect(),
            why: &result.why,
            fix: &result.fix,
            at_ms: result.at_ms,
            played_at_ms: result.played_at_ms,
            elapsed_ms: result.elapsed_ms,
            findings: result.findings.iter().map(|each| finding(run, each)).collect(),
            choices: result.choices.iter().map(choice).collect(),
            transcript: transcript(result),
            repeat: told::repeat(run, &result.id).command,
        }
    }
}

impl<'a> CheckRow<'a> {
    pub(super) fn of(run: &Run, check: &'a InvariantFinished) -> Self {
        Self {
            id: &check.id,
            title: &check.title,
            verdict: check.verdict,
            level: check.level,
            clauses: told::broken_by(check).iter().map(|id| clause(run, id)).collect(),
            breaches: check.breaches,
            connections: check.connections,
            examples: check.examples.iter().map(|breach| example(check, breach)).collect(),
        }
    }
}

fn clause<'a>(run: &Run, id: &'a str) -> Clause<'a> {
    Clause { requirement: id, clause: told::cited(run, id).map(|cited| cited.clause()) }
}

fn finding<'a>(run: &Run, finding: &'a Finding) -> FindingRow<'a> {
    FindingRow {
        verdict: finding.verdict,
        level: finding.level,
        clause: clause(run, &finding.requirement),
        ruling: finding.ruling.as_deref(),
        summary: &finding.summary,
        session: &finding.session,
        command: finding.command.as_deref(),
        expected: &finding.expected,
        actual: &finding.actual,
        advice: finding.advice.as_deref(),
        place: place(&finding.place),
    }
}

fn place(place: &Place) -> PlaceRow<'_> {
    PlaceRow { file: &place.file, line: place.line, column: place.column, text: &place.text }
}

fn choice(choice: &Choice) -> ChoiceRow<'_> {
    ChoiceRow {
        step: &choice.step,
        line: choice.line,
        id: &choice.id,
        verdict: choice.verdict,
        note: choice.note.as_deref(),
        ruling: choice.ruling.as_deref(),
    }
}

fn transcript(result: &ScenarioFinished) -> Vec<ConnectionRow<'_>> {
    let connections = result.transcript.iter();
    connections
        .map(|connection| ConnectionRow {
            session: &connection.session,
            entries: connection
                .entries
                .iter()
                .map(|entry| EntryRow { ms: entry.at_ms, who: entry.who, text: &entry.text, elided: entry.elided })
                .collect(),
        })
        .collect()
}

fn example<'a>(check: &'a InvariantFinished, breach: &'a Breach) -> ExampleRow<'a> {
    ExampleRow {
        scenario: &breach.scenario,
        session: &breach.session,
        requirement: if breach.requirement.is_empty() { &check.requirement } else { &breach.requirement },
        command: &breach.command,
        octet: breach.octet,
        expected: &breach.expected,
        actual: &breach.actual,
    }
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

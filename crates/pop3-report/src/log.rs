//! The event log as a file: one JSON object a line, header first, footer last.

use std::io::{self, BufRead, Write};

use pop3_scenario::event::{
    Event, FORMAT, InvariantFinished, RunFinished, RunStarted, ScenarioFinished, ScenarioStarted, TargetReady,
};

/// Writes a log, a line at a time.
#[derive(Debug)]
pub struct LogWriter<W> {
    inner: W,
}

impl<W: Write> LogWriter<W> {
    /// A log that goes to `inner`. The first event must be the header.
    pub fn new(inner: W) -> Self {
        Self { inner }
    }

    /// Appends one event and flushes, so that a killed run leaves a readable log.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write(&mut self, event: &Event) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        // One write a line: what a kill can leave is a line without its end.
        self.inner.write_all(&line)?;
        self.inner.flush()
    }

    /// Gives the writer back.
    pub fn into_inner(self) -> W {
        self.inner
    }
}

/// A run as its log tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The header.
    pub started: RunStarted,
    /// What the target showed at first; `None` if it never answered.
    pub ready: Option<TargetReady>,
    /// The results, by scenario id.
    pub results: Vec<ScenarioFinished>,
    /// Scenarios that began and have no result, by id: what a crash interrupted.
    pub unfinished: Vec<ScenarioStarted>,
    /// The always-on checks, in the order of the log.
    pub invariants: Vec<InvariantFinished>,
    /// The footer; `None` for a log that ends early.
    pub finished: Option<RunFinished>,
    /// Whether the reader of a report can look into the log; true of what was
    /// read from one.
    pub is_kept: bool,
}

impl Run {
    /// Whether the log has its footer and the run was not broken off.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.finished.as_ref().is_some_and(|footer| footer.aborted.is_none())
    }

    /// Milliseconds from the start to the last thing that the log tells.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        let last = self.results.iter().map(|result| result.at_ms);
        let last = last.chain(self.ready.iter().map(|ready| ready.at_ms)).max();
        self.finished.as_ref().map(|footer| footer.elapsed_ms).or(last).unwrap_or(0)
    }

    /// The events of a log that reads as this run.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let header = Event::RunStarted(Box::new(self.started.clone()));
        std::iter::once(header)
            .chain(self.ready.iter().cloned().map(Event::TargetReady))
            .chain(self.unfinished.iter().cloned().map(Event::ScenarioStarted))
            .chain(self.results.iter().cloned().map(|result| Event::ScenarioFinished(Box::new(result))))
            .chain(self.invariants.iter().cloned().map(|invariant| Event::InvariantFinished(Box::new(invariant))))
            .chain(self.finished.iter().cloned().map(Event::RunFinished))
    }
}

/// Why a file is no readable log. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Reading failed.
    #[error("line {line}: cannot read the log: {source}")]
    Read {
        /// The line being read.
        line: usize,
        /// What the system says.
        source: io::Error,
    },
    /// There is no complete first line.
    #[error("the log is empty or broken off in its first line; expected the header of {FORMAT}: run again")]
    NoHeader,
    /// The first line is not a header.
    #[error(
        "line 1: not the header of an event log ({found}); expected an object with \"event\":\"run-started\" and \"format\":\"{FORMAT}\": name the file that `pop3spec run` wrote"
    )]
    NotALog {
        /// What is there instead, in words.
        found: String,
    },
    /// A log of another version.
    #[error(
        "line 1: the log has format {found:?}, this version reads {FORMAT:?}: use the suite version that wrote it, or run again"
    )]
    UnknownFormat {
        /// The format found.
        found: String,
    },
    /// A line that is no event.
    #[error("line {line}: not an event of {FORMAT}: {source}; the log is damaged, or a later version wrote it")]
    NotAnEvent {
        /// The line.
        line: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// A header below the first line.
    #[error("line {line}: a second header; this file holds two logs, split it before this line")]
    SecondHeader {
        /// The line.
        line: usize,
    },
    /// Something behind the footer.
    #[error("line {line}: an event after the footer; the footer must be the last line, remove what follows")]
    AfterFooter {
        /// The line.
        line: usize,
    },
}

/// Reads a log. One that was broken off, by a crash or a kill, is readable up to
/// there: [`Run::finished`] is then `None`.
///
/// # Errors
/// Not a log, another version, or damage elsewhere than at the end.
pub fn read(mut input: impl BufRead) -> Result<Run, LogError> {
    let mut number = 0;
    let mut line = Vec::new();
    let mut run: Option<Run> = None;
    let mut begun: Vec<ScenarioStarted> = Vec::new();
    loop {
        number += 1;
        line.clear();
        let length = input.read_until(b'\n', &mut line).map_err(|source| LogError::Read { line: number, source })?;
        if length == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let whole = line.ends_with(b"\n");
        let Some(run) = run.as_mut() else {
            run = Some(header(&line, whole)?);
            continue;
        };
        let event = match serde_json::from_slice(&line) {
            Ok(event) => event,
            // Only the last line can lack its end: the writer was killed there.
            Err(_) if !whole => break,
            Err(source) => return Err(LogError::NotAnEvent { line: number, source }),
        };
        if run.finished.is_some() {
            return Err(LogError::AfterFooter { line: number });
        }
        match event {
            Event::RunStarted(_) => return Err(LogError::SecondHeader { line: number }),
            Event::TargetReady(ready) => run.ready = Some(ready),
            Event::ScenarioStarted(started) => begun.push(started),
            Event::ScenarioFinished(result) => run.results.push(*result),
            Event::InvariantFinished(invariant) => run.invariants.push(*invariant),
            Event::RunFinished(footer) => run.finished = Some(footer),
        }
    }
    let mut run = run.ok_or(LogError::NoHeader)?;
    run.results.sort_by(|a, b| a.id.cmp(&b.id));
    begun.retain(|started| run.results.binary_search_by(|result| result.id.cmp(&started.id)).is_err());
    begun.sort_by(|a, b| a.id.cmp(&b.id));
    run.unfinished = begun;
    Ok(run)
}

/// The run that the first line opens.
fn header(line: &[u8], whole: bool) -> Result<Run, LogError> {
    let value: serde_json::Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(_) if !whole => return Err(LogError::NoHeader),
        Err(error) => return Err(LogError::NotALog { found: format!("no JSON object: {error}") }),
    };
    // The format decides first: another version may have other members.
    match (value.get("event").and_then(|v| v.as_str()), value.get("format").and_then(|v| v.as_str())) {
        (Some("run-started"), Some(FORMAT)) => {}
        (Some("run-started"), Some(found)) => return Err(LogError::UnknownFormat { found: found.to_owned() }),
        (Some(event), _) => return Err(LogError::NotALog { found: format!("event {event:?}") }),
        (None, _) => return Err(LogError::NotALog { found: "no member \"event\"".to_owned() }),
    }
    match serde_json::from_value(value) {
        Ok(Event::RunStarted(started)) => Ok(Run {
            started: *started,
            ready: None,
            results: Vec::new(),
            unfinished: Vec::new(),
            invariants: Vec::new(),
            finished: None,
            is_kept: true,
        }),
        Ok(_) => Err(LogError::NotALog { found: "another event".to_owned() }),
        Err(source) => Err(LogError::NotAnEvent { line: 1, source }),
    }
}

//! Why a chore is not done.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Something in the tree that somebody must put right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The file, from the root, perhaps with `:line`.
    pub(crate) place: String,
    /// What is wrong, and what to do.
    pub(crate) text: String,
}

impl Problem {
    pub(crate) fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Why a chore is not done.
#[derive(Debug, Error)]
pub(crate) enum ChoreError {
    #[error("the tree has problems")]
    Problems(Vec<Problem>),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("cargo metadata: {0}; is the workspace's Cargo.toml right?")]
    Metadata(#[from] cargo_metadata::Error),
    #[error("`{command}` cannot be started: {source}; {advice}")]
    Start { command: String, source: io::Error, advice: &'static str },
    #[error("{name} does not listen; it said:\n{said}")]
    Server { name: &'static str, said: String },
    #[error("`{command}` wrote no log that can be read: {why}")]
    NoLog { command: &'static str, why: String },
    #[error("the run on {server} is not complete: {why}")]
    Incomplete { server: String, why: String },
    #[error("{} holds what was not put there by this chore; empty it, or name another folder in POP3SPEC_SERVERS", place.display())]
    NotOurs { place: PathBuf },
    #[error("there is no target `{name}`; scenarios/targets has a folder for each that there is")]
    UnknownServer { name: String },
    #[error("no measurement: {0}")]
    Load(String),
    #[error("`{command}` failed; its output above says why")]
    Failed { command: String },
}

impl ChoreError {
    /// No problems are success.
    pub(crate) fn unless_empty(mut problems: Vec<Problem>) -> Result<(), Self> {
        problems.sort();
        if problems.is_empty() { Ok(()) } else { Err(Self::Problems(problems)) }
    }

    /// A server that cannot be measured.
    pub(crate) fn load(reason: impl fmt::Display) -> Self {
        Self::Load(reason.to_string())
    }

    /// An error of this file.
    pub(crate) fn of_file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

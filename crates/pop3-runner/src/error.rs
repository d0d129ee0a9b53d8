//! Why a run could not be made. Each error says whose fault it is and what to do.

use std::path::PathBuf;

use pop3_scenario::verdict::Exit;
use thiserror::Error;

/// Why there is no run.
#[derive(Debug, Error)]
pub enum RunError {
    /// The user's fault: options or a target file.
    #[error("{0}")]
    Usage(String),
    /// The target could not be started.
    #[error("the target did not start: {why}\n  help: {help}")]
    NotStarted {
        /// What happened.
        why: String,
        /// What to do.
        help: String,
    },
    /// Nobody answers at the address, or not in POP3, or it is the wrong server.
    #[error("{why}\n  help: {help}")]
    WrongTarget {
        /// What happened, with what was expected and what came.
        why: String,
        /// What to do.
        help: String,
    },
    /// The selection is empty.
    #[error("no scenario is selected\n  help: {0}")]
    NothingSelected(String),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Our fault.
    #[error("internal error: {0}; please report it")]
    Internal(String),
}

impl RunError {
    /// The exit code it asks for.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::File { .. } => Exit::Usage,
            Self::NotStarted { .. } | Self::WrongTarget { .. } => Exit::Target,
            Self::NothingSelected(_) => Exit::NothingSelected,
            Self::Internal(_) => Exit::Internal,
        }
    }
}

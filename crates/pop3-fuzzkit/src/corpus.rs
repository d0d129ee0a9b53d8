//! Replay of a corpus, so that what a fuzzer once found stays found.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::Broken;
use crate::law::Law;

/// Why a replay ended early.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// Our fault: the law does not hold for this file.
    #[error("{file}: {broken}", file = file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        broken: Broken,
    },
    /// A replay of nothing proves nothing.
    #[error("{folder}: no files to replay; run `cargo xtask fuzz seeds`", folder = folder.display())]
    Empty {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder or one of its files cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Holds every file of a folder against a law, in the order of their names.
/// Returns how many there were.
///
/// # Errors
/// The first file that breaks the law or cannot be read, or an empty folder.
pub fn replay(folder: &Path, law: Law) -> Result<usize, ReplayError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| ReplayError::Unreadable { path, source }
    };
    let entries = fs::read_dir(folder).map_err(unreadable(folder))?;
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable(folder))?;
    files.sort();
    for file in &files {
        let octets = fs::read(file).map_err(unreadable(file))?;
        law(&octets).map_err(|broken| ReplayError::Broken { file: file.clone(), broken })?;
    }
    if files.is_empty() { Err(ReplayError::Empty { folder: folder.to_owned() }) } else { Ok(files.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let law: Law = |octets| {
            if octets == b"bad" { Err(Broken::new("law", "it is bad").with("C", octets)) } else { Ok(()) }
        };
        let error = |law| replay(folder.path(), law).unwrap_err().to_string();
        assert!(error(law).contains("no files to replay"));
        fs::write(folder.path().join("a-good-one"), b"good").unwrap();
        assert_eq!(replay(folder.path(), law).unwrap(), 1);
        fs::write(folder.path().join("b-bad-one"), b"bad").unwrap();
        assert!(error(law).ends_with("b-bad-one: law is broken: it is bad\n  C: bad"), "{}", error(law));
        let nowhere = folder.path().join("nowhere");
        assert!(replay(&nowhere, law).unwrap_err().to_string().contains("nowhere: "));
    }
}

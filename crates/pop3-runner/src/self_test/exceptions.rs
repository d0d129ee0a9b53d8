//! What the rules of the self-test let pass, each with its reason:
//! `scenarios/self-test.yaml`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;
use thiserror::Error;

use crate::plan::fits;

/// The format line of the file.
pub const FORMAT: &str = "pop3-self-test/1";

/// The exceptions, as written; and which of them were needed.
#[derive(Debug, Default)]
pub struct Exceptions {
    file: File,
    used: RefCell<BTreeSet<(Kind, usize)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Collateral,
    Remark,
    Unproven,
}

/// The file of exceptions is not usable. Its author is at fault.
#[derive(Debug, Error)]
pub enum ExceptionsError {
    /// Not YAML, or not the rows expected.
    #[error("{file}: {source}; correct the file of exceptions")]
    Syntax {
        /// The file.
        file: String,
        /// What the YAML reader says, with line and column.
        source: serde_yaml::Error,
    },
    /// The format line names another format or version.
    #[error("{file}: format is {found:?}, expected {FORMAT:?}")]
    UnknownFormat {
        /// The file.
        file: String,
        /// The format found.
        found: String,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    /// On faults: scenarios and checks that fail for another reason than the fault's.
    #[serde(default)]
    collateral: Vec<Excused>,
    /// On legal variations: verdicts that are right all the same.
    #[serde(default)]
    remarks: Vec<Excused>,
    /// Assertions that nothing makes fail.
    #[serde(default)]
    unproven: Vec<Unproven>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Excused {
    /// Patterns of slugs.
    on: Vec<String>,
    /// Patterns of ids of scenarios and always-on checks; all when left out.
    #[serde(default)]
    by: Vec<String>,
    /// Requirements, one of which is cited; any when left out.
    #[serde(default)]
    citing: Vec<String>,
    why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unproven {
    /// Patterns of files of scenarios or fragments, below the catalogue.
    files: Vec<String>,
    /// The text of the line, trimmed; every line when left out.
    text: Option<String>,
    why: String,
}

impl Exceptions {
    /// Loads the file, given as name (for errors) and text.
    ///
    /// # Errors
    /// The file's author is at fault.
    pub fn load(file: &str, text: &str) -> Result<Self, ExceptionsError> {
        let name = || file.to_owned();
        let parsed: File =
            serde_yaml::from_str(text).map_err(|source| ExceptionsError::Syntax { file: name(), source })?;
        if parsed.format != FORMAT {
            return Err(ExceptionsError::UnknownFormat { file: name(), found: parsed.format });
        }
        Ok(Self { file: parsed, used: RefCell::default() })
    }

    /// Why it is right that this fails on a fault.
    pub(super) fn collateral(&self, fault: &str, by: &str, cited: &BTreeSet<String>) -> Option<&str> {
        let rows = &self.file.collateral;
        self.find(Kind::Collateral, rows, |row| row.excuses(fault, by, cited)).map(|row| row.why.as_str())
    }

    /// Why it is right that this speaks up on a legal variation.
    pub(super) fn remark(&self, variation: &str, by: &str, cited: &BTreeSet<String>) -> Option<&str> {
        let rows = &self.file.remarks;
        self.find(Kind::Remark, rows, |row| row.excuses(variation, by, cited)).map(|row| row.why.as_str())
    }

    /// Why nothing makes this assertion fail.
    pub(super) fn unproven(&self, file: &str, text: &str) -> Option<&str> {
        let listed = |row: &Unproven| {
            any(&row.files, file) && row.text.as_ref().is_none_or(|wanted| wanted.trim() == text.trim())
        };
        self.find(Kind::Unproven, &self.file.unproven, listed).map(|row| row.why.as_str())
    }

    /// The rows that nothing needed, in words.
    pub(super) fn unneeded(&self) -> Vec<String> {
        let used = self.used.borrow();
        let excused = |kind: Kind, name: &'static str, rows: &[Excused]| {
            let rows = rows.iter().enumerate().filter(|(index, _)| !used.contains(&(kind, *index)));
            rows.map(|(_, row)| row.in_words(name)).collect::<Vec<_>>()
        };
        let unproven = self.file.unproven.iter().enumerate();
        let unproven = unproven.filter(|(index, _)| !used.contains(&(Kind::Unproven, *index)));
        let mut rows = excused(Kind::Collateral, "collateral", &self.file.collateral);
        rows.extend(excused(Kind::Remark, "remarks", &self.file.remarks));
        rows.extend(unproven.map(|(_, row)| {
            format!("unproven in {}: {}", row.files.join(", "), row.text.as_deref().unwrap_or("every line"))
        }));
        rows
    }

    fn find<'r, R>(&self, kind: Kind, rows: &'r [R], listed: impl Fn(&R) -> bool) -> Option<&'r R> {
        let (index, row) = rows.iter().enumerate().find(|(_, row)| listed(row))?;
        self.used.borrow_mut().insert((kind, index));
        Some(row)
    }
}

impl Excused {
    fn in_words(&self, name: &str) -> String {
        let mut words = format!("{name} on {}", self.on.join(", "));
        for (word, list) in [("by", &self.by), ("citing", &self.citing)].iter().filter(|(_, list)| !list.is_empty()) {
            words.push_str(&format!(" {word} {}", list.join(", ")));
        }
        words
    }

    fn excuses(&self, departure: &str, by: &str, cited: &BTreeSet<String>) -> bool {
        any(&self.on, departure)
            && (self.by.is_empty() || any(&self.by, by))
            && (self.citing.is_empty() || self.citing.iter().any(|id| cited.contains(id)))
    }
}

fn any(patterns: &[String], id: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, id))
}

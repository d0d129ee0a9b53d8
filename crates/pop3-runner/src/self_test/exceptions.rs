//! What the rules of the self-test let pass, each with its reason:
//! `scenarios/self-test.yaml`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use pop3_scenario::verdict::Verdict;
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
    collateral: Vec<Collateral>,
    /// On legal variations: verdicts that are right all the same.
    #[serde(default)]
    remarks: Vec<Remarked>,
    /// Assertions that nothing makes fail.
    #[serde(default)]
    unproven: Vec<Unproven>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Collateral {
    /// Patterns of slugs of faults.
    on: Vec<String>,
    /// Patterns of ids of scenarios and always-on checks.
    by: Vec<String>,
    why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remarked {
    /// Patterns of slugs of variations.
    on: Vec<String>,
    /// Patterns of ids of scenarios and always-on checks.
    by: Vec<String>,
    /// The only verdict that is right.
    verdict: Verdict,
    why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unproven {
    /// Patterns of files of scenarios or fragments, below the catalogue.
    files: Vec<String>,
    /// The text of the line, trimmed.
    text: String,
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
    pub(super) fn collateral(&self, fault: &str, by: &str) -> Option<&str> {
        let listed = |row: &Collateral| any(&row.on, fault) && any(&row.by, by);
        self.find(Kind::Collateral, &self.file.collateral, listed).map(|row| row.why.as_str())
    }

    /// Why it is right that this says so of a legal variation.
    pub(super) fn remark(&self, variation: &str, by: &str, verdict: Verdict) -> Option<&str> {
        let listed = |row: &Remarked| any(&row.on, variation) && any(&row.by, by) && row.verdict == verdict;
        self.find(Kind::Remark, &self.file.remarks, listed).map(|row| row.why.as_str())
    }

    /// Why nothing makes this assertion fail.
    pub(super) fn unproven(&self, file: &str, text: &str) -> Option<&str> {
        let listed = |row: &Unproven| any(&row.files, file) && row.text.trim() == text.trim();
        self.find(Kind::Unproven, &self.file.unproven, listed).map(|row| row.why.as_str())
    }

    /// The rows that nothing needed, in words.
    pub(super) fn unneeded(&self) -> Vec<String> {
        let File { collateral, remarks, unproven, .. } = &self.file;
        let mut rows = self.unused(Kind::Collateral, collateral, |row| {
            format!("collateral on {} by {}", row.on.join(", "), row.by.join(", "))
        });
        rows.extend(self.unused(Kind::Remark, remarks, |row| {
            format!("remarks on {} by {}: {}", row.on.join(", "), row.by.join(", "), row.verdict)
        }));
        rows.extend(
            self.unused(Kind::Unproven, unproven, |row| format!("unproven in {}: {}", row.files.join(", "), row.text)),
        );
        rows
    }

    fn unused<R>(&self, kind: Kind, rows: &[R], in_words: impl Fn(&R) -> String) -> Vec<String> {
        let used = self.used.borrow();
        let rows = rows.iter().enumerate().filter(|(index, _)| !used.contains(&(kind, *index)));
        rows.map(|(_, row)| in_words(row)).collect()
    }

    fn find<'r, R>(&self, kind: Kind, rows: &'r [R], listed: impl Fn(&R) -> bool) -> Option<&'r R> {
        let (index, row) = rows.iter().enumerate().find(|(_, row)| listed(row))?;
        self.used.borrow_mut().insert((kind, index));
        Some(row)
    }
}

fn any(patterns: &[String], id: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, id))
}

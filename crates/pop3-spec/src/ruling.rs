//! How open places of the texts are read: the question, what the texts say, the
//! verdicts that can be chosen, and which one is the default and why.
//!
//! The rows are data, in `scenarios/rulings.yaml`; [`Rulings`] loads them.

mod chosen;

use std::collections::BTreeMap;

pub use chosen::{ChoiceError, Chosen, Otherwise};
use serde::{Deserialize, Serialize};

use crate::requirement::words;

/// The format line of the file of rulings.
pub const FORMAT: &str = "pop3-rulings/1";

/// One open question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// The id that scenarios and reports cite, such as `a-11`. Never reused.
    pub id: String,
    /// What the texts leave open, as a question.
    pub question: String,
    /// What can be chosen; never empty, and nothing twice.
    pub options: Vec<Reading>,
    /// What the texts say, with RFC and section.
    pub texts: String,
    /// What holds unless a run chooses otherwise; one of the options.
    pub default: Reading,
    /// Why the default is what it is.
    pub why: String,
    /// What it changes in verdicts: which outcome gets which grade by default.
    pub effect: String,
    /// What servers do, as far as it was read in their source or seen in a run.
    #[serde(default)]
    pub seen: Option<String>,
    /// The always-on checks that rest on it, by id.
    #[serde(default)]
    pub checks: Vec<String>,
}

words! {
    /// The verdict that an alternative or check gets by a ruling.
    Reading {
        /// Each as its scenario has it, since several outcomes of the question
        /// deserve different verdicts.
        Graded = "graded",
        /// A failure.
        Fail = "fail",
        /// A warning.
        Warn = "warn",
        /// Recorded only.
        Info = "info",
        /// Nothing to say.
        Pass = "pass",
    }
}

/// All rulings, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rulings {
    rows: Vec<Ruling>,
    /// Positions in `rows`.
    positions: BTreeMap<String, usize>,
}

impl Rulings {
    /// Loads and checks the file of rulings, given as name (for errors) and text.
    ///
    /// # Errors
    /// The first defect found. All are the fault of the file's author.
    pub fn load(file: &str, text: &str) -> Result<Self, RulingError> {
        let mut rulings = Self::default();
        for row in parse(file, text)? {
            check_row(file, &row)?;
            if rulings.positions.insert(row.id.clone(), rulings.rows.len()).is_some() {
                return Err(RulingError::DuplicateId { file: file.to_owned(), id: row.id });
            }
            let taken = |check: &&String| rulings.of_check(check).is_some();
            if let Some(check) = row.checks.iter().find(taken) {
                return Err(RulingError::CheckTwice { file: file.to_owned(), id: row.id, check: check.clone() });
            }
            rulings.rows.push(row);
        }
        Ok(rulings)
    }

    /// The ruling with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Ruling> {
        self.rows.get(*self.positions.get(id)?)
    }

    /// The ruling on which an always-on check rests.
    #[must_use]
    pub fn of_check(&self, check: &str) -> Option<&Ruling> {
        self.rows.iter().find(|ruling| ruling.checks.iter().any(|id| id == check))
    }

    /// All rulings, in the order of the file.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Ruling> + ExactSizeIterator {
        self.rows.iter()
    }
}

/// A defect in the file of rulings: names the file and the id, and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RulingError {
    /// Not YAML, or not the rows expected; the source gives line and column.
    #[error("{file}: {source}; correct the file of rulings")]
    Syntax {
        /// The file.
        file: String,
        /// What the YAML reader says, with line and column.
        source: serde_yaml::Error,
    },
    /// The format line names another format or version.
    #[error(
        "{file}: format is {found:?}, expected {FORMAT:?}; write `format: {FORMAT}` first, or use the suite version that made this file"
    )]
    UnknownFormat {
        /// The file.
        file: String,
        /// The format found.
        found: String,
    },
    /// The id is not `a-` and a number of two digits or more.
    #[error(
        "{file}: id `{id}` is no ruling's id, expected `a-` and two digits or more, such as `a-11`; correct the id"
    )]
    Id {
        /// The file.
        file: String,
        /// The id.
        id: String,
    },
    /// An id occurs twice.
    #[error("{file}: id `{id}` is already used; ids are never reused, give the second ruling its own")]
    DuplicateId {
        /// The file.
        file: String,
        /// The id.
        id: String,
    },
    /// An option occurs twice.
    #[error("{file}: id `{id}` has the option `{option}` twice; remove one")]
    OptionTwice {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The option.
        option: Reading,
    },
    /// The default cannot be chosen.
    #[error(
        "{file}: id `{id}` has `default: {default}`, which is none of its options; add it to them, or choose one of them"
    )]
    DefaultNotOffered {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The default.
        default: Reading,
    },
    /// An always-on check rests on two rulings, and could be read in two ways.
    #[error("{file}: id `{id}` names the check `{check}`, which rests on another ruling already; leave it to one")]
    CheckTwice {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The check.
        check: String,
    },
    /// A field that has to say something is blank.
    #[error("{file}: id `{id}` has an empty `{field}`; fill it in")]
    EmptyField {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The field.
        field: &'static str,
    },
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    rulings: Vec<Ruling>,
}

/// Only the format line, for files of another version.
#[derive(Deserialize)]
struct Head {
    format: String,
}

fn parse(file: &str, text: &str) -> Result<Vec<Ruling>, RulingError> {
    let unknown = |found: String| RulingError::UnknownFormat { file: file.to_owned(), found };
    match serde_yaml::from_str::<File>(text) {
        Ok(parsed) if parsed.format == FORMAT => Ok(parsed.rulings),
        Ok(parsed) => Err(unknown(parsed.format)),
        // A later version may have other keys: its format line explains more
        // than the first of them.
        Err(source) => match serde_yaml::from_str::<Head>(text) {
            Ok(head) if head.format != FORMAT => Err(unknown(head.format)),
            _ => Err(RulingError::Syntax { file: file.to_owned(), source }),
        },
    }
}

fn check_row(file: &str, row: &Ruling) -> Result<(), RulingError> {
    let (file, id) = (file.to_owned(), row.id.clone());
    if !is_id(&id) {
        return Err(RulingError::Id { file, id });
    }
    let empty = [
        ("question", row.question.trim().is_empty()),
        ("options", row.options.is_empty()),
        ("texts", row.texts.trim().is_empty()),
        ("why", row.why.trim().is_empty()),
        ("effect", row.effect.trim().is_empty()),
        ("seen", row.seen.as_ref().is_some_and(|seen| seen.trim().is_empty())),
    ];
    if let Some((field, _)) = empty.iter().find(|(_, empty)| *empty) {
        return Err(RulingError::EmptyField { file, id, field });
    }
    let twice = row.options.iter().enumerate().find(|(at, option)| row.options.iter().take(*at).any(|o| o == *option));
    if let Some((_, option)) = twice {
        return Err(RulingError::OptionTwice { file, id, option: *option });
    }
    if !row.options.contains(&row.default) {
        return Err(RulingError::DefaultNotOffered { file, id, default: row.default });
    }
    Ok(())
}

fn is_id(id: &str) -> bool {
    id.strip_prefix("a-").is_some_and(|number| number.len() >= 2 && number.bytes().all(|b| b.is_ascii_digit()))
}

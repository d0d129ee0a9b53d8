//! All requirements of all RFCs, loaded from `scenarios/requirements/rfcNNNN.yaml`
//! and checked as a whole: an id that people cite must mean one thing for ever.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::requirement::{Class, Level, Requirement, Side, Strength};

/// The format line of a requirement file.
pub const FORMAT: &str = "pop3-requirements/1";

/// The requirements of all loaded files, in the order loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    rows: Vec<Requirement>,
    /// Positions in `rows`.
    positions: BTreeMap<String, usize>,
    titles: Vec<(u32, String)>,
}

impl Registry {
    /// Loads and checks requirement files, given as (name, text).
    ///
    /// The name is used in errors; one such as `…/rfc1939.yaml` must agree with
    /// the `rfc:` inside.
    ///
    /// # Errors
    /// The first defect found. All are the fault of the file's author.
    pub fn load(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, RegistryError> {
        let mut registry = Self::default();
        let mut origin: BTreeMap<String, String> = BTreeMap::new();
        for (file, text) in files {
            let parsed = parse(&file, &text)?;
            check_name(&file, parsed.rfc)?;
            if registry.titles.iter().any(|(rfc, _)| *rfc == parsed.rfc) {
                return Err(RegistryError::RfcTwice { file, rfc: parsed.rfc });
            }
            registry.titles.push((parsed.rfc, parsed.title));
            for row in parsed.requirements {
                check_row(&file, parsed.rfc, &row)?;
                if let Some(first) = origin.insert(row.id.clone(), file.clone()) {
                    return Err(RegistryError::DuplicateId { file, id: row.id, first });
                }
                registry.positions.insert(row.id.clone(), registry.rows.len());
                registry.rows.push(row.into_requirement(parsed.rfc));
            }
        }
        Ok(registry)
    }

    /// The requirement with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Requirement> {
        self.rows.get(*self.positions.get(id)?)
    }

    /// All requirements, in the order of the files and of the rows in them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Requirement> + ExactSizeIterator {
        self.rows.iter()
    }

    /// The requirements of one RFC, in the order of its file; empty for an RFC
    /// that was not loaded.
    pub fn of_rfc(&self, rfc: u32) -> impl DoubleEndedIterator<Item = &Requirement> {
        self.iter().filter(move |requirement| requirement.rfc == rfc)
    }

    /// Number and title of each RFC loaded, in the order loaded.
    pub fn rfcs(&self) -> impl DoubleEndedIterator<Item = (u32, &str)> + ExactSizeIterator {
        self.titles.iter().map(|(rfc, title)| (*rfc, title.as_str()))
    }

    /// How many requirements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A defect in a requirement file: names the file and the id, and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Not YAML, or not the rows expected; the source gives line and column.
    #[error("{file}: {source}; correct the requirement file")]
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
    /// The file name and the `rfc:` inside disagree.
    #[error("{file}: the file says `rfc: {rfc}`; name it rfc{rfc}.yaml or correct the number")]
    FileName {
        /// The file.
        file: String,
        /// The number inside.
        rfc: u32,
    },
    /// Two files for one RFC.
    #[error("{file}: RFC {rfc} has been loaded from another file already; keep one file per RFC")]
    RfcTwice {
        /// The second file.
        file: String,
        /// The number.
        rfc: u32,
    },
    /// An id occurs twice.
    #[error("{file}: id `{id}` is already used in {first}; ids are never reused, give the new row its own slug")]
    DuplicateId {
        /// The file of the second one.
        file: String,
        /// The id.
        id: String,
        /// The file of the first one.
        first: String,
    },
    /// The id does not begin with RFC and section.
    #[error("{file}: id `{id}` does not begin with `{prefix}`; correct the id, or the section of the row")]
    IdPrefix {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// `rfcNNNN-SECTION-`.
        prefix: String,
    },
    /// What follows RFC and section is not kebab case, or only a number.
    #[error(
        "{file}: id `{id}` ends in `{slug}`, expected lower-case words joined by single hyphens, not only a number; choose a slug that says what is required"
    )]
    Slug {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// What was found after the prefix.
        slug: String,
    },
    /// `level: implied` without a strength.
    #[error(
        "{file}: id `{id}` has `level: implied` and no strength; add `strength: must` or the strength that the prose has"
    )]
    StrengthMissing {
        /// The file.
        file: String,
        /// The id.
        id: String,
    },
    /// A strength beside a keyword.
    #[error(
        "{file}: id `{id}` has `level: {level}` and `strength: {strength}`; a keyword has its own strength, remove the strength or write `level: implied`"
    )]
    StrengthUnexpected {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The level found.
        level: Level,
        /// The strength found.
        strength: Strength,
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

/// A requirement file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    rfc: u32,
    title: String,
    requirements: Vec<Row>,
}

/// A row as written: a [`Requirement`] whose RFC is that of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    side: Side,
    section: String,
    level: Level,
    strength: Option<Strength>,
    text: String,
    observe: String,
    class: Vec<Class>,
    ruling: Option<String>,
    since: Option<String>,
    withdrawn: Option<String>,
}

impl Row {
    fn into_requirement(self, rfc: u32) -> Requirement {
        let Self { id, side, section, level, strength, text, observe, class, ruling, since, withdrawn } = self;
        Requirement { id, rfc, side, section, level, strength, text, observe, class, ruling, since, withdrawn }
    }
}

/// Only the format line, for files of another version.
#[derive(Deserialize)]
struct Head {
    format: String,
}

fn parse(file: &str, text: &str) -> Result<File, RegistryError> {
    let unknown = |found: String| RegistryError::UnknownFormat { file: file.to_owned(), found };
    match serde_yaml::from_str::<File>(text) {
        Ok(parsed) if parsed.format == FORMAT => Ok(parsed),
        Ok(parsed) => Err(unknown(parsed.format)),
        // A later version may have other keys: its format line explains more
        // than the first of them.
        Err(source) => match serde_yaml::from_str::<Head>(text) {
            Ok(head) if head.format != FORMAT => Err(unknown(head.format)),
            _ => Err(RegistryError::Syntax { file: file.to_owned(), source }),
        },
    }
}

fn check_name(file: &str, rfc: u32) -> Result<(), RegistryError> {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    match name.strip_prefix("rfc").and_then(|rest| rest.strip_suffix(".yaml")) {
        Some(number) if number != rfc.to_string() => Err(RegistryError::FileName { file: file.to_owned(), rfc }),
        _ => Ok(()),
    }
}

fn check_row(file: &str, rfc: u32, row: &Row) -> Result<(), RegistryError> {
    let file = || file.to_owned();
    let id = || row.id.clone();
    let prefix = format!("rfc{rfc}-{}-", row.section.to_ascii_lowercase());
    let Some(slug) = row.id.strip_prefix(&prefix) else {
        return Err(RegistryError::IdPrefix { file: file(), id: id(), prefix });
    };
    if !is_slug(slug) {
        return Err(RegistryError::Slug { file: file(), id: id(), slug: slug.to_owned() });
    }
    match (row.level, row.strength) {
        (Level::Implied, None) => {
            return Err(RegistryError::StrengthMissing { file: file(), id: id() });
        }
        (Level::Implied, Some(_)) | (_, None) => {}
        (level, Some(strength)) => {
            return Err(RegistryError::StrengthUnexpected { file: file(), id: id(), level, strength });
        }
    }
    let blank = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
    let empty = [
        ("section", row.section.trim().is_empty()),
        ("text", row.text.trim().is_empty()),
        ("observe", row.observe.trim().is_empty()),
        ("class", row.class.is_empty()),
        ("ruling", blank(&row.ruling)),
        ("since", blank(&row.since)),
        ("withdrawn", blank(&row.withdrawn)),
    ];
    match empty.iter().find(|(_, empty)| *empty) {
        Some((field, _)) => Err(RegistryError::EmptyField { file: file(), id: id(), field }),
        None => Ok(()),
    }
}

/// Kebab case, and not a running number.
fn is_slug(slug: &str) -> bool {
    slug.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        && slug.bytes().any(|b| b.is_ascii_lowercase())
}

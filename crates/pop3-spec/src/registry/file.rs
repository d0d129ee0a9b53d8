//! A requirement file: its shape, and what must hold for each row of it.

use serde::Deserialize;

use super::sections::Sections;
use super::{FORMAT, RegistryError};
use crate::requirement::{Class, Level, Requirement, Side, Strength, Unasked};

/// A requirement file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    format: String,
    pub(super) rfc: u32,
    pub(super) title: String,
    pub(super) sections: Sections,
    pub(super) requirements: Vec<Row>,
}

/// A row as written: a [`Requirement`] whose RFC is that of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) id: String,
    side: Side,
    section: String,
    level: Level,
    strength: Option<Strength>,
    text: String,
    observe: String,
    class: Vec<Class>,
    ruling: Option<String>,
    pub(super) asked_as: Option<String>,
    unasked: Option<Unasked>,
    since: Option<String>,
    withdrawn: Option<String>,
}

impl Row {
    pub(super) fn into_requirement(self, rfc: u32) -> Requirement {
        Requirement {
            id: self.id,
            rfc,
            side: self.side,
            section: self.section,
            level: self.level,
            strength: self.strength,
            text: self.text,
            observe: self.observe,
            class: self.class,
            ruling: self.ruling,
            asked_as: self.asked_as,
            unasked: self.unasked,
            since: self.since,
            withdrawn: self.withdrawn,
        }
    }
}

/// Only the format line, for files of another version.
#[derive(Deserialize)]
struct Head {
    format: String,
}

/// Reads a file and checks what can be seen without the others.
pub(super) fn parse(file: &str, text: &str) -> Result<File, RegistryError> {
    let unknown = |found: String| RegistryError::UnknownFormat { file: file.to_owned(), found };
    match serde_yaml::from_str::<File>(text) {
        Ok(parsed) if parsed.format == FORMAT => check(file, &parsed).map(|()| parsed),
        Ok(parsed) => Err(unknown(parsed.format)),
        // A later version may have other keys: its format line explains more
        // than the first of them.
        Err(source) => match serde_yaml::from_str::<Head>(text) {
            Ok(head) if head.format != FORMAT => Err(unknown(head.format)),
            _ => Err(RegistryError::Syntax { file: file.to_owned(), source }),
        },
    }
}

fn check(file: &str, parsed: &File) -> Result<(), RegistryError> {
    check_name(file, parsed.rfc)?;
    parsed.sections.check(file)?;
    parsed.requirements.iter().try_for_each(|row| check_row(file, parsed, row))
}

fn check_name(file: &str, rfc: u32) -> Result<(), RegistryError> {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    match name.strip_prefix("rfc").and_then(|rest| rest.strip_suffix(".yaml")) {
        Some(number) if number != rfc.to_string() => Err(RegistryError::FileName { file: file.to_owned(), rfc }),
        _ => Ok(()),
    }
}

fn check_row(file: &str, parsed: &File, row: &Row) -> Result<(), RegistryError> {
    let file = || file.to_owned();
    let id = || row.id.clone();
    let rfc = parsed.rfc;
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
        ("asked_as", blank(&row.asked_as)),
        ("unasked: why", row.unasked.as_ref().is_some_and(|unasked| unasked.why.trim().is_empty())),
        ("since", blank(&row.since)),
        ("withdrawn", blank(&row.withdrawn)),
    ];
    if let Some((field, _)) = empty.iter().find(|(_, empty)| *empty) {
        return Err(RegistryError::EmptyField { file: file(), id: id(), field });
    }
    if row.asked_as.is_some() && row.unasked.is_some() {
        return Err(RegistryError::AskedAndUnasked { file: file(), id: id() });
    }
    if parsed.sections.title(&row.section).is_none() {
        let nearest = parsed.sections.nearest(&row.section);
        return Err(RegistryError::SectionUnknown {
            file: file(),
            id: id(),
            rfc,
            section: row.section.clone(),
            nearest,
        });
    }
    Ok(())
}

/// Kebab case, and not a running number.
fn is_slug(slug: &str) -> bool {
    slug.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        && slug.bytes().any(|b| b.is_ascii_lowercase())
}

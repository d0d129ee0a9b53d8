//! What can be wrong with a requirement file.

use super::FORMAT;
use crate::requirement::{Level, Strength};

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
    /// The key of the map of sections is no section number, or its title is blank.
    #[error(
        "{file}: `sections` has `{section}: {title}`, expected a number such as `5`, `6.3` or `A.1`, or a heading of one word where there are no numbers, and its title; copy both from the RFC's table of contents"
    )]
    SectionEntry {
        /// The file.
        file: String,
        /// The key found.
        section: String,
        /// The title found.
        title: String,
    },
    /// The RFC has no such section.
    #[error(
        "{file}: id `{id}` has `section: '{section}'`, and RFC {rfc} has no such section in the file's `sections`; nearest are {nearest}; correct the row, or add the section if the RFC has it"
    )]
    SectionUnknown {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The file's RFC.
        rfc: u32,
        /// The section found.
        section: String,
        /// The sections around it, with their titles.
        nearest: String,
    },
    /// A row is asked in another's name and cannot be asked.
    #[error("{file}: id `{id}` has both `asked_as` and `unasked`; keep the one that is true")]
    AskedAndUnasked {
        /// The file.
        file: String,
        /// The id.
        id: String,
    },
    /// `asked_as` names no row in force of the same side that is asked itself.
    #[error("{file}: id `{id}` has `asked_as: {other}`, and {what}; name the row whose breach is this one's breach")]
    AskedAs {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The row named.
        other: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

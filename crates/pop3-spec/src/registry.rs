//! All requirements of all RFCs, loaded from `scenarios/requirements/rfcNNNN.yaml`
//! and checked as a whole: an id that people cite must mean one thing for ever.

mod error;
mod file;
mod sections;

use std::collections::BTreeMap;

pub use error::RegistryError;
use sections::Sections;

use crate::requirement::Requirement;

/// The format line of a requirement file.
pub const FORMAT: &str = "pop3-requirements/1";

/// Whether a file in the folder of requirements is a requirement file: `rfcNNNN.yaml`.
/// Beside them lies `ids.txt`, the ledger of all ids ever given.
#[must_use]
pub fn is_requirement_file(name: &str) -> bool {
    let number = name.strip_prefix("rfc").and_then(|rest| rest.strip_suffix(".yaml"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|octet| octet.is_ascii_digit()))
}

/// The requirements of all loaded files, in the order loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    rows: Vec<Requirement>,
    /// Positions in `rows`.
    positions: BTreeMap<String, usize>,
    rfcs: Vec<Rfc>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rfc {
    number: u32,
    title: String,
    sections: Sections,
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
            let parsed = file::parse(&file, &text)?;
            if registry.rfcs.iter().any(|rfc| rfc.number == parsed.rfc) {
                return Err(RegistryError::RfcTwice { file, rfc: parsed.rfc });
            }
            registry.rfcs.push(Rfc { number: parsed.rfc, title: parsed.title, sections: parsed.sections });
            for row in parsed.requirements {
                if let Some(first) = origin.insert(row.id.clone(), file.clone()) {
                    return Err(RegistryError::DuplicateId { file, id: row.id, first });
                }
                registry.positions.insert(row.id.clone(), registry.rows.len());
                registry.rows.push(row.into_requirement(parsed.rfc));
            }
        }
        registry.check_asked_as(&origin)?;
        Ok(registry)
    }

    /// A row that is asked in another's name must lead to one that is asked in its own.
    fn check_asked_as(&self, origin: &BTreeMap<String, String>) -> Result<(), RegistryError> {
        for row in &self.rows {
            let Some(other) = &row.asked_as else { continue };
            let what = match self.by_id(other) {
                None => "there is no such row",
                Some(other) if other.id == row.id => "that is this row",
                Some(other) if other.side != row.side => "that row binds the other side",
                Some(other) if !other.is_in_force() => "that row is withdrawn",
                Some(other) if other.unasked.is_some() => "that row is `unasked`",
                Some(other) if other.asked_as.is_some() => "that row is `asked_as` a third one",
                Some(_) => continue,
            };
            let file = origin.get(&row.id).cloned().unwrap_or_default();
            return Err(RegistryError::AskedAs { file, id: row.id.clone(), other: other.clone(), what });
        }
        Ok(())
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
        self.rfcs.iter().map(|rfc| (rfc.number, rfc.title.as_str()))
    }

    /// The title of a section, such as `Basic Operation`; none for a section that
    /// the RFC does not have, or an RFC that was not loaded.
    #[must_use]
    pub fn section_title(&self, rfc: u32, section: &str) -> Option<&str> {
        self.rfcs.iter().find(|loaded| loaded.number == rfc)?.sections.title(section)
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

//! The table of contents of an RFC, as a requirement file has it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::RegistryError;

/// Section numbers and titles, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sections(Vec<(String, String)>);

impl Sections {
    /// The title of this section.
    pub(super) fn title(&self, section: &str) -> Option<&str> {
        self.0.iter().find(|(number, _)| number == section).map(|(_, title)| title.as_str())
    }

    /// The sections before and after the place where this one would be.
    pub(super) fn nearest(&self, section: &str) -> String {
        let mut around: Vec<_> = self.0.iter().map(|(number, title)| (key(number), number, title)).collect();
        around.sort();
        let at = around.partition_point(|(before, ..)| *before < key(section));
        let named = around.iter().skip(at.saturating_sub(1)).take(2);
        named.map(|(_, number, title)| format!("`{number}` ({title})")).collect::<Vec<_>>().join(" and ")
    }

    /// # Errors
    /// A key that is no section number, or a blank title.
    pub(super) fn check(&self, file: &str) -> Result<(), RegistryError> {
        match self.0.iter().find(|(number, title)| !is_section(number) || title.trim().is_empty()) {
            Some((section, title)) => Err(RegistryError::SectionEntry {
                file: file.to_owned(),
                section: section.clone(),
                title: title.clone(),
            }),
            None => Ok(()),
        }
    }
}

/// Numbers joined by points; the first may be the capital letter of an appendix.
/// RFC 1957 has no numbers, so the heading of a section serves, if it is one word.
fn is_section(number: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|octet| octet.is_ascii_digit());
    let is_letter = |part: &str| matches!(part.as_bytes(), [b'A'..=b'Z']);
    is_heading(number) || number.split('.').enumerate().all(|(at, part)| is_number(part) || at == 0 && is_letter(part))
}

fn is_heading(word: &str) -> bool {
    matches!(word.as_bytes(), [b'A'..=b'Z', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_lowercase))
}

/// Orders as the RFC does: `9` before `10`, both before `A`.
fn key(number: &str) -> Vec<(u32, &str)> {
    number.split('.').map(|part| part.parse().map_or((u32::MAX, part), |number| (number, ""))).collect()
}

impl<'de> Deserialize<'de> for Sections {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

/// Reads a map without letting a second entry silently replace the first.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Sections;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from section number to title")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sections, A::Error> {
        let mut sections = Sections::default();
        while let Some((number, title)) = map.next_entry::<String, String>()? {
            if sections.title(&number).is_some() {
                return Err(A::Error::custom(format_args!("section `{number}` has a duplicate entry")));
            }
            sections.0.push((number, title));
        }
        Ok(sections)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_sections_are_those_around() {
        let names = ["1", "2", "6", "6.1", "6.2", "10", "A"];
        let sections = Sections(names.iter().map(|name| ((*name).to_owned(), "T".to_owned())).collect());
        let check = |section: &str, want: &str| assert_eq!(sections.nearest(section), want, "{section}");
        check("2.1", "`2` (T) and `6` (T)");
        check("6.1.1", "`6.1` (T) and `6.2` (T)");
        check("6.10", "`6.2` (T) and `10` (T)");
        check("0", "`1` (T) and `2` (T)");
        check("11", "`10` (T) and `A` (T)");
        check("B", "`A` (T)");
        assert_eq!(Sections::default().nearest("1"), "");
    }

    #[test]
    fn a_section_is_numbers_and_perhaps_a_letter_or_a_heading() {
        let check = |number: &str, want: bool| assert_eq!(is_section(number), want, "{number}");
        ["3", "6.3", "8.1.1", "10", "A", "A.1", "Observations"].iter().for_each(|number| check(number, true));
        ["", "3.", ".3", "a", "AB", "3.A", "Appendix A", "3-4", "Notes.1"]
            .iter()
            .for_each(|number| check(number, false));
    }
}

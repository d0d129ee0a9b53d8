//! Which examples the RFCs print, counted in their texts, and whether they are all
//! here: `contents.yaml` is the list.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::dialogue::Sent;
use crate::format::{Example, Origin};
use crate::text;

/// An RFC.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rfc {
    rfc: u32,
    /// Its sections with POP3 dialogues.
    #[serde(default)]
    sections: BTreeMap<String, Section>,
    /// Files on what it says in words.
    #[serde(default)]
    in_words: Vec<String>,
    /// Its sections with dialogues of other protocols, and which.
    #[serde(default)]
    other_protocols: BTreeMap<String, String>,
    /// Why there is nothing to replay, where that is so.
    note: Option<String>,
}

/// A section with dialogues.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    /// Lines of the client in print.
    client: usize,
    /// Lines of the server in print.
    server: usize,
    /// The files that have them.
    files: Vec<String>,
    /// Files that have them once more: as an erratum or a note corrects them, or
    /// as they stand in print against the note.
    #[serde(default)]
    again: Vec<String>,
}

pub(crate) fn check(examples: &[Example]) {
    let rfcs: Vec<Rfc> = serde_yaml::from_str(&text("contents.yaml")).unwrap();
    let by_name: BTreeMap<&str, &Example> = examples.iter().map(|example| (example.name.as_str(), example)).collect();
    let mut listed = BTreeSet::new();
    for rfc in &rfcs {
        let mut file = |name: &str, section: Option<&str>, origin: Origin| {
            assert!(listed.insert(name.to_owned()), "{name} stands twice in contents.yaml");
            let example = by_name.get(name).unwrap_or_else(|| panic!("{name}.yaml is missing"));
            let place = (example.rfc, section.map_or(example.section.as_str(), |section| section));
            assert_eq!((rfc.rfc, example.section.as_str()), place, "{name}: the RFC and section in contents.yaml");
            assert_eq!(example.made_from, origin, "{name}: what it is made from");
            assert!(
                name.starts_with(&format!("rfc{}-{}-", example.rfc, example.section.to_lowercase())),
                "{name}: its name"
            );
            printed(example)
        };
        for (section, list) in &rfc.sections {
            let mut lines = (0, 0);
            for name in &list.files {
                let (client, server) = file(name, Some(section), Origin::Dialogue);
                lines = (lines.0 + client, lines.1 + server);
            }
            for name in &list.again {
                file(name, Some(section), Origin::Again);
            }
            let want = (list.client, list.server);
            assert_eq!(lines, want, "RFC {} section {section}: lines of client and server here and in print", rfc.rfc);
        }
        for name in &rfc.in_words {
            file(name, None, Origin::Words);
        }
        let explained = rfc.note.is_some() || !rfc.sections.is_empty();
        assert!(explained, "RFC {}: a note must say why nothing is replayed", rfc.rfc);
        for (section, protocol) in &rfc.other_protocols {
            assert!(["ACAP", "IMAP", "SMTP"].contains(&protocol.as_str()), "RFC {} section {section}", rfc.rfc);
        }
    }
    let there: BTreeSet<String> = by_name.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(listed, there, "contents.yaml and the files beside it");
}

/// How many lines of client and server the RFC prints.
fn printed(example: &Example) -> (usize, usize) {
    let exchanges = || example.sessions.iter().flatten();
    let client = exchanges().filter(|exchange| matches!(exchange.sent, Sent::Line(_))).count();
    (client, exchanges().map(|exchange| exchange.printed).sum())
}

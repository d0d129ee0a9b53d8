//! A folder of scenarios, fragments and fixtures, loaded as a whole.

mod folder;

use std::collections::{BTreeMap, BTreeSet};

use crate::decode::{self, Decoder, Shelf};
use crate::diagnostic::{Diagnostic, Findings, whole_file};
use crate::fixture::Fixture;
use crate::scenario::{Fragment, Scenario};
use crate::source::SourceFile;
use crate::yaml::{self, Node};

/// Everything that scenarios are made of.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The scenarios without errors, by id.
    pub scenarios: Vec<Scenario>,
    /// The fragments without errors, by name.
    pub fragments: BTreeMap<String, Fragment>,
    /// The fixtures without errors, by name.
    pub fixtures: BTreeMap<String, Fixture>,
    broken_fragments: BTreeSet<String>,
    /// Names of all fixture files, also of those with errors.
    fixture_names: BTreeSet<String>,
    known_requirements: Option<BTreeSet<String>>,
}

/// What a path below the catalogue holds.
#[derive(Debug, PartialEq)]
enum Kind {
    Scenario(String),
    Fragment(String),
    Fixture(String),
    Other,
}

impl Catalogue {
    /// Loads files, given as path below the catalogue (with `/`) and text.
    /// Paths that are not the catalogue's (`targets/`, `requirements/`, files at
    /// the top such as `rulings.yaml`, anything but `.yaml`) are passed over.
    ///
    /// `known_requirements` are the ids that may be cited; `None` accepts any.
    /// What has errors is left out of the catalogue; the diagnostics say why,
    /// ordered by file and line. Warnings are made by [`crate::lint`].
    pub fn load(
        files: impl IntoIterator<Item = (String, String)>,
        known_requirements: Option<BTreeSet<String>>,
    ) -> (Self, Vec<Diagnostic>) {
        let mut catalogue = Self { known_requirements, ..Self::default() };
        let mut diagnostics = Vec::new();
        let mut scenarios = Vec::new();
        let mut fragments = BTreeMap::new();
        let mut fixtures = BTreeMap::new();
        let mut files: Vec<(String, String)> = files.into_iter().collect();
        files.sort();
        files.dedup_by(|later, earlier| later.0 == earlier.0);
        for (path, text) in files {
            let file = SourceFile::new(&path, &text);
            match kind(&path) {
                Kind::Scenario(id) => scenarios.push((id, file)),
                Kind::Fragment(name) => drop(fragments.insert(name, file)),
                Kind::Fixture(name) => drop(fixtures.insert(name, file)),
                Kind::Other => {}
            }
        }
        catalogue.fixture_names = fixtures.keys().cloned().collect();
        catalogue.load_fixtures(fixtures, &mut diagnostics);
        catalogue.load_fragments(fragments, &mut diagnostics);
        let mut loaded = Vec::new();
        for (id, file) in scenarios {
            let (scenario, mut found) = catalogue.read(&file, Some(&id));
            diagnostics.append(&mut found);
            loaded.extend(scenario);
        }
        loaded.sort_by(|a, b| a.id.cmp(&b.id));
        catalogue.scenarios = loaded;
        diagnostics.sort_by(|a, b| {
            (&a.span.file.path, a.span.line, a.span.column).cmp(&(&b.span.file.path, b.span.line, b.span.column))
        });
        (catalogue, diagnostics)
    }

    /// Whether a file at this path below a catalogue is a scenario, a fragment or
    /// a fixture; [`Catalogue::load`] passes over all others.
    #[must_use]
    pub fn reads(path: &str) -> bool {
        kind(path) != Kind::Other
    }

    /// Reads one scenario that lies outside the catalogue, with the catalogue's
    /// fragments and fixtures; its id need not agree with its path.
    pub fn read_scenario(&self, path: &str, text: &str) -> (Option<Scenario>, Vec<Diagnostic>) {
        self.read(&SourceFile::new(path, text), None)
    }

    /// The scenario of this id.
    #[must_use]
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        let at = self.scenarios.binary_search_by(|scenario| scenario.id.as_str().cmp(id)).ok()?;
        self.scenarios.get(at)
    }

    fn shelf(&self) -> Shelf<'_> {
        Shelf {
            fragments: &self.fragments,
            broken: &self.broken_fragments,
            fixtures: &self.fixture_names,
            requirements: self.known_requirements.as_ref(),
        }
    }

    fn read(&self, file: &SourceFile, id: Option<&str>) -> (Option<Scenario>, Vec<Diagnostic>) {
        let mut decoder = Decoder::new(file, self.shelf());
        let root = yaml::read(file, &mut decoder.findings);
        let scenario = root.and_then(|root| decode::scenario(&mut decoder, &root, id));
        let mut findings = decoder.findings;
        if let Some(scenario) = &scenario {
            crate::check::scenario(scenario, &mut findings);
        }
        (scenario.filter(|_| !findings.has_errors()), findings.into_sorted())
    }

    fn load_fixtures(&mut self, files: BTreeMap<String, SourceFile>, diagnostics: &mut Vec<Diagnostic>) {
        for (name, file) in files {
            let mut decoder = Decoder::new(&file, self.shelf());
            let root = yaml::read(&file, &mut decoder.findings);
            let fixture = root.and_then(|root| decode::fixture(&mut decoder, &root, &name));
            let findings = decoder.findings;
            if let Some(fixture) = fixture.filter(|_| !findings.has_errors()) {
                self.fixtures.insert(name, fixture);
            }
            diagnostics.extend(findings.into_sorted());
        }
    }

    /// Reads fragments, those that others use first.
    fn load_fragments(&mut self, files: BTreeMap<String, SourceFile>, diagnostics: &mut Vec<Diagnostic>) {
        let mut waiting: BTreeMap<String, (SourceFile, Node, BTreeSet<String>)> = BTreeMap::new();
        for (name, file) in files {
            let mut findings = Findings::default();
            let root = yaml::read(&file, &mut findings);
            match root.filter(|_| !findings.has_errors()) {
                Some(root) => {
                    let mut uses = BTreeSet::new();
                    decode::fragment_uses(&root, &mut uses);
                    waiting.insert(name, (file, root, uses));
                }
                None => drop(self.broken_fragments.insert(name)),
            }
            diagnostics.extend(findings.into_sorted());
        }
        while !waiting.is_empty() {
            let ready = waiting.iter().find(|(_, (.., uses))| !uses.iter().any(|used| waiting.contains_key(used)));
            let Some(name) = ready.map(|(name, _)| name.clone()) else { break };
            let Some((file, root, _)) = waiting.remove(&name) else { break };
            let mut decoder = Decoder::new(&file, self.shelf());
            let fragment = decode::fragment(&mut decoder, &root, &name);
            let findings = decoder.findings;
            match fragment.filter(|_| !findings.has_errors()) {
                Some(fragment) => drop(self.fragments.insert(name, fragment)),
                None => drop(self.broken_fragments.insert(name)),
            }
            diagnostics.extend(findings.into_sorted());
        }
        // What is left uses itself, through others or not.
        let circle: Vec<String> = waiting.keys().cloned().collect();
        for (name, (file, ..)) in waiting {
            let mut findings = Findings::default();
            let message =
                format!("the fragment `{name}` uses itself, directly or through others ({})", circle.join(", "));
            findings.error_help(
                &whole_file(&file),
                "circular-use",
                message,
                "move what they share into a fragment of its own",
            );
            self.broken_fragments.insert(name);
            diagnostics.extend(findings.into_sorted());
        }
    }
}

/// What a path below the catalogue holds, by its folder.
fn kind(path: &str) -> Kind {
    let Some(stem) = path.strip_suffix(".yaml") else { return Kind::Other };
    let Some((folder, rest)) = stem.split_once('/') else { return Kind::Other };
    match folder {
        "fragments" => Kind::Fragment(rest.to_owned()),
        "mailboxes" => Kind::Fixture(rest.to_owned()),
        "targets" | "requirements" => Kind::Other,
        _ => Kind::Scenario(stem.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_say_what_a_file_is() {
        let check = |path: &str, want: Kind| assert_eq!(kind(path), want, "{path}");
        check("rfc1939/stat/counts.yaml", Kind::Scenario("rfc1939/stat/counts".to_owned()));
        check("fragments/login.yaml", Kind::Fragment("login".to_owned()));
        check("mailboxes/plain.yaml", Kind::Fixture("plain".to_owned()));
        check("requirements/rfc1939.yaml", Kind::Other);
        check("targets/dovecot/target.yaml", Kind::Other);
        check("rulings.yaml", Kind::Other);
        check("rfc1939/readme.md", Kind::Other);
    }
}

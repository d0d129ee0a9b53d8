//! What could be better in files that load.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::check::{Ledger, top};
use crate::decode::is_slug;
use crate::diagnostic::{Diagnostic, Findings};
use crate::scenario::{Scenario, Verb};
use crate::verdict::Level;

/// The longest title that lists show in full, in characters.
pub const LONGEST_TITLE: usize = 80;

/// Warnings on one scenario.
#[must_use]
pub fn scenario(scenario: &Scenario) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    header(scenario, &mut findings);
    let mut ignored = Findings::default();
    let ledger = Ledger::of(scenario, &mut ignored);
    for (name, span) in &ledger.made {
        let part_used = name.split_once('.').is_some_and(|(list, _)| ledger.used.contains(list));
        if !ledger.used.contains(name) && !part_used {
            let message = format!("the capture `{name}` is never used");
            findings.warning(span, "unused-capture", message, "leave out its name, `{:uint}`, or check it");
        }
    }
    findings.into_sorted()
}

/// Warnings on all scenarios of a catalogue, and on fragments and fixtures that
/// no scenario uses, ordered by file and line.
#[must_use]
pub fn catalogue(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = catalogue.scenarios.iter().flat_map(scenario).collect();
    let mut fragments = BTreeSet::new();
    let mut fixtures = BTreeSet::new();
    for scenario in &catalogue.scenarios {
        fixtures.extend(scenario.mailbox.iter().flatten().map(String::as_str));
        scenario.for_each_step(|step| {
            if let Verb::Use(used) = &step.verb {
                fragments.insert(used.fragment.as_str());
            }
        });
    }
    let mut findings = Findings::default();
    for (name, fragment) in &catalogue.fragments {
        if !fragments.contains(name.as_str()) {
            let message = format!("no scenario uses the fragment `{name}`");
            findings.warning(&top(&fragment.source), "unused-fragment", message, "use it, or remove the file");
        }
    }
    for (name, fixture) in &catalogue.fixtures {
        if !fixtures.contains(name.as_str()) {
            let message = format!("no scenario uses the fixture `{name}`");
            findings.warning(&top(&fixture.source), "unused-fixture", message, "use it, or remove the file");
        }
    }
    diagnostics.extend(findings.into_sorted());
    diagnostics.sort_by(|a, b| (&a.span.file.path, a.span.line).cmp(&(&b.span.file.path, b.span.line)));
    diagnostics
}

fn header(scenario: &Scenario, findings: &mut Findings) {
    let place = top(&scenario.source);
    if scenario.requirements.is_empty() {
        let message = "the scenario cites no requirement, so a failure cites no clause";
        findings.warning(&place, "no-requirement", message, "add `requirements: [id]`");
    }
    if scenario.level == Level::Must && scenario.kills.is_empty() {
        let message = "the scenario asserts a must and names no fault that it detects";
        findings.warning(
            &place,
            "no-kills",
            message,
            "add `kills: [fault]`: a check that has never failed is not yet a check",
        );
    }
    let length = scenario.title.chars().count();
    if length > LONGEST_TITLE {
        let message = format!("the title has {length} characters, and lists show {LONGEST_TITLE}");
        findings.warning(&place, "long-title", message, "shorten it; reasons go into `why`");
    }
    if !scenario.id.split('/').all(is_slug) {
        let message = format!("the id `{}` is not made of lower-case words with hyphens", scenario.id);
        findings.warning(&place, "id-style", message, "rename the file before anybody cites it");
    }
}

//! What could be better in files that load.

mod folder;
mod kills;

use std::collections::BTreeSet;

use pop3_spec::ruling::Rulings;

use crate::catalogue::Catalogue;
use crate::check::{Ledger, top};
use crate::decode::is_slug;
use crate::diagnostic::{Diagnostic, Findings};
use crate::scenario::{Scenario, Verb};
use crate::verdict::Level;

pub use folder::{ignored, shadow};
pub use kills::kills;

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

/// Errors where scenarios and the rulings do not agree: a ruling that there is
/// not, or a grade other than the ruling's default. What is right in any reading
/// (`pass`), and what tells that nothing was seen, may stand beside any ruling.
#[must_use]
pub fn rulings<'s>(scenarios: impl IntoIterator<Item = &'s Scenario>, rulings: &Rulings) -> Vec<Diagnostic> {
    // Keeps one of the equal ones that scenarios with the same fragment bring.
    let mut findings = Findings::default();
    for grade in scenarios.into_iter().flat_map(Scenario::grades_by_ruling) {
        let id = grade.ruling;
        let Some(ruling) = rulings.by_id(id) else {
            let message = format!("no ruling is called `{id}`");
            let help = "`pop3spec list rulings` shows all; an open reading needs a row in rulings.yaml first";
            findings.error_help(grade.span, "unknown-ruling", message, help);
            continue;
        };
        let decided = grade.verdict.read_as(Some(ruling.default));
        if decided != grade.verdict {
            let message = format!("the grade is `{}`, and ruling {id} decides `{decided}`", grade.verdict);
            let help = format!("grade it `{decided}`; or, if outcomes differ, let the ruling's default be `graded`");
            findings.error_help(grade.span, "against-ruling", message, help);
        }
    }
    findings.into_sorted()
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
    for (key, text, what) in [
        ("why", &scenario.why, "why it matters to a person's mail"),
        ("fix", &scenario.fix, "how the author of a server mends it"),
    ] {
        if text.is_empty() {
            let message = format!("the scenario does not say {what}");
            findings.warning(&place, "no-text", message, format!("add `{key}:`; reports and `explain` show it"));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const RULINGS: &str = "format: pop3-rulings/1\nrulings:\n\
        - {id: a-11, question: q, options: [warn, fail], texts: t, default: warn, why: w, effect: e}\n\
        - {id: a-12, question: q, options: [graded, fail], texts: t, default: graded, why: w, effect: e}\n";

    #[test]
    fn a_grade_is_what_its_ruling_decides() {
        let known = Rulings::load("rulings.yaml", RULINGS).unwrap();
        let check = |steps: &str, want: &[&str]| {
            let text = format!("format: pop3-scenario/1\nid: a/b\ntitle: t\nlevel: should\nsteps:\n{steps}");
            let (scenario, found) = Catalogue::default().read_scenario("a/b.yaml", &text);
            assert!(found.is_empty(), "{found:?}");
            let found = rulings(&scenario, &known);
            let got: Vec<String> = found.iter().map(|each| format!("{}: {}", each.code, each.message)).collect();
            assert_eq!(got, want, "{steps}");
        };
        let one_of = |verdict: &str, ruling: &str| {
            format!(
                "- open: {{}}\n- one_of:\n  - {{id: good, S: +OK, verdict: pass, ruling: a-11}}\n  \
                 - {{id: other, S: -ERR, verdict: {verdict}, ruling: {ruling}}}\n"
            )
        };
        let against = |grade: &str| format!("against-ruling: the grade is `{grade}`, and ruling a-11 decides `warn`");
        for grade in ["fail", "info"] {
            check(&one_of(grade, "a-11"), &[&against(grade)]);
            check(&one_of(grade, "a-12"), &[]);
        }
        for grade in ["warn", "pass", "unsupported", "inconclusive"] {
            check(&one_of(grade, "a-11"), &[]);
        }
        check(&one_of("warn", "a-13"), &["unknown-ruling: no ruling is called `a-13`"]);
        check("- open: {}\n- check: {that: 1 == 1, ruling: a-11}\n", &[]);
        check("- open: {}\n- check: {that: 1 == 1, level: may, ruling: a-11}\n", &[&against("info")]);
    }
}

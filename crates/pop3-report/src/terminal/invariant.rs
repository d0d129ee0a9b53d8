//! An always-on check that was broken, with its first examples.

use pop3_scenario::event::{Breach, InvariantFinished};

use super::{diff, requirement, run_again};
use crate::log::Run;
use crate::page::Page;
use crate::style::Role;
use crate::told::{self, count};

/// Writes what the check watches, how often it was broken, and where.
pub(super) fn broken(page: &mut Page, run: &Run, invariant: &InvariantFinished) {
    page.gap();
    page.put(Role::Verdict(invariant.verdict), invariant.verdict.as_str());
    page.text("  ").put(Role::Strong, &invariant.id).end();
    page.paragraph(2, Role::Plain, &invariant.title);
    let broken = told::broken_by(invariant);
    for id in broken {
        requirement(page, run, invariant.level.as_str(), id);
    }
    let mut counts = told::breaches(invariant);
    if invariant.breaches > invariant.examples.len() {
        counts.push_str(&format!("; {}:", count(invariant.examples.len(), "example", "examples")));
    }
    page.paragraph(2, Role::Plain, &counts);
    for each in &invariant.examples {
        let which = if each.requirement.is_empty() { &invariant.requirement } else { &each.requirement };
        example(page, each, (broken.len() > 1).then_some(which));
    }
    if let Some(first) = invariant.examples.first() {
        run_again(page, run, &first.scenario);
    }
}

/// `requirement` is the one broken, where that is not told above for all examples.
fn example(page: &mut Page, breach: &Breach, requirement: Option<&String>) {
    page.gap();
    page.indent(2).text("in ").put(Role::Strong, &breach.scenario);
    if !breach.session.is_empty() {
        page.text(", session ").text(&breach.session);
    }
    page.text(&format!(", octet {} of the server:", breach.octet)).end();
    if let Some(id) = requirement {
        page.labelled(2, "breaks: ", Role::Plain, id);
    }
    match breach.command.as_str() {
        "" => page.paragraph(2, Role::Faint, "in the greeting"),
        command => page.octets(2, &[(Role::Faint, "answer to: ")], Role::Plain, command, 0),
    }
    diff::expected_actual(page, 2, &breach.expected, &breach.actual);
}

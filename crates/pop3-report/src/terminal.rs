//! The report that a person reads after a run: what needs attention first and
//! in full, then the choices recorded, what was not run, and the counts.

mod attention;
mod diff;
mod exchange;
mod invariant;
mod summary;

use std::collections::BTreeSet;
use std::fmt;

use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::{InvariantFinished, ScenarioFinished, Who};
use pop3_scenario::verdict::Verdict;

use crate::log::Run;
use crate::page::Page;
use crate::style::{Role, Style};
use crate::told;

/// Renders a run for a terminal or a plain text file.
#[derive(Clone, Copy, Debug)]
pub struct TerminalReport<'a> {
    run: &'a Run,
    style: Style,
}

impl<'a> TerminalReport<'a> {
    /// The report of this run. Its text comes from [`fmt::Display`].
    #[must_use]
    pub fn new(run: &'a Run, style: Style) -> Self {
        Self { run, style }
    }
}

impl fmt::Display for TerminalReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut page = Page::new(self.style);
        heading(&mut page, self.run);
        // What fails the gate comes before what does not.
        for warnings in [false, true] {
            for result in &self.run.results {
                if result.verdict.needs_attention() && (result.verdict == Verdict::Warn) == warnings {
                    attention::result(&mut page, self.run, result);
                }
            }
            for broken in &self.run.invariants {
                if broken.verdict.needs_attention() && (broken.verdict == Verdict::Warn) == warnings {
                    invariant::broken(&mut page, self.run, broken);
                }
            }
        }
        summary::choices(&mut page, self.run);
        summary::not_run(&mut page, self.run);
        summary::table(&mut page, self.run);
        summary::incomplete(&mut page, self.run);
        summary::closing(&mut page, self.run);
        f.write_str(&page.finish())
    }
}

/// What the report says about one result.
pub(crate) fn explain_result(run: &Run, result: &ScenarioFinished, style: Style) -> String {
    let mut page = Page::new(style);
    attention::result(&mut page, run, result);
    page.finish()
}

/// What the report says about one always-on check.
pub(crate) fn explain_invariant(run: &Run, check: &InvariantFinished, style: Style) -> String {
    let mut page = Page::new(style);
    invariant::broken(&mut page, run, check);
    page.finish()
}

/// A reason behind a label, and below it what the server said by itself.
fn reason(page: &mut Page, indent: usize, label: &str, reason: &str) {
    let (why, said) = told::with_last_words(reason);
    page.labelled(indent, label, Role::Plain, why);
    for line in said {
        page.labelled(indent + 2, "| ", Role::Plain, line);
    }
}

/// The mark of a side in a transcript.
pub(crate) fn mark(who: Who) -> &'static str {
    match who {
        Who::Client => "C:",
        Who::Server => "S:",
        Who::Event => "* ",
    }
}

/// The sentence at the end of the report: counts, time and exit code.
pub(crate) fn closing_line(run: &Run) -> String {
    let mut page = Page::new(Style::default());
    summary::closing(&mut page, run);
    page.finish().trim_end().to_owned()
}

/// The last exchange of each session that a finding is about; where there is no
/// finding, of the first few.
pub(crate) fn exchanges(page: &mut Page, run: &Run, result: &ScenarioFinished) {
    if result.findings.is_empty() {
        return exchange::of_all(page, run, &result.transcript);
    }
    let sessions: BTreeSet<&str> = result.findings.iter().map(|finding| finding.session.as_str()).collect();
    for session in sessions {
        exchange::of_session(page, run, &result.transcript, session);
    }
}

/// Expected and actual, difference by difference.
pub(crate) fn expected_actual(page: &mut Page, expected: &str, actual: &str) {
    diff::expected_actual(page, 0, expected, actual);
}

/// Octets behind a label, such as the command before a finding.
pub(crate) fn after(page: &mut Page, label: &str, octets: &str) {
    page.octets(0, &[(Role::Plain, label)], Role::Plain, octets, 0);
}

fn heading(page: &mut Page, run: &Run) {
    let started = &run.started;
    let title = format!("pop3spec {} against {}", started.suite, told::target(run));
    page.paragraph(0, Role::Strong, &title);
    page.paragraph(2, Role::Faint, &started.target_description);
    page.paragraph(2, Role::Faint, &format!("started {}, seed {}", started.started, started.seed));
    if started.delivery != Delivery::default() {
        page.paragraph(2, Role::Faint, &format!("everything sent was delivered {}", started.delivery));
    }
    for ruling in &run.started.rulings {
        let text = format!("ruling {} is read as `{}` here (default: {})", ruling.id, ruling.chosen, ruling.default);
        page.paragraph(2, Role::Strong, &text);
    }
    if let Some(ready) = &run.ready {
        page.octets(2, &[(Role::Faint, "greeting: ")], Role::Faint, &ready.greeting, 0);
    }
}

/// Level, id, clause and paraphrase of a requirement.
fn requirement(page: &mut Page, run: &Run, level: &str, id: &str) {
    page.indent(2).text(level).text(" ").put(Role::Strong, id);
    match told::cited(run, id) {
        Some(cited) => {
            page.text(" (").text(&cited.clause()).text(")").end();
            page.paragraph(4, Role::Plain, &cited.text);
        }
        None => page.end(),
    }
}

/// The command that runs just one scenario against the same target.
fn run_again(page: &mut Page, run: &Run, scenario: &str) {
    let repeat = told::repeat(run, scenario);
    page.indent(2).put(Role::Faint, "run just this one: ").text(&repeat.command).end();
    if let Some(lacks) = repeat.lacks {
        page.paragraph(4, Role::Faint, lacks);
    }
}

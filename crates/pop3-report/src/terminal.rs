//! The report that a person reads after a run: what needs attention first and
//! in full, then the choices recorded, what was not run, and the counts.

mod attention;
mod diff;
mod exchange;
mod invariant;
mod summary;

use std::fmt;

use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::{ChosenRuling, CitedRequirement, InvariantFinished, ScenarioFinished, Who};
use pop3_scenario::verdict::Verdict;

pub(crate) use invariant::count;

use crate::log::Run;
use crate::page::Page;
use crate::style::{Role, Style};

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

/// The mark of a side in a transcript.
pub(crate) fn mark(who: Who) -> &'static str {
    match who {
        Who::Client => "C:",
        Who::Server => "S:",
        Who::Event => "* ",
    }
}

fn heading(page: &mut Page, run: &Run) {
    let started = &run.started;
    let title = format!("pop3spec {} against {}", started.suite, started.target);
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

/// What the user chose for a ruling, if not its default.
fn chosen<'a>(run: &'a Run, ruling: &str) -> Option<&'a ChosenRuling> {
    run.started.rulings.iter().find(|chosen| chosen.id == ruling)
}

/// `ruling a-11`, and how it is read if not by its default.
fn ruling_words(run: &Run, ruling: &str) -> String {
    match chosen(run, ruling) {
        Some(chosen) => format!("ruling {ruling}, read as `{}` by choice of the user", chosen.chosen),
        None => format!("ruling {ruling}"),
    }
}

/// The requirement as the log explains it.
fn cited<'a>(run: &'a Run, id: &str) -> Option<&'a CitedRequirement> {
    run.started.requirements.iter().find(|requirement| requirement.id == id)
}

/// Level, id, clause and paraphrase of a requirement.
fn requirement(page: &mut Page, run: &Run, level: &str, id: &str) {
    page.indent(2).text(level).text(" ").put(Role::Strong, id);
    match cited(run, id) {
        Some(cited) => {
            page.text(" (").text(&cited.clause()).text(")").end();
            page.paragraph(4, Role::Plain, &cited.text);
        }
        None => page.end(),
    }
}

/// The command that runs just one scenario against the same target.
fn run_again(page: &mut Page, run: &Run, scenario: &str) {
    let mut words: Vec<String> = ["pop3spec", "run", "--only", scenario].map(str::to_owned).into();
    // Taken apart and quoted again: a forged log must not smuggle in a second command.
    let options = shlex::split(&run.started.target_options);
    let readable = options.is_some();
    words.extend(options.unwrap_or_default());
    if run.started.delivery != Delivery::default() {
        words.extend(["--delivery", run.started.delivery.as_str()].map(str::to_owned));
    }
    for ruling in &run.started.rulings {
        words.extend(["--ruling".to_owned(), format!("{}={}", ruling.id, ruling.chosen)]);
    }
    let words: Vec<String> = words.iter().map(|word| crate::visible::visible(word)).collect();
    let line = shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default();
    page.indent(2).put(Role::Faint, "run just this one: ").text(&line).end();
    if !readable {
        page.paragraph(4, Role::Faint, "(add the options that select the target: the log has them with an open quote)");
    }
}

//! The end of the report: choices, what was not run, counts, one sentence.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use pop3_scenario::verdict::Verdict;

use crate::log::Run;
use crate::page::Page;
use crate::style::Role;
use crate::tally::{self, Tally};
use crate::told::{self, count, duration, ruling_words};
use crate::visible::visible;

/// Writes the legal choices that the target took.
pub(super) fn choices(page: &mut Page, run: &Run) {
    let choices = told::recorded(run);
    if choices.is_empty() {
        return;
    }
    page.gap();
    page.put(Role::Strong, &format!("Choices of the target, {}:", told::legal(run, &choices))).end();
    for choice in choices {
        page.indent(2).put(Role::Verdict(Verdict::Info), "info").text("  ").text(&choice.place()).end();
        let ruling = choice.ruling.map(|ruling| format!(" ({})", ruling_words(run, ruling))).unwrap_or_default();
        page.paragraph(8, Role::Plain, &format!("{}{ruling}", choice.words));
    }
}

/// Writes what was not asked, and why.
pub(super) fn not_run(page: &mut Page, run: &Run) {
    let reasons = told::not_run(run);
    let Some(digits) = reasons.values().max().map(|n| n.to_string().len()) else { return };
    page.gap();
    page.put(Role::Strong, "Not run:").end();
    for ((verdict, reason), n) in reasons {
        page.labelled(2, &format!("{n:>digits$}  {:<11}  ", verdict.as_str()), Role::Plain, reason);
    }
}

/// Writes the counts: a row for each first part of the ids, a column for each
/// verdict that occurs.
pub(super) fn table(page: &mut Page, run: &Run) {
    if run.results.is_empty() {
        return;
    }
    let totals = Tally::of(&run.results);
    let rows = tally::by_part(&run.results, tally::folder);
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    let words = totals.occurring().map(|(verdict, _)| verdict.to_string());
    table.set_header(std::iter::once(String::new()).chain(words).chain(["total".to_owned()]));
    let cell = |n: usize| if n == 0 { "-".to_owned() } else { n.to_string() };
    let row = |name: &str, counts: &Tally| {
        let cells = totals.occurring().map(|(verdict, _)| cell(counts.get(verdict)));
        std::iter::once(visible(name)).chain(cells).chain([counts.total().to_string()]).collect::<Vec<String>>()
    };
    for (name, counts) in &rows {
        table.add_row(row(name, counts));
    }
    if rows.len() > 1 {
        table.add_row(row("total", &totals));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    page.gap();
    for (n, line) in table.lines().enumerate() {
        page.put(if n == 0 { Role::Strong } else { Role::Plain }, line.trim_end()).end();
    }
}

/// Writes why the results are not all, if they are not.
pub(super) fn incomplete(page: &mut Page, run: &Run) {
    let Some(reason) = told::broken_off(run) else { return };
    page.gap();
    super::reason(page, 0, "incomplete: ", &reason);
    for started in &run.unfinished {
        page.paragraph(2, Role::Plain, &format!("under way: {}, begun after {}", started.id, duration(started.at_ms)));
    }
}

/// Writes the one sentence that a person looks for.
pub(super) fn closing(page: &mut Page, run: &Run) {
    page.gap();
    let total = run.results.len();
    if run.is_complete() {
        page.put(Role::Strong, &count(total, "scenario", "scenarios"));
    } else {
        page.put(
            Role::Strong,
            &format!("{total} of {}", count(run.started.selected.max(total), "scenario", "scenarios")),
        );
    }
    let mut mark = ": ";
    for (verdict, n) in Tally::of(&run.results).occurring() {
        page.text(mark).put(Role::Verdict(verdict), &format!("{n} {verdict}"));
        mark = ", ";
    }
    page.text(" in ").text(&duration(run.elapsed_ms()));
    let broken = run.invariants.iter().filter(|invariant| invariant.verdict.needs_attention()).count();
    if broken > 0 {
        page.text(&format!(
            "; {broken} of {} broken",
            count(run.invariants.len(), "always-on check", "always-on checks")
        ));
    }
    match run.started.rulings.len() {
        0 => {}
        n => drop(page.text(&format!("; {} read otherwise than by default", count(n, "ruling", "rulings")))),
    }
    match &run.finished {
        Some(footer) => page.text(&format!("; exit {}", footer.exit.code())),
        None => page.text("; incomplete"),
    };
    page.end();
}

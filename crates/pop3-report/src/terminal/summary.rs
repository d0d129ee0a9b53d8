//! The end of the report: choices, what was not run, counts, one sentence.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use pop3_scenario::verdict::Verdict;

use super::invariant::count;
use super::{chosen, ruling_words};
use crate::log::Run;
use crate::page::Page;
use crate::style::Role;
use crate::visible::visible;

/// Writes the legal choices that the target took.
pub(super) fn choices(page: &mut Page, run: &Run) {
    let mut lines: Vec<(String, String, Option<&str>)> = Vec::new();
    for result in &run.results {
        for choice in result.choices.iter().filter(|choice| choice.verdict == Verdict::Info) {
            let text = match &choice.note {
                Some(note) => format!("{}: {note}", choice.id),
                None => choice.id.clone(),
            };
            lines.push((format!("{} line {}", result.id, choice.line), text, choice.ruling.as_deref()));
        }
        for finding in
            result.findings.iter().filter(|finding| finding.verdict == Verdict::Info && result.verdict == Verdict::Info)
        {
            lines.push((
                format!("{} line {}", result.id, finding.place.line),
                finding.summary.clone(),
                finding.ruling.as_deref(),
            ));
        }
    }
    for invariant in run.invariants.iter().filter(|invariant| invariant.verdict == Verdict::Info) {
        lines.push((
            invariant.id.clone(),
            format!("{} ({})", invariant.title, count(invariant.breaches, "time", "times")),
            None,
        ));
    }
    if lines.is_empty() {
        return;
    }
    page.gap();
    let read_otherwise = lines.iter().any(|(.., ruling)| ruling.is_some_and(|ruling| chosen(run, ruling).is_some()));
    let heading = if read_otherwise {
        "Choices of the target, all of them legal as this run reads the texts:"
    } else {
        "Choices of the target, all of them legal:"
    };
    page.put(Role::Strong, heading).end();
    for (place, text, ruling) in lines {
        page.indent(2).put(Role::Verdict(Verdict::Info), "info").text("  ").text(&place).end();
        let ruling = ruling.map(|ruling| format!(" ({})", ruling_words(run, ruling))).unwrap_or_default();
        page.paragraph(8, Role::Plain, &format!("{text}{ruling}"));
    }
}

/// Writes what was not asked, and why.
pub(super) fn not_run(page: &mut Page, run: &Run) {
    let mut reasons: BTreeMap<(Verdict, &str), usize> = BTreeMap::new();
    for result in &run.results {
        if matches!(result.verdict, Verdict::Skipped | Verdict::Unsupported) {
            *reasons.entry((result.verdict, result.reason.as_deref().unwrap_or("no reason given"))).or_default() += 1;
        }
    }
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
    let occurring: BTreeSet<Verdict> = run.results.iter().map(|result| result.verdict).collect();
    let mut rows: BTreeMap<&str, BTreeMap<Verdict, usize>> = BTreeMap::new();
    let mut totals: BTreeMap<Verdict, usize> = BTreeMap::new();
    for result in &run.results {
        let part = result.id.split('/').next().unwrap_or_default();
        *rows.entry(part).or_default().entry(result.verdict).or_default() += 1;
        *totals.entry(result.verdict).or_default() += 1;
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    let words = occurring.iter().map(|verdict| verdict.to_string());
    table.set_header(std::iter::once(String::new()).chain(words).chain(["total".to_owned()]));
    let row = |name: &str, counts: &BTreeMap<Verdict, usize>| {
        let cells =
            occurring.iter().map(|verdict| counts.get(verdict).map_or_else(|| "-".to_owned(), usize::to_string));
        let total: usize = counts.values().sum();
        std::iter::once(visible(name)).chain(cells).chain([total.to_string()]).collect::<Vec<String>>()
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
    if run.is_complete() {
        return;
    }
    page.gap();
    let reason = match run.finished.as_ref().and_then(|footer| footer.aborted.as_deref()) {
        Some(reason) => format!("The run ended early: {reason}"),
        None => "The log has no footer: the run was killed, has crashed, or is not over yet.".to_owned(),
    };
    page.labelled(0, "incomplete: ", Role::Plain, &reason);
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
    for verdict in Verdict::ALL {
        let n = run.results.iter().filter(|result| result.verdict == verdict).count();
        if n > 0 {
            page.text(mark).put(Role::Verdict(verdict), &format!("{n} {verdict}"));
            mark = ", ";
        }
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

/// `61 ms`, `0.9 s` or `2 min 5 s`.
fn duration(ms: u64) -> String {
    match ms / 1000 {
        0 if ms < 100 => format!("{ms} ms"),
        seconds @ 0..60 => format!("{seconds}.{} s", ms % 1000 / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

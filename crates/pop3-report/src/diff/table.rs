//! The comparison as a table for people.

use std::fmt;

use comfy_table::{ContentArrangement, Table, presets};
use pop3_scenario::delivery::Delivery;
use pop3_scenario::verdict::Verdict;

use super::{Change, Difference, compare};
use crate::log::Run;
use crate::page::Page;
use crate::style::{Role, Style};
use crate::visible::visible;

/// Two runs compared, for a terminal or a plain text file. Its text comes from
/// [`fmt::Display`].
#[derive(Debug)]
pub struct DiffReport<'a> {
    before: &'a Run,
    after: &'a Run,
    differences: Vec<Difference>,
    style: Style,
}

impl<'a> DiffReport<'a> {
    /// Compares two runs, the earlier one first.
    #[must_use]
    pub fn new(before: &'a Run, after: &'a Run, style: Style) -> Self {
        Self { before, after, differences: compare(before, after), style }
    }

    /// What is not the same.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }
}

impl fmt::Display for DiffReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut page = Page::new(self.style);
        heading(&mut page, "before: ", self.before);
        heading(&mut page, "after:  ", self.after);
        rows(&mut page, &self.differences);
        closing(&mut page, self);
        f.write_str(&page.finish())
    }
}

/// The table alone; empty when there is nothing in it.
#[must_use]
pub fn table(differences: &[Difference], style: Style) -> String {
    let mut page = Page::new(style);
    rows(&mut page, differences);
    page.finish()
}

fn heading(page: &mut Page, label: &str, run: &Run) {
    let started = &run.started;
    let mut text = format!("pop3spec {} against {}, started {}", started.suite, started.target, started.started);
    if started.delivery != Delivery::default() {
        text.push_str(&format!(", delivered {}", started.delivery));
    }
    if !run.is_complete() {
        text.push_str(" (incomplete: what it lacks is new or gone)");
    }
    page.labelled(0, label, Role::Plain, &text);
}

/// Writes a row for each difference, and its note below it.
fn rows(page: &mut Page, differences: &[Difference]) {
    if differences.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    table.set_header(["", "before", "after", ""].map(str::to_owned));
    for each in differences {
        table.add_row([each.change.as_str(), &each.before, &each.after, &each.id].map(visible));
    }
    page.gap();
    let mut lines = table.lines();
    if let Some(header) = lines.next() {
        page.put(Role::Strong, header.trim_end()).end();
    }
    for (line, each) in lines.zip(differences) {
        page.put(role(each), line.trim_end()).end();
        if !each.note.is_empty() {
            page.paragraph(10, Role::Faint, &each.note);
        }
    }
}

fn role(difference: &Difference) -> Role {
    match difference.change {
        Change::Broken | Change::Changed => Role::Verdict(difference.verdict),
        Change::Fixed => Role::Verdict(Verdict::Pass),
        Change::Choice => Role::Verdict(Verdict::Info),
        Change::New | Change::Gone => Role::Plain,
    }
}

fn closing(page: &mut Page, report: &DiffReport<'_>) {
    page.gap();
    let results = report.before.results.len().max(report.after.results.len());
    let total = report.differences.len();
    if total == 0 {
        page.put(Role::Strong, &format!("no difference in {results} results")).end();
        return;
    }
    let counts = Change::ALL.iter().filter_map(|change| {
        let n = report.differences.iter().filter(|each| each.change == *change).count();
        (n > 0).then(|| format!("{n} {}", change.as_str()))
    });
    let counts: Vec<String> = counts.collect();
    let differences = if total == 1 { "difference" } else { "differences" };
    page.put(Role::Strong, &format!("{total} {differences} in {results} results"));
    page.text(": ").text(&counts.join(", ")).end();
}

//! Runs against several servers, side by side: a page for `reports/README.md`, and tables
//! for a terminal. A pure function of the logs.

mod attention;
mod grid;
mod page;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use pop3_scenario::event::ScenarioFinished;
use pop3_scenario::verdict::Verdict;

use crate::log::Run;
use crate::page::Page;
use crate::style::{Role, Style};
use crate::told::{self, duration};
use grid::Grid;

pub use page::page;

/// One of the runs.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The folder of its reports, beside the page, such as `dovecot-2.3.19.1`.
    pub folder: String,
    /// The files in that folder that the page leads to, such as `report.md`.
    pub files: Vec<String>,
    /// What was found, in the caller's own Markdown, which goes into the page as it is; may
    /// be empty.
    pub findings: String,
    /// The run.
    pub run: Run,
}

/// How many results [`slowest`] lists.
const SLOWEST: usize = 10;

/// The ten results that took longest, the longest first.
#[must_use]
pub fn slowest(run: &Run) -> Vec<&ScenarioFinished> {
    let mut results: Vec<&ScenarioFinished> = run.results.iter().filter(|result| result.elapsed_ms > 0).collect();
    results.sort_by(|a, b| b.elapsed_ms.cmp(&a.elapsed_ms).then_with(|| a.id.cmp(&b.id)));
    results.truncate(SLOWEST);
    results
}

/// The tables for a terminal: servers, parts, what needs attention, what took longest.
#[must_use]
pub fn terminal(entries: &[Entry], style: Style) -> String {
    let mut page = Page::new(style);
    for (heading, grid) in [
        ("Servers", grid::servers(entries)),
        ("Parts", grid::parts(entries)),
        ("What needs attention somewhere", attention::grid(entries)),
    ] {
        table(&mut page, heading, &grid);
    }
    page.gap();
    page.paragraph(0, Role::Faint, grid::TIMES);
    page.paragraph(0, Role::Faint, grid::LETTERS);
    for entry in entries {
        page.gap();
        page.put(Role::Strong, &format!("What took longest: {}", told::target(&entry.run))).end();
        for result in slowest(&entry.run) {
            page.indent(2).text(&format!("{:>12}  ", duration(result.elapsed_ms)));
            page.put(Role::Verdict(result.verdict), result.verdict.as_str()).text("  ").text(&result.id).end();
        }
    }
    page.finish()
}

fn table(page: &mut Page, heading: &str, grid: &Grid) {
    if grid.rows.is_empty() {
        return;
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
    let visible = |cells: &[String]| cells.iter().map(|cell| crate::visible::visible(cell)).collect::<Vec<_>>();
    table.set_header(visible(&grid.header));
    for row in &grid.rows {
        table.add_row(visible(row));
    }
    for column in table.column_iter_mut().skip(grid.words) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    page.gap();
    page.put(Role::Strong, heading).end();
    for (n, line) in table.lines().enumerate() {
        page.put(if n == 0 { Role::Faint } else { Role::Plain }, line.trim_end()).end();
    }
}

/// One letter for a verdict, in a column of a server.
fn letter(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => ".",
        Verdict::Info => "i",
        Verdict::Unsupported => "u",
        Verdict::Skipped => "s",
        Verdict::Warn => "w",
        Verdict::Inconclusive => "?",
        Verdict::Fail => "F",
        Verdict::Error => "E",
    }
}

//! Both sides of a scenario, with times.

use maud::{Markup, html};
use pop3_scenario::event::{ConnectionTranscript, KEPT_BEFORE, ScenarioFinished, TranscriptEntry, Who};

use super::text::shown;
use crate::terminal::mark;
use crate::visible::{octets, visible, window, wrap_octets};

/// How much of a transcript is shown; the log has all of it.
struct Measure {
    /// Things that happened, of all connections together, half of them at either end.
    entries: usize,
    /// Lines of one of them.
    lines: usize,
    /// Characters of a line.
    columns: usize,
}

/// Where somebody will look.
const CLOSELY: Measure = Measure { entries: 200, lines: 60, columns: 1000 };
/// Where nothing is the matter: a page of a whole run must stay small.
const BRIEFLY: Measure = Measure { entries: 60, lines: 12, columns: 160 };

/// The transcript of a result; nothing where there is none.
pub(super) fn of(result: &ScenarioFinished) -> Markup {
    let measure = if result.verdict.needs_attention() { CLOSELY } else { BRIEFLY };
    let total: usize = result.transcript.iter().map(|connection| connection.entries.len()).sum();
    let half = measure.entries / 2;
    // The same for every connection together: beginnings and ends matter most.
    let left_out = if total > measure.entries { half..total - half } else { 0..0 };
    // Each connection with the number of its first entry.
    let numbered = result.transcript.iter().scan(0, |next, connection| {
        let first = *next;
        *next += connection.entries.len();
        Some((first, connection))
    });
    let is_shown = |first: usize, connection: &ConnectionTranscript| {
        (first..first + connection.entries.len()).any(|n| !left_out.contains(&n))
    };
    html! {
        @for (first, connection) in numbered.filter(|(first, connection)| is_shown(*first, connection)) {
            @if !connection.session.is_empty() { p.session { "session " (shown(&connection.session)) } }
            pre.transcript tabindex="0" { (entries(connection, first, &left_out, &measure)) }
        }
        @if !left_out.is_empty() { p.took { (left_out.len()) " entries of the middle are in the log only" } }
    }
}

fn entries(
    connection: &ConnectionTranscript,
    first: usize,
    left_out: &std::ops::Range<usize>,
    measure: &Measure,
) -> Markup {
    let digits = connection.entries.iter().map(|entry| entry.at_ms).max().unwrap_or(0).to_string().len();
    html! {
        @for (n, each) in connection.entries.iter().enumerate() {
            @if first + n == left_out.start && !left_out.is_empty() { i { "…" } "\n" }
            @if !left_out.contains(&(first + n)) { (entry(each, digits, measure)) }
        }
    }
}

/// `558 ms  C: STAT\r\n`, further lines below the first.
fn entry(entry: &TranscriptEntry, digits: usize, measure: &Measure) -> Markup {
    let lines = wrap_octets(&visible(&entry.text), usize::MAX);
    let cut = lines.len().saturating_sub(measure.lines);
    let head = if cut > 0 { measure.lines / 2 } else { lines.len() };
    let hidden: u64 = lines.iter().skip(head).take(cut).map(|line| octets(line)).sum();
    let left_out = hidden + entry.elided;
    let shown_lines: Vec<&String> = lines.iter().take(head).chain(lines.iter().skip(head + cut)).collect();
    // The log leaves out behind its first octets.
    let mut seen = 0;
    let of_log = shown_lines.iter().position(|line| {
        seen += octets(line);
        seen > KEPT_BEFORE as u64
    });
    let at = if cut > 0 { head } else { of_log.unwrap_or(0) };
    let margin = " ".repeat(digits + 8);
    html! {
        i { (format!("{:>digits$} ms", entry.at_ms)) } "  " (mark(entry.who)) " "
        @for (n, line) in shown_lines.iter().enumerate() {
            @if n > 0 { (margin) }
            @if n == at && left_out > 0 { i { "… " (left_out) " octets left out of the middle" } "\n" (margin) }
            (side(entry.who, line, measure.columns)) "\n"
        }
    }
}

fn side(who: Who, line: &str, limit: usize) -> Markup {
    let line = window(line, 0, limit);
    html! {
        @match who {
            Who::Client => b { (shown(&line)) },
            Who::Server => (shown(&line)),
            Who::Event => i { (shown(&line)) },
        }
    }
}

//! A scenario that needs attention: verdict, findings, exchange, what to do.

use pop3_scenario::event::{ConnectionTranscript, Finding, Place, ScenarioFinished, Who};

use super::{diff, exchange, requirement, run_again};
use crate::log::Run;
use crate::page::Page;
use crate::style::Role;
use crate::told::{self, ruling_words};
use crate::visible::{columns, visible, window};

/// Writes everything that is known about one result.
pub(super) fn result(page: &mut Page, run: &Run, result: &ScenarioFinished) {
    page.gap();
    page.put(Role::Verdict(result.verdict), result.verdict.as_str());
    page.text("  ").put(Role::Strong, &result.id);
    if result.security {
        page.text("  ").put(Role::Verdict(result.verdict), "[security]");
    }
    page.end();
    page.paragraph(2, Role::Plain, &result.title);
    if let Some(reason) = &result.reason {
        super::reason(page, 2, "reason: ", reason);
    }
    if result.findings.is_empty() {
        page.labelled(2, "scenario: ", Role::Plain, &result.file);
        for id in &result.requirements {
            requirement(page, run, result.level.as_str(), id);
        }
        exchange::of_all(page, run, &result.transcript);
    }
    for choice in told::untold_choices(result) {
        let note = choice.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let ruling = choice.ruling.as_ref().map(|id| format!(" ({})", ruling_words(run, id))).unwrap_or_default();
        let text = format!("the target took the alternative `{}` of line {}{note}{ruling}", choice.id, choice.line);
        page.labelled(2, &format!("{}: ", choice.verdict), Role::Plain, &text);
    }
    let mut shown: Vec<&str> = Vec::new();
    for (n, each) in result.findings.iter().enumerate() {
        page.gap();
        finding(page, run, each, &result.transcript);
        // Findings of one session end in the same exchange: shown with the last of them.
        let later = result.findings.iter().skip(n + 1).any(|other| other.session == each.session);
        if !later && !shown.contains(&each.session.as_str()) {
            shown.push(&each.session);
            exchange::of_session(page, run, &result.transcript, &each.session);
        }
        if let Some(ruling) = &each.ruling {
            page.labelled(2, "ruling: ", Role::Plain, &told::decided(run, ruling));
        }
        if let Some(advice) = &each.advice {
            page.labelled(2, "advice: ", Role::Plain, advice);
        }
    }
    for (label, text) in [("why it matters: ", &result.why), ("how to mend it: ", &result.fix)] {
        if !text.is_empty() {
            page.labelled(2, label, Role::Plain, text);
        }
    }
    run_again(page, run, &result.id);
}

fn finding(page: &mut Page, run: &Run, finding: &Finding, transcript: &[ConnectionTranscript]) {
    page.labelled(2, &format!("{}: ", finding.verdict), Role::Strong, &finding.summary);
    requirement(page, run, finding.level.as_str(), &finding.requirement);
    place(page, &finding.place);
    if !finding.session.is_empty() {
        page.labelled(2, "session: ", Role::Plain, &finding.session);
    }
    match &finding.command {
        Some(command) => page.octets(2, &[(Role::Faint, "after the command: ")], Role::Plain, command, 0),
        None if is_first(finding, transcript) => page.paragraph(2, Role::Faint, "before any command"),
        None => {}
    }
    diff::expected_actual(page, 2, &finding.expected, &finding.actual);
}

/// Whether no command but the QUIT of the end was sent in the finding's session, or
/// in any, where it is about none.
fn is_first(finding: &Finding, transcript: &[ConnectionTranscript]) -> bool {
    let is_of_none = transcript.iter().all(|connection| connection.session != finding.session);
    let connections = transcript.iter().filter(|connection| is_of_none || connection.session == finding.session);
    let mut entries = connections.flat_map(|connection| &connection.entries);
    !entries.any(|entry| entry.who == Who::Client && entry.text != "QUIT\\r\\n")
}

/// `file:line:column`, the line, and a caret below the character.
fn place(page: &mut Page, place: &Place) {
    let margin = columns(&place.line.to_string()) + 2;
    page.indent(margin - 1).put(Role::Faint, "--> ");
    page.text(&format!("{}:{}:{}", place.file, place.line, place.column)).end();
    if place.text.trim().is_empty() {
        return;
    }
    // The line and the part of it before the caret, as they will be seen.
    let before: String = place.text.chars().take(place.column.saturating_sub(1) as usize).collect();
    let (line, mut caret) = (visible(place.text.trim_end()), columns(&visible(&before)));
    let room = page.room(margin + 3);
    let shown = window(&line, caret, room);
    if shown != line {
        // Found again in what is left of the line; a caret in the wrong place misleads.
        let rest: String = line.chars().skip(caret).take(8).collect();
        match shown.find(&rest).and_then(|at| shown.get(..at)) {
            Some(head) if !rest.is_empty() => caret = columns(head),
            _ => caret = usize::MAX,
        }
    }
    page.indent(1).put(Role::Faint, &format!("{} | ", place.line)).text(&shown).end();
    if caret <= columns(&shown) {
        page.indent(margin)
            .put(Role::Faint, "| ")
            .indent(caret)
            .put(Role::Verdict(pop3_scenario::verdict::Verdict::Fail), "^")
            .end();
    }
}

//! One result, or one always-on check, to be opened.

use maud::{Markup, html};
use pop3_scenario::event::{Finding, InvariantFinished, ScenarioFinished};

use super::text::{anchor, because, chip, prose, shown};
use super::{sides, transcript};
use crate::log::Run;
use crate::told::{self, duration};
use crate::visible::window;

/// Characters of a command.
const COMMAND: usize = 1000;

pub(super) fn details(run: &Run, result: &ScenarioFinished) -> Markup {
    let verdict = result.verdict;
    html! {
        details.result id=(anchor('s', &result.id)) data-verdict=(verdict) open[verdict.needs_attention()] {
            summary {
                (chip(verdict)) " " code { (shown(&result.id)) } " "
                @if result.security { span.security { "security" } " " }
                span.title { (prose(&result.title)) }
            }
            @if let Some(reason) = &result.reason { (because("Reason: ", reason)) }
            @if result.findings.is_empty() {
                ul { @for id in &result.requirements { (requirement(run, result.level.as_str(), id, verdict.needs_attention())) } }
            }
            @for each in &result.findings { (finding(run, each)) }
            (choices(run, result))
            @for (label, words) in [("Why it matters: ", &result.why), ("How to mend it: ", &result.fix)] {
                @if !words.is_empty() { p { strong { (label) } (prose(words)) } }
            }
            (transcript::of(result))
            p.took { (shown(&result.file)) ", rev " (result.rev) "; took " (duration(result.elapsed_ms)) }
            (repeat(run, &result.id))
        }
    }
}

pub(super) fn check(run: &Run, check: &InvariantFinished) -> Markup {
    html! {
        details.check id=(anchor('c', &check.id)) open[check.verdict.needs_attention()] {
            summary { (chip(check.verdict)) " " code { (shown(&check.id)) } " " span.title { (prose(&check.title)) } }
            ul { @for id in told::broken_by(check) { (requirement(run, check.level.as_str(), id, true)) } }
            p { (prose(&told::breaches(check))) }
            @for each in &check.examples {
                div.finding {
                    p {
                        "In " a href={ "#" (anchor('s', &each.scenario)) } { (shown(&each.scenario)) }
                        @if !each.session.is_empty() { ", session " (shown(&each.session)) }
                        ", octet " (each.octet) " of the server, "
                        @if each.command.is_empty() { "in the greeting" }
                        @else { "in the answer to " code { (shown(&each.command)) } }
                    }
                    (sides::of(&each.expected, &each.actual))
                }
            }
            @if let Some(first) = check.examples.first() { (repeat(run, &first.scenario)) }
        }
    }
}

fn finding(run: &Run, finding: &Finding) -> Markup {
    let place = &finding.place;
    html! {
        div.finding {
            p { (chip(finding.verdict)) " " strong { (prose(&finding.summary)) } }
            ul {
                (requirement(run, finding.level.as_str(), &finding.requirement, true))
                li { "asked in " code { (shown(&place.file)) ":" (place.line) ":" (place.column) } }
                @if !finding.session.is_empty() { li { "session " (shown(&finding.session)) } }
                @if let Some(command) = &finding.command {
                    li { "after the command " code { (shown(&window(command, 0, COMMAND))) } }
                }
                @if let Some(ruling) = &finding.ruling { li { "ruling " (prose(&told::decided(run, ruling))) } }
            }
            (sides::of(&finding.expected, &finding.actual))
            @if let Some(advice) = &finding.advice { p { strong { "Advice: " } (prose(advice)) } }
        }
    }
}

fn choices(run: &Run, result: &ScenarioFinished) -> Markup {
    html! {
        @for choice in &result.choices {
            p {
                strong { "Choice: " } (chip(choice.verdict)) " " (prose(&told::choice_words(choice)))
                " (line " (choice.line)
                @if let Some(ruling) = &choice.ruling { ", " (prose(&told::ruling_words(run, ruling))) }
                ")"
            }
        }
    }
}

/// Level, id and clause; the paraphrase too, where the reader needs it at once.
fn requirement(run: &Run, level: &str, id: &str, in_full: bool) -> Markup {
    html! {
        li {
            (level) " "
            @match told::cited(run, id) {
                Some(cited) => {
                    a href={ "#" (anchor('r', id)) } { (shown(id)) } " (" (shown(&cited.clause())) ")"
                    @if in_full { ": " (prose(&cited.text)) }
                }
                None => { code { (shown(id)) } }
            }
        }
    }
}

fn repeat(run: &Run, scenario: &str) -> Markup {
    let repeat = told::repeat(run, scenario);
    html! {
        pre.command { (shown(&repeat.command)) }
        @if let Some(lacks) = repeat.lacks { p { (lacks) } }
    }
}

//! The head of the page: what ran against what, and the counts.

use maud::{Markup, html};
use pop3_scenario::delivery::Delivery;

use super::text::{anchor, because, chip, prose, shown};
use crate::log::Run;
use crate::tally::{self, Tally};
use crate::terminal;
use crate::told::{self, duration};

pub(super) fn heading(run: &Run, title: &str) -> Markup {
    let started = &run.started;
    html! {
        h1 { (shown(title)) }
        p.closing { (shown(&terminal::closing_line(run))) }
        dl {
            dt { "Target" } dd { (prose(&started.target_description)) }
            dt { "Started" } dd { (shown(&started.started)) ", seed " (started.seed) }
            @if started.delivery != Delivery::default() {
                dt { "Delivery" } dd { "everything sent was delivered " (started.delivery) }
            }
            @for ruling in &started.rulings {
                dt { "Ruling" }
                dd { (shown(&ruling.id)) " is read as " (ruling.chosen) " here (default: " (ruling.default) ")" }
            }
            @if let Some(ready) = &run.ready {
                dt { "Ready" } dd { "after " (duration(ready.at_ms)) }
                dt { "Greeting" } dd { code { (shown(&ready.greeting)) } }
                @if !ready.capabilities.is_empty() {
                    dt { "Capabilities" }
                    dd.list { @for line in &ready.capabilities { code { (shown(line)) } " " } }
                }
            }
        }
    }
}

pub(super) fn incomplete(run: &Run) -> Markup {
    html! {
        @if let Some(reason) = told::broken_off(run) {
            section.incomplete {
                (because("Incomplete. ", &reason))
                @for started in &run.unfinished {
                    p { "Under way: " code { (shown(&started.id)) } ", begun after " (duration(started.at_ms)) }
                }
            }
        }
    }
}

/// A row for each first folder of the ids.
pub(super) fn parts(run: &Run) -> Markup {
    let totals = Tally::of(&run.results);
    let row = |tally: &Tally| {
        html! {
            @for (verdict, _) in totals.occurring() {
                @let n = tally.get(verdict);
                td { @if n == 0 { span.none { "-" } } @else { (n) } }
            }
            td { (tally.total()) }
        }
    };
    html! {
        h2 { "Parts" }
        div.wide tabindex="0" role="region" aria-label="Counts by part" {
            table {
                thead {
                    tr {
                        th scope="col" { "part" }
                        @for (verdict, _) in totals.occurring() { th scope="col" { (chip(verdict)) } }
                        th scope="col" { "total" }
                    }
                }
                tbody {
                    @for (part, tally) in tally::by_part(&run.results, tally::folder) {
                        tr { th scope="row" { (shown(part)) } (row(&tally)) }
                    }
                }
                tfoot { tr { th scope="row" { "total" } (row(&totals)) } }
            }
        }
    }
}

/// What was not asked, by reason.
pub(super) fn not_run(run: &Run) -> Markup {
    let reasons = told::not_run(run);
    let choices = told::recorded(run);
    html! {
        @if !choices.is_empty() {
            section {
                h2 { "Choices of the target" }
                p { (told::count(choices.len(), "choice", "choices")) ", " (told::legal(run, &choices)) "." }
                ul {
                    @for choice in &choices {
                        li {
                            a href={ "#" (anchor(choice.kind(), choice.id)) } { (shown(choice.id)) } ": " (prose(&choice.words))
                            @if let Some(ruling) = choice.ruling { " (" (prose(&told::ruling_words(run, ruling))) ")" }
                        }
                    }
                }
            }
        }
        @if !reasons.is_empty() {
            section {
                h2 { "Not run" }
                ul { @for ((verdict, reason), n) in reasons { li { (n) " " (chip(verdict)) " " (prose(reason)) } } }
            }
        }
    }
}

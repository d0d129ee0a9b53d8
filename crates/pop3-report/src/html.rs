//! A run as one HTML file that needs nothing else: no network, and no script to be read.
//!
//! [`maud`] escapes whatever is spliced into markup, `text.rs` makes visible whatever comes
//! from a log. The page forbids every script but its own and every connection, so that
//! even a forgotten escape would do nothing.

mod requirements;
mod result;
mod sides;
mod summary;
mod text;
mod transcript;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use pop3_scenario::verdict::Verdict;
use sha2::{Digest as _, Sha256};

use crate::log::Run;
use crate::tally::{self, Tally};
use crate::told;
use text::shown;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// The page of a run.
#[must_use]
pub fn page(run: &Run) -> String {
    let title = format!("pop3spec {} against {}", run.started.suite, told::target(run));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (shown(&title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#results" { "Skip to the results" }
                header { (summary::heading(run, &title)) }
                main {
                    (summary::incomplete(run))
                    (summary::parts(run))
                    (filter(run))
                    (results(run))
                    (checks(run))
                    (summary::not_run(run))
                    (requirements::section(run))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// Nothing is loaded, and no script runs but ours.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}

/// What the script works on; hidden where there is none.
fn filter(run: &Run) -> Markup {
    html! {
        form #filter hidden {
            label { "Search " input #search type="search" autocomplete="off" placeholder="id, words, octets"; }
            fieldset {
                legend { "Show" }
                @for (verdict, n) in Tally::of(&run.results).occurring() {
                    label .(verdict) { input type="checkbox" name="verdict" value=(verdict) checked; " " (verdict) " " (n) }
                }
            }
            p #found role="status" {}
        }
    }
}

/// What needs attention, open; then everything else by part, closed.
fn results(run: &Run) -> Markup {
    let attention = |warnings: bool| {
        let results = run.results.iter();
        results.filter(move |each| each.verdict.needs_attention() && (each.verdict == Verdict::Warn) == warnings)
    };
    let others: Vec<_> = run.results.iter().filter(|each| !each.verdict.needs_attention()).collect();
    html! {
        h2 #results { "Results" }
        @for (heading, warnings) in [("What fails", false), ("Warnings", true)] {
            @if attention(warnings).next().is_some() {
                section.part {
                    h3 { (heading) }
                    @for each in attention(warnings) { (result::details(run, each)) }
                }
            }
        }
        @for part in tally::by_part(others.iter().copied(), tally::folder).keys() {
            section.part {
                h3 { (shown(part)) }
                @for each in others.iter().filter(|each| tally::folder(&each.id) == *part) {
                    (result::details(run, each))
                }
            }
        }
    }
}

fn checks(run: &Run) -> Markup {
    let mut checks: Vec<_> = run.invariants.iter().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.verdict));
    html! {
        @if !checks.is_empty() {
            section #checks {
                h2 { "Always-on checks" }
                p { "They watch every dialogue of the run." }
                @for check in checks { (result::check(run, check)) }
            }
        }
    }
}

//! The requirements that the run cites, by RFC, each with what was found of it.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use pop3_scenario::event::CitedRequirement;
use pop3_scenario::verdict::Verdict;

use super::text::{anchor, chip, prose, shown};
use crate::log::Run;
use crate::tally::Tally;

/// What a run found of one requirement.
#[derive(Default)]
struct Standing<'a> {
    /// Verdicts that speak of it.
    tally: Tally,
    /// The results and checks in which it was broken, or that came to no end.
    attention: BTreeSet<(char, &'a str)>,
}

impl Standing<'_> {
    /// The gravest verdict; what was not asked says nothing where something was.
    fn verdict(&self) -> Option<Verdict> {
        let given = || self.tally.occurring().map(|(verdict, _)| verdict);
        let asked = given().filter(|verdict| !matches!(verdict, Verdict::Unsupported | Verdict::Skipped)).max();
        asked.or_else(|| given().max())
    }
}

pub(super) fn section(run: &Run) -> Markup {
    let standings = standings(run);
    let mut rfcs: BTreeMap<u32, Vec<&CitedRequirement>> = BTreeMap::new();
    for cited in &run.started.requirements {
        rfcs.entry(cited.rfc).or_default().push(cited);
    }
    html! {
        @if !rfcs.is_empty() {
            h2 #requirements { "Requirements" }
            p { "What the scenarios and checks cite, in our words, with the gravest thing found of each." }
        }
        @for (rfc, cited) in rfcs {
            @let verdicts = cited.iter().filter_map(|each| standings.get(each.id.as_str()).and_then(Standing::verdict));
            details.rfc {
                summary {
                    h3 { "RFC " (rfc) } " "
                    @for (verdict, n) in tally(verdicts).occurring() { (chip(verdict)) " " (n) " " }
                }
                ul { @for each in cited { (row(each, standings.get(each.id.as_str()))) } }
            }
        }
    }
}

fn row(cited: &CitedRequirement, standing: Option<&Standing<'_>>) -> Markup {
    html! {
        li id=(anchor('r', &cited.id)) {
            @if let Some(verdict) = standing.and_then(Standing::verdict) { (chip(verdict)) " " }
            code { (shown(&cited.id)) } " (" (shown(&cited.clause())) ") " (prose(&cited.text))
            @for (kind, id) in standing.iter().flat_map(|standing| &standing.attention) {
                " " a href={ "#" (anchor(*kind, id)) } { (shown(id)) }
            }
        }
    }
}

fn tally(verdicts: impl Iterator<Item = Verdict>) -> Tally {
    let mut tally = Tally::default();
    verdicts.for_each(|verdict| tally.add(verdict));
    tally
}

/// What each requirement came to. A result speaks of all that it covers, unless it has
/// findings: then of those that its findings rest on.
fn standings(run: &Run) -> BTreeMap<&str, Standing<'_>> {
    let mut standings: BTreeMap<&str, Standing<'_>> = BTreeMap::new();
    let mut say = |requirement, verdict: Verdict, kind, id| {
        let standing = standings.entry(requirement).or_default();
        standing.tally.add(verdict);
        if verdict.needs_attention() {
            standing.attention.insert((kind, id));
        }
    };
    for result in &run.results {
        for finding in &result.findings {
            say(finding.requirement.as_str(), finding.verdict, 's', result.id.as_str());
        }
        for covered in result.requirements.iter().filter(|_| result.findings.is_empty()) {
            say(covered.as_str(), result.verdict, 's', result.id.as_str());
        }
    }
    for check in &run.invariants {
        for broken in crate::told::broken_by(check) {
            say(broken.as_str(), check.verdict, 'c', check.id.as_str());
        }
    }
    standings
}

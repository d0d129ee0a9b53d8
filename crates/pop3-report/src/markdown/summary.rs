//! What stands around the results: heading, counts, choices, what was not run, checks.

use pop3_scenario::delivery::Delivery;
use pop3_scenario::verdict::Verdict;

use super::text::{cell, code, paragraph, plain};
use crate::log::Run;
use crate::tally::{self, Tally};
use crate::terminal;
use crate::told::{self, count, ruling_words};

pub(super) fn heading(out: &mut String, run: &Run) {
    let started = &run.started;
    out.push_str(&format!("# pop3spec {} against {}\n", plain(&started.suite), plain(&told::target(run))));
    out.push_str(&format!("\n{}\n\n", paragraph(&terminal::closing_line(run))));
    let mut line = |label: &str, words: String| out.push_str(&format!("- {label}: {words}\n"));
    line("target", plain(&started.target_description));
    line("started", format!("{}, seed {}", plain(&started.started), started.seed));
    if started.delivery != Delivery::default() {
        line("delivery", format!("everything sent was delivered {}", started.delivery));
    }
    for ruling in &started.rulings {
        let (chosen, default) = (ruling.chosen, ruling.default);
        line("ruling", format!("{} is read as `{chosen}` here (default: {default})", code(&ruling.id)));
    }
    if let Some(ready) = &run.ready {
        line("ready", format!("after {}", told::duration(ready.at_ms)));
        line("greeting", code(&ready.greeting));
        let capabilities: Vec<String> = ready.capabilities.iter().map(|line| code(line)).collect();
        if !capabilities.is_empty() {
            line("capabilities", capabilities.join(", "));
        }
    }
    if let Some(reason) = told::broken_off(run) {
        super::reason(out, "Incomplete.", &reason);
        for started in &run.unfinished {
            let begun = told::duration(started.at_ms);
            out.push_str(&format!("\nUnder way: {}, begun after {begun}.\n", code(&started.id)));
        }
    }
}

/// A row for each first folder of the ids, a column for each verdict that occurs.
pub(super) fn table(out: &mut String, run: &Run) {
    if run.results.is_empty() {
        return;
    }
    let totals = Tally::of(&run.results);
    let occurring: Vec<Verdict> = totals.occurring().map(|(verdict, _)| verdict).collect();
    let words: Vec<&str> = occurring.iter().map(|verdict| verdict.as_str()).collect();
    out.push_str(&format!("\n| part | {} | total |\n|---|{}--:|\n", words.join(" | "), "--:|".repeat(words.len())));
    let mut row = |name: &str, tally: &Tally| {
        let number = |n: usize| if n == 0 { "-".to_owned() } else { n.to_string() };
        let cells: Vec<String> = occurring.iter().map(|verdict| number(tally.get(*verdict))).collect();
        out.push_str(&format!("| {} | {} | {} |\n", cell(name), cells.join(" | "), tally.total()));
    };
    let parts = tally::by_part(&run.results, tally::folder);
    parts.iter().for_each(|(name, tally)| row(name, tally));
    if parts.len() > 1 {
        row("total", &totals);
    }
}

pub(super) fn choices(out: &mut String, run: &Run) {
    let choices = told::recorded(run);
    if choices.is_empty() {
        return;
    }
    let n = count(choices.len(), "choice", "choices");
    out.push_str(&format!("\n## Choices of the target\n\n{n}, {}.\n\n", told::legal(run, &choices)));
    for choice in choices {
        let ruling = choice.ruling.map(|ruling| format!(" ({})", ruling_words(run, ruling))).unwrap_or_default();
        let line = choice.line.map(|line| format!(" line {line}")).unwrap_or_default();
        out.push_str(&format!("- {}{line}: {}\n", code(choice.id), plain(&format!("{}{ruling}", choice.words))));
    }
}

pub(super) fn not_run(out: &mut String, run: &Run) {
    let reasons = told::not_run(run);
    if reasons.is_empty() {
        return;
    }
    out.push_str("\n## Not run\n\n| results | verdict | reason |\n|--:|---|---|\n");
    for ((verdict, reason), n) in reasons {
        out.push_str(&format!("| {n} | {verdict} | {} |\n", cell(reason)));
    }
}

pub(super) fn checks(out: &mut String, run: &Run) {
    let held = run.invariants.iter().filter(|check| check.verdict == Verdict::Pass);
    let held: Vec<String> = held.map(|check| code(&check.id)).collect();
    if held.is_empty() {
        return;
    }
    let of = count(run.invariants.len(), "always-on check", "always-on checks");
    out.push_str(&format!("\n## Always-on checks\n\n{} of {of} held: {}.\n", held.len(), held.join(", ")));
}

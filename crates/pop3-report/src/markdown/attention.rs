//! A result or a check that needs attention: clause, expected and actual, the last
//! exchange, and the command to repeat it.

use pop3_scenario::event::{Breach, Finding, InvariantFinished, ScenarioFinished};

use super::labelled;
use super::text::{block, code, paragraph, plain};
use crate::log::Run;
use crate::page::Page;
use crate::style::Style;
use crate::terminal;
use crate::told::{self, count, ruling_words};

/// Of blocks of octets; a page of a repository shows about that many characters.
const STYLE: Style = Style { color: false, width: 96 };

pub(super) fn result(out: &mut String, run: &Run, result: &ScenarioFinished) {
    let security = if result.security { " (security)" } else { "" };
    out.push_str(&format!(
        "\n### {}: {}{security}\n\n{}\n",
        result.verdict,
        code(&result.id),
        paragraph(&result.title)
    ));
    if let Some(reason) = &result.reason {
        super::reason(out, "Reason:", reason);
    }
    if result.findings.is_empty() && !result.requirements.is_empty() {
        out.push('\n');
        result.requirements.iter().for_each(|id| requirement(out, run, result.level.as_str(), id));
    }
    for choice in told::untold_choices(result) {
        let ruling = choice.ruling.as_ref().map(|id| format!(" ({})", ruling_words(run, id))).unwrap_or_default();
        let words = format!("the target took the alternative of line {}: {}", choice.line, told::choice_words(choice));
        labelled(out, &format!("{}:", choice.verdict), &format!("{words}{ruling}"));
    }
    result.findings.iter().for_each(|each| finding(out, run, each));
    out.push_str(&boxed("text", |page| terminal::exchanges(page, run, result)));
    for (label, text) in [("Why it matters:", &result.why), ("How to mend it:", &result.fix)] {
        if !text.is_empty() {
            labelled(out, label, text);
        }
    }
    repeat(out, run, &result.id);
}

pub(super) fn check(out: &mut String, run: &Run, check: &InvariantFinished) {
    out.push_str(&format!("\n### {}: {}\n\n{}\n\n", check.verdict, code(&check.id), paragraph(&check.title)));
    told::broken_by(check).iter().for_each(|id| requirement(out, run, check.level.as_str(), id));
    let mut words = told::breaches(check);
    if check.breaches > check.examples.len() {
        words.push_str(&format!("; {}", count(check.examples.len(), "example", "examples")));
    }
    out.push_str(&format!("\n{}.\n", paragraph(&words)));
    check.examples.iter().for_each(|each| example(out, each));
    if let Some(first) = check.examples.first() {
        repeat(out, run, &first.scenario);
    }
}

fn finding(out: &mut String, run: &Run, finding: &Finding) {
    labelled(out, &format!("{}:", finding.verdict), &finding.summary);
    out.push('\n');
    requirement(out, run, finding.level.as_str(), &finding.requirement);
    let place = &finding.place;
    out.push_str(&format!("- asked in {}\n", code(&format!("{}:{}:{}", place.file, place.line, place.column))));
    if !finding.session.is_empty() {
        out.push_str(&format!("- session {}\n", code(&finding.session)));
    }
    if let Some(ruling) = &finding.ruling {
        out.push_str(&format!("- ruling {}\n", plain(&told::decided(run, ruling))));
    }
    out.push_str(&boxed("diff", |page| {
        if let Some(command) = &finding.command {
            terminal::after(page, "after the command: ", command);
        }
        terminal::expected_actual(page, &finding.expected, &finding.actual);
    }));
    if let Some(advice) = &finding.advice {
        labelled(out, "Advice:", advice);
    }
}

fn example(out: &mut String, breach: &Breach) {
    let session =
        if breach.session.is_empty() { String::new() } else { format!(", session {}", code(&breach.session)) };
    let octet = breach.octet;
    out.push_str(&format!("\nIn {}{session}, octet {octet} of the server:\n", code(&breach.scenario)));
    out.push_str(&boxed("diff", |page| {
        let command = if breach.command.is_empty() { "(the greeting)" } else { &breach.command };
        terminal::after(page, "answer to: ", command);
        terminal::expected_actual(page, &breach.expected, &breach.actual);
    }));
}

/// Level, id, clause and paraphrase of a requirement, as an item of a list.
fn requirement(out: &mut String, run: &Run, level: &str, id: &str) {
    match told::cited(run, id) {
        Some(cited) => {
            let (clause, text) = (plain(&cited.clause()), plain(&cited.text));
            out.push_str(&format!("- {level} {} ({clause}): {text}\n", code(id)));
        }
        None => out.push_str(&format!("- {level} {}\n", code(id))),
    }
}

fn repeat(out: &mut String, run: &Run, scenario: &str) {
    let repeat = told::repeat(run, scenario);
    out.push_str(&block("sh", &repeat.command));
    if let Some(lacks) = repeat.lacks {
        out.push_str(&format!("\n{}\n", paragraph(lacks)));
    }
}

/// What a page of the terminal shows, in a block; nothing where it is empty.
fn boxed(language: &str, write: impl FnOnce(&mut Page)) -> String {
    let mut page = Page::new(STYLE);
    write(&mut page);
    let text = page.finish();
    if text.is_empty() { text } else { block(language, &text) }
}

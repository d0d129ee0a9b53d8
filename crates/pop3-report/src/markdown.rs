//! A run as Markdown (GitHub's), for the page of a repository: counts, then what needs
//! attention in full, then choices, what was not run and the always-on checks.

mod attention;
mod summary;
pub(crate) mod text;

use pop3_scenario::verdict::Verdict;

use crate::log::Run;
use crate::told;
use text::plain;

/// The page of a run.
#[must_use]
pub fn page(run: &Run) -> String {
    let mut out = String::new();
    summary::heading(&mut out, run);
    summary::table(&mut out, run);
    // What fails the gate comes before what does not.
    for (heading, warnings) in [("What fails", false), ("Warnings", true)] {
        let wanted = |verdict: Verdict| verdict.needs_attention() && (verdict == Verdict::Warn) == warnings;
        let results: Vec<_> = run.results.iter().filter(|result| wanted(result.verdict)).collect();
        let checks: Vec<_> = run.invariants.iter().filter(|check| wanted(check.verdict)).collect();
        if results.is_empty() && checks.is_empty() {
            continue;
        }
        out.push_str(&format!("\n## {heading}\n"));
        results.iter().for_each(|result| attention::result(&mut out, run, result));
        checks.iter().for_each(|check| attention::check(&mut out, run, check));
    }
    summary::choices(&mut out, run);
    summary::not_run(&mut out, run);
    summary::checks(&mut out, run);
    out
}

/// A reason behind a label, and below it what the server said by itself.
fn reason(out: &mut String, label: &str, reason: &str) {
    let (why, said) = told::with_last_words(reason);
    labelled(out, label, why);
    if !said.is_empty() {
        out.push_str(&text::block("text", &said.join("\n")));
    }
}

/// A paragraph; `label` stands before it in bold.
fn labelled(out: &mut String, label: &str, words: &str) {
    out.push_str(&format!("\n**{label}** {}\n", plain(words)));
}

//! The faults that scenarios promise to detect, held against those that there are.

use crate::check::top;
use crate::decode::closest;
use crate::diagnostic::{Diagnostic, Findings};
use crate::scenario::Scenario;
use crate::source::Span;

/// Errors where `kills` names a fault that is none of `known`, the slugs of the
/// reference server's list, which this crate does not know.
#[must_use]
pub fn kills<'s>(scenarios: impl IntoIterator<Item = &'s Scenario>, known: &[&str]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for scenario in scenarios {
        let mut findings = Findings::default();
        for slug in scenario.kills.iter().filter(|slug| !known.contains(&slug.as_str())) {
            let nearest = closest(slug, known).map(|known| format!("did you mean `{known}`? ")).unwrap_or_default();
            findings.error_help(
                &place(scenario, slug),
                "unknown-fault",
                format!("no seeded fault is called `{slug}`"),
                format!("{nearest}`pop3spec list faults` shows all"),
            );
        }
        diagnostics.extend(findings.into_sorted());
    }
    diagnostics
}

/// Where the slug stands under `kills`, which is a key of the header and hence
/// at the beginning of its line.
fn place(scenario: &Scenario, slug: &str) -> Span {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let file = &scenario.source;
    let lines = (1..).zip(file.text.lines()).skip_while(|(_, line)| !line.starts_with("kills"));
    for (n, line) in lines {
        let whole = line.match_indices(slug).find(|(at, _)| {
            let before = line.get(..*at).unwrap_or_default();
            let behind = line.get(at + slug.len()..).unwrap_or_default();
            !before.ends_with(is_part) && !behind.starts_with(is_part)
        });
        if let Some((at, _)) = whole {
            let column = line.get(..at).unwrap_or_default().chars().count() + 1;
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            return Span { file: file.clone(), line: n, column: number(column), width: number(slug.len()) };
        }
    }
    top(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn only_faults_that_there_are_can_be_promised() {
        let known = ["stat-count-off", "retr-unstuffed"];
        let check = |header: &str, want: &[&str]| {
            let head = "format: pop3-scenario/1\nid: a/b\ntitle: t\n";
            let text = format!("{head}{header}\nsteps:\n- open: {{}}\n- S: +OK\n");
            let (scenario, found) = Catalogue::default().read_scenario("a/b.yaml", &text);
            assert!(found.is_empty(), "{found:?}");
            let line = |each: Diagnostic| {
                assert!(each.is_error());
                format!("{} {}: {}; {}", each.location(), each.code, each.message, each.help.unwrap())
            };
            let got: Vec<String> = kills(&scenario, &known).into_iter().map(line).collect();
            assert_eq!(got, want, "{header}");
        };
        let all = "`pop3spec list faults` shows all";
        let none = "unknown-fault: no seeded fault is called";
        check("kills: [stat-count-off, retr-unstuffed]", &[]);
        check(
            "kills: [stat-count-off, stat-count-of]",
            &[&format!("a/b.yaml:4:25 {none} `stat-count-of`; did you mean `stat-count-off`? {all}")],
        );
        check("kills:\n- retr-unstuffed\n- zzz", &[&format!("a/b.yaml:6:3 {none} `zzz`; {all}")]);
    }
}

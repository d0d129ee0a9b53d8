//! Counts, and the rules that are broken.

use std::fmt::Write as _;
use std::time::Duration;

use pop3_scenario::matrix::{FaultRow, Ground, Matrix, Proof, Rule, VariationRow};
use pop3_scenario::verdict::Verdict;

use crate::told::count;
use crate::visible::visible;

/// What can be counted.
struct Counts {
    scenarios: usize,
    checks: usize,
    faults: usize,
    detected: usize,
    promises: usize,
    by_checks_alone: usize,
    variations: usize,
    silent: usize,
    /// Variations of which only what is listed is said.
    remarked: usize,
    at_first_look: usize,
    assertions: usize,
    by_faults: usize,
    spoiled: usize,
    listed: usize,
}

impl Counts {
    fn of(matrix: &Matrix) -> Self {
        let proof = |wanted: fn(&Proof) -> bool| matrix.assertions.iter().filter(|row| wanted(&row.proof)).count();
        let grounded = |ground: &Ground| matches!(ground, Ground::Promised | Ground::Cited);
        let detected = |by: fn(&str) -> bool| {
            let rows = matrix.faults.iter();
            rows.filter(|row| row.catches.iter().any(|catch| grounded(&catch.ground) && by(&catch.by))).count()
        };
        let at_first_look = matrix.faults.iter().filter(|row| row.at_first_look.is_some()).count();
        let by_scenarios = detected(|by| !by.starts_with("always/"));
        let promised = |row: &FaultRow| row.catches.iter().filter(|catch| catch.ground == Ground::Promised).count();
        let of_variations = |said: fn(&VariationRow) -> bool| matrix.variations.iter().filter(|row| said(row)).count();
        let silent = of_variations(|row| row.remarks.is_empty());
        let listed_only = of_variations(|row| row.remarks.iter().all(|remark| remark.why.is_some()));
        Self {
            scenarios: matrix.scenarios.len(),
            checks: matrix.checks.len(),
            faults: matrix.faults.len(),
            detected: detected(|_| true) + at_first_look,
            promises: matrix.faults.iter().map(promised).sum(),
            by_checks_alone: detected(|_| true) - by_scenarios,
            variations: matrix.variations.len(),
            silent,
            remarked: listed_only - silent,
            at_first_look,
            assertions: matrix.assertions.len(),
            by_faults: proof(|proof| matches!(proof, Proof::Faults { .. })),
            spoiled: proof(|proof| matches!(proof, Proof::Spoiled { .. })),
            listed: proof(|proof| matches!(proof, Proof::Listed { .. })),
        }
    }

    fn lines(&self) -> Vec<(&'static str, String)> {
        vec![
            (
                "honest server",
                format!("{} and {} always-on checks", count(self.scenarios, "scenario", "scenarios"), self.checks),
            ),
            (
                "seeded faults",
                format!(
                    "{} of {} detected, {} of them at the first look; {} kept; {} found by always-on checks alone",
                    self.detected,
                    self.faults,
                    self.at_first_look,
                    count(self.promises, "promise of a scenario", "promises of scenarios"),
                    self.by_checks_alone
                ),
            ),
            (
                "legal variations",
                format!(
                    "{} of {} without a word against them, {} more with what is listed",
                    self.silent, self.variations, self.remarked
                ),
            ),
            (
                "assertions (must)",
                format!(
                    "{}: {} failed on a fault, {} more on a spoiled reply, {} are listed with a reason",
                    self.assertions, self.by_faults, self.spoiled, self.listed
                ),
            ),
        ]
    }
}

pub(super) fn terminal(matrix: &Matrix, took: Duration) -> String {
    let mut text = String::new();
    for rule in Rule::ALL {
        let broken: Vec<_> = matrix.problems.iter().filter(|problem| problem.rule == rule).collect();
        if broken.is_empty() {
            continue;
        }
        let _ = writeln!(text, "Broken: {}", rule.sentence());
        for problem in broken {
            let _ = writeln!(text, "    {}", visible(&problem.what));
        }
        text.push('\n');
    }
    for (name, line) in Counts::of(matrix).lines() {
        if !line.starts_with("0 of 0") && !line.starts_with("0:") {
            let _ = writeln!(text, "{name:18}  {line}");
        }
    }
    let seconds = took.as_secs_f64();
    let _ = match matrix.problems.len() {
        0 => writeln!(text, "\nEvery rule holds. It took {seconds:.1} s."),
        broken => writeln!(text, "\nRules are broken in {broken} places. It took {seconds:.1} s."),
    };
    text
}

pub(super) fn page(matrix: &Matrix) -> String {
    let mut text = String::from(
        "# Self-test: why a verdict may be believed\n\n\
         Made by `pop3spec self-test --write reports/self-test`; held by CI. The suite plays on the\n\
         reference server, on it in every legal variation, and on it with each deliberate fault;\n\
         then replies are spoiled one by one until every assertion of level must has failed.\n\n\
         | what | result |\n|---|---|\n",
    );
    for (name, line) in Counts::of(matrix).lines() {
        let _ = writeln!(text, "| {name} | {line} |");
    }
    text.push_str("\n| rule | broken |\n|---|---|\n");
    for rule in Rule::ALL {
        let broken = matrix.problems.iter().filter(|problem| problem.rule == rule).count();
        let _ = writeln!(text, "| {} | {broken} |", rule.sentence());
    }
    text.push_str(
        "\nPages: [faults](faults.md), what each is and what detects it; [scenarios and always-on\n\
         checks](scenarios.md), what each detects; [legal variations](variations.md);\n\
         [assertions](assertions.md), what made each fail; [matrix.json](matrix.json), all of it for programs.\n",
    );
    let not_passing = matrix.scenarios.iter().filter(|row| row.honest != Verdict::Pass);
    for row in not_passing {
        let _ = writeln!(text, "\nOn the honest server {} says `{}`.", super::scenario_link(&row.id), row.honest);
    }
    text
}

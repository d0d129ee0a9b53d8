//! What was seen, held against the rules.

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::matrix::{
    AssertionRow, Catch, CheckRow, FORMAT, FaultRow, Ground, Matrix, Problem, Proof, Remark, Rule, ScenarioRow,
    VariationRow,
};
use pop3_scenario::verdict::Verdict;
use pop3_server::fault::Fault;
use pop3_server::variation::Variation;
use pop3_spec::invariant;

use super::exceptions::Exceptions;
use super::play::{Outcome, Played};
use super::{Scope, Seen};

/// The matrix, and every rule that is broken.
pub(super) fn judge(scope: &Scope, catalogue: &Catalogue, exceptions: &Exceptions, seen: &Seen) -> Matrix {
    let mut judge = Judge { catalogue, exceptions, seen, problems: Vec::new() };
    judge.honest();
    let faults: Vec<FaultRow> = scope.faults.iter().map(|fault| judge.fault(*fault)).collect();
    let variations = scope.variations.iter().map(|variation| judge.variation(*variation)).collect();
    let assertions = if scope.assertions { judge.assertions() } else { Vec::new() };
    judge.promises();
    if scope.is_whole() {
        for row in exceptions.unneeded() {
            judge.problem(Rule::ExceptionNeeded, format!("{row}: nothing needs this row; remove it"));
        }
    }
    Matrix {
        format: FORMAT.to_owned(),
        scenarios: judge.scenario_rows(),
        checks: judge.check_rows(),
        faults,
        variations,
        assertions,
        problems: judge.problems,
    }
}

struct Judge<'s> {
    catalogue: &'s Catalogue,
    exceptions: &'s Exceptions,
    seen: &'s Seen,
    problems: Vec<Problem>,
}

impl Judge<'_> {
    fn problem(&mut self, rule: Rule, what: String) {
        self.problems.push(Problem { rule, what });
    }

    fn honest(&mut self) {
        for (id, outcome) in &self.seen.honest.results {
            // What the plain server cannot be asked, a variation can, and passes.
            if outcome.verdict == Verdict::Unsupported && self.passes_varied(id) {
                continue;
            }
            if outcome.verdict > Verdict::Info {
                let what = format!("{id} says `{}` of the honest server: {}", outcome.verdict, outcome.summary);
                self.problems.push(Problem { rule: Rule::HonestPasses, what });
            }
        }
    }

    /// Whether a scenario passes on some variation, where all of them were played.
    fn passes_varied(&self, id: &str) -> bool {
        let mut varied = self.seen.variations.values().flatten();
        self.seen.variations.len() < Variation::ALL.len()
            || varied.any(|played| played.results.get(id).is_some_and(|outcome| outcome.verdict <= Verdict::Info))
    }

    fn fault(&mut self, fault: Fault) -> FaultRow {
        let slug = fault.slug();
        let mut row = FaultRow {
            slug: slug.to_owned(),
            symptom: fault.symptom().to_owned(),
            seen: fault.seen().to_owned(),
            requirements: fault.requirements().iter().map(|id| (*id).to_owned()).collect(),
            at_first_look: None,
            catches: Vec::new(),
        };
        match self.seen.faults.get(&fault) {
            None => {}
            Some(Err(why)) => {
                let by = "first look";
                let listed = self.exceptions.collateral(slug, by);
                // What the server said may be another thing each time.
                row.at_first_look = Some(listed.unwrap_or("not listed").to_owned());
                if listed.is_none() {
                    self.problem(
                        Rule::FaultDetected,
                        format!("`{slug}` shows before any scenario is played: {why}; list it as collateral by `{by}`"),
                    );
                }
            }
            Some(Ok(played)) => {
                let caught = played.results.iter().filter(|(_, outcome)| outcome.is_catch());
                row.catches = caught.map(|(id, outcome)| self.catch(fault, id, outcome)).collect();
                row.catches.sort_by_key(|catch| catch.by.starts_with("always/"));
                self.judge_catches(&row, played);
            }
        }
        row
    }

    fn catch(&self, fault: Fault, by: &str, outcome: &Outcome) -> Catch {
        let cited = fault.requirements().iter().any(|id| outcome.requirements.contains(*id));
        let promised =
            self.catalogue.scenario(by).is_some_and(|scenario| scenario.kills.iter().any(|kill| kill == fault.slug()));
        let ground = match (cited, promised) {
            (true, true) => Ground::Promised,
            (true, false) => Ground::Cited,
            (false, _) => match self.exceptions.collateral(fault.slug(), by) {
                Some(why) => Ground::Listed { why: why.to_owned() },
                None => Ground::Unlisted,
            },
        };
        Catch {
            by: by.to_owned(),
            verdict: outcome.verdict,
            requirements: outcome.requirements.iter().cloned().collect(),
            ground,
        }
    }

    fn judge_catches(&mut self, row: &FaultRow, played: &Played) {
        let slug = &row.slug;
        if !row.catches.iter().any(|catch| matches!(catch.ground, Ground::Promised | Ground::Cited)) {
            let what = if row.catches.is_empty() {
                format!("nothing detects `{slug}` ({})", row.symptom)
            } else {
                format!("what detects `{slug}` cites none of {}", row.requirements.join(", "))
            };
            self.problem(Rule::FaultDetected, what);
        }
        for catch in row.catches.iter().filter(|catch| catch.ground == Ground::Unlisted) {
            let found = played.results.get(&catch.by).map(Outcome::found).unwrap_or_default();
            let what = format!(
                "on `{slug}` {} says `{}` and cites {}, not {}: {found}",
                catch.by,
                catch.verdict,
                catch.requirements.join(", "),
                row.requirements.join(", "),
            );
            self.problem(Rule::ReasonRight, what);
        }
    }

    fn promises(&mut self) {
        for scenario in &self.catalogue.scenarios {
            for kill in &scenario.kills {
                let Ok(fault) = kill.parse::<Fault>() else {
                    let what = format!("{} promises to detect `{kill}`, and there is no such fault", scenario.id);
                    self.problem(Rule::PromiseKept, what);
                    continue;
                };
                let Some(Ok(played)) = self.seen.faults.get(&fault) else { continue };
                let Some(outcome) = played.results.get(&scenario.id) else { continue };
                let cited = fault.requirements().iter().any(|id| outcome.requirements.contains(*id));
                let what = match (outcome.is_catch(), cited) {
                    (true, true) => continue,
                    (false, _) => {
                        format!("{} does not detect `{kill}`: `{}` {}", scenario.id, outcome.verdict, outcome.summary)
                    }
                    (true, false) => format!(
                        "{} fails on `{kill}` by {}, and not by {}: {}",
                        scenario.id,
                        outcome.requirements.iter().cloned().collect::<Vec<_>>().join(", "),
                        fault.requirements().join(", "),
                        outcome.summary
                    ),
                };
                self.problem(Rule::PromiseKept, what);
            }
        }
    }

    fn variation(&mut self, variation: Variation) -> VariationRow {
        let slug = variation.slug();
        let mut row = VariationRow {
            slug: slug.to_owned(),
            what: variation.what().to_owned(),
            clause: variation.clause().to_owned(),
            remarks: Vec::new(),
            not_asked: 0,
        };
        match self.seen.variations.get(&variation) {
            None => {}
            Some(Err(why)) => self.problem(Rule::VariationSilent, format!("no run on `{slug}`: {why}")),
            Some(Ok(played)) => {
                let not_asked = |outcome: &&Outcome| matches!(outcome.verdict, Verdict::Unsupported | Verdict::Skipped);
                row.not_asked = played.results.values().filter(not_asked).count();
                for (id, outcome) in played.results.iter().filter(|(_, outcome)| outcome.verdict.needs_attention()) {
                    let why = self.exceptions.remark(slug, id, outcome.verdict).map(str::to_owned);
                    if why.is_none() {
                        let what = format!("{id} says `{}` of `{slug}`: {}", outcome.verdict, outcome.summary);
                        self.problem(Rule::VariationSilent, what);
                    }
                    row.remarks.push(Remark {
                        by: id.clone(),
                        verdict: outcome.verdict,
                        summary: outcome.summary.clone(),
                        why,
                    });
                }
            }
        }
        row
    }

    fn assertions(&mut self) -> Vec<AssertionRow> {
        let mut rows = Vec::new();
        for (place, assertion) in &self.seen.assertions {
            let by =
                self.seen.faults.iter().filter(|(_, played)| {
                    played.as_ref().is_ok_and(|played| played.places().any(|seen| seen == place))
                });
            let by: Vec<&Fault> = by.map(|(fault, _)| fault).collect();
            let proof = if let Some(first) = by.first() {
                Proof::Faults { count: by.len(), first: first.slug().to_owned() }
            } else if let Some(how) = self.seen.spoiled.get(place) {
                Proof::Spoiled { how: how.clone() }
            } else if let Some(why) = self.exceptions.unproven(&place.0, &assertion.text) {
                Proof::Listed { why: why.to_owned() }
            } else {
                let what = format!(
                    "{}:{}:{}: `{}` never failed; seed a fault that breaks it, or list why it cannot",
                    place.0, place.1, place.2, assertion.text
                );
                self.problem(Rule::AssertionProven, what);
                Proof::None
            };
            rows.push(AssertionRow {
                file: place.0.clone(),
                line: place.1,
                column: place.2,
                text: assertion.text.clone(),
                proof,
            });
        }
        rows
    }

    fn scenario_rows(&self) -> Vec<ScenarioRow> {
        let rows = self.catalogue.scenarios.iter().filter_map(|scenario| {
            Some(ScenarioRow {
                id: scenario.id.clone(),
                title: scenario.title.clone(),
                file: scenario.source.path.to_string(),
                level: scenario.level,
                requirements: scenario.requirements.clone(),
                kills: scenario.kills.clone(),
                honest: self.seen.honest.results.get(&scenario.id)?.verdict,
            })
        });
        rows.collect()
    }

    fn check_rows(&self) -> Vec<CheckRow> {
        let rows = invariant::ALL.iter().filter_map(|invariant| {
            Some(CheckRow {
                id: invariant.id.to_owned(),
                title: invariant.title.to_owned(),
                requirements: invariant.requirements.iter().map(|id| (*id).to_owned()).collect(),
                honest: self.seen.honest.results.get(invariant.id)?.verdict,
            })
        });
        rows.collect()
    }
}

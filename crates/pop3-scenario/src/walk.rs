//! Visiting steps inside steps.

use std::collections::BTreeSet;

use crate::scenario::{Scenario, Step, Verb};
use crate::source::Span;
use crate::verdict::Verdict;

/// Calls `visit` with every list of steps directly inside this step.
pub(crate) fn inner<'s>(step: &'s Step, visit: &mut dyn FnMut(&'s [Step])) {
    match &step.verb {
        Verb::OneOf(alternatives) => alternatives.iter().for_each(|alternative| visit(&alternative.then)),
        Verb::Parallel(branches) => branches.iter().for_each(|branch| visit(&branch.steps)),
        Verb::Retry(retry) => visit(&retry.steps),
        Verb::Foreach(foreach) => visit(&foreach.steps),
        Verb::When(when) => visit(&when.steps),
        Verb::Use(used) => visit(&used.steps),
        _ => {}
    }
}

/// As [`inner`], to change the steps.
pub(crate) fn inner_mut(step: &mut Step, visit: &mut dyn FnMut(&mut [Step])) {
    match &mut step.verb {
        Verb::OneOf(alternatives) => alternatives.iter_mut().for_each(|alternative| visit(&mut alternative.then)),
        Verb::Parallel(branches) => branches.iter_mut().for_each(|branch| visit(&mut branch.steps)),
        Verb::Retry(retry) => visit(&mut retry.steps),
        Verb::Foreach(foreach) => visit(&mut foreach.steps),
        Verb::When(when) => visit(&mut when.steps),
        Verb::Use(used) => visit(&mut used.steps),
        _ => {}
    }
}

/// Calls `visit` with every step, outer ones first, in the order of the file.
pub(crate) fn every<'s>(steps: &'s [Step], visit: &mut dyn FnMut(&'s Step)) {
    for step in steps {
        visit(step);
        inner(step, &mut |steps| every(steps, visit));
    }
}

/// How many steps there are, inner ones included.
pub(crate) fn count(steps: &[Step]) -> usize {
    let mut count = 0;
    every(steps, &mut |_| count += 1);
    count
}

impl Scenario {
    /// Calls `visit` with every step, those of fragments and branches included,
    /// outer ones first, in the order of the file.
    pub fn for_each_step<'s>(&'s self, mut visit: impl FnMut(&'s Step)) {
        every(&self.steps, &mut visit);
    }

    /// Every grade that rests on a ruling, those of fragments and branches
    /// included, in the order of the file: of alternatives, and of checks.
    #[must_use]
    pub fn grades_by_ruling(&self) -> Vec<GradeByRuling<'_>> {
        let mut grades = Vec::new();
        self.for_each_step(|step| match &step.verb {
            Verb::OneOf(alternatives) => {
                grades.extend(alternatives.iter().filter_map(|each| {
                    let ruling = each.ruling.as_deref()?;
                    Some(GradeByRuling { ruling, verdict: each.verdict, span: &each.span })
                }));
            }
            Verb::Check(check) => grades.extend(check.ruling.as_deref().map(|ruling| {
                let level = check.level.unwrap_or(self.level);
                GradeByRuling { ruling, verdict: level.when_broken(), span: &step.span }
            })),
            _ => {}
        });
        grades
    }

    /// The requirements that its findings can cite, those of fragments and branches
    /// included: what assertions name, and its first one where an assertion names none.
    #[must_use]
    pub fn cites(&self) -> BTreeSet<&str> {
        let default = self.requirements.first().map(String::as_str);
        let mut cited = BTreeSet::new();
        self.for_each_step(|step| match &step.verb {
            Verb::OneOf(alternatives) => {
                let graded = alternatives.iter().filter(|each| each.verdict != Verdict::Pass);
                cited.extend(graded.filter_map(|each| each.requirement.as_deref().or(default)));
                // When none fits, the scenario's first one is broken.
                cited.extend(default);
            }
            _ if step.asserts() => cited.extend(step.requirement().or(default)),
            _ => {}
        });
        cited
    }

    /// Whether a grade of it rests on this ruling.
    #[must_use]
    pub fn rests_on(&self, ruling: &str) -> bool {
        self.grades_by_ruling().iter().any(|grade| grade.ruling == ruling)
    }
}

/// A grade in a scenario that rests on a ruling.
#[derive(Clone, Copy, Debug)]
pub struct GradeByRuling<'s> {
    /// The ruling's id, as the scenario has it.
    pub ruling: &'s str,
    /// The grade as the scenario has it.
    pub verdict: Verdict,
    /// Where it stands.
    pub span: &'s Span,
}

impl Step {
    /// Whether it expects something of the target, alternatives aside.
    fn asserts(&self) -> bool {
        matches!(
            &self.verb,
            Verb::Reply(_)
                | Verb::Sentinel(_)
                | Verb::Eof(_)
                | Verb::Silent(_)
                | Verb::Tls(_)
                | Verb::Auth(_)
                | Verb::AuthAny(_)
                | Verb::Check(_)
        )
    }

    /// The requirement that this step's own assertion names, if it names one.
    #[must_use]
    pub fn requirement(&self) -> Option<&str> {
        let named = match &self.verb {
            Verb::Reply(reply) => &reply.requirement,
            Verb::Sentinel(sentinel) => &sentinel.expect.requirement,
            Verb::Open(opening) => &opening.requirement,
            Verb::Eof(eof) => &eof.requirement,
            Verb::Silent(silent) => &silent.requirement,
            Verb::Tls(tls) => &tls.requirement,
            Verb::Auth(auth) => &auth.requirement,
            Verb::AuthAny(any) => &any.requirement,
            Verb::Check(check) => &check.requirement,
            _ => &None,
        };
        named.as_deref()
    }
}

//! Visiting steps inside steps.

use crate::scenario::{Scenario, Step, Verb};
use crate::source::Span;

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
}

impl Step {
    /// The requirement that this step's own assertion names, if it names one.
    #[must_use]
    pub fn requirement(&self) -> Option<&str> {
        let named = match &self.verb {
            Verb::Reply(reply) => &reply.requirement,
            Verb::Sentinel(sentinel) => &sentinel.expect.requirement,
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

    /// The rulings that this step's own grades rest on, with the place of each:
    /// those of its alternatives, or that of its check.
    pub fn rulings(&self) -> impl Iterator<Item = (&str, &Span)> {
        let alternatives = match &self.verb {
            Verb::OneOf(alternatives) => alternatives.as_slice(),
            _ => &[],
        };
        let check = match &self.verb {
            Verb::Check(check) => check.ruling.as_deref(),
            _ => None,
        };
        let graded = alternatives.iter().filter_map(|each| Some((each.ruling.as_deref()?, &each.span)));
        graded.chain(check.map(|ruling| (ruling, &self.span)))
    }
}

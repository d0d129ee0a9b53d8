//! What takes minutes says how many, and nothing else waits.

use std::time::Duration;

use super::{Site, top};
use crate::diagnostic::Findings;
use crate::scenario::{AlternativeEvent, Scenario, Step, Tier, Verb, Wait};

pub(super) fn check(scenario: &Scenario, findings: &mut Findings) {
    let place = top(&scenario.source);
    match (scenario.tier, scenario.budget) {
        (Tier::Slow, None) => findings.error_help(
            &place,
            "missing-key",
            "the scenario is of tier slow and has no `budget`",
            "write the longest that it may take on any server, such as `budget: 11m`",
        ),
        (Tier::Slow, Some(budget)) => {
            let claimed = longest(&scenario.steps);
            if budget <= claimed {
                let message = format!(
                    "the steps may wait {} s, and the budget is {} s",
                    claimed.as_secs_f64(),
                    budget.as_secs_f64()
                );
                let help = "a budget is longer than all waiting, so that what is between has its time";
                findings.error_help(&place, "over-budget", message, help);
            }
        }
        (Tier::Gate | Tier::Full, Some(_)) => findings.error_help(
            &place,
            "contradiction",
            "only scenarios of tier slow have a `budget`",
            "leave it out, or write `tier: slow`",
        ),
        (Tier::Gate | Tier::Full, None) => {}
    }
    if scenario.tier != Tier::Slow {
        outside(&scenario.steps, Site::SCENARIO, findings);
    }
}

/// Reports each `wait` of a scenario that is not slow.
fn outside<'s>(steps: &'s [Step], site: Site<'s>, findings: &mut Findings) {
    for step in steps {
        match &step.verb {
            Verb::Wait(_) => findings.error_help(
                site.place(&step.span),
                "wait-outside-slow",
                format!("{}`wait` stands in a scenario that is not of tier slow", site.preface()),
                "wait for something: a reply, `silent`, `retry` or `barrier`; or write `tier: slow`",
            ),
            Verb::Use(used) => outside(&used.steps, site.inside(step, &used.fragment), findings),
            _ => crate::walk::inner(step, &mut |steps| outside(steps, site, findings)),
        }
    }
}

/// The longest that steps may wait by what they claim. What depends on a capture, or on
/// how often a `foreach` goes round, is not known before the run.
fn longest(steps: &[Step]) -> Duration {
    steps.iter().map(of_step).fold(Duration::ZERO, Duration::saturating_add)
}

fn of_step(step: &Step) -> Duration {
    match &step.verb {
        Verb::Silent(silent) => silent.during,
        Verb::Eof(eof) => eof.within.unwrap_or_default(),
        Verb::Wait(Wait::For(time)) => *time,
        Verb::Retry(retry) => retry.within.saturating_add(longest(&retry.steps)),
        Verb::OneOf(alternatives) => {
            let event = alternatives.iter().map(|alternative| match &alternative.event {
                AlternativeEvent::Silent(silent) => silent.during,
                AlternativeEvent::Eof(eof) => eof.within.unwrap_or_default(),
                AlternativeEvent::Reply(_) | AlternativeEvent::Tls(_) => Duration::ZERO,
            });
            let then = alternatives.iter().map(|alternative| longest(&alternative.then));
            event.max().unwrap_or_default().saturating_add(then.max().unwrap_or_default())
        }
        _ => {
            let mut most = Duration::ZERO;
            crate::walk::inner(step, &mut |steps| most = most.max(longest(steps)));
            most
        }
    }
}

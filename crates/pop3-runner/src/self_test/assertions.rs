//! Which assertions of level must there are.

use std::collections::BTreeMap;

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::scenario::{Scenario, Step, Verb};
use pop3_scenario::source::Span;
use pop3_scenario::verdict::{Level, Verdict};

use super::play::Place;

/// Assertions by place, with the text of their line, and the ids of the
/// scenarios that they stand in. An assertion of a fragment stands in many.
pub(super) type Assertions = BTreeMap<Place, Assertion>;

/// An assertion of level must.
#[derive(Debug, Clone)]
pub(super) struct Assertion {
    pub(super) text: String,
    pub(super) scenarios: Vec<String>,
}

/// All of them.
pub(super) fn of(catalogue: &Catalogue) -> Assertions {
    let mut assertions = Assertions::new();
    for scenario in &catalogue.scenarios {
        scenario.for_each_step(|step| of_step(scenario, step, &mut assertions));
    }
    assertions
}

fn of_step(scenario: &Scenario, step: &Step, assertions: &mut Assertions) {
    let level = match &step.verb {
        Verb::Reply(expectation) => expectation.level,
        Verb::Eof(expectation) => expectation.level,
        Verb::Open(opening) if opening.is_asserted() => opening.level,
        Verb::Silent(expectation) => expectation.level,
        Verb::Tls(expectation) => expectation.level,
        Verb::Sentinel(sentinel) => sentinel.expect.level,
        Verb::Check(check) => check.level,
        Verb::Auth(auth) => auth.level,
        Verb::AuthAny(any) => any.level,
        Verb::OneOf(alternatives) => {
            for alternative in alternatives.iter().filter(|alternative| alternative.verdict == Verdict::Fail) {
                note(scenario, &alternative.span, assertions);
            }
            // That one of them comes true is an assertion too.
            None
        }
        _ => return,
    };
    if level.unwrap_or(scenario.level) == Level::Must {
        note(scenario, &step.span, assertions);
    }
}

fn note(scenario: &Scenario, span: &Span, assertions: &mut Assertions) {
    let key = (span.file.path.to_string(), span.line, span.column);
    let text = || span.file.line(span.line).trim().to_owned();
    let assertion = assertions.entry(key).or_insert_with(|| Assertion { text: text(), scenarios: Vec::new() });
    if assertion.scenarios.last() != Some(&scenario.id) {
        assertion.scenarios.push(scenario.id.clone());
    }
}

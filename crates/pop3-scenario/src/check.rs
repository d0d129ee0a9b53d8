//! What must hold of a scenario as a whole, beyond the form of each value.

use crate::diagnostic::Findings;
use crate::scenario::Scenario;

/// Holds a scenario against the rules that no single value can break.
pub(crate) fn scenario(scenario: &Scenario, findings: &mut Findings) {
    deletion(scenario, findings);
}

/// Never lose a person's mail: the runner relies on the declaration.
fn deletion(scenario: &Scenario, findings: &mut Findings) {
    if scenario.destructive || !scenario.deletes() {
        return;
    }
    let top = crate::source::Span { file: scenario.source.clone(), line: 1, column: 1, width: 1 };
    findings.error_help(
        &top,
        "undeclared-deletion",
        "the scenario sends DELE and does not say that it may change the maildrop",
        "add `destructive: true` to the header",
    );
}

//! What must hold of a scenario as a whole, beyond the form of each value.

mod captures;
mod kinds;
mod needs;
mod sessions;
mod slow;

pub(crate) use captures::Ledger;

use crate::diagnostic::Findings;
use crate::scenario::{Scenario, Step};
use crate::source::{SourceFile, Span};

/// Holds a scenario against the rules that no single value can break.
pub(crate) fn scenario(scenario: &Scenario, findings: &mut Findings) {
    deletion(scenario, findings);
    needs::check(scenario, findings);
    sessions::check(scenario, findings);
    captures::check(scenario, findings);
    slow::check(scenario, findings);
}

/// Never lose a person's mail: the runner relies on the declaration.
fn deletion(scenario: &Scenario, findings: &mut Findings) {
    if scenario.destructive || !scenario.deletes() {
        return;
    }
    let message = "the scenario sends DELE and does not say that it may change the maildrop";
    findings.error_help(
        &top(&scenario.source),
        "undeclared-deletion",
        message,
        "add `destructive: true` to the header",
    );
}

/// The first line of a file, for what its header lacks.
pub(crate) fn top(file: &SourceFile) -> Span {
    let width = u32::try_from(file.line(1).chars().count()).unwrap_or(1).max(1);
    Span { file: file.clone(), line: 1, column: 1, width }
}

/// Where to report a mistake in `step`: at the step, or, when it stands in a
/// fragment, at the `use` that brought it in.
#[derive(Clone, Copy)]
pub(crate) struct Site<'s> {
    used_at: Option<(&'s Span, &'s str)>,
}

impl<'s> Site<'s> {
    const SCENARIO: Self = Self { used_at: None };

    /// Inside the fragment that `step` uses.
    fn inside(self, step: &'s Step, fragment: &'s str) -> Self {
        Self { used_at: self.used_at.or(Some((&step.span, fragment))) }
    }

    fn place(self, span: &'s Span) -> &'s Span {
        self.used_at.map_or(span, |(place, _)| place)
    }

    /// `in the fragment …: ` for messages.
    fn preface(self) -> String {
        self.used_at.map_or_else(String::new, |(_, fragment)| format!("in the fragment `{fragment}`: "))
    }
}

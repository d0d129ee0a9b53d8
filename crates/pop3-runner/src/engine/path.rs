//! Where in a scenario a choice is made, by names and not by lines, so that it is told
//! from others and outlives edits elsewhere in the file.

use std::collections::BTreeMap;

use pop3_scenario::scenario::{Branch, Condition, Step, Verb};
use pop3_scenario::write;

use super::Scope;

impl Scope {
    /// The scope of what lies inside a named part.
    pub(super) fn within(&self, part: &str) -> Self {
        let mark = if self.path.is_empty() { "" } else { "/" };
        Self { path: format!("{}{mark}{part}", self.path), ..self.clone() }
    }
}

/// Names of the steps of one list. Of several with the same name, the later ones have
/// their number behind it.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, usize>);

impl Names {
    /// The name of a step that chooses or holds other steps.
    pub(super) fn of(&mut self, step: &Step, scope: &Scope) -> Option<String> {
        let mut name = name(step)?;
        if let Some(session) = step.session.as_ref().filter(|session| **session != scope.session) {
            name = format!("{name}@{session}");
        }
        let nth = self.0.entry(name.clone()).or_default();
        *nth += 1;
        Some(if *nth == 1 { name } else { format!("{name}#{nth}") })
    }
}

fn name(step: &Step) -> Option<String> {
    match &step.verb {
        Verb::OneOf(alternatives) => {
            let mut ids: Vec<&str> = alternatives.iter().map(|alternative| alternative.id.as_str()).collect();
            ids.sort_unstable();
            Some(format!("{{{}}}", ids.join("|")))
        }
        Verb::Parallel(_) => Some("parallel".to_owned()),
        Verb::Retry(_) => Some("retry".to_owned()),
        Verb::Foreach(foreach) => Some(format!("foreach {}", foreach.var)),
        Verb::When(when) => Some(match &when.condition {
            Condition::Capa(tag) => format!("when {tag}"),
            Condition::NotCapa(tag) => format!("when not {tag}"),
            Condition::Check(_) => "when".to_owned(),
        }),
        Verb::Use(used) => Some(used.fragment.clone()),
        _ => None,
    }
}

/// The name of each branch, and with it those of all that play the same steps: which of
/// these gets what is a race, and no choice of the target.
pub(super) fn branches(branches: &[Branch]) -> Vec<String> {
    let texts: Vec<String> = branches.iter().map(write::branch).collect();
    let alike = |text: &String| {
        let names = branches.iter().zip(&texts).filter(|(_, other)| *other == text);
        names.map(|(branch, _)| branch.name.as_str()).collect::<Vec<_>>().join("|")
    };
    texts.iter().map(alike).collect()
}

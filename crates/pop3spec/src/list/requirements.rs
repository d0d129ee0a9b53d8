//! `pop3spec list requirements`

use std::fmt::Write as _;

use pop3_scenario::verdict::Exit;
use pop3_spec::registry::Registry;

use crate::Failure;
use crate::args::RequirementFilter;

/// One line each: id, how strongly it binds (withdrawn ones say so), text.
pub(super) fn requirements(registry: &Registry, filter: &RequirementFilter) -> Result<String, Failure> {
    let shown: Vec<_> = registry.iter().filter(|requirement| filter.lets_pass(requirement)).collect();
    if shown.is_empty() {
        let rfcs: Vec<String> = registry.rfcs().map(|(rfc, _)| rfc.to_string()).collect();
        return Err(Failure {
            exit: Exit::NothingSelected,
            message: format!(
                "no requirement is like that\n  help: leave an option out; the RFCs are {}",
                rfcs.join(", ")
            ),
        });
    }
    let width = shown.iter().map(|requirement| requirement.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for requirement in shown {
        let level = if requirement.is_in_force() { requirement.binding().as_str() } else { "withdrawn" };
        let _ = writeln!(text, "{:width$}  {level:10}  {}", requirement.id, requirement.text);
    }
    Ok(text)
}

//! `pop3spec coverage`

use pop3_report::coverage;
use pop3_scenario::coverage::{Coverage, Row};
use pop3_scenario::verdict::Exit;
use pop3_server::fault::Fault;
use pop3_spec::invariant;

use crate::args::{CoverageArguments, CoverageFormat};
use crate::terminal::Terminal;
use crate::{Ended, Failure, files};

pub(crate) fn coverage(options: &CoverageArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let registry = files::registry()?;
    let catalogue = files::sound_catalogue(files::Added::folders(&options.scenarios), &registry, terminal)?;
    let faults: Vec<(&str, &[&str])> = Fault::ALL.iter().map(|fault| (fault.slug(), fault.requirements())).collect();
    let mut coverage = Coverage::of(&registry, &catalogue.scenarios, invariant::ALL, &faults);
    let problems = coverage.problems().len();
    let is_filtered = !options.filter.is_empty() || !options.state.is_empty();
    let wanted = |row: &Row<'_>| {
        options.filter.lets_pass(row.requirement)
            && (options.state.is_empty() || options.state.iter().any(|state| state.0 == row.state))
    };
    coverage.rows.retain(wanted);
    if coverage.rows.is_empty() {
        return Err(Failure {
            exit: Exit::NothingSelected,
            message: "no requirement of a server is like that\n  help: leave an option out".to_owned(),
        });
    }
    match options.format {
        CoverageFormat::Json => terminal.print(&json(&coverage))?,
        CoverageFormat::Terminal if is_filtered => {
            terminal.print(&coverage::rows(&coverage.rows, &registry, terminal.style()))?;
        }
        CoverageFormat::Terminal => terminal.print(&coverage::summary(&coverage, &registry, terminal.style()))?,
    }
    // A selection that is shown is an answer; only the whole is a judgement.
    let exit = if is_filtered || problems == 0 { Exit::Clean } else { Exit::Failed };
    Ok(Ended::Exit(exit))
}

fn json(coverage: &Coverage<'_>) -> String {
    let rows: Vec<serde_json::Value> = coverage
        .rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "id": row.requirement.id,
                "level": row.requirement.binding(),
                "state": row.state,
                "scenarios": row.scenarios,
                "checks": row.checks,
                "faults": row.faults,
                "asked_as": row.requirement.asked_as,
                "unasked": row.requirement.unasked,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::json!({"format": "pop3-coverage/1", "requirements": rows}))
}

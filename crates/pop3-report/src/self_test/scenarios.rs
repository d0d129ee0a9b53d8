//! The page of scenarios and always-on checks: what each detects.

use std::fmt::Write as _;

use pop3_scenario::matrix::{Ground, Matrix};

use super::{fault_link, plain};

pub(super) fn page(matrix: &Matrix) -> String {
    let mut text = String::from("# Scenarios and always-on checks, and what they detect\n");
    for row in &matrix.scenarios {
        let _ =
            writeln!(text, "\n## {}\n\n{} [{}](../../scenarios/{})\n", row.id, plain(&row.title), row.file, row.file);
        section(&mut text, matrix, &row.id, &row.requirements);
    }
    for row in &matrix.checks {
        let _ = writeln!(text, "\n## {}\n\n{}\n", row.id, plain(&row.title));
        section(&mut text, matrix, &row.id, &row.requirements);
    }
    text
}

fn section(text: &mut String, matrix: &Matrix, id: &str, requirements: &[String]) {
    let _ = writeln!(text, "- asks: {}", requirements.join(", "));
    let faults = |wanted: fn(&Ground) -> bool| {
        let rows = matrix.faults.iter();
        let rows = rows.filter(|row| row.catches.iter().any(|catch| catch.by == id && wanted(&catch.ground)));
        rows.map(|row| fault_link(&row.slug)).collect::<Vec<_>>()
    };
    let lines = [
        ("promises", faults(|ground| *ground == Ground::Promised)),
        ("detects too", faults(|ground| *ground == Ground::Cited)),
        ("fails also on", faults(|ground| matches!(ground, Ground::Listed { .. } | Ground::Unlisted))),
    ];
    for (word, faults) in lines.iter().filter(|(_, faults)| !faults.is_empty()) {
        let _ = writeln!(text, "- {word}: {}", faults.join(", "));
    }
}

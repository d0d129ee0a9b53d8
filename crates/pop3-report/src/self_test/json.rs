//! The matrix for programs: JSON with a row a line, so that a change of one row is a
//! change of one line.

use pop3_scenario::matrix::Matrix;
use serde::Serialize;

pub(super) fn page(matrix: &Matrix) -> String {
    let members = [
        ("scenarios", rows(&matrix.scenarios)),
        ("checks", rows(&matrix.checks)),
        ("faults", rows(&matrix.faults)),
        ("variations", rows(&matrix.variations)),
        ("assertions", rows(&matrix.assertions)),
        ("problems", rows(&matrix.problems)),
    ];
    let members = members.map(|(name, rows)| format!("\"{name}\": [{rows}]"));
    format!("{{\n\"format\": {},\n{}\n}}\n", row(&matrix.format), members.join(",\n"))
}

fn rows<T: Serialize>(rows: &[T]) -> String {
    let rows: Vec<String> = rows.iter().map(|each| format!("\n{}", row(each))).collect();
    rows.join(",")
}

/// Plain data becomes JSON without error.
fn row<T: Serialize>(row: &T) -> String {
    serde_json::to_string(row).unwrap_or_default()
}

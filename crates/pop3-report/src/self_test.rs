//! The kill matrix for people: a summary for the terminal, and the pages that are
//! published.

mod assertions;
mod faults;
mod json;
mod scenarios;
mod summary;
mod variations;

use std::time::Duration;

use pop3_scenario::matrix::Matrix;

/// What a person reads on the terminal: every broken rule, then the counts.
#[must_use]
pub fn summary(matrix: &Matrix, took: Duration) -> String {
    summary::terminal(matrix, took)
}

/// The published pages, as file name and text. They hold no times, so that they
/// change only when what is found changes.
#[must_use]
pub fn pages(matrix: &Matrix) -> Vec<(&'static str, String)> {
    vec![
        ("README.md", summary::page(matrix)),
        ("faults.md", faults::page(matrix)),
        ("scenarios.md", scenarios::page(matrix)),
        ("variations.md", variations::page(matrix)),
        ("assertions.md", assertions::page(matrix)),
        ("matrix.json", json::page(matrix)),
    ]
}

/// The anchor of a heading that is only an id, as Markdown readers make it.
fn anchor(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// Text that Markdown shows as it is.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => plain.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => plain.extend(['\\', c]),
            c => plain.push(c),
        }
    }
    plain
}

/// A link to a fault's section, from the pages of the same folder.
fn fault_link(slug: &str) -> String {
    format!("[{slug}](faults.md#{})", anchor(slug))
}

/// A link to the section of a scenario or always-on check.
fn scenario_link(id: &str) -> String {
    format!("[{id}](scenarios.md#{})", anchor(id))
}

//! The page of legal variations.

use std::fmt::Write as _;

use pop3_scenario::matrix::Matrix;

use super::{plain, scenario_link};

pub(super) fn page(matrix: &Matrix) -> String {
    let mut text = String::from(
        "# Legal variations, and what is said of them\n\n\
         | variation | what differs | allowed by | not asked | remarks |\n|---|---|---|---|---|\n",
    );
    for row in &matrix.variations {
        let remarks: Vec<String> = row
            .remarks
            .iter()
            .map(|remark| {
                let why = remark.why.as_deref().unwrap_or("not listed");
                format!("{} `{}`: {}", scenario_link(&remark.by), remark.verdict, plain(why))
            })
            .collect();
        let remarks = if remarks.is_empty() { "none".to_owned() } else { remarks.join("; ") };
        let (slug, what, clause) = (&row.slug, plain(&row.what), plain(&row.clause));
        let _ = writeln!(text, "| {slug} | {what} | {clause} | {} | {remarks} |", row.not_asked);
    }
    text
}

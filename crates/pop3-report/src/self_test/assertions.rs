//! The page of assertions: what made each of them fail.

use std::fmt::Write as _;

use pop3_scenario::matrix::{Matrix, Proof};

use super::{fault_link, plain};

pub(super) fn page(matrix: &Matrix) -> String {
    let mut text = String::from(
        "# Assertions of level must, and what made each fail\n\n\
         A seeded fault, or else a reply spoiled on purpose: its status or numbers changed, a line\n\
         more or less, sent twice or not at all, the connection closed or kept open.\n\n\
         | place | assertion | failed on |\n|---|---|---|\n",
    );
    for row in &matrix.assertions {
        let proof = match &row.proof {
            Proof::Faults { count: 1, first } => fault_link(first),
            Proof::Faults { count, first } => format!("{} and {} more", fault_link(first), count - 1),
            Proof::Spoiled { how } => format!("a spoiled reply: {how}"),
            Proof::Listed { why } => format!("nothing: {}", plain(why)),
            Proof::None => "nothing".to_owned(),
        };
        let (file, line, column) = (&row.file, row.line, row.column);
        let _ = writeln!(
            text,
            "| [{file}:{line}:{column}](../../scenarios/{file}#L{line}) | {} | {proof} |",
            plain(&row.text)
        );
    }
    text
}

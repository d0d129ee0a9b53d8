//! The page of faults: what each is, and what detects it.

use std::fmt::Write as _;

use pop3_scenario::matrix::{Catch, FaultRow, Ground, Matrix};

use super::{plain, scenario_link};

pub(super) fn page(matrix: &Matrix) -> String {
    let mut text = String::from(
        "# Seeded faults, and what detects them\n\n\
         `promised`: the scenario names the fault in `kills`. `cited`: a finding cites a requirement that\n\
         the fault breaks. `listed`: it fails for another reason, which is told.\n\n\
         | fault | breaks | scenarios | always-on checks |\n|---|---|---|---|\n",
    );
    for row in &matrix.faults {
        let (checks, scenarios): (Vec<&Catch>, Vec<&Catch>) =
            row.catches.iter().partition(|catch| catch.by.starts_with("always/"));
        let scenarios = match &row.at_first_look {
            Some(_) => "first look".to_owned(),
            None => scenarios.len().to_string(),
        };
        let main = row.requirements.first().map(String::as_str).unwrap_or_default();
        let slug = &row.slug;
        let _ = writeln!(text, "| [{slug}](#{}) | {main} | {scenarios} | {} |", super::anchor(slug), checks.len());
    }
    for row in &matrix.faults {
        section(&mut text, row);
    }
    text
}

fn section(text: &mut String, row: &FaultRow) {
    let _ = writeln!(text, "\n## {}\n\n{}\n", row.slug, plain(&row.symptom));
    let _ = writeln!(text, "- breaks: {}", row.requirements.join(", "));
    if !row.seen.is_empty() {
        let _ = writeln!(text, "- seen in: {}", plain(&row.seen));
    }
    if let Some(why) = &row.at_first_look {
        let _ = writeln!(text, "- shows before any scenario is played: {}", plain(why));
    }
    for (word, wanted) in [("promised", Ground::Promised), ("cited", Ground::Cited), ("unlisted", Ground::Unlisted)] {
        let catches: Vec<String> = row.catches.iter().filter(|catch| catch.ground == wanted).map(caught).collect();
        if !catches.is_empty() {
            let _ = writeln!(text, "- {word}: {}", catches.join(", "));
        }
    }
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for catch in &row.catches {
        let Ground::Listed { why } = &catch.ground else { continue };
        match reasons.iter_mut().find(|(reason, _)| reason == why) {
            Some((_, catches)) => catches.push(caught(catch)),
            None => reasons.push((why, vec![caught(catch)])),
        }
    }
    for (why, catches) in reasons {
        let _ = writeln!(text, "- listed ({}): {}", plain(why), catches.join(", "));
    }
}

fn caught(catch: &Catch) -> String {
    format!("{} `{}`", scenario_link(&catch.by), catch.verdict)
}

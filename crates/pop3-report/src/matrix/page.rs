//! The page for a repository.

use pop3_scenario::verdict::Verdict;

use super::grid::{self, Grid};
use super::{Entry, attention, slowest};
use crate::log::Run;
use crate::markdown::text::{block, cell, code, plain};
use crate::told::{self, count, duration};

/// Runs side by side, as Markdown. The links lead to folders beside the page.
#[must_use]
pub fn page(entries: &[Entry]) -> String {
    let mut out = String::from("# Real servers\n\n");
    out.push_str(&summary(entries));
    out.push_str("\n\n## Servers\n");
    let mut servers = grid::servers(entries);
    let links = entries.iter().map(links).collect::<Vec<_>>();
    table(&mut out, &mut servers, Some(("reports", &links)));
    out.push_str(&format!("\n{}\n\n## Parts\n", grid::TIMES));
    table(&mut out, &mut grid::parts(entries), None);
    out.push_str(&format!("\n{}\n", grid::LETTERS));
    let mut attention = attention::grid(entries);
    if !attention.rows.is_empty() {
        out.push_str("\n## What needs attention somewhere\n");
        table(&mut out, &mut attention, None);
    }
    out.push_str("\n## What was found\n");
    for entry in entries {
        found(&mut out, entry);
    }
    repeat(&mut out, entries);
    out
}

fn summary(entries: &[Entry]) -> String {
    let breaks = |run: &Run, wanted: Verdict| {
        let checks = run.invariants.iter().map(|check| check.verdict);
        run.results.iter().map(|result| result.verdict).chain(checks).any(|verdict| verdict == wanted)
    };
    let broken = |wanted| entries.iter().filter(|entry| breaks(&entry.run, wanted)).count();
    let most = entries.iter().map(|entry| entry.run.results.len()).max().unwrap_or(0);
    format!(
        "{}, each asked up to {}. A must is broken by {} of them (fail), a should by {} (warn). What a server \
         does not announce is not held against it (unsupported), nor what its test accounts cannot have \
         (skipped). Each failure cites its clause and shows the octets: follow the links. How the suite itself \
         is graded: [self-test](self-test/README.md).",
        count(entries.len(), "server", "servers"),
        count(most, "question", "questions"),
        broken(Verdict::Fail),
        broken(Verdict::Warn)
    )
}

/// Writes a table, with one more column of Markdown of our own.
fn table(out: &mut String, grid: &mut Grid, last: Option<(&str, &[String])>) {
    let header: Vec<String> = grid.header.iter().map(|text| cell(text)).collect();
    let extra = last.map(|(name, _)| format!(" {name} |")).unwrap_or_default();
    out.push_str(&format!("\n| {} |{extra}\n|", header.join(" | ")));
    out.push_str(&"---|".repeat(grid.words));
    out.push_str(&"--:|".repeat(header.len().saturating_sub(grid.words)));
    out.push_str(if last.is_some() { "---|\n" } else { "\n" });
    for (n, row) in grid.rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        let extra = last.and_then(|(_, cells)| cells.get(n)).map(|cell| format!(" {cell} |")).unwrap_or_default();
        out.push_str(&format!("| {} |{extra}\n", cells.join(" | ")));
    }
}

/// Links to the files of a run.
fn links(entry: &Entry) -> String {
    let folder = address(&entry.folder);
    let link = |file: &String| format!("[{}]({folder}/{})", cell(file), address(file));
    entry.files.iter().map(link).collect::<Vec<_>>().join(" ")
}

fn found(out: &mut String, entry: &Entry) {
    out.push_str(&format!("\n### {}\n", plain(&told::target(&entry.run))));
    let findings = entry.findings.trim();
    if !findings.is_empty() {
        out.push_str(&format!("\n{findings}\n"));
    }
    if let Some(folder) = target_folder(&entry.run) {
        let address = address(&folder);
        out.push_str(&format!(
            "\nHow it is set up, and more of what it does: [{}](../{address}/README.md).\n",
            cell(&folder)
        ));
    }
    let slowest = slowest(&entry.run);
    let slowest = slowest.iter().map(|result| format!("{} {}", code(&result.id), duration(result.elapsed_ms)));
    let slowest: Vec<String> = slowest.collect();
    if !slowest.is_empty() {
        out.push_str(&format!("\nWhat took longest: {}.\n", slowest.join(", ")));
    }
}

/// The folder of the target file, if it is one of this repository.
fn target_folder(run: &Run) -> Option<String> {
    let options = shlex::split(&run.started.target_options)?;
    let file = options.iter().skip_while(|option| *option != "--target").nth(1)?;
    let folder = file.strip_suffix("/target.yaml")?;
    folder.starts_with("scenarios/targets/").then(|| folder.to_owned())
}

fn repeat(out: &mut String, entries: &[Entry]) {
    out.push_str("\n## How to repeat it\n\nThis page is written by\n");
    let mut words = vec!["cargo", "xtask", "matrix"];
    for entry in entries {
        let name = entry.run.started.target.as_str();
        if !words.contains(&name) {
            words.push(name);
        }
    }
    let words: Vec<String> = words.into_iter().map(crate::visible::visible).collect();
    out.push_str(&block("sh", &shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()));
    out.push_str(
        "\nwhich installs nothing (`cargo xtask servers install` does), grades each server by the full tier, twice, and \
         fails where two runs differ. From logs alone: `pop3spec matrix LOG… --format markdown`; one report: \
         `pop3spec report LOG --format html`; two runs: `pop3spec diff BEFORE AFTER`.\n",
    );
}

/// A path as the address of a link: whatever could end it is written by its octets.
fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for octet in path.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => address.push(char::from(octet)),
            octet => address.push_str(&format!("%{octet:02X}")),
        }
    }
    address
}

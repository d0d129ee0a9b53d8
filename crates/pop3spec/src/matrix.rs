//! `pop3spec matrix`

use std::path::{Path, absolute};

use pop3_report::matrix::{Entry, page, terminal as tables};
use pop3_scenario::verdict::Exit;

use crate::args::{MatrixArguments, MatrixFormat};
use crate::report::{OF_FILES, read_log, write};
use crate::terminal::Terminal;
use crate::{Ended, Failure, files};

/// What was found, in words; beside the log, if there is any.
const FINDINGS: &str = "findings.md";

/// The reports that the page leads to, where they are beside the log.
const REPORTS: [&str; 4] = ["report.md", "report.html", "report.json", "report.txt"];

pub(crate) fn matrix(arguments: &MatrixArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let entries: Vec<Entry> = arguments.logs.iter().map(|log| entry(log)).collect::<Result<_, _>>()?;
    let style = if arguments.output.is_some() { OF_FILES } else { terminal.style() };
    let text = match arguments.format {
        MatrixFormat::Terminal => tables(&entries, style),
        MatrixFormat::Markdown => page(&entries),
    };
    match &arguments.output {
        None => terminal.print(&text)?,
        Some(path) => write(path, |out| out.write_all(text.as_bytes()))?,
    }
    Ok(Ended::Exit(Exit::Clean))
}

/// A log and what is beside it.
fn entry(log: &Path) -> Result<Entry, Failure> {
    let run = read_log(log)?;
    let path = absolute(log)?;
    let folder = path.parent().unwrap_or(&path);
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let findings = folder.join(FINDINGS);
    let reports = REPORTS.iter().filter(|report| folder.join(report).is_file()).map(|report| (*report).to_owned());
    Ok(Entry {
        folder: name(folder),
        files: reports.chain([name(&path)]).collect(),
        findings: if findings.is_file() { files::read(&findings)? } else { String::new() },
        run,
    })
}

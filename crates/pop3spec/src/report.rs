//! `pop3spec report`

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::Path;

use pop3_report::format::{Format, render};
use pop3_report::log::{self, Run};
use pop3_scenario::verdict::Exit;

use crate::args::ReportArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure};

pub(crate) fn report(options: &ReportArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let format: Format = parse_format(&options.format)?;
    let run = read_log(&options.log)?;
    terminal.print_with(|out| render(&run, format, &terminal.style(), out))?;
    Ok(Ended::Exit(Exit::Clean))
}

/// The run of a log; `-` is standard input.
pub(crate) fn read_log(path: &Path) -> Result<Run, Failure> {
    let name = path.display();
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        Box::new(BufReader::new(file))
    };
    log::read(input).map_err(|error| Failure::usage(format!("{name}: {error}")))
}

pub(crate) fn parse_format(name: &str) -> Result<Format, Failure> {
    name.parse().map_err(|error: pop3_report::format::UnknownFormat| Failure::usage(error.to_string()))
}

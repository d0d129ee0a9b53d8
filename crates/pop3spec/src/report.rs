//! `pop3spec report`

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};

use pop3_report::format::{Format, render};
use pop3_report::log;
use pop3_scenario::verdict::Exit;

use crate::args::ReportArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure};

pub(crate) fn report(options: &ReportArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let format: Format = parse_format(&options.format)?;
    let name = options.log.display();
    let input: Box<dyn BufRead> = if options.log.as_os_str() == "-" {
        Box::new(stdin().lock())
    } else {
        let file = File::open(&options.log).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        Box::new(BufReader::new(file))
    };
    let run = log::read(input).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    terminal.print_with(|out| render(&run, format, &terminal.style(), out))?;
    Ok(Ended::Exit(Exit::Clean))
}

pub(crate) fn parse_format(name: &str) -> Result<Format, Failure> {
    name.parse().map_err(|error: pop3_report::format::UnknownFormat| Failure::usage(error.to_string()))
}

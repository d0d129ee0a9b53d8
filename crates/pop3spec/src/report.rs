//! `pop3spec report`

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write, stdin};
use std::path::Path;

use pop3_report::format::{Format, render};
use pop3_report::log::{self, Run};
use pop3_report::style::Style;
use pop3_scenario::verdict::Exit;

use crate::args::ReportArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure};

/// How a report looks in a file: as in a pipe.
pub(crate) const OF_FILES: Style = Style { color: false, width: 100 };

pub(crate) fn report(options: &ReportArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let format: Format = parse_format(&options.format)?;
    let run = read_log(&options.log)?;
    match &options.output {
        None => terminal.print_with(|out| render(&run, format, &terminal.style(), out))?,
        Some(path) => write(path, |out| render(&run, format, &OF_FILES, out))?,
    }
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

/// Writes a file; errors name it.
pub(crate) fn write(path: &Path, render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let written = File::create(path).map(BufWriter::new).and_then(|mut file| {
        render(&mut file)?;
        file.flush()
    });
    written.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

pub(crate) fn parse_format(name: &str) -> Result<Format, Failure> {
    name.parse().map_err(|error: pop3_report::format::UnknownFormat| Failure::usage(error.to_string()))
}

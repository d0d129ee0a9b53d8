//! `pop3spec diff`

use pop3_report::diff::DiffReport;
use pop3_scenario::verdict::Exit;

use crate::args::DiffArguments;
use crate::report::read_log;
use crate::terminal::Terminal;
use crate::{Ended, Failure};

pub(crate) fn diff(arguments: &DiffArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let (before, after) = (read_log(&arguments.before)?, read_log(&arguments.after)?);
    let report = DiffReport::new(&before, &after, terminal.style());
    terminal.print(&report.to_string())?;
    Ok(Ended::Exit(if report.differences().is_empty() { Exit::Clean } else { Exit::Failed }))
}

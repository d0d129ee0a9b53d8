//! `pop3spec self-test`

use std::path::Path;
use std::time::Duration;

use pop3_report::self_test::{self, pages};
use pop3_runner::self_test::{Scope, self_test as prove};
use pop3_scenario::verdict::Exit;
use pop3_server::fault::Fault;
use pop3_server::variation::Variation;

use crate::args::SelfTestArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure, departures, files};

pub(crate) fn self_test(arguments: &SelfTestArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let registry = files::registry()?;
    let catalogue = files::sound_catalogue(files::Added::folders(&arguments.scenarios), &registry, terminal)?;
    let exceptions = files::exceptions()?;
    let scope = scope(arguments)?;
    let bar = Bar::new(*terminal, arguments.quiet);
    let clock = pop3_runner::clock::Clock::start();
    let matrix = prove(&scope, &catalogue, &registry, &exceptions, &|done, of| bar.at(done, of))?;
    drop(bar);
    if let Some(folder) = &arguments.write {
        for (name, text) in pages(&matrix) {
            write(&folder.join(name), &text)?;
        }
    }
    let mut stale = Vec::new();
    if let Some(folder) = &arguments.check {
        for (name, text) in pages(&matrix) {
            let path = folder.join(name);
            if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
                stale.push(path.display().to_string());
            }
        }
    }
    let took = Duration::from_millis(clock.elapsed_ms());
    terminal.print(&self_test::summary(&matrix, took))?;
    if !stale.is_empty() {
        let folder = arguments.check.as_deref().unwrap_or_else(|| Path::new("")).display();
        return Err(Failure {
            exit: Exit::Failed,
            message: format!(
                "the published matrix is not what was found: {}\n  help: look at the difference that `pop3spec self-test --write {folder}` makes, and commit it",
                stale.join(", ")
            ),
        });
    }
    Ok(Ended::Exit(if matrix.problems.is_empty() { Exit::Clean } else { Exit::Failed }))
}

fn scope(arguments: &SelfTestArguments) -> Result<Scope, Failure> {
    let whole = Scope::whole();
    let some = !arguments.fault.is_empty() || !arguments.variation.is_empty();
    let faults: Vec<Fault> = arguments
        .fault
        .iter()
        .map(|slug| departures::fault(slug).map(|planted| planted.fault))
        .collect::<Result<_, _>>()?;
    let variations: Vec<Variation> =
        arguments.variation.iter().map(|slug| departures::variation(slug)).collect::<Result<_, _>>()?;
    Ok(Scope {
        faults: if some { faults } else { whole.faults },
        variations: if some { variations } else { whole.variations },
        only: arguments.only.clone(),
        // What some faults leave unproven, others may prove.
        assertions: !some && !arguments.no_assertions,
        workers: arguments.jobs.unwrap_or(whole.workers),
    })
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// A bar on a terminal, or nothing.
struct Bar(Option<indicatif::ProgressBar>);

impl Bar {
    fn new(_terminal: Terminal, quiet: bool) -> Self {
        Self((!quiet && Terminal::is_watched()).then(crate::progress::bar))
    }

    fn at(&self, done: usize, of: usize) {
        if let Some(bar) = &self.0 {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

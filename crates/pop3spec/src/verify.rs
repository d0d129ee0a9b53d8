//! `pop3spec verify`: a scenario whose outcome depends on chance is no test.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pop3_report::diff::{compare, table};
use pop3_report::log::{self, LogWriter, Run};
use pop3_runner::clock::Clock;
use pop3_runner::plan::Selection;
use pop3_runner::target::TargetSpec;
use pop3_runner::{Options, QUICK_SLOW_TIER, run_in_turn};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::Event;
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::{Exit, Verdict};
use pop3_spec::registry::Registry;

use crate::args::VerifyArguments;
use crate::run::{self, Interruption};
use crate::terminal::Terminal;
use crate::{Ended, Failure, files, plural};

pub(crate) fn verify(arguments: &VerifyArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let registry = files::registry()?;
    let own: Vec<PathBuf> = arguments.names.iter().filter(|name| is_file(name)).map(PathBuf::from).collect();
    let added = files::Added { folders: &arguments.scenarios, scenarios: &own };
    let mut catalogue = files::sound_catalogue(added, &registry, terminal)?;
    let only = arguments.names.iter().map(|name| named(name, &mut catalogue)).collect::<Result<_, _>>()?;
    let target = run::target(&arguments.server)?;
    // Sixty times ten minutes would be a day: only where time can go by faster.
    let (tier, time_scale) = match &target {
        TargetSpec::Embedded(_) if !arguments.all => (Tier::Slow, QUICK_SLOW_TIER),
        _ => (Tier::Gate, 1.0),
    };
    let time_scale = arguments.time_scale.unwrap_or(time_scale);
    run::check_time_scale(time_scale)?;
    let options = Options {
        target,
        selection: Selection { only, tier, ..Selection::default() },
        deadline: Some(Duration::from_millis(arguments.deadline.max(1))),
        time_scale,
        jobs: arguments.jobs,
        claims: arguments.server.claim.clone(),
        allow_delete: arguments.server.allow_delete,
        limits: run::LIMITS,
        ..Options::embedded()
    };
    let clock = Clock::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let seen = runtime.block_on(async {
        let interruption = Interruption::listen()?;
        tokio::select! {
            seen = all_runs(arguments, &options, &catalogue, &registry, terminal) => seen.map(Some),
            () = interruption.wait() => Ok(None),
        }
    })?;
    let Some(seen) = seen else { return Ok(Ended::Interrupted) };
    terminal.print(&seen.report(arguments, clock.elapsed_ms()))?;
    Ok(Ended::Exit(if seen.differing.is_empty() { Exit::Clean } else { Exit::Failed }))
}

/// Whether this is meant as a file, and not as an id.
fn is_file(name: &str) -> bool {
    let path = Path::new(name);
    path.extension().is_some_and(|extension| extension == "yaml") || path.is_file()
}

/// What selects the scenario; one of a file joins the catalogue.
fn named(name: &str, catalogue: &mut Catalogue) -> Result<String, Failure> {
    if !is_file(name) {
        return Ok(name.to_owned());
    }
    let (scenario, mut found) = catalogue.read_scenario(name, &files::read(Path::new(name))?);
    found.extend(files::contradictions(&scenario, &files::rulings()?));
    let errors: Vec<String> = found.iter().filter(|found| found.is_error()).map(ToString::to_string).collect();
    let Some(scenario) = scenario.filter(|_| errors.is_empty()) else {
        return Err(Failure::usage(format!("scenario files have errors\n\n{}", errors.join("\n"))));
    };
    let id = scenario.id.clone();
    catalogue.scenarios.retain(|known| known.id != id);
    catalogue.scenarios.push(scenario);
    Ok(id)
}

/// What all runs have shown.
struct Seen {
    /// The first run, with which the others are compared.
    first: Run,
    runs: usize,
    /// Runs that differ from the first: which, and in what.
    differing: Vec<(String, String)>,
}

/// Takes events of one run after the other.
struct Watch<'t> {
    terminal: &'t Terminal,
    quiet: bool,
    server: &'static str,
    delivery: Delivery,
    log: LogWriter<Vec<u8>>,
    first: Option<Run>,
    runs: usize,
    differing: Vec<(String, String)>,
    failed: Option<String>,
}

impl Watch<'_> {
    fn see(&mut self, event: &Event) {
        if let Event::RunStarted(header) = event {
            self.delivery = header.delivery;
        }
        let written = self.log.write(event);
        if let Event::RunFinished(_) = event {
            let log = std::mem::replace(&mut self.log, LogWriter::new(Vec::new())).into_inner();
            match written.map_err(|error| error.to_string()).and_then(|()| read(&log)) {
                Ok(run) => self.ended(run),
                Err(error) => self.failed = Some(error),
            }
        }
    }

    fn ended(&mut self, run: Run) {
        self.runs += 1;
        let name = format!("run {} ({}, {})", self.runs, self.server, self.delivery);
        let Some(first) = &self.first else {
            self.first = Some(run);
            return;
        };
        let differences = compare(first, &run);
        if !self.quiet {
            let outcome = if differences.is_empty() { "the same" } else { "DIFFERS" };
            self.terminal.note(&format!("{name}: {outcome}"));
        }
        if !differences.is_empty() {
            self.differing.push((name, table(&differences, self.terminal.style())));
        }
    }
}

fn read(log: &[u8]) -> Result<Run, String> {
    log::read(log).map_err(|error| format!("the log cannot be read back: {error}"))
}

async fn all_runs(
    arguments: &VerifyArguments,
    options: &Options,
    catalogue: &Catalogue,
    registry: &Registry,
    terminal: &Terminal,
) -> Result<Seen, Failure> {
    let mut watch = Watch {
        terminal,
        quiet: arguments.quiet,
        server: "the same server",
        delivery: Delivery::default(),
        log: LogWriter::new(Vec::new()),
        first: None,
        runs: 0,
        differing: Vec::new(),
        failed: None,
    };
    let deliveries = Delivery::ALL.repeat(usize::from(arguments.runs));
    run_in_turn(options, &deliveries, catalogue, registry, &mut |event| watch.see(&event)).await?;
    watch.server = "a fresh server";
    for delivery in Delivery::ALL.repeat(usize::from(arguments.fresh)) {
        run_in_turn(options, &[delivery], catalogue, registry, &mut |event| watch.see(&event)).await?;
    }
    let internal = |message: String| Failure { exit: Exit::Internal, message };
    if let Some(error) = watch.failed {
        return Err(internal(error));
    }
    let first = watch.first.ok_or_else(|| internal("no run came to its end".to_owned()))?;
    Ok(Seen { first, runs: watch.runs, differing: watch.differing })
}

impl Seen {
    fn report(&self, arguments: &VerifyArguments, elapsed_ms: u64) -> String {
        let mut text = String::new();
        let counts = Verdict::ALL.iter().filter_map(|verdict| {
            let n = self.first.results.iter().filter(|result| result.verdict == *verdict).count();
            (n > 0).then(|| format!("{n} {verdict}"))
        });
        let counts = counts.collect::<Vec<_>>().join(", ");
        let _ = writeln!(
            text,
            "{} against {}: {counts}",
            plural(self.first.results.len(), "result", "results"),
            self.first.started.target
        );
        let words = Delivery::ALL.map(Delivery::as_str).join(", ");
        let _ = writeln!(
            text,
            "{} runs: with each delivery ({words}) {} on one server and {} on a fresh one each",
            self.runs, arguments.runs, arguments.fresh
        );
        for (run, differences) in self.differing.iter().take(SHOWN) {
            let _ = write!(text, "\n{run} differs from run 1 (the same server, whole):\n{differences}");
        }
        if self.differing.len() > SHOWN {
            let _ = writeln!(text, "\n({} more runs differ)", self.differing.len() - SHOWN);
        }
        let seconds = elapsed_ms as f64 / 1000.0;
        let _ = match self.differing.len() {
            0 => writeln!(text, "\nthe same in all of them; {seconds:.1} s"),
            n => writeln!(text, "\n{} other than the first; {seconds:.1} s", plural(n, "run is", "runs are")),
        };
        text
    }
}

/// Runs whose differences are told.
const SHOWN: usize = 5;

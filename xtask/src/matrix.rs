//! Real servers graded: their reports, and the page that compares them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pop3_scenario::event::Event;

use crate::command_line::say;
use crate::error::{ChoreError, Problem};
use crate::process;
use crate::servers::{self, Server};

/// Where reports are published.
const REPORTS: &str = "reports";

/// The log in the folder of a report.
const LOG: &str = "run.jsonl";

/// What is written beside the log, and in which format.
const FORMATS: [(&str, &str); 4] =
    [("json", "report.json"), ("html", "report.html"), ("markdown", "report.md"), ("terminal", "report.txt")];

/// Servers that are checked at the same time.
const AT_ONCE: usize = 3;

/// Accounts and passwords of all published runs are derived from this.
const SEED: &str = "1";

/// Grades these servers, or all, by the full tier, and writes their reports and the page.
///
/// # Errors
/// A server that cannot be graded, or that two runs say different things of.
pub(crate) fn write(root: &Path, names: &[String], runs: u8) -> Result<(), ChoreError> {
    let program = process::pop3spec(root)?;
    let folder = tempfile::tempdir().map_err(ChoreError::of_file("the temporary folder"))?;
    for server in servers::named(root, names)? {
        let mut before: Option<PathBuf> = None;
        for run in 1..=runs {
            let log = folder.path().join(format!("{}-{run}.jsonl", server.name));
            grade(root, &program, &server, &["--tier", "full"], &log)?;
            if let Some(before) = before.replace(log.clone()) {
                same(root, &program, &before, &log)?;
            }
        }
        if let Some(log) = before {
            publish(root, &program, &server, &log)?;
        }
    }
    page(root, &program)
}

/// Grades these servers, or all, by the gate tier, and compares the verdicts with those
/// that are published.
///
/// # Errors
/// A server that cannot be graded, or a verdict that is another one.
pub(crate) fn check(root: &Path, names: &[String]) -> Result<(), ChoreError> {
    let program = process::pop3spec(root)?;
    let folder = tempfile::tempdir().map_err(ChoreError::of_file("the temporary folder"))?;
    let servers = servers::named(root, names)?;
    let next = AtomicUsize::new(0);
    // Servers mostly wait, each by itself: several at once take no longer than the slowest.
    let one_by_one =
        || {
            let mut problems = Vec::new();
            while let Some(server) = servers.get(next.fetch_add(1, Ordering::Relaxed)) {
                let log = folder.path().join(format!("{}.jsonl", server.name));
                let graded = grade(root, &program, server, &["--tier", "gate", "--time-scale", "2"], &log);
                // One that cannot be graded keeps back nothing that is said of the others.
                problems.extend(graded.and_then(|()| compared(root, server, &log)).unwrap_or_else(|error| {
                    vec![Problem::new(server.target.display().to_string(), error.to_string())]
                }));
            }
            problems
        };
    let found: Vec<Vec<Problem>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(one_by_one)).collect();
        let ended = |worker: thread::ScopedJoinHandle<'_, _>| match worker.join() {
            Ok(found) => found,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().map(ended).collect()
    });
    ChoreError::unless_empty(found.concat())
}

/// Where a run of the gate tier says something else than the published report.
fn compared(root: &Path, server: &Server, log: &Path) -> Result<Vec<Problem>, ChoreError> {
    let found = Verdicts::read(log)?.whole(server)?;
    let place = report_folder(server, &found);
    let published = root.join(&place).join(LOG);
    if !published.is_file() {
        let text = format!("no report of this version is published: cargo xtask matrix {}", server.name);
        return Ok(vec![Problem::new(place.display().to_string(), text)]);
    }
    let published = Verdicts::read(&published)?;
    let advice = format!("look at both sides, then `cargo xtask matrix {}`", server.name);
    let problem = |difference| Problem::new(server.target.display().to_string(), format!("{difference}; {advice}"));
    Ok(found.differences(&published).into_iter().map(problem).collect())
}

/// Runs the suite on a server. A verdict against it is no error.
fn grade(root: &Path, program: &Path, server: &Server, options: &[&str], log: &Path) -> Result<(), ChoreError> {
    let name = format!("pop3spec run {} --target {}", options.join(" "), server.target.display());
    say(format_args!("{name}"));
    let mut command = Command::new(program);
    command.args(["run", "--quiet", "--seed", SEED]).args(options).arg("--target").arg(&server.target);
    command.arg("--log").arg(log).current_dir(root).stdin(Stdio::null());
    let output = command.output().map_err(|source| ChoreError::Start {
        command: name.clone(),
        source,
        advice: "is it built?",
    })?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.code() {
        Some(0 | 1) => {
            say(format_args!("{}: {}", server.name, printed.lines().last().unwrap_or_default()));
            Ok(())
        }
        _ => {
            say(format_args!("{printed}{}", String::from_utf8_lossy(&output.stderr)));
            Err(ChoreError::Failed { command: name })
        }
    }
}

fn same(root: &Path, program: &Path, before: &Path, after: &Path) -> Result<(), ChoreError> {
    run(root, Command::new(program).arg("diff").arg(before).arg(after), "pop3spec diff")
}

/// Writes the reports of a run.
fn publish(root: &Path, program: &Path, server: &Server, log: &Path) -> Result<(), ChoreError> {
    let place = report_folder(server, &Verdicts::read(log)?.whole(server)?);
    let folder = root.join(&place);
    fs::create_dir_all(&folder).map_err(ChoreError::of_file(&folder))?;
    let kept = folder.join(LOG);
    fs::copy(log, &kept).map_err(ChoreError::of_file(&kept))?;
    for (format, file) in FORMATS {
        let mut command = Command::new(program);
        command.arg("report").arg(place.join(LOG)).args(["--format", format, "--output"]).arg(place.join(file));
        run(root, &mut command, "pop3spec report")?;
    }
    say(format_args!("wrote {}", place.display()));
    Ok(())
}

/// Writes the page of all reports that are published.
fn page(root: &Path, program: &Path) -> Result<(), ChoreError> {
    let reports = root.join(REPORTS);
    let mut logs = Vec::new();
    for entry in fs::read_dir(&reports).map_err(ChoreError::of_file(&reports))? {
        let log = Path::new(REPORTS).join(entry.map_err(ChoreError::of_file(&reports))?.file_name()).join(LOG);
        if root.join(&log).is_file() {
            logs.push(log);
        }
    }
    logs.sort();
    let mut command = Command::new(program);
    command.arg("matrix").args(&logs).args(["--format", "markdown", "--output"]).arg(reports.join("README.md"));
    run(root, &mut command, "pop3spec matrix")?;
    say(format_args!("wrote {REPORTS}/README.md: {} servers", logs.len()));
    Ok(())
}

fn run(root: &Path, command: &mut Command, name: &str) -> Result<(), ChoreError> {
    let status = command.current_dir(root).status();
    let status =
        status.map_err(|source| ChoreError::Start { command: name.to_owned(), source, advice: "is it built?" })?;
    if status.success() { Ok(()) } else { Err(ChoreError::Failed { command: name.to_owned() }) }
}

/// Where the reports of a server are, from the root.
fn report_folder(server: &Server, verdicts: &Verdicts) -> PathBuf {
    let version = verdicts.version.as_deref().map_or("unknown", servers::upstream);
    // It is what a program prints.
    let version: String =
        version.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect();
    Path::new(REPORTS).join(format!("{}-{version}", server.name))
}

/// What a log says of a server.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdicts {
    version: Option<String>,
    /// By id, of scenarios.
    scenarios: BTreeMap<String, String>,
    /// How many were selected.
    selected: usize,
    /// Why not all of them have a result, or that the log has no end.
    incomplete: Option<String>,
    /// The same of the always-on checks that were broken.
    checks: BTreeMap<String, String>,
}

impl Verdicts {
    fn read(log: &Path) -> Result<Self, ChoreError> {
        let text = fs::read_to_string(log).map_err(ChoreError::of_file(log))?;
        let mut verdicts = Self { incomplete: Some("the log has no end".to_owned()), ..Self::default() };
        for line in text.lines() {
            let event = serde_json::from_str(line)
                .map_err(|error| ChoreError::NoLog { command: "pop3spec run", why: error.to_string() })?;
            match event {
                Event::RunStarted(started) => {
                    (verdicts.version, verdicts.selected) = (started.target_version, started.selected);
                }
                Event::RunFinished(finished) => verdicts.incomplete = finished.aborted,
                Event::ScenarioFinished(result) => {
                    verdicts.scenarios.insert(result.id, result.verdict.as_str().to_owned());
                }
                Event::InvariantFinished(check) if check.verdict.needs_attention() => {
                    verdicts.checks.insert(check.id, check.verdict.as_str().to_owned());
                }
                _ => {}
            }
        }
        // A result that is no scenario's, such as of an end of the server, comes to them.
        let missing = verdicts.selected.saturating_sub(verdicts.scenarios.len());
        if missing > 0 {
            verdicts
                .incomplete
                .get_or_insert_with(|| format!("{missing} of {} results are missing", verdicts.selected));
        }
        Ok(verdicts)
    }

    /// These, if they are of a whole run.
    ///
    /// # Errors
    /// Why it is none.
    fn whole(self, server: &Server) -> Result<Self, ChoreError> {
        match self.incomplete {
            Some(why) => Err(ChoreError::Incomplete { server: server.name.clone(), why }),
            None => Ok(self),
        }
    }

    /// Where these, of a part of the scenarios, are not those of `published`.
    fn differences(&self, published: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (id, verdict) in &self.scenarios {
            match published.scenarios.get(id) {
                Some(before) if before == verdict => {}
                Some(before) => found.push(format!("{id}: {verdict}, published as {before}")),
                None => found.push(format!("{id}: {verdict}, not in the published report")),
            }
        }
        // A part of the scenarios may not show all that is broken.
        for (id, verdict) in &self.checks {
            if published.checks.get(id) != Some(verdict) {
                found.push(format!("{id}: {verdict}, not so in the published report"));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_by_id() {
        let verdicts = |scenarios: &[(&str, &str)], checks: &[(&str, &str)]| {
            let map = |rows: &[(&str, &str)]| rows.iter().map(|(id, v)| ((*id).to_owned(), (*v).to_owned())).collect();
            Verdicts { scenarios: map(scenarios), checks: map(checks), ..Verdicts::default() }
        };
        let published = verdicts(&[("a", "pass"), ("b", "fail"), ("full", "pass")], &[("always/x", "fail")]);
        let check = |found: Verdicts, want: &[&str]| assert_eq!(found.differences(&published), want);
        check(verdicts(&[("a", "pass"), ("b", "fail")], &[]), &[]);
        check(verdicts(&[("a", "fail")], &[("always/x", "fail")]), &["a: fail, published as pass"]);
        check(verdicts(&[("new", "pass")], &[]), &["new: pass, not in the published report"]);
        check(verdicts(&[], &[("always/y", "warn")]), &["always/y: warn, not so in the published report"]);
    }

    #[test]
    fn a_run_that_was_broken_off_is_not_published() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("run.jsonl");
        let server =
            &servers::named(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &["dovecot".to_owned()]).unwrap()[0];
        let check = |lines: &[&str], want: &str| {
            fs::write(&log, lines.join("\n")).unwrap();
            let read = Verdicts::read(&log).unwrap().whole(server);
            assert_eq!(read.map_or_else(|error| error.to_string(), |_| String::new()), want);
        };
        let published = format!("{REPORTS}/dovecot-2.3.19.1/{LOG}");
        let published = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(published)).unwrap();
        let all: Vec<&str> = published.lines().collect();
        check(&all, "");
        let incomplete = |why: &str| format!("the run on dovecot is not complete: {why}");
        check(&all[..all.len() - 1], &incomplete("the log has no end"));
        let aborted = all[all.len() - 1].replace("\"exit\"", "\"aborted\":\"it ended\",\"exit\"");
        check(&[&all[..all.len() - 1], &[aborted.as_str()]].concat(), &incomplete("it ended"));
        let one_less: Vec<&str> =
            all.iter().filter(|line| !line.contains("\"id\":\"rfc1939/stat/count-equals-list\"")).copied().collect();
        let selected = Verdicts::read(&log).unwrap().selected;
        check(&one_less, &incomplete(&format!("1 of {selected} results are missing")));
    }

    #[test]
    fn no_version_leads_out_of_the_reports() {
        let server =
            &servers::named(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &["dovecot".to_owned()]).unwrap()[0];
        let check = |version: &str, want: &str| {
            let verdicts = Verdicts { version: Some(version.to_owned()), ..Verdicts::default() };
            assert_eq!(report_folder(server, &verdicts), Path::new(REPORTS).join(want));
        };
        check("2.3.19.1", "dovecot-2.3.19.1");
        check("1/../../x", "dovecot-1_.._.._x");
    }
}

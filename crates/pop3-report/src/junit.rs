//! JUnit XML, for the test tabs of CI services.
//!
//! | verdict | element |
//! |---|---|
//! | `pass`, `info`, `warn` | none: the case succeeds; a warning is told in `system-err` |
//! | `fail` | `failure` |
//! | `inconclusive`, `error` | `error`, with the verdict as type |
//! | `skipped`, `unsupported` | `skipped`, with the reason as message |
//!
//! A run that ended early has one more case, `run.complete`, which is an
//! `error`: half a run must not look like a green one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use pop3_scenario::event::{InvariantFinished, ScenarioFinished};
use pop3_scenario::verdict::Verdict;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::log::Run;
use crate::style::Style;
use crate::terminal;
use crate::visible::visible;

/// The run as a JUnit document: a suite for each first part of the ids.
///
/// # Errors
/// What the XML writer says; not to be expected for a string in memory.
pub fn xml(run: &Run) -> io::Result<String> {
    let mut suites: BTreeMap<String, Vec<TestCase>> = BTreeMap::new();
    for result in &run.results {
        suites.entry(first_part(&result.id)).or_default().push(scenario(run, result));
    }
    for each in &run.invariants {
        suites.entry(first_part(&each.id)).or_default().push(invariant(run, each));
    }
    if !run.is_complete() {
        suites.entry("run".to_owned()).or_default().push(incomplete(run));
    }
    let mut report = Report::new(visible(&format!("pop3spec {}", run.started.target)));
    report.set_time(Duration::from_millis(run.elapsed_ms()));
    for (name, cases) in suites {
        let mut suite = TestSuite::new(name);
        suite.set_time(cases.iter().filter_map(|case| case.time).sum());
        for (name, value) in [
            ("suite", &run.started.suite),
            ("target", &run.started.target),
            ("target-description", &run.started.target_description),
            ("started", &run.started.started),
            ("seed", &run.started.seed.to_string()),
        ] {
            suite.add_property(Property::new(name, visible(value)));
        }
        for ruling in &run.started.rulings {
            suite.add_property(Property::new("ruling", visible(&format!("{}={}", ruling.id, ruling.chosen))));
        }
        suite.add_test_cases(cases);
        report.add_test_suite(suite);
    }
    report.to_string().map_err(io::Error::other)
}

fn scenario(run: &Run, result: &ScenarioFinished) -> TestCase {
    let summary = result.findings.iter().find(|finding| finding.verdict == result.verdict);
    let message = summary.map(|finding| &finding.summary).or(result.reason.as_ref()).unwrap_or(&result.title);
    let explained = || terminal::explain_result(run, result, Style { color: false, width: 100 });
    let mut case = case(&result.id, status(result.verdict, message, explained));
    case.set_time(Duration::from_millis(result.elapsed_ms));
    let place = summary.or_else(|| result.findings.first()).map(|finding| &finding.place);
    for requirement in &result.requirements {
        case.add_property(Property::new("requirement", visible(requirement)));
    }
    for (name, value) in [
        ("verdict", result.verdict.as_str()),
        ("level", result.level.as_str()),
        ("file", place.map_or(result.file.as_str(), |place| place.file.as_str())),
    ] {
        case.add_property(Property::new(name, visible(value)));
    }
    if let Some(place) = place {
        case.add_property(Property::new("line", place.line.to_string()));
    }
    let transcript = transcript(result);
    if !transcript.is_empty() {
        case.set_system_out(transcript);
    }
    if result.verdict == Verdict::Warn {
        case.set_system_err(explained());
    }
    case
}

fn invariant(run: &Run, invariant: &InvariantFinished) -> TestCase {
    let explained = || terminal::explain_invariant(run, invariant, Style { color: false, width: 100 });
    let message = format!("{}: broken {} times", invariant.title.trim_end_matches('.'), invariant.breaches);
    let mut case = case(&invariant.id, status(invariant.verdict, &message, explained));
    for (name, value) in [
        ("requirement", invariant.requirement.as_str()),
        ("verdict", invariant.verdict.as_str()),
        ("level", invariant.level.as_str()),
    ] {
        case.add_property(Property::new(name, visible(value)));
    }
    if invariant.verdict == Verdict::Warn {
        case.set_system_err(explained());
    }
    case
}

fn incomplete(run: &Run) -> TestCase {
    let reason = run.finished.as_ref().and_then(|footer| footer.aborted.as_deref());
    let reason = reason.unwrap_or("the log has no footer: the run was killed, has crashed, or is not over yet");
    let under_way = || {
        run.unfinished.iter().fold(String::new(), |mut text, started| {
            let _ = writeln!(text, "under way: {}", visible(&started.id));
            text
        })
    };
    let mut case = case("run/complete", status(Verdict::Error, reason, under_way));
    case.add_property(Property::new("verdict", Verdict::Error.as_str()));
    case
}

fn status(verdict: Verdict, message: &str, explained: impl FnOnce() -> String) -> TestCaseStatus {
    let kind = match verdict {
        Verdict::Pass | Verdict::Info | Verdict::Warn => return TestCaseStatus::success(),
        Verdict::Skipped | Verdict::Unsupported => {
            let mut status = TestCaseStatus::skipped();
            status.set_type(verdict.as_str()).set_message(visible(message));
            return status;
        }
        Verdict::Fail => NonSuccessKind::Failure,
        Verdict::Inconclusive | Verdict::Error => NonSuccessKind::Error,
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(verdict.as_str()).set_message(visible(message)).set_description(explained());
    status
}

/// A case named by its id: the folders, joined by dots, are the class.
fn case(id: &str, status: TestCaseStatus) -> TestCase {
    let id = visible(id);
    // The variant in brackets may hold anything, a slash too.
    let (path, variant) = id.split_at(id.find('[').unwrap_or(id.len()));
    let (folders, last) = path.rsplit_once('/').unwrap_or((path, path));
    let mut case = TestCase::new(format!("{last}{variant}"), status);
    case.set_classname(folders.replace('/', "."));
    case
}

fn first_part(id: &str) -> String {
    visible(id.split('/').next().unwrap_or_default())
}

/// Both sides of all connections as text.
fn transcript(result: &ScenarioFinished) -> String {
    let mut text = String::new();
    for connection in &result.transcript {
        if !connection.session.is_empty() {
            let _ = writeln!(text, "session {}", visible(&connection.session));
        }
        for entry in &connection.entries {
            let _ = write!(text, "{:>6} ms  {} {}", entry.at_ms, terminal::mark(entry.who), visible(&entry.text));
            text.push_str(&match entry.elided {
                0 => "\n".to_owned(),
                n => format!(" ({n} octets left out of the middle)\n"),
            });
        }
    }
    text
}

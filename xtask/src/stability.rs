//! The gate tier again and again while every core is busy: a test that flickers is not
//! one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use cargo_metadata::MetadataCommand;
use pop3_scenario::event::{Choice, Event};
use serde_json::json;

use crate::command_line::say;
use crate::error::ChoreError;
use crate::{clock, process};

/// The command that is run.
const RUN: &str = "pop3spec run --tier gate --quiet --format jsonl";

/// Under which name the end of a run stands among its outcomes.
const EXIT: &str = "exit";

/// Results that are told, of those that differ.
const SHOWN: usize = 10;

/// What a run says, by scenario, always-on check, or `exit`.
type Outcome = BTreeMap<String, String>;

/// Runs the gate tier on the embedded server so many times, with a busy thread on every
/// core, and compares all runs with the first.
///
/// # Errors
/// Something cannot be built or run, or the runs are not all the same.
pub(crate) fn run(root: &Path, runs: usize) -> Result<(), ChoreError> {
    process::run(root, "cargo build --quiet --release --package pop3spec", &[], "cargo is needed")?;
    let program = program(root)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let begin = clock::now();
    let outcomes = under_load(cores, || (0..runs).map(|_| once(&program)).collect::<Result<Vec<_>, _>>())?;
    let took = begin.elapsed().as_secs_f64();
    let Some((first, others)) = outcomes.split_first() else { return Ok(()) };
    let differing = others.iter().filter(|other| *other != first).count();
    for (key, count, example) in differences(first, others).into_iter().take(SHOWN) {
        let usual = first.get(&key).map_or("nothing", String::as_str);
        say(format_args!("{key}: {count} times other than at first\n  first: {usual}\n  other: {example}"));
    }
    let what = if differing == 0 { "all the same".to_owned() } else { format!("{differing} other than the first") };
    say(format_args!(
        "{runs} runs of the gate tier ({} outcomes each) under load on {cores} cores: {what}; {took:.1} s, {:.2} s each",
        first.len(),
        took / runs.max(1) as f64
    ));
    if differing == 0 { Ok(()) } else { Err(ChoreError::Failed { command: "cargo xtask stability".to_owned() }) }
}

/// Where cargo has put the program.
fn program(root: &Path) -> Result<PathBuf, ChoreError> {
    let metadata = MetadataCommand::new().manifest_path(root.join("Cargo.toml")).no_deps().exec()?;
    Ok(metadata.target_directory.join("release/pop3spec").into_std_path_buf())
}

/// Works while so many threads do nothing but take time; they end with the work.
fn under_load<T>(threads: usize, work: impl FnOnce() -> T) -> T {
    /// Ends the load also when the work panics.
    struct End<'e>(&'e AtomicBool);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let _end = End(&over);
        for _ in 0..threads {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        work()
    })
}

fn once(program: &Path) -> Result<Outcome, ChoreError> {
    let output = Command::new(program).args(RUN.split(' ').skip(1)).output().map_err(|source| ChoreError::Start {
        command: RUN.to_owned(),
        source,
        advice: "it has just been built; is the disk full?",
    })?;
    let outcome = outcome(&String::from_utf8_lossy(&output.stdout)).map_err(|error| error.to_string());
    let whole = outcome.and_then(|outcome| match outcome.contains_key(EXIT) {
        true => Ok(outcome),
        false => Err("it has no end".to_owned()),
    });
    whole.map_err(|error| ChoreError::NoLog {
        command: RUN,
        why: format!("{error}; it said:\n{}", String::from_utf8_lossy(&output.stderr)),
    })
}

/// All that a log says and that must not depend on the moment. Times do, and what a
/// transcript holds of ports, nonces and rounds of a `retry`.
fn outcome(log: &str) -> Result<Outcome, serde_json::Error> {
    let mut outcome = Outcome::new();
    for line in log.lines() {
        match serde_json::from_str(line)? {
            Event::ScenarioFinished(result) => {
                let mut choices: Vec<_> = result.choices.iter().map(taken).collect();
                choices.sort();
                let said = json!([result.verdict, result.reason, result.findings, choices]);
                outcome.insert(result.id, said.to_string());
            }
            Event::InvariantFinished(check) => {
                outcome.insert(check.id, json!([check.verdict, check.breaches, check.examples]).to_string());
            }
            Event::RunFinished(footer) => {
                outcome.insert(EXIT.to_owned(), json!([footer.exit, footer.aborted]).to_string());
            }
            Event::RunStarted(_) | Event::TargetReady(_) | Event::ScenarioStarted(_) => {}
        }
    }
    Ok(outcome)
}

/// Which `one_of` and which alternative. Branches that play the same share the path, and
/// not the line.
fn taken(choice: &Choice) -> (&str, &str, &str) {
    (&choice.step, &choice.id, choice.verdict.as_str())
}

/// What differs from the first run: in how many runs, and how in one of them.
fn differences(first: &Outcome, others: &[Outcome]) -> Vec<(String, usize, String)> {
    let mut differ: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for other in others {
        for key in first.keys().chain(other.keys().filter(|key| !first.contains_key(*key))) {
            if first.get(key) != other.get(key) {
                let (count, example) = differ.entry(key).or_default();
                *count += 1;
                *example = other.get(key).map_or("nothing", String::as_str);
            }
        }
    }
    differ.into_iter().map(|(key, (count, example))| (key.to_owned(), count, example.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_flickers_is_named() {
        let outcome = |pairs: &[(&str, &str)]| -> Outcome {
            pairs.iter().map(|(key, said)| ((*key).to_owned(), (*said).to_owned())).collect()
        };
        let first = outcome(&[("a", "pass"), ("b", "pass")]);
        let check = |others: &[Outcome], want: &[(&str, usize, &str)]| {
            let found = differences(&first, others);
            let found: Vec<_> = found.iter().map(|(key, n, said)| (key.as_str(), *n, said.as_str())).collect();
            assert_eq!(found, want);
        };
        check(std::slice::from_ref(&first), &[]);
        let fails = outcome(&[("a", "pass"), ("b", "fail")]);
        check(&[first.clone(), fails.clone(), fails], &[("b", 2, "fail")]);
        check(&[outcome(&[("a", "pass")])], &[("b", 1, "nothing")]);
        check(&[outcome(&[("a", "pass"), ("b", "pass"), ("c", "pass")])], &[("c", 1, "pass")]);
    }

    #[test]
    fn the_load_ends_with_the_work() {
        assert_eq!(under_load(2, || 7), 7);
    }

    #[test]
    fn times_and_transcripts_do_not_count() {
        let line = |ms: u64, verdict: &str| {
            format!(
                r#"{{"event":"scenario-finished","id":"a/b","rev":1,"title":"T","file":"a/b.yaml","verdict":"{verdict}","level":"must","requirements":[],"at_ms":{ms},"elapsed_ms":{ms},"findings":[],"choices":[],"transcript":[{{"session":"","entries":[{{"at_ms":{ms},"who":"*","text":"{ms}"}}]}}]}}"#
            )
        };
        let said = |ms, verdict| outcome(&line(ms, verdict)).unwrap();
        assert_eq!(said(1, "pass"), said(2, "pass"));
        assert_ne!(said(1, "pass"), said(1, "fail"));
        assert!(outcome("{").is_err());
    }
}

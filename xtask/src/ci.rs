//! All that a pull request must pass.

use std::path::Path;
use std::time::Duration;

use crate::command_line::say;
use crate::error::ChoreError;
use crate::{clients, clock, generate, matrix, process, tidy};

enum Step {
    Run {
        command: &'static str,
        set: &'static [(&'static str, &'static str)],
    },
    /// `pop3spec` as the tests were built with it.
    Program {
        arguments: &'static str,
    },
    Chore {
        name: &'static str,
        chore: fn(&Path) -> Result<(), ChoreError>,
    },
}

/// In the order in which failures show, cheap ones first.
const STEPS: &[Step] = &[
    Step::Run { command: "cargo fmt --all --check", set: &[] },
    Step::Run { command: "cargo clippy --workspace --all-targets --locked -- -D warnings", set: &[] },
    Step::Run { command: "cargo doc --workspace --locked --no-deps", set: &[("RUSTDOCFLAGS", "-D warnings")] },
    Step::Chore { name: "cargo xtask generate --check", chore: generate::check },
    Step::Chore { name: "cargo xtask tidy", chore: tidy::run },
    Step::Run { command: "cargo nextest run --workspace --locked --no-run", set: &[] },
    Step::Program { arguments: "coverage" },
    Step::Run { command: "cargo test --workspace --locked --doc", set: &[] },
    // Where it fails, the suite is not to be believed, whatever the tests say.
    Step::Program { arguments: "self-test --check reports/self-test" },
    Step::Chore { name: "cargo xtask clients --check", chore: clients::check },
    Step::Chore { name: "cargo xtask matrix --check", chore: |root| matrix::check(root, &[]) },
    Step::Program { arguments: "verify --all --runs 2 --fresh 1 --quiet" },
    // Last, so that the test runner's closing line closes the whole.
    Step::Run { command: "cargo nextest run --workspace --locked --profile ci --no-fail-fast", set: &[] },
];

/// Runs the steps, says how long each took, and stops at the first failure.
///
/// # Errors
/// That failure.
pub(crate) fn run(root: &Path) -> Result<(), ChoreError> {
    let program = process::built(root)?;
    process::is_built(program.clone());
    for step in STEPS {
        let name = match step {
            Step::Run { command, .. } => (*command).to_owned(),
            Step::Program { arguments } => format!("pop3spec {arguments}"),
            Step::Chore { name, .. } => (*name).to_owned(),
        };
        say(format_args!("== {name}"));
        let step_begin = clock::now();
        let result = match step {
            Step::Run { command, set } => {
                process::run(root, command, set, "install it; nextest comes with `cargo install cargo-nextest`")
            }
            Step::Program { arguments } => process::run_program(root, &program, arguments, &[], "is it built?"),
            Step::Chore { chore, .. } => chore(root),
        };
        let is_last = std::ptr::eq(step, STEPS.last().unwrap_or(step));
        if result.is_err() || !is_last {
            let outcome = if result.is_ok() { "ok" } else { "FAILED" };
            say(format_args!("== {name}: {outcome}, {}", seconds(step_begin.elapsed())));
        }
        result?;
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(seconds(Duration::from_millis(61_250)), "61.2 s");
    }
}

//! Mail clients that people use against `pop3spec serve`: every client over every
//! connection, keeping mail and deleting it, by every way to log in. What came
//! out is `docs/clients.md`.

mod attempt;
mod cell;
mod client;
mod curl;
mod dialogue;
mod fetchmail;
mod getmail;
mod mail;
mod mpop;
mod mutt;
mod page;
mod poplib;
mod program;
mod remaining;
mod serving;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::clients::attempt::{Material, Outcome};
use crate::clients::cell::Cell;
use crate::clients::client::Client;
pub(crate) use crate::clients::client::Tool;
use crate::command_line::say;
use crate::error::{ChoreError, Problem};
use crate::{process, setup};

/// In the order of the page.
const CLIENTS: &[Client] =
    &[fetchmail::FETCHMAIL, mpop::MPOP, getmail::GETMAIL, mutt::MUTT, curl::CURL, poplib::POPLIB];

/// Failures after which no more cells are begun: a hanging server would take an
/// hour else.
const ENOUGH: usize = 8;

const PAGE: &str = "docs/clients.md";

/// The programs that the cells start.
pub(crate) fn tools() -> impl Iterator<Item = Tool> {
    CLIENTS.iter().flat_map(|client| client.programs).copied()
}

/// Runs all cells, and writes the page.
///
/// # Errors
/// A client is not there, or a cell came out otherwise than it should.
pub(crate) fn write(root: &Path) -> Result<(), ChoreError> {
    let path = root.join(PAGE);
    fs::write(&path, run(root)?).map_err(ChoreError::of_file(&path))?;
    say(format_args!("wrote {PAGE}"));
    Ok(())
}

/// Runs all cells, and writes nothing.
///
/// # Errors
/// As [`write()`], or the page differs from what came out, versions apart.
pub(crate) fn check(root: &Path) -> Result<(), ChoreError> {
    let path = root.join(PAGE);
    let (made, present) = (run(root)?, fs::read_to_string(&path).map_err(ChoreError::of_file(&path))?);
    let (made, present) = (page::compared(&made), page::compared(&present));
    if made == present {
        return Ok(());
    }
    let number = 1 + made.lines().zip(present.lines()).take_while(|(made, present)| made == present).count();
    let text = format!(
        "is not what came out, first in line {number} (versions not counted): {:?}; if that is right, run \
         `cargo xtask clients`",
        made.lines().nth(number - 1).unwrap_or("the page ends here")
    );
    Err(ChoreError::Problems(vec![Problem::new(PAGE, text)]))
}

/// Runs all cells, some at a time.
fn run(root: &Path) -> Result<String, ChoreError> {
    all_there()?;
    let folder = tempfile::tempdir().map_err(ChoreError::of_file(std::env::temp_dir()))?;
    let material = material(root, folder.path())?;
    let cells = cell::all(CLIENTS);
    let outcomes = gather(&cells, attempt_all(&cells, &material, folder.path()))?;
    say(format_args!("clients: {} cells as expected", outcomes.len()));
    let versions: Vec<String> = CLIENTS.iter().map(version).collect();
    Ok(page::page(CLIENTS, &versions, &material.messages, &outcomes))
}

/// The results of the cells, by their place; not of all when many fail.
fn attempt_all(cells: &[Cell], material: &Material, folder: &Path) -> BTreeMap<usize, Result<Outcome, String>> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from) * 2;
    let (next, failures) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let results = Mutex::new(BTreeMap::new());
    let work = || {
        while failures.load(Ordering::Relaxed) < ENOUGH {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(cell) = cells.get(index) else { break };
            let own = folder.join(index.to_string());
            let result = attempt::run(cell, material, &own);
            failures.fetch_add(usize::from(result.is_err()), Ordering::Relaxed);
            results.lock().unwrap_or_else(PoisonError::into_inner).insert(index, result);
            // What is left over goes with the whole folder.
            let _ = fs::remove_dir_all(&own);
        }
    };
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn gather(
    cells: &[Cell],
    results: BTreeMap<usize, Result<Outcome, String>>,
) -> Result<Vec<(Cell, Outcome)>, ChoreError> {
    let (mut outcomes, mut problems) = (Vec::new(), Vec::new());
    let left_out = cells.len() - results.len();
    for (index, result) in results {
        let Some(cell) = cells.get(index) else { continue };
        match result {
            Ok(outcome) => outcomes.push((*cell, outcome)),
            Err(problem) => problems.push(Problem::new(cell.to_string(), problem)),
        }
    }
    if left_out > 0 {
        problems.push(Problem::new("the other cells", format!("{left_out} were not run, as so many failed")));
    }
    ChoreError::unless_empty(problems).map(|()| outcomes)
}

fn all_there() -> Result<(), ChoreError> {
    let missing = tools().filter(|tool| !setup::is_there(tool.program));
    let problem = |tool: Tool| {
        let text = format!("is not there; install the Debian package `{}`, or run `cargo xtask setup`", tool.package);
        Problem::new(tool.program, text)
    };
    ChoreError::unless_empty(missing.map(problem).collect())
}

/// Builds `pop3spec`, and writes the mail.
fn material(root: &Path, folder: &Path) -> Result<Material, ChoreError> {
    let pop3spec = process::pop3spec(root)?;
    let (mail, messages) = (folder.join("mail"), mail::messages());
    fs::create_dir(&mail).map_err(ChoreError::of_file(&mail))?;
    for (index, message) in messages.iter().enumerate() {
        let path = mail.join(format!("{index}-{}.eml", message.name));
        fs::write(&path, &message.octets).map_err(ChoreError::of_file(&path))?;
    }
    let one_message = mail.join(format!("0-{}.eml", messages.first().map_or("", |message| message.name)));
    Ok(Material { pop3spec, messages, mail, one_message })
}

/// The first word of what the client says of its version that begins with a digit.
fn version(client: &Client) -> String {
    let Some(tool) = client.programs.first() else { return String::new() };
    let output = Command::new(tool.program).arg(client.version).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let end = |c: char| !(c.is_ascii_digit() || c == '.');
    number.and_then(|number| number.split(end).next()).unwrap_or("not told").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_there_once() {
        let cells: std::collections::BTreeSet<String> = cell::all(CLIENTS).iter().map(Cell::to_string).collect();
        assert_eq!(cells.len(), 6 * 3 * 2 * 7);
    }

    #[test]
    fn failures_and_what_was_left_out_are_told() {
        let cells = cell::all(CLIENTS);
        let results = BTreeMap::from([(0, Ok(Outcome::Cannot("why"))), (2, Err("expected 0, got 1".to_owned()))]);
        let Err(ChoreError::Problems(problems)) = gather(&cells, results) else { panic!("no problems") };
        let told: Vec<String> = problems.iter().map(Problem::to_string).collect();
        let left_out = "the other cells: 250 were not run, as so many failed";
        assert_eq!(told, ["fetchmail, plain, keep, PLAIN: expected 0, got 1", left_out]);
    }

    #[test]
    fn the_server_offers_all_but_to_those_who_cannot() {
        let check = |wanted: &str, want: &str| {
            let cells = cell::all(CLIENTS);
            let cell = cells.iter().find(|cell| cell.to_string() == wanted).unwrap();
            assert_eq!(cell.offer().join(" ").replace("--mechanism ", ""), want, "{wanted}");
        };
        check("mpop, plain, keep, APOP", "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256");
        check("mpop, STLS, keep, LOGIN", "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256");
        check("fetchmail, STLS, keep, LOGIN", "LOGIN");
        check("getmail6, STLS, keep, APOP", "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256");
        check("curl, plain, delete, USER/PASS", "SCRAM-SHA-256 --without APOP");
    }
}

//! How fast the reference server is beside Dovecot: the same mail on the same
//! machine, the same clients, taking turns.

mod connection;
mod idle;
mod mail;
mod page;
mod servers;
mod usage;
mod workload;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::time::Duration;

use self::mail::Mail;
use self::page::{Figures, Machine, Row};
use self::servers::{Kind, Owner, Running};
use self::workload::Workload;
use crate::command_line::say;
use crate::error::ChoreError;
use crate::process;

/// Clients at once.
const CLIENTS: [usize; 3] = [1, 8, 64];

/// Messages in a maildrop: short ones, and a long one behind them.
const SHORT_MESSAGES: usize = 10;

/// How long a server warms up before each measurement, as a part of it.
const WARM_UP: u32 = 4;

/// How to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Milliseconds of a measurement.
    pub(crate) milliseconds: u64,
    /// Measurements of each figure.
    pub(crate) rounds: usize,
    /// Print the section instead of writing it.
    pub(crate) print: bool,
}

/// Measures everything and writes the section of docs/benchmarks.md.
///
/// # Errors
/// Something cannot be built or started, or a server gave a wrong answer.
pub(crate) fn run(root: &Path, options: Options) -> Result<(), ChoreError> {
    if cfg!(debug_assertions) {
        return again_optimised(root, options);
    }
    let program = std::env::current_exe().map_err(ChoreError::of_file("xtask"))?.with_file_name("pop3spec");
    let folder = tempfile::Builder::new().prefix("pop3spec-load").tempdir().map_err(ChoreError::of_file("TMPDIR"))?;
    let owner = Owner::find();
    make_visible(folder.path(), owner.ids)?;
    let most = CLIENTS.into_iter().max().unwrap_or_default();
    let mail = Mail::new(SHORT_MESSAGES, true);
    let maildrops = folder.path().join("mail");
    mail.write(&maildrops, most, Some(owner.ids))?;
    let running = Kind::ALL
        .into_iter()
        .map(|kind| {
            let server = match kind {
                Kind::Pop3spec => servers::pop3spec(&program, &maildrops),
                Kind::DovecotFast => servers::dovecot(kind, &folder.path().join("fast"), &maildrops, most),
                Kind::DovecotDefault => servers::dovecot(kind, &folder.path().join("default"), &maildrops, most),
            };
            Ok((kind, server?))
        })
        .collect::<Result<Vec<_>, ChoreError>>()?;
    let mut rows = Vec::new();
    for workload in Workload::ALL {
        for clients in CLIENTS {
            let mut row = Row::new(workload, clients);
            for _ in 0..options.rounds {
                for (kind, server) in &running {
                    row.add(*kind, figures(server, workload, &mail, clients, options)?);
                }
            }
            say(format_args!("{}", row.line()));
            rows.push(row);
        }
    }
    drop(running);
    let idle = idle_memory(&program, &folder.path().join("idle"))?;
    let section = page::section(&Machine::look(root), options, &rows, idle);
    if options.print {
        say(format_args!("{section}"));
        return Ok(());
    }
    page::write(root, &section)
}

/// This program is worth measuring with only when it is optimised.
fn again_optimised(root: &Path, options: Options) -> Result<(), ChoreError> {
    let print = if options.print { " --print" } else { "" };
    process::run(root, "cargo build --quiet --release --package pop3spec --package xtask", &[], "cargo is needed")?;
    let command = format!(
        "cargo run --quiet --release --package xtask -- load --milliseconds {} --rounds {}{print}",
        options.milliseconds, options.rounds
    );
    process::run(root, &command, &[], "cargo is needed")
}

fn figures(
    server: &Running,
    workload: Workload,
    mail: &Mail,
    clients: usize,
    options: Options,
) -> Result<Figures, ChoreError> {
    let time = Duration::from_millis(options.milliseconds);
    let measure = |time| workload::measure(server.address, workload, mail, clients, time).map_err(ChoreError::load);
    measure(time / WARM_UP)?;
    let usage = || (usage::cpu_time(server.process()), usage::own_time(), usage::machine_time());
    let before = usage();
    let sample = measure(time)?;
    let after = usage();
    let (server, own) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    let others = after.2.saturating_sub(before.2 + server + own);
    Ok(Figures { sample, server, clients: own, others })
}

/// The memory of an idle connection of the reference server.
fn idle_memory(program: &Path, maildrops: &Path) -> Result<Option<idle::Idle>, ChoreError> {
    Mail::new(SHORT_MESSAGES, false).write(maildrops, idle::ACCOUNTS, None)?;
    let server = servers::pop3spec(program, maildrops)?;
    idle::measure(server.address, server.process()).map_err(ChoreError::load)
}

/// Lets Dovecot's processes, which are not root, into the folder.
fn make_visible(folder: &Path, (user, group): (u32, u32)) -> Result<(), ChoreError> {
    chown(folder, Some(user), Some(group)).map_err(ChoreError::of_file(folder))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(ChoreError::of_file(folder))
}

#[cfg(test)]
mod tests;

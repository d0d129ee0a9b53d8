//! Figures to a section of docs/benchmarks.md.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::Options;
use super::idle::{CONNECTIONS, Idle};
use super::servers::{Kind, cores};
use super::workload::{Sample, Workload};
use crate::error::{ChoreError, Problem};

/// The file, and the lines around the section.
const FILE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- written by `cargo xtask load`; begin -->\n";
const END: &str = "<!-- written by `cargo xtask load`; end -->\n";

/// What one measurement brought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    pub(super) sample: Sample,
    /// CPU time of the server.
    pub(super) server: Duration,
    /// CPU time of the clients.
    pub(super) clients: Duration,
    /// CPU time of everything else on the machine.
    pub(super) others: Duration,
}

impl Figures {
    /// Sessions, or megaoctets of messages.
    fn work(&self, workload: Workload) -> f64 {
        let (sessions, octets) = (self.sample.sessions as f64, self.sample.octets as f64);
        if workload.is_session() { sessions } else { octets / 1e6 }
    }
}

/// One workload with so many clients.
#[derive(Clone, Debug)]
pub(super) struct Row {
    workload: Workload,
    clients: usize,
    figures: Vec<(Kind, Figures)>,
}

impl Row {
    pub(super) fn new(workload: Workload, clients: usize) -> Self {
        Self { workload, clients, figures: Vec::new() }
    }

    pub(super) fn add(&mut self, kind: Kind, figures: Figures) {
        self.figures.push((kind, figures));
    }

    fn spread(&self, kind: Kind, figure: impl Fn(&Figures) -> f64) -> Spread {
        let of_kind = self.figures.iter().filter(|(of, _)| *of == kind);
        Spread::of(of_kind.map(|(_, figures)| figure(figures)).collect())
    }

    /// Work in a second.
    fn speed(&self, kind: Kind) -> Spread {
        self.spread(kind, |figures| figures.work(self.workload) / figures.sample.time.as_secs_f64())
    }

    /// The speed of the reference server, that of Dovecot's faster mode being 1.
    fn ratio(&self) -> f64 {
        let faster = self.speed(Kind::DovecotFast).median.max(self.speed(Kind::DovecotDefault).median);
        self.speed(Kind::Pop3spec).median / faster
    }

    /// Microseconds of CPU time for a session or a megaoctet.
    fn cost(&self, kind: Kind, of: impl Fn(&Figures) -> Duration) -> f64 {
        self.spread(kind, |figures| of(figures).as_secs_f64() * 1e6 / figures.work(self.workload)).median
    }

    /// The row in the table of speeds.
    pub(super) fn line(&self) -> String {
        let speeds = Kind::ALL.map(|kind| self.speed(kind).to_string()).join(" | ");
        format!("| {} | {} | {speeds} | {:.1} |", self.workload.name(), self.clients, self.ratio())
    }

    /// The row in the table of CPU time.
    fn cost_line(&self) -> String {
        let server = Kind::ALL.map(|kind| format!("{:.0}", self.cost(kind, |figures| figures.server))).join(" | ");
        let clients = self.cost(Kind::Pop3spec, |figures| figures.clients);
        let ratio = self
            .cost(Kind::DovecotFast, |figures| figures.server)
            .min(self.cost(Kind::DovecotDefault, |figures| figures.server))
            / self.cost(Kind::Pop3spec, |figures| figures.server);
        format!("| {} | {} | {server} | {ratio:.1} | {clients:.0} |", self.workload.name(), self.clients)
    }

    /// The share of the machine that others had.
    fn others(&self) -> f64 {
        let share =
            |figures: &Figures| figures.others.as_secs_f64() / figures.sample.time.as_secs_f64() / cores() as f64;
        Spread::of(self.figures.iter().map(|(_, figures)| share(figures)).collect()).median
    }
}

/// Several measurements of one thing.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(mut measured: Vec<f64>) -> Self {
        measured.sort_unstable_by(f64::total_cmp);
        let at = |index: usize| measured.get(index).copied().unwrap_or(f64::NAN);
        let last = measured.len().saturating_sub(1);
        Self { least: at(0), median: f64::midpoint(at(last / 2), at(last.div_ceil(2))), most: at(last) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0} ({:.0} to {:.0})", self.median, self.least, self.most)
    }
}

/// Where it was measured, and what.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    processor: String,
    kernel: String,
    dovecot: String,
    rust: String,
}

impl Machine {
    pub(super) fn look(root: &Path) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let said = |program: &str, argument: &str| {
            let output = Command::new(program).arg(argument).current_dir(root).output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
        };
        let cpu = read("/proc/cpuinfo");
        let processor = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
        let kernel = read("/proc/sys/kernel/osrelease");
        let number = kernel.split('-').next().unwrap_or_default();
        let dovecot = said("/usr/sbin/dovecot", "--version");
        let dovecot = dovecot.split_whitespace().next().unwrap_or_default();
        Self {
            processor: processor.trim_start_matches([' ', '\t', ':']).to_owned(),
            kernel: number.trim().to_owned(),
            dovecot: dovecot.to_owned(),
            rust: said("rustc", "--version"),
        }
    }
}

/// The section, without the lines around it.
pub(super) fn section(machine: &Machine, options: Options, rows: &[Row], idle: Option<Idle>) -> String {
    let lines = |sessions: bool, line: fn(&Row) -> String| {
        let rows = rows.iter().filter(|row| row.workload.is_session() == sessions);
        rows.map(|row| line(row) + "\n").collect::<String>()
    };
    let others = Spread::of(rows.iter().map(Row::others).collect());
    let idle = match idle {
        Some(idle) => format!(
            "| connection | octets of memory |\n|---|---|\n| AUTHORIZATION | {} |\n| TRANSACTION | {} |\n",
            idle.authorization, idle.transaction
        ),
        None => "This system does not tell what memory a process holds.\n".to_owned(),
    };
    let heads = "pop3spec | Dovecot, high performance | Dovecot, default | ratio |";
    format!(
        "{} rounds of {:.1} s for each figure; median, and in parentheses least and most. {}, {} cores, Linux {}; \
         Dovecot {}, {}. Other programs had {:.0} % of the machine (at most {:.0} %).\n\n\
         | sessions in a second | clients | {heads}\n|---|---|---|---|---|---|\n{}\n\
         | MB in a second | clients | {heads}\n|---|---|---|---|---|---|\n{}\n\
         | CPU time, µs | clients | {heads} load program |\n|---|---|---|---|---|---|---|\n{}{}\n\
         An idle connection of `pop3spec serve`, from {CONNECTIONS} of them:\n\n{idle}",
        options.rounds,
        options.milliseconds as f64 / 1e3,
        machine.processor,
        cores(),
        machine.kernel,
        machine.dovecot,
        machine.rust,
        others.median * 100.0,
        others.most * 100.0,
        lines(true, Row::line),
        lines(false, Row::line),
        lines(true, Row::cost_line),
        lines(false, Row::cost_line),
    )
}

/// Puts the section into docs/benchmarks.md.
///
/// # Errors
/// The file cannot be read or written, or has lost the lines around the section.
pub(super) fn write(root: &Path, section: &str) -> Result<(), ChoreError> {
    let path = root.join(FILE);
    let text = fs::read_to_string(&path).map_err(ChoreError::of_file(&path))?;
    let lost = || {
        ChoreError::Problems(vec![Problem::new(
            FILE,
            format!("needs the lines `{}` and `{}`", BEGIN.trim(), END.trim()),
        )])
    };
    let text = spliced(&text, section).ok_or_else(lost)?;
    fs::write(&path, text).map_err(ChoreError::of_file(&path))
}

fn spliced(text: &str, section: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{section}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let check = |measured: &[f64], least, median, most| {
            assert_eq!(Spread::of(measured.to_vec()), Spread { least, median, most }, "{measured:?}");
        };
        check(&[3.0], 3.0, 3.0, 3.0);
        check(&[9.0, 1.0, 2.0], 1.0, 2.0, 9.0);
        check(&[4.0, 1.0, 2.0, 9.0], 1.0, 3.0, 9.0);
    }

    #[test]
    fn only_the_section_changes() {
        let text = format!("a\n{BEGIN}old\n{END}b\n");
        let once = spliced(&text, "new\n").unwrap();
        assert_eq!(once, format!("a\n{BEGIN}\nnew\n\n{END}b\n"));
        assert_eq!(spliced(&once, "new\n"), Some(once));
        assert_eq!(spliced("a\n", "new\n"), None);
    }

    #[test]
    fn the_ratio_is_to_the_faster_mode() {
        let mut row = Row::new(Workload::Session, 8);
        for (kind, sessions) in [(Kind::Pop3spec, 3000), (Kind::DovecotFast, 500), (Kind::DovecotDefault, 100)] {
            let sample = Sample { sessions, octets: 0, time: Duration::from_secs(2) };
            let figures = Figures {
                sample,
                server: Duration::from_millis(300),
                clients: Duration::from_millis(150),
                others: Duration::ZERO,
            };
            row.add(kind, figures);
        }
        assert_eq!(row.line(), "| session | 8 | 1500 (1500 to 1500) | 250 (250 to 250) | 50 (50 to 50) | 6.0 |");
        assert_eq!(row.cost_line(), "| session | 8 | 100 | 600 | 3000 | 6.0 | 50 |");
    }
}

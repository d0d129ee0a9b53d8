//! What processes use of the machine, as Linux tells below /proc.

use std::fs;
use std::iter::Sum;
use std::time::Duration;

/// Units of CPU time below /proc in a second: fixed on Linux for all programs,
/// whatever the kernel's own clock.
const TICKS: u64 = 100;

/// CPU time of a process and all below it, those that ended included.
///
/// A process that appears or ends in the middle of the reading may be missed; over
/// a second of load that is nothing.
pub(super) fn cpu_time(process: u32) -> Duration {
    let stats: Vec<Stat> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Stat::read(&entry.file_name().to_string_lossy()))
        .collect();
    let mut family = vec![process];
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        family.extend(stats.iter().filter(|stat| stat.parent == parent).map(|stat| stat.process));
        at += 1;
    }
    ticks(stats.iter().filter(|stat| family.contains(&stat.process)).map(|stat| stat.ticks).sum())
}

/// CPU time of this process alone.
pub(super) fn own_time() -> Duration {
    ticks(Stat::read(&std::process::id().to_string()).map_or(0, |stat| stat.own_ticks))
}

/// CPU time of all that the machine did, in whatever process.
pub(super) fn machine_time() -> Duration {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let words = text.lines().next().unwrap_or_default().split_whitespace().skip(1);
    // user, nice, system; idle and iowait are none; irq, softirq, steal.
    let numbers = words.map(|word| word.parse::<u64>().unwrap_or_default()).enumerate();
    ticks(numbers.filter(|(at, _)| [0, 1, 2, 5, 6, 7].contains(at)).map(|(_, ticks)| ticks).sum())
}

/// Octets of memory that a process holds now.
pub(super) fn resident(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibioctets: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibioctets * 1024)
}

fn ticks(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// One line of /proc/PID/stat.
struct Stat {
    process: u32,
    parent: u32,
    own_ticks: u64,
    /// Those of children that ended included.
    ticks: u64,
}

impl Stat {
    fn read(name: &str) -> Option<Self> {
        let process = name.parse().ok()?;
        Self::parse(process, &fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
    }

    fn parse(process: u32, text: &str) -> Option<Self> {
        // The name, in parentheses, may hold anything.
        let (_, rest) = text.rsplit_once(')')?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let number = |field: usize| words.get(field - 3)?.parse::<u64>().ok();
        // utime and stime; cutime and cstime.
        let own_ticks = u64::sum([14, 15].into_iter().filter_map(number));
        let ticks = own_ticks + u64::sum([16, 17].into_iter().filter_map(number));
        Some(Self { process, parent: words.get(1)?.parse().ok()?, own_ticks, ticks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_parentheses_and_spaces() {
        let text = "7 (a) b) (c) S 3 7 7 0 -1 4194304 103 0 0 0 10 20 30 40 20 0 1 0 5 6";
        let stat = Stat::parse(7, text).unwrap();
        assert_eq!((stat.process, stat.parent, stat.own_ticks, stat.ticks), (7, 3, 30, 100));
    }

    #[test]
    fn this_process_is_seen() {
        let process = std::process::id();
        assert!(resident(process).unwrap() > 100_000);
        assert!(machine_time() > cpu_time(process));
    }
}

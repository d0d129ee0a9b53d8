//! The log as a file: what is written is read back, and damage is told apart.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::time::Duration;

use pop3_report::format::{Format, render};
use pop3_report::log::{LogWriter, Run, read};
use pop3_report::progress::Progress;
use pop3_report::style::Style;
use pop3_scenario::event::{Event, ScenarioStarted, SlowPart};
use pop3_scenario::verdict::{Exit, Verdict};

fn v1() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs/v1.jsonl")).unwrap()
}

fn parse(log: &str) -> Result<Run, String> {
    read(log.as_bytes()).map_err(|e| e.to_string())
}

/// The promise of `pop3-events/1`: this file is never changed and always read.
#[test]
fn the_first_log_renders_in_every_format() {
    let run = parse(&v1()).unwrap();
    assert!(run.is_complete());
    assert_eq!(run.results.len(), 10);
    assert!(run.results.is_sorted_by(|a, b| a.id <= b.id));
    assert_eq!(run.finished.as_ref().map(|footer| footer.exit), Some(Exit::Failed));
    for format in Format::ALL {
        let mut out = Vec::new();
        render(&run, format, &Style::default(), &mut out).unwrap();
        assert!(out.len() > 1000, "{format}");
        assert_eq!(format.as_str().parse(), Ok(format));
    }
}

#[test]
fn a_rendered_log_reads_as_the_same_run() {
    let whole = v1();
    let cut: String = whole.lines().take(4).map(|line| format!("{line}\n")).collect();
    for log in [whole, cut] {
        let run = parse(&log).unwrap();
        let mut out = Vec::new();
        render(&run, Format::JsonLines, &Style::default(), &mut out).unwrap();
        assert_eq!(read(out.as_slice()).unwrap(), run);
    }
}

#[test]
fn an_unknown_format_is_told_the_known_ones() {
    let error = "xml".parse::<Format>().unwrap_err().to_string();
    assert_eq!(error, "unknown report format \"xml\": use one of terminal, markdown, html, json, jsonl, junit");
}

#[test]
fn each_event_is_one_line_and_flushed() {
    struct Counting(Vec<u8>, usize);
    impl std::io::Write for Counting {
        fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
            self.0.extend(octets);
            Ok(octets.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            self.1 += 1;
            Ok(())
        }
    }
    let run = parse(&v1()).unwrap();
    let mut log = LogWriter::new(Counting(Vec::new(), 0));
    let mut written = 0;
    for event in run.events() {
        log.write(&event).unwrap();
        written += 1;
    }
    let Counting(octets, flushed) = log.into_inner();
    assert_eq!(flushed, written);
    assert_eq!(octets.iter().filter(|octet| **octet == b'\n').count(), written);
}

/// Cut after any octet: nothing, or the results that were whole by then.
#[test]
fn a_log_may_end_anywhere() {
    let log = v1();
    let first = log.find('\n').unwrap();
    for end in
        (0..log.len()).filter(|end| log.is_char_boundary(*end)).step_by(7).chain([first, first + 1, log.len() - 1])
    {
        let part = &log[..end];
        match parse(part) {
            Err(error) => assert!(end < first && error.starts_with("the log is empty or broken off"), "{end}: {error}"),
            Ok(run) => {
                let whole = part.matches('\n').count();
                let results =
                    log.lines().take(whole).filter(|line| line.contains("\"event\":\"scenario-finished\"")).count();
                // A last line that lacks only its newline is whole, too.
                assert!(run.results.len() == results || run.results.len() == results + 1, "{end}");
                assert_eq!(run.finished.is_some(), end >= log.len() - 1, "{end}");
            }
        }
    }
}

#[test]
fn damage_is_named_with_its_line() {
    let log = v1();
    let lines: Vec<&str> = log.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let mut broken = lines.clone();
    broken[4] = "{\"event\":\"scenario-finished\"}";
    let mut later = lines.clone();
    later[4] = "{\"event\":\"moon-phase\"}";
    let table = [
        (String::new(), "the log is empty or broken off in its first line"),
        ("{\"event\":".to_owned(), "the log is empty or broken off in its first line"),
        ("+OK ready\n".to_owned(), "line 1: not the header of an event log (no JSON object"),
        ("[1]\n".to_owned(), "line 1: not the header of an event log (no member \"event\")"),
        (joined(&lines[1..]), "line 1: not the header of an event log (event \"target-ready\")"),
        (
            log.replacen("pop3-events/1", "pop3-events/2", 1),
            "line 1: the log has format \"pop3-events/2\", this version reads \"pop3-events/1\"",
        ),
        (log.replacen("\"seed\":42", "\"seed\":\"x\"", 1), "line 1: not an event of pop3-events/1: invalid type"),
        (joined(&broken), "line 5: not an event of pop3-events/1: missing field `id`"),
        (joined(&later), "line 5: not an event of pop3-events/1: unknown variant `moon-phase`"),
        (format!("{log}{log}"), "line 20: an event after the footer"),
        (joined(&[lines[0], lines[1], lines[0]]), "line 3: a second header"),
    ];
    for (log, want) in table {
        let error = parse(&log).unwrap_err();
        assert!(error.starts_with(want), "expected {want}\ncame {error}");
    }
}

#[test]
fn progress_counts_and_estimates() {
    let events: Vec<Event> = v1().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut progress = Progress::new();
    assert_eq!((progress.expected(), progress.eta_ms(), progress.per_second()), (0, None, None));
    let lines: Vec<String> = events[..7].iter().filter_map(|event| progress.observe(event)).collect();
    assert_eq!(
        lines,
        ["pass          rfc1939/quit/says-goodbye  9 ms", "fail          rfc1939/stat/counts-agree-with-list  42 ms"]
    );
    assert_eq!((progress.finished(), progress.running(), progress.count(Verdict::Fail)), (2, 1, 1));
    // Two of nine in 55 ms.
    assert_eq!((progress.expected(), progress.elapsed_ms(), progress.eta_ms()), (9, 55, Some(192)));
    assert_eq!(progress.per_second().map(f64::round), Some(36.0));
    let lines: Vec<String> = events[7..].iter().filter_map(|event| progress.observe(event)).collect();
    assert_eq!(lines.len(), 9);
    assert_eq!(lines.last().map(String::as_str), Some("fail          always/crlf  broken 7 times"));
    // More came than were announced.
    assert_eq!((progress.finished(), progress.expected(), progress.eta_ms()), (10, 10, Some(0)));
}

/// What is told of a run that takes minutes, on a terminal and line by line.
#[test]
fn progress_tells_what_is_waited_for() {
    let started = |id: &str| Event::ScenarioStarted(ScenarioStarted { id: id.to_owned(), at_ms: 1 });
    let mut header = serde_json::from_str(v1().lines().next().unwrap()).unwrap();
    let mut check = |scenarios, at_once, want: &str| {
        let Event::RunStarted(started) = &mut header else { unreachable!("the first line is the header") };
        started.slow = Some(SlowPart { scenarios, at_once, longest_ms: 780_000 });
        assert_eq!(Progress::new().observe(&header).as_deref(), Some(want));
    };
    check(1, 1, "1 scenario of tier slow: 13 minutes at most");
    check(3, 1, "3 scenarios of tier slow, one after the other: 13 minutes at most");
    check(3, 2, "3 scenarios of tier slow, 2 at a time: 13 minutes at most");
    check(3, 3, "3 scenarios of tier slow, side by side: 13 minutes at most");

    let mut progress = Progress::new();
    assert_eq!((progress.is_slow(), progress.clock(Duration::from_secs(61))), (false, None));
    progress.observe(&header);
    let clock = |progress: &Progress| progress.clock(Duration::from_secs(365)).unwrap();
    assert_eq!(clock(&progress), "6:05 of 13:00 at most");
    progress.observe(&started("rfc1939/b"));
    assert_eq!(clock(&progress), "6:05 of 13:00 at most; waiting for rfc1939/b");
    ["rfc1939/a", "rfc1939/c"].iter().for_each(|id| drop(progress.observe(&started(id))));
    assert_eq!(clock(&progress), "6:05 of 13:00 at most; waiting for rfc1939/a and 2 more");

    let mut told = |seconds| progress.each_minute(Duration::from_secs(seconds)).is_some();
    let seconds = [0, 59, 60, 61, 119, 120, 300, 301];
    assert_eq!(seconds.map(&mut told), [false, false, true, false, false, true, true, false]);
}

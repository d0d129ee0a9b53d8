//! What a person reads after a run, failures first.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;

use pop3_report::log::{Run, read};
use pop3_report::style::Style;
use pop3_report::terminal::TerminalReport;
use pop3_scenario::event::{Choice, ChosenRuling, TranscriptEntry, Who};
use pop3_scenario::verdict::Verdict;
use pop3_spec::ruling::Reading;
use snapbox::{assert_data_eq, file};

const PLAIN: Style = Style { color: false, width: 80 };

fn log(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/logs/{name}.jsonl", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn run(name: &str) -> Run {
    read(log(name).as_slice()).unwrap_or_else(|e| panic!("{e}"))
}

fn report(run: &Run, style: Style) -> String {
    TerminalReport::new(run, style).to_string()
}

#[test]
fn failures_are_explained() {
    assert_data_eq!(report(&run("v1"), PLAIN), file!["golden/failures.txt"].raw());
}

/// The log of the run with what its scenarios say to people.
fn with_words() -> Run {
    let mut run = run("v1");
    run.results.retain(|result| matches!(result.verdict, Verdict::Fail | Verdict::Warn));
    run.invariants.clear();
    for result in &mut run.results {
        "The client believes that there is more mail than there is, asks for it, and shows an error."
            .clone_into(&mut result.why);
        if result.verdict == Verdict::Fail {
            "Count what is not marked each time that STAT is answered. Do not keep the number of the login."
                .clone_into(&mut result.fix);
        }
    }
    run
}

#[test]
fn what_is_broken_says_why_it_matters_and_how_to_mend_it() {
    assert_data_eq!(report(&with_words(), PLAIN), file!["golden/why-and-fix.txt"].raw());
    let junit = pop3_report::junit::xml(&with_words()).unwrap();
    // Of the failure in its description, of the warning in its error output.
    assert_eq!((junit.matches("why it matters: ").count(), junit.matches("how to mend it: ").count()), (2, 1));
}

#[test]
fn failures_are_explained_in_colour() {
    let colored = report(&run("v1"), Style { color: true, width: 80 });
    assert_data_eq!(colored.clone(), file!["golden/failures.ansi"].raw());
    // Colour adds nothing but colour.
    let mut plain = String::new();
    for (n, part) in colored.split('\u{1b}').enumerate() {
        plain.push_str(if n == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_eq!(plain, report(&run("v1"), PLAIN));
}

#[test]
fn failures_fit_a_narrow_window() {
    let narrow = report(&run("v1"), Style { color: false, width: 60 });
    assert_data_eq!(narrow, file!["golden/failures-60.txt"].raw());
}

#[test]
fn a_log_without_its_end_says_so() {
    let mut log = log("v1");
    let text = String::from_utf8(log.clone()).unwrap();
    // Killed while the third result was being written.
    let third = text.match_indices("\"event\":\"scenario-finished\"").nth(2).unwrap().0;
    log.truncate(third + 100);
    let run = read(log.as_slice()).unwrap();
    assert!(run.finished.is_none() && run.results.len() == 2 && run.unfinished.len() == 2);
    assert_data_eq!(report(&run, PLAIN), file!["golden/incomplete.txt"].raw());
}

#[test]
fn a_clean_run_is_short() {
    assert_data_eq!(report(&run("all-pass"), PLAIN), file!["golden/all-pass.txt"].raw());
}

#[test]
fn an_aborted_run_gives_its_reason() {
    let mut run = run("all-pass");
    run.finished.as_mut().unwrap().aborted = Some("the target exited with signal 11".to_owned());
    let text = report(&run, PLAIN);
    assert!(text.contains("incomplete: The run ended early: the target exited with signal 11\n"), "{text}");
    assert!(text.ends_with("2 of 2 scenarios: 2 pass in 61 ms; exit 0\n"), "{text}");
}

/// A graded alternative is a choice and a finding; it is told once.
#[test]
fn a_choice_that_is_a_finding_is_told_once() {
    let check = |finding: Option<&str>, choice: (Verdict, Option<&str>), told_twice: bool| {
        let mut run = run("v1");
        let result = run.results.iter_mut().find(|result| result.id == "rfc1939/uidl/length").unwrap();
        result.findings[0].ruling = finding.map(str::to_owned);
        result.choices.push(Choice {
            line: 7,
            step: String::new(),
            id: "long".to_owned(),
            verdict: choice.0,
            note: Some("a long one".to_owned()),
            ruling: choice.1.map(str::to_owned),
        });
        let text = report(&run, PLAIN);
        let found = text.contains("the target took the alternative `long` of line 7: a long one");
        assert_eq!(found, told_twice, "{finding:?} {choice:?}\n{text}");
    };
    check(None, (Verdict::Warn, None), false);
    check(Some("a-13"), (Verdict::Warn, Some("a-13")), false);
    check(Some("a-13"), (Verdict::Warn, Some("a-14")), true);
    check(None, (Verdict::Warn, Some("a-13")), true);
    check(Some("a-13"), (Verdict::Fail, Some("a-13")), true);
}

/// What was chosen against the defaults is told wherever a verdict rests on it.
#[test]
fn rulings_read_otherwise_are_told() {
    let mut run = run("v1");
    run.results.retain(|result| {
        let choices = result.choices.iter().filter_map(|choice| choice.ruling.as_ref());
        choices.chain(result.findings.iter().filter_map(|finding| finding.ruling.as_ref())).next().is_some()
    });
    run.invariants.clear();
    let plain = report(&run, PLAIN);
    assert!(!plain.contains("by choice") && !plain.contains("otherwise"), "{plain}");
    let chosen = |id: &str, chosen, default| ChosenRuling { id: id.to_owned(), chosen, default };
    run.started.rulings =
        vec![chosen("a-09", Reading::Info, Reading::Warn), chosen("a-13", Reading::Fail, Reading::Graded)];
    assert_data_eq!(report(&run, PLAIN), file!["golden/rulings.txt"].raw());
}

#[test]
fn an_appendix_is_no_section() {
    let mut run = run("v1");
    assert!(report(&run, PLAIN).contains("(RFC 1939 section 5)"));
    run.started.requirements.iter_mut().for_each(|cited| cited.section = "A".to_owned());
    assert!(report(&run, PLAIN).contains("(RFC 1939 appendix A)"));
}

/// A reader is not sent to a log that nobody wrote.
#[test]
fn what_is_left_out_is_where_the_report_says() {
    let check = |is_kept: bool, says: &str, says_not: &str| {
        let text = report(&Run { is_kept, ..long_sessions() }, PLAIN);
        assert!(text.contains(says) && !text.contains(says_not), "{text}");
    };
    check(true, "last exchange (2 earlier entries are in the log):", "--log");
    check(false, "last exchange (2 earlier entries: --log FILE keeps all):", "in the log");
}

/// The run with one failure, at the end of fourteen entries.
fn long_sessions() -> Run {
    let mut run = run("v1");
    run.invariants.clear();
    run.results.retain(|result| result.verdict == Verdict::Fail);
    run.results.truncate(1);
    for connection in &mut run.results[0].transcript {
        let last = connection.entries.last().unwrap().clone();
        connection.entries.resize(14, last);
    }
    run
}

/// A `check` is about no command, and may stand behind many.
#[test]
fn only_what_is_first_is_before_any_command() {
    let check = |session: &str, sent: Option<&str>, want: bool| {
        let mut run = long_sessions();
        let result = &mut run.results[0];
        result.findings.truncate(1);
        result.findings[0].command = None;
        result.findings[0].session = session.to_owned();
        for connection in &mut result.transcript {
            connection.entries.retain(|entry| entry.who != Who::Client);
            if let Some(text) = sent {
                let (at_ms, order, elided) = (1, 1, 0);
                connection.entries.push(TranscriptEntry {
                    at_ms,
                    order,
                    who: Who::Client,
                    text: text.to_owned(),
                    elided,
                });
            }
        }
        let text = report(&run, PLAIN);
        assert_eq!(text.contains("before any command"), want, "{session:?} {sent:?}\n{text}");
    };
    check("", None, true);
    check("", Some("QUIT\\r\\n"), true);
    check("", Some("STAT\\r\\n"), false);
    // A session without a connection, beside those that have one.
    check("b", Some("STAT\\r\\n"), false);
    check("b", None, true);
}

/// A check rests on one requirement, and its breaches may break another.
#[test]
fn a_broken_check_cites_what_was_broken() {
    let shown = |broken: &[&str], of_example: &str| {
        let mut run = run("v1");
        run.results.clear();
        run.invariants.retain(|check| check.verdict.needs_attention());
        run.invariants.truncate(1);
        let check = &mut run.invariants[0];
        check.requirement = "rfc1939-5-main".to_owned();
        check.broken = broken.iter().map(|id| (*id).to_owned()).collect();
        check.examples[0].requirement = of_example.to_owned();
        report(&run, PLAIN)
    };
    let check = |broken: &[&str], of_example: &str, says: &[&str], says_not: &[&str]| {
        let text = shown(broken, of_example);
        assert!(says.iter().all(|words| text.contains(words)), "{broken:?}\n{text}");
        assert!(!says_not.iter().any(|words| text.contains(words)), "{broken:?}\n{text}");
    };
    check(&[], "", &["must rfc1939-5-main"], &["breaks: "]);
    check(&["rfc1939-5-other"], "rfc1939-5-other", &["must rfc1939-5-other"], &["rfc1939-5-main", "breaks: "]);
    let both = ["rfc1939-5-main", "rfc1939-5-other"];
    let says = ["must rfc1939-5-main", "must rfc1939-5-other"];
    check(&both, "rfc1939-5-other", &[&says[..], &["breaks: rfc1939-5-other"]].concat(), &[]);
    check(&both, "", &[&says[..], &["breaks: rfc1939-5-main"]].concat(), &[]);
}

/// A forged log: everything that a terminal or a browser would act on.
#[test]
fn a_hostile_log_stays_text() {
    let attacks = "\\u001b[2J\\u001b]0;owned\\u0007\\r\\u0000 \\u202ekcatta\\u2066 \\u009b31m \\u200b<script>alert(1)</script>\\nfail  forged/line";
    let text = String::from_utf8(log("v1")).unwrap();
    let forged = [
        ("STAT counts the messages", "title"),
        ("STAT counts a message", "summary"),
        ("  - S: +OK 2 320", "source"),
        ("+OK 3 480", "actual"),
        ("Leave out messages", "advice"),
        ("rfc1939/stat/counts-agree-with-list", "id"),
        ("no answer to AUTH", "reason"),
        ("the second DELE", "note"),
        ("a server at 127", "description"),
        ("--time-scale 2", "options"),
    ];
    let text = forged.iter().fold(text, |text, (from, name)| {
        assert!(text.contains(from), "{name}");
        text.replace(from, &format!("{attacks} {from}"))
    });
    let run = read(text.as_bytes()).unwrap();
    let shown = report(&run, PLAIN);
    let odd = shown.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(odd, None);
    assert!(!shown.contains("\nfail  forged/line"));
    assert_data_eq!(shown, file!["golden/hostile.txt"].raw());
}

//! What the command line says to its user: wrong arguments and files first.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "usage/lists.rs"]
mod lists;
mod program;
#[path = "usage/rulings.rs"]
mod rulings;

use std::path::Path;

use program::{Ended, pop3spec, run};
use snapbox::{assert_data_eq, str};

/// A scenario whose first step stands in line 9.
fn scenario(steps: &str) -> String {
    format!(
        "format: pop3-scenario/1\nid: own/question\nrev: 1\ntitle: A question of a test\n\
         requirements: [rfc1939-3-one-response-per-command]\nlevel: should\ntier: gate\nsteps:\n{steps}"
    )
}

/// A folder with `own/question.yaml` in it.
fn folder(steps: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    std::fs::write(folder.path().join("own/question.yaml"), scenario(steps)).unwrap();
    folder
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

#[track_caller]
fn exits(arguments: &[&str], code: i32) -> Ended {
    run(&mut pop3spec(arguments)).exits(code)
}

/// Asserts one error, its place, and its help, from every command that reads the file.
#[track_caller]
fn check_scenario(steps: &str, place: &str, error: &str, help: &str) {
    let folder = folder(steps);
    let (whole, file) = (path(&folder, ""), path(&folder, "own/question.yaml"));
    for arguments in [vec!["run", "--scenarios", &whole], vec!["lint", &whole], vec!["lint", &file]] {
        let ended = exits(&arguments, 2);
        let text = if arguments[0] == "run" { &ended.stderr } else { &ended.stdout };
        assert_eq!(text.matches("error[").count(), 1, "{arguments:?}: {text}");
        for words in [format!("own/question.yaml:{place}\n"), format!("error[{error}"), help.to_owned()] {
            assert!(text.contains(&words), "{arguments:?} does not say {words:?}:\n{text}");
        }
    }
}

#[test]
fn wrong_scenario_files() {
    let check = check_scenario;
    check("- use: login\n- X: STAT\n", "10:3", "unknown-verb]: `X` is not a verb", "did you mean `C`?");
    check("- use: login\n- C: STAT\n- S: {statos: +OK}\n", "11:7", "unknown-key]: `statos`", "did you mean `status`?");
    check(
        "- use: login\n- C: LIST ${n}\n- S: +OK\n",
        "10:13",
        "unresolved-capture]: nothing before this captures `n`",
        "{n:uint}",
    );
    check(
        "- use: login\n- C: STAT\n- S: {status: +OK, status: -ERR}\n",
        "11:20",
        "duplicate-key]: the key `status` stands twice",
        "remove one",
    );
    check("- use: login\n\t- C: STAT\n- S: +OK\n", "10:1", "tab]: a tab in the indentation", "indent with spaces");
    check(
        "- open: {}\n- S: +OK\n- C: USER a #1\n- S: +OK\n",
        "11:12",
        "comment-in-text]: YAML takes this for a comment",
        "quote it: `C: \"USER a #1\"`",
    );
}

#[test]
fn an_error_shows_the_line_and_the_way_out() {
    let folder = folder("- use: login\n- C: LIST ${cuont}\n");
    let ended = run(pop3spec(&["lint", "own/question.yaml"]).current_dir(folder.path())).exits(2);
    assert_data_eq!(
        ended.stdout,
        str![[r#"
error[unresolved-capture]: nothing before this captures `cuont`
  --> own/question.yaml:10:13
   |
10 | - C: LIST ${cuont}
   |             ^^^^^
   = help: capture it with a hole, `{cuont:uint}`; always there are user, password, nobody, wrong, nonce, apop, apop_capitals, apop_bare, token, user_base64, password_base64

1 scenario checked: 1 error, 0 warnings

"#]]
    );
}

#[test]
fn a_right_scenario_file_is_taken() {
    let folder = folder("- use: login\n- C: STAT\n- S: +OK {count:uint} {total:octets}\n- use: quit\n");
    let whole = path(&folder, "");
    exits(&["run", "--scenarios", &whole, "--only", "own"], 0);
    exits(&["lint", &whole], 0);
    exits(&["lint", &path(&folder, "own/question.yaml")], 0);
    exits(&["lint"], 0);
}

#[test]
fn wrong_arguments() {
    let check = |arguments: &[&str], code: i32, says: &[&str]| {
        let ended = exits(arguments, code).complains(says).complains(&["error: "]);
        assert_eq!(ended.stdout, "", "{arguments:?}");
    };
    check(&["run", "--skip", "*"], 4, &["no scenario is selected", "help: "]);
    check(&["run", "--only", "rfc1939/stot"], 2, &["no scenario is called `rfc1939/stot`", "`pop3spec list`"]);
    check(&["run", "--skip", "nope*"], 2, &["no scenario is called `nope*`"]);
    check(
        &["run", "--fault", "retr-unstufed"],
        2,
        &["no fault is called `retr-unstufed`", "did you mean `retr-unstuffed`?"],
    );
    check(
        &["run", "--format", "xml"],
        2,
        &["unknown report format \"xml\"", "terminal, markdown, html, json, jsonl, junit"],
    );
    check(&["run", "--time-scale", "0"], 2, &["--time-scale takes a factor above 0"]);
    check(&["run", "--spawn", "'./server"], 2, &["--spawn", "a quote in it is not closed"]);
    check(&["run", "--spawn", "./server", "--user", "u"], 2, &["--user needs --password-env VARIABLE"]);
    check(&["run", "--host", "127.0.0.1:110"], 2, &["--user <NAME>", "--password-env <VARIABLE>"]);
    // Nothing is looked up or connected to before the arguments are right.
    let host = ["run", "--host", "host.invalid:110", "--user", "u", "--password-env"];
    check(
        &[&host[..], &["POP3SPEC_NOT_SET"]].concat(),
        2,
        &["the environment variable `POP3SPEC_NOT_SET` is not set", "help: "],
    );
    check(
        &["run", "--host", "127.0.0.1", "--user", "u", "--password-env", "PATH"],
        2,
        &["give the port too, such as 127.0.0.1:110"],
    );
    check(&["run", "--scenarios", "/nowhere"], 2, &["/nowhere: there is no such folder"]);
    check(&["run", "--log", "/nowhere/log"], 2, &["/nowhere/log: No such file"]);
    check(&["run", "--target", "/nowhere.yaml"], 2, &["/nowhere.yaml: No such file"]);
    check(&["report", "/nowhere.jsonl"], 2, &["/nowhere.jsonl: No such file"]);
    check(&["report", env!("CARGO_MANIFEST_PATH")], 2, &["Cargo.toml: line 1: not the header of an event log"]);
    check(&["completions", "tcsh"], 2, &["[possible values: bash, elvish, fish, powershell, zsh]"]);
}

/// A path that cannot be written to is found before the run, which it would lose.
#[test]
fn a_wrong_path_of_a_report_costs_no_run() {
    let ended = exits(&["run", "--only", "rfc1939/stat", "--junit", "/nowhere/report.xml"], 2);
    assert_eq!(ended.stderr, "error: /nowhere/report.xml: No such file or directory (os error 2)\n");
}

#[test]
fn a_run_writes_its_log_and_report() {
    let folder = tempfile::tempdir().unwrap();
    let (log, junit) = (path(&folder, "run.jsonl"), path(&folder, "run.xml"));
    // With a fault, so that there is something to show.
    let options =
        ["run", "--only", "rfc1939/retr", "--fault", "retr-unstuffed", "--log", &log, "--junit", &junit, "-q"];
    let ran = exits(&options, 1);
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("fail  rfc1939/retr/dots-are-stuffed\n"), "{}", ran.stdout);
    assert_eq!(exits(&["report", &log], 0).stdout, ran.stdout);
    assert_eq!(exits(&["report", &log, "--format", "junit"], 0).stdout, std::fs::read_to_string(&junit).unwrap());
    for format in ["terminal", "markdown", "html", "json", "jsonl", "junit"] {
        let file = path(&folder, format);
        assert_eq!(exits(&["report", &log, "--format", format, "--output", &file], 0).stdout, "");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), exits(&["report", &log, "--format", format], 0).stdout);
    }
    let ended = exits(&["report", &log, "--output", "/nowhere/report.html"], 2);
    assert_eq!(ended.stderr, "error: /nowhere/report.html: No such file or directory (os error 2)\n");
    // Its events are those of the log; results are put in order.
    let sorted = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().map(str::to_owned).filter(|line| !line.contains("scenario-started")).collect();
        lines.sort();
        lines
    };
    let events = exits(&["report", &log, "--format", "jsonl"], 0).stdout;
    assert_eq!(sorted(&events), sorted(&std::fs::read_to_string(&log).unwrap()));
    assert!(events.lines().count() > 10);
}

#[test]
fn logs_stand_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let (log, page) = (path(&folder, "run.jsonl"), path(&folder, "README.md"));
    exits(&["run", "--only", "rfc1939/retr", "--fault", "retr-unstuffed", "--log", &log], 1);
    std::fs::write(path(&folder, "report.md"), "").unwrap();
    std::fs::write(path(&folder, "findings.md"), "Dots are lost.\n").unwrap();
    exits(&["matrix", &log, "--format", "markdown", "--output", &page], 0);
    let text = std::fs::read_to_string(&page).unwrap();
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    for words in [&format!("({name}/report.md)"), &format!("({name}/run.jsonl)"), "\nDots are lost.\n", "rfc1939/retr"]
    {
        assert!(text.contains(words), "no {words} in {text}");
    }
    assert!(!text.contains("report.html"), "{text}");
    assert!(exits(&["matrix", &log, &log], 0).stdout.starts_with("Servers\n"));
    exits(&["matrix"], 2).complains(&["<LOG>..."]);
    exits(&["matrix", "/nowhere.jsonl"], 2).complains(&["/nowhere.jsonl: No such file"]);
}

/// The times of a transcript count from a moment that the log tells.
#[test]
fn a_transcript_lies_within_its_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let log = path(&folder, "run.jsonl");
    exits(&["run", "--only", "rfc1939/authorization", "--log", &log], 0);
    let run = pop3_report::log::read(std::fs::read(&log).unwrap().as_slice()).unwrap();
    for result in &run.results {
        let entries = result.transcript.iter().flat_map(|connection| &connection.entries);
        let Some(last) = entries.map(|entry| entry.at_ms).max() else { continue };
        let (began, ended) = (result.played_at_ms.unwrap(), result.at_ms + result.elapsed_ms);
        // Each of the three is cut to whole milliseconds.
        assert!(result.at_ms <= began && began + last <= ended + 2, "{}: {began} + {last}, {ended}", result.id);
    }
    // Behind a positive control, which is not in the transcript.
    assert!(run.results.iter().any(|result| result.played_at_ms > Some(result.at_ms)));
}

#[test]
fn colours_only_when_asked() {
    let options = ["run", "--only", "rfc1939/retr", "--fault", "retr-unstuffed"];
    let has_escapes = |color: &[&str], variable: Option<(&str, &str)>| {
        let mut command = pop3spec(&[&options[..], color].concat());
        let ended = run(command.envs(variable)).exits(1);
        (ended.stdout.contains('\u{1b}'), ended.stderr.contains('\u{1b}'))
    };
    assert_eq!(has_escapes(&["--color", "always"], None), (true, false));
    assert_eq!(has_escapes(&["--color", "never"], Some(("CLICOLOR_FORCE", "1"))), (false, false));
    assert_eq!(has_escapes(&[], None), (false, false));
    assert_eq!(has_escapes(&[], Some(("NO_COLOR", "1"))), (false, false));
}

/// As `pop3spec … | head -1`.
#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let log = path(&folder, "run.jsonl");
    exits(&["run", "--only", "rfc1939/retr", "--log", &log], 0);
    let commands = [
        &["list", "requirements"][..],
        &["run", "--only", "rfc1939/stat", "--format", "jsonl"],
        &["report", &log, "--format", "jsonl"],
        &["completions", "bash"],
        &["explain", "rfc1939/retr/dots-are-stuffed"],
        &["lint"],
        &["--help"],
    ];
    for arguments in commands {
        for reader in ["head -n 1", "true"] {
            let script = format!("{{ \"$0\" \"$@\"; echo \"exit $?\" >&2; }} | {reader}");
            let mut shell = std::process::Command::new("sh");
            let ended = run(shell.args(["-c", &script, env!("CARGO_BIN_EXE_pop3spec")]).args(arguments)).exits(0);
            assert!(ended.stderr.ends_with("exit 0\n"), "{arguments:?} | {reader}: {}", ended.stderr);
            assert!(!ended.stderr.contains("panicked") && !ended.stderr.contains("error"), "{}", ended.stderr);
        }
    }
}

#[test]
fn completions_name_the_commands_and_options() {
    for shell in ["bash", "zsh", "fish"] {
        let script = exits(&["completions", shell], 0).stdout;
        for word in ["pop3spec", "explain", "password-env", "allow-delete", "withhold", "max-connections-per-address"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
}

/// Everything that it needs is in the program: it works from any folder.
#[test]
fn it_works_from_another_folder() {
    let elsewhere = tempfile::tempdir().unwrap();
    let installed = elsewhere.path().join("bin-pop3spec");
    std::fs::copy(env!("CARGO_BIN_EXE_pop3spec"), &installed).unwrap();
    let check = |arguments: &[&str]| {
        let mut command = std::process::Command::new(&installed);
        run(command.args(arguments).current_dir(elsewhere.path()).env_clear()).exits(0);
    };
    check(&["run", "--only", "rfc1939/stat", "--log", "run.jsonl"]);
    check(&["report", "run.jsonl"]);
    check(&["list"]);
    assert!(Path::new(&elsewhere.path().join("run.jsonl")).exists());
}

#[test]
fn help_and_version_are_no_errors() {
    let version = exits(&["--version"], 0);
    assert_eq!(version.stdout, concat!("pop3spec ", env!("CARGO_PKG_VERSION"), "\n"));
    for arguments in [&["--help"][..], &["help", "run"], &["run", "-h"], &["serve", "--help"]] {
        let ended = exits(arguments, 0);
        assert!(ended.stdout.contains("Usage: pop3spec") && ended.stderr.is_empty(), "{arguments:?}");
    }
    // Without a command it tells what there is, and that it did nothing.
    exits(&[], 2).complains(&["Usage: pop3spec", "Exit codes:"]);
}

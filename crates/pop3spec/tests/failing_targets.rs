//! A server that does not start, does not answer, knows no account or dies while it is asked:
//! it is named, its own last words are shown, nothing of it is left, and the run goes on.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use std::path::Path;
use std::time::Duration;

use pop3_runner::clock::Clock;
use program::{Ended, pop3spec, run};

/// How long a process that was killed may take to be gone.
const SOON: Duration = Duration::from_secs(2);

/// In front of every server here: it and a child of it say who they are.
const WITH_CHILD: &str = r#"
import os, subprocess, sys, time
ids = [os.getpid(), subprocess.Popen(["sleep", "1000"]).pid]
with open(os.environ["IDS"], "a") as file:
    file.writelines(f"{each}\n" for each in ids)

def say(text):
    print(text, flush=True)

"#;

/// The toy with a line of Python in it, before the line that begins so.
fn toy(before: &str, line: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/toy.py");
    let toy = std::fs::read_to_string(path).unwrap();
    let (start, rest) = toy.split_once(before).unwrap_or_else(|| panic!("the toy has no `{before}`"));
    let indent: String = before.chars().take_while(|c| *c == ' ').collect();
    format!("{start}{indent}{line}\n{before}{rest}")
}

/// The toy, for which the command BOOM is fatal in this way.
fn toy_with_boom(boom: &str) -> String {
    toy("        if keyword == \"quit\"", &format!("if keyword == \"boom\": {boom}"))
}

/// A folder with a server, a target file of it, and scenarios.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn of(server: &str, more: &str) -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap() };
        case.write("server.py", &format!("{WITH_CHILD}{server}"));
        case.write(
            "target.yaml",
            &format!(
                "format: pop3-target/1\nname: frail\n\
                 command: [python3, server.py, '{{port}}', '{{users}}', '{{maildir}}']\n\
                 accounts: {{file: users, line: '${{user}}:${{password}}'}}\n\
                 mail: {{maildir: '{{maildir}}/{{user}}'}}\n{more}"
            ),
        );
        for name in ["a-before", "b-before", "y-behind", "z-behind"] {
            case.scenario(name, "- use: login\n- C: STAT\n- S: +OK\n- use: quit\n");
        }
        case.scenario("ends-it", "- use: login\n- C: BOOM\n- S: -ERR\n- use: quit\n");
        case
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn scenario(&self, name: &str, steps: &str) {
        let text = format!(
            "format: pop3-scenario/1\nid: own/frail/{name}\ntitle: A question of a test\n\
             requirements: [rfc1939-3-one-response-per-command]\nsteps:\n{steps}"
        );
        self.write(&format!("mine/own/frail/{name}.yaml"), &text);
    }

    /// Grades the server, and asserts that nothing of it is left.
    #[track_caller]
    fn grade(&self, options: &[&str]) -> Ended {
        let ids = self.folder.path().join("ids");
        let arguments = ["run", "-q", "--target", "target.yaml", "--scenarios", "mine", "--only", "own"];
        let mut command = pop3spec(&[&arguments[..], options].concat());
        let ended = run(command.current_dir(self.folder.path()).env("IDS", &ids));
        let ids = std::fs::read_to_string(ids).unwrap();
        assert!(ids.lines().count() >= 2, "the server has not started: {}", ended.stderr);
        for id in ids.lines() {
            assert!(is_gone(id), "{id} still runs, of {ids}");
        }
        ended
    }
}

/// Whether a process has ended, or does so soon: it is killed, and nobody may have asked how it
/// ended.
fn is_gone(id: &str) -> bool {
    let clock = Clock::start();
    std::iter::repeat(()).take_while(|()| clock.elapsed() < SOON).any(|()| {
        std::thread::yield_now();
        let status = std::fs::read_to_string(Path::new("/proc").join(id).join("stat"));
        status.map_or(true, |status| status.rsplit(") ").next().is_some_and(|state| state.starts_with(['Z', 'X'])))
    })
}

#[test]
fn what_runs_is_not_gone() {
    assert!(!is_gone(&std::process::id().to_string()));
}

/// Asserts that no scenario is played, and why.
#[track_caller]
fn check(server: &str, more: &str, why: &[&str]) {
    let ended = Case::of(server, more).grade(&[]).exits(3);
    assert_eq!(ended.complains(why).complains(&["error: ", "\n  help: "]).stdout, "");
}

#[test]
fn a_program_that_is_missing() {
    let check = |more: &str, why: &[&str]| {
        let case = Case::of("", "");
        let text = std::fs::read_to_string(case.folder.path().join("target.yaml")).unwrap();
        case.write("target.yaml", &text.replace("command: [python3", &format!("{more}command: [no-such-server")));
        let mut command = pop3spec(&["run", "-q", "--target", "target.yaml"]);
        let ended = run(command.current_dir(case.folder.path())).exits(3);
        assert_eq!(ended.complains(why).complains(&["\n  help: "]).stdout, "");
    };
    check("", &["`no-such-server`: No such file", "is the program installed"]);
    check(
        "needs: {programs: [no-such-server]}\n",
        &["the program `no-such-server` of the target `frail` is not there"],
    );
    check(
        "needs: {programs: [no-such-server]}\ninstall: {debian: [x]}\n",
        &["is not there", "`install` in the target file says what it takes"],
    );
}

#[test]
fn a_server_that_dies_at_its_start() {
    let why = ["the target did not start: the server ended (exit status: 7)", "its last words:\n    no settings"];
    check("say('no settings'); sys.exit(7)", "", &why);
    let why = ["the server ended (signal: 15 (SIGTERM))", "its last words:\n    ouch"];
    check("say('ouch'); os.kill(os.getpid(), 15); time.sleep(1000)", "", &why);
    // What it wrote into its log, not on its output.
    let to_log = "open(os.environ['POP3SPEC_DIR'] + '/mail.log', 'w').write('the disk is full\\n'); sys.exit(1)";
    check(to_log, "logs: [mail.log]\n", &["exit status: 1", "its last words:\n    the disk is full"]);
    // At the first login of all.
    let dies = toy("        return self.rset()", "say('no memory'); os._exit(9)");
    check(&dies, "", &["exit status: 9", "no memory"]);
}

#[test]
fn a_server_that_never_gets_ready() {
    let soon = "ready_within: 2\n";
    check(
        "say('waiting for a database'); time.sleep(1000)",
        soon,
        &["cannot connect to frail at 127.0.0.1:", "its last words:\n    waiting for a database"],
    );
    let silent = "import socket\ns = socket.create_server(('127.0.0.1', int(sys.argv[1])))\nsay('here I am')\ntime.sleep(1000)\n";
    check(silent, soon, &["expected the greeting, got nothing within", "its last words:\n    here I am"]);
}

#[test]
fn a_server_that_refuses_the_accounts() {
    let refuses = toy("        if f\"{user}:{password}\" not in", "say('no list of users'); raise Refused('who?')");
    check(
        &refuses,
        "",
        &["login as `p3s0000` is refused at PASS: -ERR who?", "its last words:", "    no list of users\n"],
    );
    let load = "accounts: {file: users, line: x, load: [sh, -c, 'echo there is an alice; exit 5']}";
    let case = Case::of(&toy_with_boom("pass"), "");
    let text = std::fs::read_to_string(case.folder.path().join("target.yaml")).unwrap();
    let lines = text.lines().map(|line| if line.starts_with("accounts:") { load } else { line });
    case.write("target.yaml", &lines.collect::<Vec<_>>().join("\n"));
    let why = ["the accounts could not be made", "exit status: 5", "there is an alice", "\n  help: "];
    assert_eq!(case.grade(&[]).exits(3).complains(&why).stdout, "");
}

/// Asserts what is said of the scenario that is too much for the server, and that all others are
/// played.
#[track_caller]
fn check_boom(boom: &str, verdict: &str, says: &[&str]) {
    for concurrency in [1, 8] {
        let case = Case::of(&toy_with_boom(boom), &format!("concurrency: {concurrency}\ndeadline: 1500\n"));
        let text = case.grade(&[]).exits(1).stdout;
        let named = format!("{verdict}  own/frail/ends-it\n");
        let counted = format!("5 scenarios: 4 pass, 1 {verdict} in ");
        for words in says.iter().copied().chain([&named[..], &counted[..]]) {
            assert!(text.contains(words), "{words:?} is not said:\n{text}");
        }
    }
}

#[test]
fn a_server_that_dies_in_the_middle() {
    check_boom(
        "say('out of paper'); os._exit(9)",
        "fail",
        &["the server ended (exit status: 9); its last words:", "out of paper"],
    );
    check_boom("say('ouch'); os.kill(os.getpid(), 6)", "fail", &["the server ended (signal: 6 (SIGABRT)", "ouch"]);
}

/// The dialogue that kills it ends well, and the server a moment later.
#[test]
fn a_server_that_dies_behind_an_answer() {
    let later = "import threading; say('too late'); threading.Timer(0.02, os._exit, [9]).start(); raise Refused('no')";
    check_boom(later, "fail", &["the server ended (exit status: 9); its last words:", "too late"]);
}

/// No scenario ends it alone.
#[test]
fn a_server_that_two_sessions_at_once_are_too_much_for() {
    let boom = "
            mark = os.environ['IDS'] + '.died'
            give_up = time.monotonic() + 10
            while not os.path.exists(mark) and len(LOCKED) < 2 and time.monotonic() < give_up: time.sleep(0.01)
            if not os.path.exists(mark):
                open(mark, 'w').close(); say('two at once'); os._exit(9)
            raise Refused('no')";
    let case = Case::of(&toy_with_boom(boom), "concurrency: 2\n");
    let text = case.grade(&[]).exits(1).stdout;
    for words in
        ["fail  target/keeps-running\n", "1 of 1 ends are left without", "own/frail/ends-it", " 5 pass, 1 fail"]
    {
        assert!(text.contains(words), "{words:?} is not said:\n{text}");
    }
}

#[test]
fn a_server_that_falls_silent_in_one_session() {
    check_boom("time.sleep(1000)", "inconclusive", &["no reply to `BOOM` within 1500 ms, nor to a NOOP behind it"]);
}

/// The control: where BOOM is a command like others, everything passes.
#[test]
fn a_server_that_lives() {
    let text = Case::of(&toy_with_boom("raise Refused('no')"), "").grade(&[]).exits(0).stdout;
    assert!(text.contains("5 scenarios: 5 pass in "), "{text}");
}

/// Each scenario that is too much for it is named.
#[test]
fn a_server_that_dies_whatever_it_is_asked() {
    let frail = toy("        return ok(f\"{len(self.alive)}", "say('no memory'); os._exit(9)");
    let case = Case::of(&frail, "concurrency: 1\n");
    let ended = case.grade(&[]).exits(1);
    for words in ["fail  own/frail/a-before", "fail  own/frail/z-behind", "no memory"] {
        assert!(ended.stdout.contains(words), "{words:?} is not said:\n{}", ended.stdout);
    }
}

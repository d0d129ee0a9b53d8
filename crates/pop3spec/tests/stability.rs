//! `diff` and `verify`: what changed between two runs, and what must not between many.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use program::{Ended, pop3spec, run};

const SCENARIO: &str = "rfc1939/stat/empty-maildrop";

#[track_caller]
fn exits(arguments: &[&str], code: i32) -> Ended {
    run(&mut pop3spec(arguments)).exits(code)
}

#[track_caller]
fn says(text: &str, words: &[&str]) {
    for words in words {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
}

#[test]
fn two_logs_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let log = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (good, bad, joined) = (log("good"), log("bad"), log("joined"));
    exits(&["run", "-q", "--only", SCENARIO, "--log", &good], 0);
    exits(&["run", "-q", "--only", SCENARIO, "--fault", "stat-octets-off", "--log", &bad], 1);
    let ended = exits(&["run", "-q", "--only", SCENARIO, "--delivery", "coalesced", "--log", &joined], 0);
    says(&ended.stdout, &["delivered coalesced"]);

    says(&exits(&["diff", &good, &good], 0).stdout, &["no difference in 1 results"]);
    says(&exits(&["diff", &good, &joined], 0).stdout, &["delivered coalesced", "no difference"]);
    let worse = exits(&["diff", &good, &bad], 1).stdout;
    says(&worse, &["broken  pass    fail   rfc1939/stat/empty-maildrop", "at `- S: +OK 0 0`"]);
    says(&exits(&["diff", &bad, &good], 1).stdout, &["fixed  fail    pass   rfc1939/stat/empty-maildrop"]);

    says(&exits(&["diff", &good, &log("none")], 2).stderr, &["none: No such file"]);
    std::fs::write(log("other"), "+OK\n").unwrap();
    says(&exits(&["diff", &good, &log("other")], 2).stderr, &["line 1: not the header of an event log"]);
}

#[test]
fn a_failure_is_reproduced_with_its_delivery() {
    let fault = ["run", "-q", "--only", SCENARIO, "--fault", "stat-octets-off", "--delivery", "bytewise"];
    says(&exits(&fault, 1).stdout, &["--fault stat-octets-off --delivery bytewise"]);
}

#[test]
fn what_is_always_the_same_is_stable() {
    let quick = ["--runs", "2", "--fresh", "1", "-q"];
    let stable = exits(&[&["verify", SCENARIO][..], &quick].concat(), 0).stdout;
    says(&stable, &["1 result against embedded: 1 pass\n12 runs: ", "\nthe same in all of them; "]);
    // Also what always fails.
    let fault = ["--fault", "stat-octets-off"];
    let fails = exits(&[&["verify", SCENARIO][..], &quick, &fault].concat(), 0).stdout;
    says(&fails, &["1 fail\n", "the same in all of them"]);
    // A defect in one session of many is seen in one run of many.
    let flickers = exits(&[&["verify", SCENARIO][..], &quick, &["--fault", "stat-octets-off@6"]].concat(), 1).stdout;
    says(&flickers, &["differs from run 1 (the same server, whole):\n", "broken  pass    fail   rfc1939/stat/empty"]);
}

#[test]
fn what_to_verify_is_said() {
    exits(&["verify"], 2).complains(&["<SCENARIO>"]);
    says(&exits(&["verify", "--all", SCENARIO], 2).stderr, &["cannot be used with"]);
    says(&exits(&["verify", "no/such"], 2).stderr, &["no scenario is called `no/such`"]);
    says(&exits(&["verify", "none.yaml"], 2).stderr, &["none.yaml: "]);
    says(&exits(&["verify", SCENARIO, "--runs", "0"], 2).stderr, &["--runs"]);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("question.yaml");
    let text = |steps: &str| {
        format!(
            "format: pop3-scenario/1\nid: own/question\nrev: 1\ntitle: A question\nrequirements: [rfc1939-3-one-response-per-command]\nsteps:\n{steps}"
        )
    };
    let verify = |code| exits(&["verify", "--runs", "1", "--fresh", "0", file.to_str().unwrap()], code);
    std::fs::write(&file, text("- use: login\n- use: quit\n")).unwrap();
    let ended = verify(0);
    says(&ended.stdout, &["1 result against embedded: 1 pass\n4 runs: "]);
    says(&ended.stderr, &["run 2 (the same server, bytewise): the same\n"]);
    std::fs::write(&file, text("- use: login\n- X: STAT\n")).unwrap();
    says(&verify(2).stderr, &["unknown-verb"]);
}

//! Rulings read otherwise by choice of the user.

use super::{check_scenario, exits, folder, path};

#[test]
fn wrong_rulings() {
    let check = |rulings: &[&str], want: &str| {
        let mut arguments = vec!["run", "--only", "rfc1939/noop"];
        rulings.iter().for_each(|ruling| arguments.extend(["--ruling", ruling]));
        let ended = exits(&arguments, 2);
        assert_eq!((ended.stderr.as_str(), ended.stdout.as_str()), (want, ""), "{rulings:?}");
    };
    check(
        &["a-11"],
        "error: --ruling: `a-11` chooses nothing: a choice has the form ID=OPTION, such as `a-11=fail`\n  \
         help: `pop3spec list rulings` shows all, `pop3spec explain ID` the options of one\n",
    );
    check(
        &["a-999=fail"],
        "error: --ruling: no ruling is called `a-999`\n  \
         help: `pop3spec list rulings` shows all, `pop3spec explain ID` the options of one\n",
    );
    check(
        &["a-11=maybe"],
        "error: --ruling: ruling a-11 has no option `maybe`; it has warn (the default), fail, info, pass\n  \
         help: `pop3spec explain a-11` tells what they mean\n",
    );
    check(
        &["a-11=fail", "a-43=info", "a-11=info"],
        "error: --ruling: ruling a-11 is chosen twice, as `fail` and as `info`; choose one\n  \
         help: `pop3spec explain a-11` tells what they mean\n",
    );
}

/// The same server, the same scenario, another reading.
#[test]
fn a_ruling_decides() {
    let check = |rulings: &[&str], code: i32, says: &[&str]| {
        let mut arguments = vec!["run", "--only", "rfc1939/noop/extra-argument", "--fault", "extra-argument-ignored"];
        rulings.iter().for_each(|ruling| arguments.extend(["--ruling", ruling]));
        let report = exits(&arguments, code).stdout;
        for words in says {
            assert!(report.contains(words), "{rulings:?}: {words:?} is not in\n{report}");
        }
        assert_eq!(report.contains("read otherwise"), !rulings.is_empty(), "{report}");
    };
    check(&[], 0, &["warn  rfc1939/noop/extra-argument\n", "ruling: a-11 decided this reading"]);
    check(
        &["a-11=fail"],
        1,
        &[
            "ruling a-11 is read as `fail` here (default: warn)\n",
            "fail  rfc1939/noop/extra-argument\n",
            "ruling: a-11 is read as `fail` by choice of the user, not as `warn`",
            "run just this one: pop3spec run --only rfc1939/noop/extra-argument --fault extra-argument-ignored --ruling",
            "; 1 ruling read otherwise than by default; exit 1\n",
        ],
    );
    check(&["a-11=info"], 0, &["info  rfc1939/noop/extra-argument line", "(ruling a-11, read as `info` by choice"]);
    check(&["a-11=pass", "a-43=fail"], 0, &["2 rulings read otherwise than by default"]);
}

#[test]
fn a_scenario_against_its_ruling_is_refused() {
    let steps = |verdict: &str, ruling: &str| {
        format!(
            "- use: login\n- C: STAT x\n- one_of:\n  - {{id: no, S: -ERR, verdict: pass}}\n  \
             - {{id: yes, S: +OK, verdict: {verdict}, ruling: {ruling}}}\n- use: quit\n"
        )
    };
    let against = "against-ruling]: the grade is `info`, and ruling a-11 decides `warn`";
    check_scenario(&steps("info", "a-11"), "13:5", against, "grade it `warn`");
    check_scenario(&steps("warn", "a-999"), "13:5", "unknown-ruling]: no ruling is called `a-999`", "list rulings");
    exits(&["run", "--scenarios", &path(&folder(&steps("warn", "a-11")), ""), "--only", "own"], 0);
}

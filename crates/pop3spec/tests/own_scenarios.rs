//! Scenarios of somebody else, in a folder that is added to the catalogue.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use std::path::Path;

use program::{Ended, pop3spec, run};
use snapbox::{assert_data_eq, str};

const SCENARIO: &str = "acme/stat/agrees-with-list";

/// A catalogue of one scenario, which uses a fragment and a fixture of its own.
fn mine() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder,
        "mine/acme/stat/agrees-with-list.yaml",
        "format: pop3-scenario/1\nid: acme/stat/agrees-with-list\ntitle: STAT and LIST agree\n\
         why: Mail is missed.\nfix: Count anew.\n\
         requirements: [rfc1939-5-stat-count-of-messages]\nmailbox: [plain, small, small]\nkills: [stat-count-off]\n\
         needs: {capa: [UIDL], neighbour: true}\n\
         steps:\n  - use: enter\n  - C: STAT\n  - S: \"+OK {count:uint}\"\n  - C: LIST\n  \
         - S: {status: +OK, each: \"{n:uint}\", into: list, requirement: rfc1939-5-list-all-one-line-each}\n  \
         - check: count == len(list.n)\n  - use: quit\n",
    );
    write(&folder, "mine/fragments/enter.yaml", "format: pop3-fragment/1\ntitle: Log in\nsteps:\n  - use: login\n");
    write(
        &folder,
        "mine/mailboxes/small.yaml",
        "format: pop3-fixture/1\ntitle: A small message\ncontent:\n  - lines: [\"Subject: x\", \"\", \".a dot\"]\n",
    );
    folder
}

fn write(folder: &tempfile::TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[track_caller]
fn exits(folder: &tempfile::TempDir, arguments: &[&str], code: i32) -> Ended {
    run(pop3spec(arguments).current_dir(folder.path())).exits(code)
}

/// What the manual's section on it tells to do, in that order.
#[test]
fn the_way_of_the_manual_is_open() {
    let folder = mine();
    let check = |arguments: &[&str], code: i32, says: &str| {
        let ended = exits(&folder, arguments, code);
        assert!(ended.stdout.contains(says), "{arguments:?} does not say {says:?}:\n{}", ended.stdout);
        assert!(!ended.stderr.contains("note: "), "{}", ended.stderr);
    };
    let own = |command: &'static [&'static str]| [command, &["--scenarios", "mine"]].concat();
    check(&["lint", "mine"], 0, "1 scenario checked: 0 errors, 0 warnings\n");
    check(&own(&["run", "--only", "acme"]), 0, "1 scenario: 1 pass");
    check(
        &own(&["run", "--only", "acme", "--fault", "stat-count-off"]),
        1,
        "run just this one: pop3spec run --only acme/stat/agrees-with-list --fault stat-count-off --scenarios mine\n",
    );
    check(&own(&["run", "--only", "acme", "--variation", "capa-long-lines"]), 0, "1 pass");
    let proof = own(&["self-test", "--only", "acme", "--fault", "stat-count-off"]);
    check(&proof, 0, "1 promise of a scenario kept");
    check(&own(&["verify", "acme", "--runs", "1", "--fresh", "1"]), 0, "1 result against embedded: 1 pass");
    check(&own(&["list", "fragments"]), 0, "  Log in\n");
    check(&own(&["list", "fixtures"]), 0, "      22 octets  A small message\n");
}

/// What is said of one thing, and of what is not to be found.
#[test]
fn a_report_on_an_own_scenario_leads_nowhere_wrong() {
    let folder = mine();
    let check = |arguments: &[&str], says: &[&str], says_not: &[&str]| {
        let ended = exits(&folder, &[&["run", "--scenarios", "mine", "--only", "acme"], arguments].concat(), 1);
        let text = ended.stderr + &ended.stdout;
        for words in says {
            assert!(text.contains(words), "{words:?} is not in\n{text}");
        }
        assert!(!says_not.iter().any(|words| text.contains(words)), "{text}");
    };
    let off = ["--fault", "stat-count-off"];
    // A `check` stands behind the command whose numbers it compares.
    let says = ["  after the command: LIST\n", "broken 1 time\n"];
    check(&off, &says, &["before any command", "in the log"]);
    let long = "  - C: NOOP\n  - S: +OK\n".repeat(4);
    let path = "mine/acme/stat/agrees-with-list.yaml";
    let text = std::fs::read_to_string(folder.path().join(path)).unwrap();
    let counted = "  - S: {status: +OK, count: 1}\n";
    write(&folder, path, &text.replace("  - check: ", &format!("{long}  - C: UIDL\n{counted}  - check: ")));
    check(&[], &["the reply has 3 lines, not 1\n", "- | 1 line\n", " earlier entries: --log FILE keeps all):"], &[]);
    check(&["--log", "run.jsonl"], &[" earlier entries are in the log):"], &["keeps all"]);
    let help = exits(&folder, &["run", "--help"], 0).stdout;
    assert!(
        help.contains("What to print on standard output: terminal, markdown, html, json, jsonl or junit"),
        "{help}"
    );
}

/// As an editor or a person does who has one file before them.
#[test]
fn one_file_is_read_with_what_lies_in_its_catalogue() {
    let folder = mine();
    let file = "mine/acme/stat/agrees-with-list.yaml";
    exits(&folder, &["lint", file], 0);
    exits(&folder, &["verify", file, "--runs", "1", "--fresh", "1", "-q"], 0);
    // Where the path does not end in the id, nobody knows where the catalogue is.
    std::fs::rename(folder.path().join(file), folder.path().join("mine/acme/other.yaml")).unwrap();
    let ended = exits(&folder, &["lint", "mine/acme/other.yaml"], 2);
    for words in ["there is no fixture `small`", "there is no fragment `enter`"] {
        assert!(ended.stdout.contains(words), "{}", ended.stdout);
    }
    // What is wrong beside it is told too.
    write(&folder, file, &std::fs::read_to_string(folder.path().join("mine/acme/other.yaml")).unwrap());
    write(&folder, "mine/fragments/enter.yaml", "format: pop3-fragment/1\ntitle: Log in\nsteps:\n  - use: logon\n");
    let ended = exits(&folder, &["lint", file], 2);
    assert!(ended.stdout.contains(" --> fragments/enter.yaml:4:10\n"), "{}", ended.stdout);
}

#[test]
fn the_folder_given_is_the_one_from_which_ids_count() {
    let folder = mine();
    let check = |given: &str, help: &str| {
        let ended = exits(&folder, &["lint", given], 2);
        assert!(ended.stdout.contains(help), "{}", ended.stdout);
    };
    check("mine/acme", "ids count from the folder that is given: give the one in which `acme` lies");
    check(".", "ids count from the folder that is given: give its folder `mine`");
}

#[test]
fn a_folder_without_a_scenario_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let check = |says: &[&str]| {
        for arguments in [&["lint", "own"][..], &["run", "--scenarios", "own"], &["list", "--scenarios", "own"]] {
            exits(&folder, arguments, 2).complains(says);
        }
    };
    write(&folder, "own/readme.md", "");
    check(&["own: there is no .yaml of a scenario below it\n", "help: a scenario is own/acme/topic/name.yaml"]);
    write(&folder, "own/acme/stat.yml", "");
    check(&["(acme/stat.yml: this is not read: the files of a catalogue end in `.yaml`)"]);
    std::fs::remove_file(folder.path().join("own/acme/stat.yml")).unwrap();
    write(&folder, "own/stat.yaml", "");
    check(&["(stat.yaml: this is not read: a scenario lies in a folder of the catalogue)"]);
}

#[test]
fn nothing_is_replaced_or_passed_over_in_silence() {
    let folder = mine();
    write(&folder, "mine/acme/second.yml", "");
    let fragment = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fragments/quit.yaml");
    let fragment = std::fs::read_to_string(fragment).unwrap();
    // The very same is nothing to tell.
    write(&folder, "mine/fragments/quit.yaml", &fragment);
    let shadow = "this takes the place of the built-in file `fragments/quit.yaml`";
    assert!(!exits(&folder, &["lint", "mine"], 0).stdout.contains(shadow));
    write(&folder, "mine/fragments/quit.yaml", &format!("{fragment}# mine\n"));
    assert_data_eq!(
        exits(&folder, &["lint", "mine"], 0).stdout,
        str![[r#"
warning[ignored-file]: this is not read: the files of a catalogue end in `.yaml`
 --> acme/second.yml
  = help: rename it

warning[shadows-built-in]: this takes the place of the built-in file `fragments/quit.yaml`
 --> fragments/quit.yaml
  = help: give it another name, unless that is meant

1 scenario checked: 0 errors, 2 warnings

"#]]
    );
    exits(&folder, &["lint", "mine", "--strict"], 2);
    for command in [&["run", "--only", "acme"][..], &["verify", "acme", "--runs", "1", "--fresh", "1"]] {
        let ended = exits(&folder, &[command, &["--scenarios", "mine", "-q"]].concat(), 0);
        let notes = format!(
            "note: acme/second.yml: this is not read: the files of a catalogue end in `.yaml`\n\
             note: fragments/quit.yaml: {shadow}\n"
        );
        assert_eq!(ended.stderr, notes);
    }
}

#[test]
fn a_promise_to_detect_nothing_is_refused() {
    let folder = mine();
    let path = folder.path().join("mine/acme/stat/agrees-with-list.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("stat-count-off", "stat-count-of")).unwrap();
    let file = "mine/acme/stat/agrees-with-list.yaml";
    let commands = [
        (&["lint", "mine"][..], false),
        (&["lint", file], false),
        (&["run", "--scenarios", "mine"], true),
        (&["verify", file], true),
        (&["explain", SCENARIO, "--scenarios", "mine"], true),
    ];
    for (arguments, on_stderr) in commands {
        let ended = exits(&folder, arguments, 2);
        let text = if on_stderr { ended.stderr } else { ended.stdout };
        for words in ["error[unknown-fault]: ", "agrees-with-list.yaml:8:9\n", "did you mean `stat-count-off`?"] {
            assert!(text.contains(words), "{arguments:?} does not say {words:?}:\n{text}");
        }
    }
}

#[test]
fn an_own_scenario_is_explained() {
    let folder = mine();
    let text = exits(&folder, &["explain", SCENARIO, "--scenarios", "mine"], 0).stdout;
    for words in [
        "    stat-count-off  STAT counts a message that LIST does not have.\n",
        "\nMailbox: plain, small (2 times)\nNeeds: UIDL, a second account\n",
        "\nRun just this one: pop3spec run --only acme/stat/agrees-with-list --scenarios mine\n",
    ] {
        assert!(text.contains(words), "{words:?} is not in\n{text}");
    }
    assert_data_eq!(
        exits(&folder, &["explain", "enter", "--scenarios", "mine"], 0).stdout,
        str![[r#"
enter
Log in

A fragment (fragments/enter.yaml):

      - use: login

Used by 1 scenario.
Bring it in: - use: enter

"#]]
    );
    assert_data_eq!(
        exits(&folder, &["explain", "small", "--scenarios", "mine"], 0).stdout,
        str![[r#"
small
A small message

A fixture (mailboxes/small.yaml): 22 octets

    Subject: x/r/n
    /r/n
    .a dot/r/n

Used by 1 scenario.
Put it into the maildrop: mailbox: [small]

"#]]
    );
}

//! What there is, and what it means: `list` and `explain`.

use snapbox::{assert_data_eq, str};

use super::exits;

#[test]
fn an_unknown_id_is_met_with_the_nearest() {
    let check = |id: &str, nearest: &str| {
        let ended = exits(&["explain", id], 2).complains(&[&format!("nothing is called `{id}`"), "`pop3spec list`"]);
        assert!(ended.stderr.contains(&format!("did you mean `{nearest}`?")), "{}", ended.stderr);
    };
    check("rfc1939/retr/dots-are-stufed", "rfc1939/retr/dots-are-stuffed");
    check("rfc1939-5-retr-byte-stufing", "rfc1939-5-retr-byte-stuffing");
    check("always/byte-stufing", "always/byte-stuffing");
    check("retr-unstufed", "retr-unstuffed");
}

#[test]
fn lists_and_explanations() {
    let check = |what: &[&str], id: &str, explained: &[&str]| {
        let list = exits(&[&["list"], what].concat(), 0).stdout;
        assert!(list.lines().any(|line| line.split(' ').next() == Some(id)), "{id} is not in\n{list}");
        assert!(list.lines().count() > 10 && list.lines().all(|line| line.contains("  ")), "{list}");
        let text = exits(&["explain", id], 0).stdout;
        for words in explained {
            assert!(text.contains(words), "{id}: {words:?} is not in\n{text}");
        }
    };
    let scenario = "rfc1939/retr/dots-are-stuffed";
    check(
        &[],
        scenario,
        &["Why it matters: ", "- C: RETR 1", "retr-unstuffed", "pop3spec run --only rfc1939/retr/dots-are-stuffed"],
    );
    check(&["scenarios"], scenario, &["rfc1939-3-byte-stuffing (RFC 1939 section 3, must)"]);
    check(&["requirements"], "rfc1939-5-retr-byte-stuffing", &["RFC 1939 section 5", "On the wire: ", scenario]);
    check(&["checks"], "always/byte-stuffing", &["Watched in every dialogue of a run.", "rfc1939-3-byte-stuffing"]);
    check(
        &["faults"],
        "retr-unstuffed",
        &["Breaks rfc1939-5-retr-byte-stuffing", scenario, "pop3spec serve --fault retr-unstuffed"],
    );
}

#[test]
fn a_code_of_lint_is_explained() {
    let check = |code: &str, want: &str| assert_eq!(exits(&["explain", code], 0).stdout, want);
    exits(&["explain", "no-kils"], 2).complains(&["did you mean `no-kills`?"]);
    check(
        "bad-id",
        "bad-id\nAn error of `pop3spec lint`.\n\nThe id is not the file's path below the folder that is given to the \
         program, without `.yaml`.\n\nThe format of scenarios: docs/format.md\n",
    );
    check(
        "no-kills",
        "no-kills\nA warning of `pop3spec lint`.\n\nA must is asserted, and `kills` names no seeded fault that would show \
         that the assertion can fail.\n\nThe format of scenarios: docs/format.md\n",
    );
}

#[test]
fn requirements_are_chosen() {
    let wrong = |options: &[&str], code: i32, words: &[&str]| {
        exits(&[&["list"], options].concat(), code).complains(words);
    };
    wrong(
        &["--rfc", "1939"],
        2,
        &["--rfc, --level, --side and --class choose among requirements", "help: pop3spec list"],
    );
    wrong(&["requirements", "--rfc", "1725"], 4, &["no requirement is like that", "the RFCs are 1734, 1939, "]);
    wrong(&["requirements", "--level", "shall"], 2, &["shall", "[possible values: must, must-not, should, "]);
    wrong(&["requirements", "--class", "wired"], 2, &["wired", "wire"]);

    let list = |options: &[&str]| exits(&[&["list", "requirements"], options].concat(), 0).stdout;
    let all = list(&[]);
    let lines = |options: &[&str]| {
        let list = list(options);
        let ids: Vec<String> = list.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        assert!(ids.len() < all.lines().count() && ids.iter().all(|id| all.contains(id)), "{options:?}");
        ids
    };
    assert!(lines(&["--rfc", "2195"]).iter().all(|id| id.starts_with("rfc2195-")));
    assert!(lines(&["--side", "client"]).iter().all(|id| id.contains("-client-")));
    assert!(list(&["--level", "must-not"]).lines().all(|line| line.contains(" must-not  ")));
    assert!(lines(&["--class", "needs-restart"]).len() >= 2);
    // By keyword and by prose; by prose alone.
    let of_rfc1939 = |more: &[&str]| lines(&[&["--rfc", "1939"], more].concat());
    let case = "rfc1939-3-status-upper-case".to_owned();
    assert!(of_rfc1939(&["--level", "must"]).contains(&case));
    assert!(!of_rfc1939(&["--level", "implied"]).contains(&case));
    let stuffing = "rfc1939-3-byte-stuffing".to_owned();
    assert!(of_rfc1939(&["--level", "must"]).contains(&stuffing));
    assert!(of_rfc1939(&["--level", "implied"]).contains(&stuffing));

    assert_data_eq!(
        list(&["--rfc", "2195", "--side", "client"]),
        str![[r#"
rfc2195-2-client-response-form       must        The response is the user name, one space and 32 digits of lower-case hexadecimal, computed over the whole challenge with its angle brackets.
rfc2195-2-client-long-secret-hashed  must        A secret of more than 64 octets enters the computation as its MD5 digest.

"#]]
    );
}

/// Everything that a list shows can be explained.
#[test]
fn an_id_from_a_report_is_explained_with_its_variant() {
    let list = exits(&["list", "checks"], 0).stdout;
    for id in list.lines().filter_map(|line| line.split(' ').next()) {
        exits(&["explain", id], 0);
    }
    exits(&["explain", "rfc1939/retr/dots-are-stuffed[chunking=bytewise]"], 0);
}

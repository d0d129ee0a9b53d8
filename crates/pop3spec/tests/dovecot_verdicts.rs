//! A real Dovecot gets a verdict for every scenario, and the verdicts that need
//! attention are those we know and have explained.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What Dovecot 2.3.19 in Debian 12 is known to do; each line is explained in
/// `scenarios/targets/dovecot/README.md`.
const KNOWN: &str = include_str!("dovecot-2.3.19.txt");

#[test]
fn every_scenario_has_a_verdict_and_none_is_new() {
    assert!(
        Path::new("/usr/sbin/dovecot").exists() && Path::new("/usr/lib/dovecot/pop3").exists(),
        "Dovecot is missing: cargo xtask setup, or apt-get install dovecot-core dovecot-pop3d"
    );
    let version = Command::new("/usr/sbin/dovecot").arg("--version").output().unwrap();
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    assert!(
        version.starts_with("2.3."),
        "this list is of Dovecot 2.3, here is {version}: look at its verdicts and add a list for it"
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let run = Command::new(env!("CARGO_BIN_EXE_pop3spec"))
        .args(["run", "-q", "--target", "scenarios/targets/dovecot/target.yaml", "--format", "jsonl"])
        // The machine of a gate may be slow; a deadline must not decide.
        .args(["--time-scale", "4"])
        .current_dir(&root)
        .output()
        .unwrap();
    let events: Vec<Value> =
        String::from_utf8(run.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let stderr = String::from_utf8_lossy(&run.stderr);
    let Some(header) = events.first() else { panic!("no log: {stderr}") };
    let results: Vec<&Value> = events.iter().filter(|event| event["event"] == "scenario-finished").collect();
    assert_eq!(results.len() as u64, header["selected"].as_u64().unwrap(), "a verdict for every scenario");
    let checks = events.iter().filter(|event| event["event"] == "invariant-finished");
    let attention: BTreeSet<String> = results
        .into_iter()
        .chain(checks)
        .filter(|result| !matches!(result["verdict"].as_str(), Some("pass" | "info")))
        .map(|result| format!("{} {}", result["verdict"].as_str().unwrap(), result["id"].as_str().unwrap()))
        .collect();
    let known: BTreeSet<String> = KNOWN.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    let new: Vec<_> = attention.difference(&known).collect();
    let gone: Vec<_> = known.difference(&attention).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}\ngone: {gone:#?}\n{stderr}");
}

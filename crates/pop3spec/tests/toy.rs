//! A small server of one's own, in another language, is graded by one command, in all that it has.

use std::path::Path;
use std::process::Command;

#[test]
fn a_hundred_lines_of_python_are_graded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let run = |only: &[&str]| {
        let spawn = ["run", "-q", "--spawn", "python3 docs/examples/toy.py {port} {users} {maildir}"];
        let claims = ["--claim", "TOP", "--claim", "UIDL", "--time-scale", "4"];
        let run = Command::new(env!("CARGO_BIN_EXE_pop3spec"))
            .args(spawn.iter().chain(&claims).chain(only))
            .current_dir(&root)
            .output()
            .unwrap();
        let text = String::from_utf8(run.stdout).unwrap();
        (run.status.code(), format!("{text}\n{}", String::from_utf8_lossy(&run.stderr)))
    };
    let (code, text) = run(&[]);
    assert_eq!(code, Some(0), "the toy keeps every must it can be asked about:\n{text}");
    // What it lacks is not held against it, and is said.
    assert!(text.contains("the target has no STLS"), "{text}");
    // The claims are believed: without them this would be `unsupported`.
    let (code, text) = run(&["--only", "rfc1939/top/one-line", "--only", "rfc1939/uidl"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("unsupported"), "{text}");
}

//! Parts of the standard library that certain crates never name.

use crate::error::Problem;
use crate::tree::TextFile;

/// A folder, what its sources never name outside tests, and why.
const NEVER: &[(&str, &[&str], &str)] = &[
    (
        "crates/pop3-proto/src/",
        &[
            "std::net",
            "std::fs",
            "std::io::",
            "std::io;",
            "std::thread",
            "std::process",
            "std::time::Instant",
            "SystemTime",
            "Instant::now",
        ],
        "octets and the time are arguments of the protocol core",
    ),
    ("crates/pop3-spec/src/", &["std::net", "Instant::now", "SystemTime", "std::thread"], "judging does no I/O"),
    (
        "crates/pop3-scenario/src/",
        &["std::net", "Instant::now", "SystemTime", "std::thread"],
        "the format has no sockets",
    ),
    ("crates/pop3-report/src/", &["std::net", "Instant::now", "SystemTime"], "a report is a function of the event log"),
];

pub(super) fn problems(files: &[TextFile]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        for (_, banned, why) in NEVER.iter().filter(|(folder, ..)| file.path.starts_with(folder)) {
            for (number, line) in file.code_lines() {
                if let Some(named) = banned.iter().find(|named| line.contains(**named)) {
                    let text = format!("names {named}: {why}; let the caller do it");
                    problems.push(Problem::new(format!("{}:{number}", file.path), text));
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    #[test]
    fn the_core_reads_no_clock() {
        let check = |path: &str, text: &str, want: &[&str]| {
            let got: Vec<String> = problems(&[file(path, text)]).into_iter().map(|problem| problem.place).collect();
            assert_eq!(got, want, "{path} {text}");
        };
        let clock = "use std::fmt;\nuse std::time::Instant;\n";
        check("crates/pop3-proto/src/a.rs", clock, &["crates/pop3-proto/src/a.rs:2"]);
        check("crates/pop3-proto/src/a.rs", "use std::time::Duration;\n", &[]);
        check("crates/pop3-proto/src/a.rs", "// not std::net here\n#[cfg(test)]\nuse std::io;\n", &[]);
        check("crates/pop3-proto/src/server/tests.rs", clock, &[]);
        check("crates/pop3-server/src/net.rs", "use std::net::TcpStream;\n", &[]);
    }
}

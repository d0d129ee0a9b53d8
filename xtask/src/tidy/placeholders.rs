//! A test that is left out says why, and nothing is left to do silently.

use crate::error::Problem;
use crate::tree::TextFile;

// Put together, so that this file does not break its own rule.
const IGNORED: &str = concat!("#[", "ignore]");
const UNFINISHED: [&str; 2] = [concat!("to", "do!("), concat!("unimpl", "emented!(")];

pub(super) fn problems(files: &[TextFile]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            let place = format!("{}:{}", file.path, at + 1);
            if line.trim_start().starts_with(IGNORED) {
                problems.push(Problem::new(&place, "a test is left out without a reason; let it run, or remove it"));
            }
            let code = line.split("//").next().unwrap_or_default();
            if UNFINISHED.iter().any(|unfinished| code.contains(unfinished)) {
                problems.push(Problem::new(&place, "unfinished; write it, or return an error that says so"));
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
    fn what_is_left_out_is_found() {
        let check = |text: &str, want: usize| {
            assert_eq!(problems(&[file("crates/a/src/b.rs", text)]).len(), want, "{text}");
        };
        check("fn a() {}\n", 0);
        check(&format!("    {IGNORED}\n    fn a() {{}}\n"), 1);
        check("#[ignore = \"needs a real clock\"]\n", 0);
        check(&format!("fn a() {{ {}) }}\n", UNFINISHED[0]), 1);
        check(&format!("// {}\n", UNFINISHED[0]), 0);
    }
}

//! Names say what is in a file.

use crate::error::Problem;
use crate::tree::TextFile;

/// Words that say nothing about it.
const EMPTY_WORDS: &[&str] = &["common", "helper", "helpers", "manager", "misc", "util", "utils", "types"];

pub(super) fn problems<'t>(files: impl Iterator<Item = &'t TextFile>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let words = file.path.split(|c: char| !c.is_ascii_alphanumeric());
        for word in words.filter(|word| EMPTY_WORDS.contains(&word.to_ascii_lowercase().as_str())) {
            let text = format!("`{word}` in the name says nothing; name the file for what {} holds", file.stem());
            problems.push(Problem::new(&file.path, text));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    #[test]
    fn empty_words_are_refused() {
        let check = |path: &str, want: usize| assert_eq!(problems([file(path, "")].iter()).len(), want, "{path}");
        check("crates/pop3-proto/src/unique_id.rs", 0);
        check("crates/pop3-proto/src/utils.rs", 1);
        check("crates/pop3-common/src/test_helpers.rs", 2);
        check("scenarios/commonplace/a.yaml", 0);
    }
}

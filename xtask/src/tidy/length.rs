//! A file does one thing, and one thing fits.

use crate::error::Problem;
use crate::tree::TextFile;

/// Lines from which a file is noted.
const LONG: usize = 400;
/// Lines that a file has at most.
const LIMIT: usize = 600;

pub(super) fn problems(files: &[TextFile]) -> Vec<Problem> {
    let beyond = files.iter().map(|file| (file, lines(file))).filter(|(_, lines)| *lines > LIMIT);
    beyond
        .map(|(file, lines)| {
            Problem::new(&file.path, format!("has {lines} lines, more than {LIMIT}; split it into the things it does"))
        })
        .collect()
}

/// Files that are long and within the limit, with their lines.
pub(super) fn long(files: &[TextFile]) -> impl Iterator<Item = (&str, usize)> {
    let counted = files.iter().map(|file| (file.path.as_str(), lines(file)));
    counted.filter(|(_, lines)| (LONG + 1..=LIMIT).contains(lines))
}

fn lines(file: &TextFile) -> usize {
    file.text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    #[test]
    fn six_hundred_lines_are_enough() {
        let check = |lines: usize, too_many: usize, noted: usize| {
            let files = [file("crates/a/src/b.rs", &"x\n".repeat(lines))];
            assert_eq!((problems(&files).len(), long(&files).count()), (too_many, noted), "{lines}");
        };
        check(400, 0, 0);
        check(401, 0, 1);
        check(600, 0, 1);
        check(601, 1, 0);
    }
}

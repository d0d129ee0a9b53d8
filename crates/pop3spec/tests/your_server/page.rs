//! The page for authors of servers, and what stands in its fenced blocks.

use std::path::{Path, PathBuf};

/// A fenced block with the comments in front of it.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// `<!-- example: NAME -->`: it is run.
    pub(crate) example: Option<String>,
    /// `<!-- file: PATH -->`: it quotes a file.
    pub(crate) file: Option<String>,
    /// What stands behind the three backticks.
    pub(crate) language: String,
    pub(crate) text: String,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The blocks of the page, in order.
pub(crate) fn blocks() -> Vec<Block> {
    let text = std::fs::read_to_string(root().join("docs/your-server.md")).unwrap();
    let (mut found, mut next, mut open) = (Vec::new(), Block::default(), false);
    for line in text.lines() {
        let marked = |what: &str| line.strip_prefix(&format!("<!-- {what}: "))?.strip_suffix(" -->").map(str::to_owned);
        match line.strip_prefix("```") {
            Some(_) if open => {
                found.push(std::mem::take(&mut next));
                open = false;
            }
            Some(language) => {
                next.language = language.to_owned();
                open = true;
            }
            None if open => next.text.extend([line, "\n"]),
            None if line.starts_with("<!-- ") => {
                next.example = marked("example").or(next.example);
                next.file = marked("file").or(next.file);
            }
            None => {}
        }
    }
    assert!(!open, "a block of the page does not end");
    found
}

/// Whether a text is as the page shows it, where `…` in a line stands for any octets, and as a
/// line for any lines.
pub(crate) fn is_shown(text: &str, shown: &[&str]) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    lines_fit(&lines, shown)
}

fn lines_fit(lines: &[&str], shown: &[&str]) -> bool {
    match (lines, shown) {
        (_, ["…", rest @ ..]) => (0..=lines.len()).any(|from| lines_fit(&lines[from..], rest)),
        ([line, lines @ ..], [pattern, shown @ ..]) => line_fits(line, pattern) && lines_fit(lines, shown),
        (lines, shown) => lines.is_empty() && shown.is_empty(),
    }
}

fn line_fits(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|start| line.strip_prefix(start)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((end, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(end)
}

#[test]
fn an_ellipsis_stands_for_what_is_left_out() {
    let check = |shown: &[&str], fits: bool| assert_eq!(is_shown("one\ntwo 2 ms\nthree\n", shown), fits, "{shown:?}");
    check(&["one", "two 2 ms", "three"], true);
    check(&["one", "two … ms", "…"], true);
    check(&["…", "three"], true);
    check(&["…three"], false);
    check(&["…", "two 3 ms", "…"], false);
    check(&["one", "three"], false);
    check(&["one", "…", "two … ms", "three"], true);
    check(&["one", "two … s", "three"], false);
    check(&["one", "…", "tw…2…s", "three", "…", "three"], false);
    check(&[], false);
}

//! The files of the repository, read once.

use std::fs;
use std::path::Path;

use crate::error::ChoreError;

/// A text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextFile {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub(crate) fn stem(&self) -> &str {
        let name = self.name();
        name.split('.').next().unwrap_or(name)
    }

    /// Lines with their numbers from 1, without those that are comments, up to
    /// the tests at the end.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Whether the file holds nothing but tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// All files below these folders with one of these endings, ordered by path.
///
/// # Errors
/// A folder or file cannot be read.
pub(crate) fn read(root: &Path, folders: &[&str], endings: &[&str]) -> Result<Vec<TextFile>, ChoreError> {
    let mut files = Vec::new();
    for folder in folders {
        if root.join(folder).is_dir() {
            walk(root, folder, endings, &mut files)?;
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(root: &Path, folder: &str, endings: &[&str], files: &mut Vec<TextFile>) -> Result<(), ChoreError> {
    let here = root.join(folder);
    for entry in fs::read_dir(&here).map_err(ChoreError::of_file(&here))? {
        let entry = entry.map_err(ChoreError::of_file(&here))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        let is_folder = entry.file_type().map_err(ChoreError::of_file(entry.path()))?.is_dir();
        if is_folder && name != "target" && !name.starts_with('.') {
            walk(root, &path, endings, files)?;
        } else if !is_folder && endings.iter().any(|ending| name.ends_with(ending)) {
            let text = fs::read_to_string(entry.path()).map_err(ChoreError::of_file(entry.path()))?;
            files.push(TextFile { path, text });
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) fn file(path: &str, text: &str) -> TextFile {
    TextFile { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_is_neither_comment_nor_test() {
        let file = file("crates/a/src/b.rs", "//! c\nfn d() {}\n#[cfg(test)]\nmod tests {}\n");
        assert_eq!(file.code_lines().collect::<Vec<_>>(), [(2, "fn d() {}")]);
        assert_eq!(file.stem(), "b");
        assert!(!file.is_test());
    }

    #[test]
    fn files_are_found_below_folders() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        fs::create_dir_all(root.path().join("a/target")).unwrap();
        for path in ["a/b/c.rs", "a/d.md", "a/target/e.rs"] {
            fs::write(root.path().join(path), "").unwrap();
        }
        assert_eq!(read(root.path(), &["a", "nowhere"], &[".rs"]).unwrap(), [file("a/b/c.rs", "")]);
    }
}

//! Files made from code. Each says on its first line which command makes it,
//! but for the JSON Schemas, since JSON has no comments.

mod states;

use std::fs;
use std::path::Path;

use crate::command_line::say;
use crate::error::{ChoreError, Problem};

/// A generated file.
struct Generated {
    /// From the root.
    path: String,
    text: String,
}

fn files() -> Vec<Generated> {
    let mut files = vec![
        Generated { path: "crates/pop3-proto/doc/states.md".to_owned(), text: states::page() },
        Generated { path: "fuzz/pop3.dict".to_owned(), text: pop3_fuzzkit::dictionary::render() },
    ];
    for (name, schema) in pop3_scenario::schema::all() {
        files.push(Generated { path: format!("docs/schema/{name}"), text: format!("{schema:#}\n") });
    }
    files
}

/// Writes what is stale.
///
/// # Errors
/// A file cannot be read or written.
pub(crate) fn write(root: &Path) -> Result<(), ChoreError> {
    for file in stale(root)? {
        let path = root.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(ChoreError::of_file(folder))?;
        }
        fs::write(&path, &file.text).map_err(ChoreError::of_file(&path))?;
        say(format_args!("wrote {}", file.path));
    }
    Ok(())
}

/// Writes nothing.
///
/// # Errors
/// A file is stale.
pub(crate) fn check(root: &Path) -> Result<(), ChoreError> {
    let problem = |file: Generated| Problem::new(file.path, "is stale; run `cargo xtask generate`");
    ChoreError::unless_empty(stale(root)?.into_iter().map(problem).collect())
}

fn stale(root: &Path) -> Result<Vec<Generated>, ChoreError> {
    let mut stale = Vec::new();
    for file in files() {
        let path = root.join(&file.path);
        let present = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(ChoreError::of_file(path)(error)),
        };
        if present != file.text {
            stale.push(file);
        }
    }
    Ok(stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_file_is_named_and_written() {
        let root = tempfile::tempdir().unwrap();
        let problems = |root: &Path| match check(root) {
            Ok(()) => Vec::new(),
            Err(ChoreError::Problems(problems)) => problems,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(problems(root.path()).len(), files().len());
        write(root.path()).unwrap();
        assert_eq!(problems(root.path()), []);
        fs::write(root.path().join("fuzz/pop3.dict"), "edited by hand").unwrap();
        assert_eq!(problems(root.path()), [Problem::new("fuzz/pop3.dict", "is stale; run `cargo xtask generate`")]);
    }

    #[test]
    fn every_file_names_its_command() {
        for file in files().into_iter().filter(|file| !file.path.ends_with(".json")) {
            assert!(file.text.lines().next().unwrap().contains("cargo xtask generate"), "{}", file.path);
        }
    }
}

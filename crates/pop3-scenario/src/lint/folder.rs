//! What is odd about a folder that is added to the built-in catalogue.

use crate::diagnostic::{Diagnostic, Severity, whole_file};
use crate::source::SourceFile;

/// A warning on a file, given by its path below the catalogue, that takes the
/// place of a built-in one.
#[must_use]
pub fn shadow(path: &str) -> Diagnostic {
    let message = format!("this takes the place of the built-in file `{path}`");
    warning(path, "shadows-built-in", &message, "give it another name, unless that is meant")
}

/// A warning on a file, given by its path below the catalogue, that is not read
/// though it looks like one of a catalogue; `None` for all others.
#[must_use]
pub fn ignored(path: &str) -> Option<Diagnostic> {
    let (message, help) = if path.ends_with(".yml") {
        ("this is not read: the files of a catalogue end in `.yaml`", "rename it")
    } else if path.ends_with(".yaml") && !path.contains('/') {
        let help = "move it into a folder: `acme/topic/name.yaml`";
        ("this is not read: a scenario lies in a folder of the catalogue", help)
    } else {
        return None;
    };
    Some(warning(path, "ignored-file", message, help))
}

fn warning(path: &str, code: &'static str, message: &str, help: &str) -> Diagnostic {
    let span = whole_file(&SourceFile::new(path, ""));
    Diagnostic { severity: Severity::Warning, span, code, message: message.to_owned(), help: Some(help.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_file_of_a_catalogue_is_not_passed_over_in_silence() {
        let check = |path: &str, want: bool| assert_eq!(ignored(path).is_some(), want, "{path}");
        check("acme/stat/counts.yaml", false);
        check("acme/stat/counts.yml", true);
        check("counts.yml", true);
        check("counts.yaml", true);
        check("mailboxes/mine.yaml", false);
        check("readme.md", false);
        check("acme/readme.md", false);
    }
}

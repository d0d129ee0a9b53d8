//! The catalogue: built in, and the user's own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use include_dir::{Dir, File, include_dir};
use pop3_runner::self_test::Exceptions;
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::diagnostic::Diagnostic;
use pop3_scenario::lint;
use pop3_spec::registry::{Registry, is_requirement_file};
use pop3_spec::ruling::Rulings;

use crate::Failure;

static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../scenarios");

/// Files of a catalogue: path below it, and text.
pub(crate) type Files = Vec<(String, String)>;

/// The built-in files.
fn built_in() -> Files {
    let mut files = Vec::new();
    collect(&SCENARIOS, &mut files);
    files
}

fn collect(dir: &Dir<'_>, files: &mut Files) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.push((path.replace('\\', "/"), text.to_owned()));
        }
    }
    dir.dirs().for_each(|dir| collect(dir, files));
}

/// The built-in registry.
pub(crate) fn registry() -> Result<Registry, Failure> {
    let files = built_in().into_iter().filter_map(|(path, text)| {
        let name = path.strip_prefix("requirements/")?.to_owned();
        is_requirement_file(&name).then_some((name, text))
    });
    Registry::load(files).map_err(|error| Failure {
        exit: pop3_scenario::verdict::Exit::Internal,
        message: format!("the built-in requirements: {error}"),
    })
}

/// The built-in rulings.
pub(crate) fn rulings() -> Result<Rulings, Failure> {
    const FILE: &str = "rulings.yaml";
    let text = SCENARIOS.get_file(FILE).and_then(File::contents_utf8).unwrap_or_default();
    Rulings::load(FILE, text).map_err(|error| Failure {
        exit: pop3_scenario::verdict::Exit::Internal,
        message: format!("the built-in rulings: {error}"),
    })
}

/// What the rules of the self-test let pass.
pub(crate) fn exceptions() -> Result<Exceptions, Failure> {
    const FILE: &str = "self-test.yaml";
    let text = SCENARIOS.get_file(FILE).and_then(File::contents_utf8).unwrap_or_default();
    Exceptions::load(FILE, text).map_err(|error| Failure {
        exit: pop3_scenario::verdict::Exit::Internal,
        message: format!("the built-in exceptions: {error}"),
    })
}

/// The built-in catalogue with the user's folders added; a user's file replaces
/// a built-in one of the same path.
pub(crate) fn catalogue(folders: &[PathBuf], registry: &Registry) -> Result<(Catalogue, Vec<Diagnostic>), Failure> {
    let mut files = built_in();
    for folder in folders {
        let own = folder_files(folder)?;
        let names: BTreeSet<&str> = own.iter().map(|(path, _)| path.as_str()).collect();
        files.retain(|(path, _)| !names.contains(path.as_str()));
        files.extend(own);
    }
    Ok(Catalogue::load(files, Some(known(registry))))
}

/// The ids that scenarios may cite.
pub(crate) fn known(registry: &Registry) -> BTreeSet<String> {
    registry.iter().map(|requirement| requirement.id.clone()).collect()
}

/// The catalogue, or the errors in the user's files.
pub(crate) fn sound_catalogue(folders: &[PathBuf], registry: &Registry) -> Result<Catalogue, Failure> {
    let (catalogue, mut diagnostics) = catalogue(folders, registry)?;
    let rulings = rulings()?;
    diagnostics.extend(lint::rulings(&catalogue.scenarios, &rulings));
    let errors: Vec<String> = diagnostics.iter().filter(|found| found.is_error()).map(ToString::to_string).collect();
    if errors.is_empty() {
        return Ok(catalogue);
    }
    Err(Failure::usage(format!("scenario files have errors\n\n{}", errors.join("\n"))))
}

/// The `.yaml` files below a folder, sorted by path.
pub(crate) fn folder_files(folder: &Path) -> Result<Files, Failure> {
    if !folder.is_dir() {
        return Err(Failure::usage(format!("{}: there is no such folder", folder.display())));
    }
    let mut files = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(dir) = waiting.pop() {
        let entries = std::fs::read_dir(&dir).map_err(|error| Failure::usage(format!("{}: {error}", dir.display())))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            // Links are not followed into folders: a circle must not keep us.
            if entry.file_type()?.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push((name, read(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A text file; larger ones than any scenario are refused before they are read.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    const LIMIT: u64 = 8 << 20;
    let failure = |why: String| Failure::usage(format!("{}: {why}", path.display()));
    let length = std::fs::metadata(path).map_err(|error| failure(error.to_string()))?.len();
    if length > LIMIT {
        return Err(failure(format!("{length} octets are more than a scenario file may have ({LIMIT})")));
    }
    let octets = std::fs::read(path).map_err(|error| failure(error.to_string()))?;
    String::from_utf8(octets)
        .map_err(|error| failure(format!("octet {} is not UTF-8", error.utf8_error().valid_up_to())))
}

//! The catalogue: built in, and the user's own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use include_dir::{Dir, File, include_dir};
use pop3_runner::self_test::Exceptions;
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::diagnostic::Diagnostic;
use pop3_scenario::lint;
use pop3_scenario::scenario::Scenario;
use pop3_server::fault::Fault;
use pop3_spec::registry::{Registry, is_requirement_file};
use pop3_spec::ruling::Rulings;

use crate::Failure;
use crate::terminal::Terminal;

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

/// What the user adds to the built-in catalogue.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Added<'a> {
    /// Folders, as a whole.
    pub(crate) folders: &'a [PathBuf],
    /// Scenarios of which only the fragments and fixtures beside them are added.
    pub(crate) scenarios: &'a [PathBuf],
}

impl<'a> Added<'a> {
    pub(crate) fn folders(folders: &'a [PathBuf]) -> Self {
        Self { folders, scenarios: &[] }
    }
}

/// The built-in catalogue with the user's files added; a user's file replaces
/// a built-in one of the same path. The errors in files, and warnings on what is
/// odd about a folder.
pub(crate) fn catalogue(added: Added<'_>, registry: &Registry) -> Result<(Catalogue, Vec<Diagnostic>), Failure> {
    let mut files: BTreeMap<String, String> = built_in().into_iter().collect();
    let mut odd = Vec::new();
    let mut replaced = Vec::new();
    for own in added.folders.iter().map(|path| folder(path)).chain(added.scenarios.iter().map(|path| beside(path))) {
        let own = own?;
        odd.extend(own.odd);
        for (path, text) in own.files.into_iter().filter(|(path, _)| Catalogue::reads(path)) {
            let before = files.insert(path.clone(), text.clone());
            replaced.extend(before.filter(|before| *before != text).map(|_| path));
        }
    }
    replaced.retain(|path| SCENARIOS.get_file(path).is_some());
    odd.extend(replaced.iter().map(|path| lint::shadow(path)));
    let (catalogue, errors) = Catalogue::load(files, Some(known(registry)));
    odd.extend(errors);
    Ok((catalogue, odd))
}

/// The ids that scenarios may cite.
pub(crate) fn known(registry: &Registry) -> BTreeSet<String> {
    registry.iter().map(|requirement| requirement.id.clone()).collect()
}

/// The catalogue, or the errors in the user's files. Standard error hears what
/// may surprise: files that take the place of others, or are not read.
pub(crate) fn sound_catalogue(
    added: Added<'_>,
    registry: &Registry,
    terminal: &Terminal,
) -> Result<Catalogue, Failure> {
    let (catalogue, mut diagnostics) = catalogue(added, registry)?;
    for odd in diagnostics.iter().filter(|found| !found.is_error()) {
        terminal.note(&format!("note: {}: {}", odd.location(), odd.message));
    }
    diagnostics.extend(contradictions(&catalogue.scenarios, &rulings()?));
    let errors: Vec<String> = diagnostics.iter().filter(|found| found.is_error()).map(ToString::to_string).collect();
    if errors.is_empty() {
        return Ok(catalogue);
    }
    Err(Failure::usage(format!("scenario files have errors\n\n{}", errors.join("\n"))))
}

/// Errors where scenarios do not agree with the rulings, or with the list of faults.
pub(crate) fn contradictions<'s>(
    scenarios: impl IntoIterator<Item = &'s Scenario> + Clone,
    rulings: &Rulings,
) -> Vec<Diagnostic> {
    let faults: Vec<&str> = Fault::ALL.iter().map(|fault| fault.slug()).collect();
    let mut found = lint::rulings(scenarios.clone(), rulings);
    found.extend(lint::kills(scenarios, &faults));
    found
}

/// A user's folder.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// Its `.yaml` files, sorted by path.
    pub(crate) files: Files,
    /// What is not read and looks as if it should be.
    odd: Vec<Diagnostic>,
}

/// The files of a folder that is laid out like a catalogue; an error where it has none.
pub(crate) fn folder(path: &Path) -> Result<Folder, Failure> {
    let files = folder_files(path)?;
    let odd: Vec<Diagnostic> = files.iter().filter_map(|(path, _)| lint::ignored(path)).collect();
    if !files.iter().any(|(path, _)| Catalogue::reads(path)) {
        let shown = path.display();
        let passed_over = odd.first().map(|odd| format!(" ({}: {})", odd.location(), odd.message)).unwrap_or_default();
        return Err(Failure::usage(format!(
            "{shown}: there is no .yaml of a scenario below it{passed_over}\n  help: a scenario is {shown}/acme/topic/name.yaml and has the id acme/topic/name"
        )));
    }
    Ok(Folder { files: files.into_iter().filter(|(path, _)| !path.ends_with(".yml")).collect(), odd })
}

/// The fragments and fixtures of the catalogue in which a scenario's file lies;
/// nothing where its path does not end in its id.
pub(crate) fn beside(scenario: &Path) -> Result<Folder, Failure> {
    let mut own = Folder::default();
    let Some(home) = home(scenario, &read(scenario)?) else { return Ok(own) };
    for name in ["fragments", "mailboxes"] {
        let folder = home.join(name);
        if folder.is_dir() {
            own.files.extend(folder_files(&folder)?.into_iter().map(|(path, text)| (format!("{name}/{path}"), text)));
        }
    }
    Ok(own)
}

/// The folder of the catalogue in which a scenario's file lies.
fn home(path: &Path, text: &str) -> Option<PathBuf> {
    let id = Path::new(text.lines().find_map(|line| line.strip_prefix("id:"))?.trim());
    let stem = path.canonicalize().ok()?.with_extension("");
    stem.ends_with(id).then(|| stem.ancestors().nth(id.components().count()))?.map(Path::to_owned)
}

/// The `.yaml` files below a folder, and `.yml` ones, of which the text is not read; sorted by path.
fn folder_files(folder: &Path) -> Result<Files, Failure> {
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
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                let text = if name.ends_with(".yml") { String::new() } else { read(&path)? };
                files.push((name, text));
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

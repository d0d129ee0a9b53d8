//! Reading a catalogue from a folder.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::Catalogue;
use crate::diagnostic::{Diagnostic, Severity, whole_file};
use crate::source::SourceFile;
use crate::yaml::MAX_FILE_OCTETS;

/// The most files read from one folder.
pub(crate) const MAX_FILES: usize = 20_000;
/// The deepest folder below the catalogue.
const MAX_FOLDER_DEPTH: usize = 16;

impl Catalogue {
    /// Loads every `.yaml` file below a folder, as [`Catalogue::load`] does.
    /// Symbolic links are not followed, hidden entries are passed over, and no
    /// file is read beyond 1 MiB.
    #[must_use]
    pub fn load_dir(folder: &Path, known_requirements: Option<BTreeSet<String>>) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader::default();
        reader.folder(folder, "", 0);
        let (catalogue, mut diagnostics) = Self::load(reader.files, known_requirements);
        diagnostics.splice(0..0, reader.diagnostics);
        (catalogue, diagnostics)
    }
}

#[derive(Default)]
struct Reader {
    files: Vec<(String, String)>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn complain(&mut self, path: &str, message: String) {
        let span = whole_file(&SourceFile::new(path, ""));
        self.diagnostics.push(Diagnostic { severity: Severity::Error, span, code: "cannot-read", message, help: None });
    }

    fn folder(&mut self, folder: &Path, below: &str, depth: usize) {
        let shown = if below.is_empty() { folder.display().to_string() } else { below.to_owned() };
        if depth > MAX_FOLDER_DEPTH {
            return self.complain(&shown, format!("folders lie more than {MAX_FOLDER_DEPTH} deep"));
        }
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => entries,
            Err(error) => return self.complain(&shown, format!("the folder cannot be read: {error}")),
        };
        let mut names: Vec<(String, PathBuf)> = Vec::new();
        for entry in entries {
            match entry.file_name().into_string() {
                Ok(name) => names.push((name, entry.path())),
                Err(name) => self.complain(&shown, format!("the file name `{}` is not UTF-8", name.to_string_lossy())),
            }
        }
        names.sort();
        for (name, path) in names.into_iter().filter(|(name, _)| !name.starts_with('.')) {
            let below = if below.is_empty() { name } else { format!("{below}/{name}") };
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            if metadata.is_dir() {
                self.folder(&path, &below, depth + 1);
            } else if metadata.is_file() && super::kind(&below) != super::Kind::Other {
                self.file(&path, below);
            }
        }
    }

    fn file(&mut self, path: &Path, below: String) {
        if self.files.len() >= MAX_FILES {
            return self.complain(&below, format!("the catalogue has more than {MAX_FILES} files"));
        }
        let mut octets = Vec::new();
        let limit = u64::try_from(MAX_FILE_OCTETS).unwrap_or(u64::MAX).saturating_add(1);
        if let Err(error) = fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut octets)) {
            return self.complain(&below, format!("the file cannot be read: {error}"));
        }
        match String::from_utf8(octets) {
            Ok(text) => self.files.push((below, text)),
            Err(error) if error.as_bytes().len() > MAX_FILE_OCTETS => {
                self.complain(&below, format!("the file has more than {MAX_FILE_OCTETS} octets"))
            }
            Err(error) => {
                self.complain(&below, format!("the file is not UTF-8 at octet {}", error.utf8_error().valid_up_to()))
            }
        }
    }
}

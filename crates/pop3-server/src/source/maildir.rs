//! A Maildir: the messages in `cur` and `new`, whatever their flags.

use std::path::Path;

use super::{SourceError, entries, is_own_folder, read_file};

/// Where messages lie. What is in `tmp` is not delivered yet.
const FOLDERS: [&str; 2] = ["cur", "new"];

/// Whether a folder looks like a Maildir.
pub(super) fn is_maildir(folder: &Path) -> bool {
    FOLDERS.iter().any(|name| is_own_folder(&folder.join(name)))
}

/// The messages of both folders, sorted by file name, which begins with the time
/// of delivery.
pub(super) fn load(folder: &Path) -> Result<Vec<Vec<u8>>, SourceError> {
    let mut paths = Vec::new();
    for name in FOLDERS {
        let folder = folder.join(name);
        if is_own_folder(&folder) {
            paths.extend(entries(&folder)?);
        }
    }
    paths.retain(|path| !is_own_folder(path));
    paths.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
    paths.iter().map(|path| read_file(path)).collect()
}

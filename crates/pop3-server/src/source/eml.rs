//! A folder of `.eml` files, one message each.

use std::path::Path;

use super::{SourceError, entries, has_extension, read_file};

/// The messages in a folder, sorted by file name; files of other names are none.
pub(super) fn load_folder(folder: &Path) -> Result<Vec<Vec<u8>>, SourceError> {
    entries(folder)?.iter().filter(|path| has_extension(path, "eml")).map(|path| read_file(path)).collect()
}

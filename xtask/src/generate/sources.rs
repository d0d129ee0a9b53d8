//! What generated pages are made of: the files below `scenarios/`.

use std::path::Path;

use pop3_scenario::Catalogue;
use pop3_scenario::matrix::Matrix;
use pop3_spec::registry::Registry;
use pop3_spec::ruling::Rulings;

use crate::error::{ChoreError, Problem};
use crate::tree;

/// The files below a folder, with their paths from there.
fn below(root: &Path, folder: &str) -> Result<Vec<(String, String)>, ChoreError> {
    let files = tree::read(root, &["scenarios"], &[".yaml"])?;
    let inside = files.into_iter().filter_map(|file| Some((file.path.strip_prefix(folder)?.to_owned(), file.text)));
    Ok(inside.collect())
}

fn broken(path: &str, error: &dyn std::fmt::Display) -> ChoreError {
    ChoreError::Problems(vec![Problem::new(path, error.to_string())])
}

/// # Errors
/// The files cannot be read, or do not load.
pub(super) fn registry(root: &Path) -> Result<Registry, ChoreError> {
    const FOLDER: &str = "scenarios/requirements/";
    Registry::load(below(root, FOLDER)?).map_err(|error| broken(FOLDER, &error))
}

/// # Errors
/// The file cannot be read, or does not load.
pub(super) fn rulings(root: &Path) -> Result<Rulings, ChoreError> {
    const FILE: &str = "scenarios/rulings.yaml";
    match below(root, "")?.into_iter().find(|(path, _)| path == FILE) {
        Some((_, text)) => Rulings::load(FILE, &text).map_err(|error| broken(FILE, &error)),
        None => Ok(Rulings::default()),
    }
}

/// The scenarios that load; what does not is told by `cargo xtask tidy`.
///
/// # Errors
/// The files cannot be read.
pub(super) fn catalogue(root: &Path) -> Result<Catalogue, ChoreError> {
    Ok(Catalogue::load(below(root, "scenarios/")?, None).0)
}

/// Each seeded fault's slug and the requirements that it breaks, from the published
/// matrix; none where there is no matrix.
///
/// # Errors
/// The matrix cannot be read.
pub(super) fn faults(root: &Path) -> Result<Vec<(String, Vec<String>)>, ChoreError> {
    const FILE: &str = "reports/self-test/matrix.json";
    let Some(file) = tree::read(root, &["reports"], &[".json"])?.into_iter().find(|file| file.path == FILE) else {
        return Ok(Vec::new());
    };
    let matrix: Matrix = serde_json::from_str(&file.text).map_err(|error| broken(FILE, &error))?;
    Ok(matrix.faults.into_iter().map(|fault| (fault.slug, fault.requirements)).collect())
}

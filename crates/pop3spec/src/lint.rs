//! `pop3spec lint`

use std::path::Path;

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::diagnostic::Diagnostic;
use pop3_scenario::lint as lints;
use pop3_scenario::verdict::Exit;
use pop3_spec::registry::Registry;
use pop3_spec::ruling::Rulings;

use crate::args::LintArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure, files, plural};

pub(crate) fn lint(options: &LintArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let registry = files::registry()?;
    let rulings = files::rulings()?;
    let (built_in, mut diagnostics) = files::catalogue(files::Added::default(), &registry)?;
    let mut count = 0;
    if options.paths.is_empty() {
        count = built_in.scenarios.len();
        diagnostics.extend(lints::catalogue(&built_in));
        diagnostics.extend(files::contradictions(&built_in.scenarios, &rulings));
    } else {
        diagnostics.clear();
    }
    for path in &options.paths {
        let (checked, found) = if path.is_dir() {
            folder(path, &registry, &rulings)?
        } else {
            file(path, &built_in, &registry, &rulings)?
        };
        count += checked;
        diagnostics.extend(found);
    }
    let errors = diagnostics.iter().filter(|found| found.is_error()).count();
    let warnings = diagnostics.len() - errors;
    for diagnostic in &diagnostics {
        terminal.print(&format!("{diagnostic}\n"))?;
    }
    terminal.print(&format!(
        "{} checked: {}, {}\n",
        plural(count, "scenario", "scenarios"),
        plural(errors, "error", "errors"),
        plural(warnings, "warning", "warnings")
    ))?;
    let bad = errors > 0 || options.strict && warnings > 0;
    Ok(Ended::Exit(if bad { Exit::Usage } else { Exit::Clean }))
}

/// A folder as a catalogue of its own, with the built-in fragments and fixtures.
fn folder(path: &Path, registry: &Registry, rulings: &Rulings) -> Result<(usize, Vec<Diagnostic>), Failure> {
    let own = files::folder(path)?.files;
    let (catalogue, diagnostics) = files::catalogue(files::Added::folders(&[path.to_owned()]), registry)?;
    let is_own = |file: &str| own.iter().any(|(name, _)| name == file);
    let scenarios: Vec<_> = catalogue.scenarios.iter().filter(|scenario| is_own(&scenario.source.path)).collect();
    // The only warnings so far are those on the folder itself.
    let of_it = |found: &Diagnostic| is_own(&found.span.file.path) || !found.is_error();
    let mut found: Vec<Diagnostic> = diagnostics.into_iter().filter(of_it).collect();
    found.extend(scenarios.iter().flat_map(|scenario| lints::scenario(scenario)));
    found.extend(files::contradictions(scenarios.iter().copied(), rulings));
    Ok((scenarios.len(), found))
}

/// One file, wherever it lies, with the fragments and fixtures of its catalogue.
fn file(
    path: &Path,
    built_in: &Catalogue,
    registry: &Registry,
    rulings: &Rulings,
) -> Result<(usize, Vec<Diagnostic>), Failure> {
    let text = files::read(path)?;
    let (with_own, mut found) = if files::beside(path)?.files.is_empty() {
        (None, Vec::new())
    } else {
        let added = files::Added { folders: &[], scenarios: &[path.to_owned()] };
        let (catalogue, found) = files::catalogue(added, registry)?;
        (Some(catalogue), found)
    };
    let catalogue = with_own.as_ref().unwrap_or(built_in);
    let (scenario, of_it) = catalogue.read_scenario(&path.display().to_string(), &text);
    found.extend(of_it);
    found.extend(scenario.iter().flat_map(lints::scenario));
    found.extend(files::contradictions(&scenario, rulings));
    Ok((1, found))
}

//! Seeds and short runs of the fuzz targets.

mod client_lines;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pop3_fuzzkit::{law, seeds};
use pop3_scenario::Catalogue;

use crate::command_line::say;
use crate::error::ChoreError;
use crate::{process, tree};

/// Writes the built-in seeds; files that are there already stay as they are.
///
/// # Errors
/// A file cannot be written.
pub(crate) fn seeds(root: &Path) -> Result<(), ChoreError> {
    for (target, _) in law::ALL {
        let seeds: BTreeMap<String, Vec<u8>> = seeds::for_target(target);
        let folder = root.join("fuzz/corpus").join(target);
        fs::create_dir_all(&folder).map_err(ChoreError::of_file(&folder))?;
        let mut written = 0;
        for (name, octets) in seeds {
            let path = folder.join(name);
            if !path.exists() {
                fs::write(&path, octets).map_err(ChoreError::of_file(&path))?;
                written += 1;
            }
        }
        say(format_args!("{target}: {written} seeds written"));
    }
    Ok(())
}

/// Writes the dialogues of all scenarios, in the encoding of each target, below a
/// folder: too many to commit, and a good start for a long run.
///
/// # Errors
/// A file cannot be read or written.
pub(crate) fn scenario_seeds(root: &Path, folder: &Path) -> Result<(), ChoreError> {
    let files = tree::read(root, &["scenarios"], &[".yaml"])?.into_iter().map(|file| {
        let path = file.path.strip_prefix("scenarios/").unwrap_or(&file.path);
        (path.to_owned(), file.text)
    });
    // What is wrong with a scenario is the business of `tidy`.
    let (catalogue, _) = Catalogue::load(files, None);
    for (target, _) in law::ALL {
        let folder = folder.join(target);
        fs::create_dir_all(&folder).map_err(ChoreError::of_file(&folder))?;
        let dialogues = catalogue
            .scenarios
            .iter()
            .map(|scenario| (scenario.id.replace('/', "-"), client_lines::client_octets(&scenario.steps)));
        let seeds = seeds::encode(target, dialogues);
        say(format_args!("{target}: {} seeds below {}", seeds.len(), folder.display()));
        for (name, octets) in seeds {
            let path = folder.join(name);
            fs::write(&path, octets).map_err(ChoreError::of_file(&path))?;
        }
    }
    Ok(())
}

/// Runs every target for so many seconds without a sanitizer, which needs no
/// nightly toolchain. New finds go to a folder of their own below fuzz/artifacts,
/// so that a run leaves the committed corpus as it is.
///
/// # Errors
/// cargo-fuzz is not there, or a target found a broken law.
pub(crate) fn smoke(root: &Path, seconds: u32) -> Result<(), ChoreError> {
    for (target, _) in law::ALL {
        let finds = format!("fuzz/artifacts/{target}-finds");
        fs::create_dir_all(root.join(&finds)).map_err(ChoreError::of_file(&finds))?;
        let command = format!(
            "cargo fuzz run -s none {target} {finds} fuzz/corpus/{target} -- \
             -dict=fuzz/pop3.dict -max_total_time={seconds} -timeout=5 -print_final_stats=1"
        );
        say(format_args!("== {target}"));
        process::run(root, &command, &[], "install it with `cargo install cargo-fuzz`")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_written_once_and_kept() {
        let root = tempfile::tempdir().unwrap();
        seeds(root.path()).unwrap();
        let seed = root.path().join("fuzz/corpus/server_session/rfc1939-10-session");
        assert!(fs::read(&seed).unwrap().starts_with(b"APOP mrose "));
        fs::write(&seed, b"minimised").unwrap();
        seeds(root.path()).unwrap();
        assert_eq!(fs::read(&seed).unwrap(), b"minimised");
    }
}

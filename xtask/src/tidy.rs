//! The house rules that a machine can hold. One rule, one file; each has a test
//! that shows it failing.

mod layers;
mod length;
mod names;
mod never;
mod placeholders;
mod scenarios;
mod sources;

use std::path::Path;

use cargo_metadata::{Metadata, MetadataCommand};

use crate::command_line::say;
use crate::error::{ChoreError, Problem};
use crate::tree::{self, TextFile};

/// What the rules look at.
struct Tree {
    metadata: Metadata,
    /// The Rust files of the workspace.
    rust: Vec<TextFile>,
    /// The YAML files below scenarios/.
    scenarios: Vec<TextFile>,
}

type Rule = fn(&Tree) -> Vec<Problem>;

const RULES: &[Rule] = &[
    |tree| layers::problems(&layers::edges(&tree.metadata)),
    |tree| never::problems(&never::closures(&tree.metadata)),
    |tree| sources::problems(&tree.rust),
    |tree| length::problems(&tree.rust),
    |tree| names::problems(tree.rust.iter().chain(&tree.scenarios)),
    |tree| placeholders::problems(&tree.rust),
    |tree| scenarios::problems(&tree.scenarios),
];

/// Runs every rule, whatever the others say.
///
/// # Errors
/// All problems found, or the tree cannot be read.
pub(crate) fn run(root: &Path) -> Result<(), ChoreError> {
    let tree = Tree {
        metadata: MetadataCommand::new().manifest_path(root.join("Cargo.toml")).exec()?,
        rust: tree::read(root, &["crates", "xtask", "fuzz"], &[".rs"])?,
        scenarios: tree::read(root, &["scenarios"], &[".yaml", ".yml"])?,
    };
    for (path, lines) in length::long(&tree.rust) {
        say(format_args!("note: {path} has {lines} lines; which two things does it do?"));
    }
    ChoreError::unless_empty(RULES.iter().flat_map(|rule| rule(&tree)).collect())
}

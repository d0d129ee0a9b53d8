//! Crates that certain crates never hold, not even through others.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, PackageId};

use crate::error::Problem;

/// A crate, what it never depends on, and why.
const NEVER: &[(&str, &[&str], &str)] = &[
    (
        "pop3-proto",
        &["tokio", "async-std", "mio", "socket2", "rand", "rand_core", "getrandom", "fastrand"],
        "the protocol core has no sockets, clocks, threads or randomness",
    ),
    ("pop3-spec", &["tokio", "async-std", "mio", "socket2"], "judging does no I/O"),
    ("pop3-scenario", &["tokio", "async-std", "mio", "socket2"], "the format has no sockets"),
    ("pop3-fuzzkit", &["libfuzzer-sys", "honggfuzz", "afl"], "laws run on stable Rust; the fuzzer stays in fuzz/"),
];

/// For each crate in the list, everything it needs to run, itself left out.
pub(super) fn closures(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let names: BTreeMap<&PackageId, &str> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    let nodes = metadata.resolve.as_ref().map(|resolve| resolve.nodes.as_slice()).unwrap_or_default();
    let needs: BTreeMap<&PackageId, Vec<&PackageId>> = nodes
        .iter()
        .map(|node| {
            let runs = node
                .deps
                .iter()
                .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development));
            (&node.id, runs.map(|dependency| &dependency.pkg).collect())
        })
        .collect();
    let mut closures = BTreeMap::new();
    for package in metadata.workspace_packages() {
        let mut open = needs.get(&package.id).cloned().unwrap_or_default();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(names.get(id).copied().unwrap_or_default().to_owned()) {
                open.extend(needs.get(id).into_iter().flatten());
            }
        }
        closures.insert(package.name.to_string(), seen);
    }
    closures
}

pub(super) fn problems(closures: &BTreeMap<String, BTreeSet<String>>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, banned, why) in NEVER {
        let held = closures.get(*name).into_iter().flatten().filter(|held| banned.contains(&held.as_str()));
        problems.extend(held.map(|held| {
            let text = format!("depends on {held}: {why}; see `cargo tree -p {name} -e normal -i {held}`");
            Problem::new(format!("crates/{name}/Cargo.toml"), text)
        }));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_holds_no_randomness() {
        let check = |name: &str, held: &[&str], want: usize| {
            let held = held.iter().map(|held| (*held).to_owned()).collect();
            assert_eq!(problems(&BTreeMap::from([(name.to_owned(), held)])).len(), want, "{name}");
        };
        check("pop3-proto", &["memchr", "thiserror"], 0);
        check("pop3-proto", &["memchr", "getrandom", "tokio"], 2);
        check("pop3-server", &["tokio"], 0);
        check("pop3-fuzzkit", &["libfuzzer-sys"], 1);
    }

    #[test]
    fn closures_reach_through_other_crates() {
        let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let metadata = cargo_metadata::MetadataCommand::new().manifest_path(manifest).exec().unwrap();
        let closures = closures(&metadata);
        // The server holds mio only through tokio, and xtask the core only through its laws' crate or itself.
        assert!(closures["pop3-server"].contains("mio"));
        assert!(!closures["pop3-proto"].contains("divan"));
    }
}

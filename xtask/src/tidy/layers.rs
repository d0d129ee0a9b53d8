//! A crate depends only on crates in a lower layer.

use cargo_metadata::Metadata;

use crate::error::Problem;

/// The layers, lowest first.
const LAYERS: &[&[&str]] = &[
    &["pop3-proto"],
    &["pop3-spec", "pop3-server"],
    &["pop3-scenario"],
    &["pop3-runner", "pop3-report", "pop3-fuzzkit"],
    &["pop3spec"],
    &["xtask"],
];

/// Edges that the layers forbid already, and why they must stay forbidden if
/// somebody moves a crate.
const NEVER: &[(&str, &str, &str)] = &[
    ("pop3-server", "pop3-spec", "judge and judged share only the grammar"),
    ("pop3-spec", "pop3-server", "judge and judged share only the grammar"),
    ("pop3-report", "pop3-runner", "they meet only at the event type"),
    ("pop3-runner", "pop3-report", "they meet only at the event type"),
];

/// A dependency within the workspace, of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    from: String,
    to: Option<String>,
}

/// Every workspace crate alone, and every edge between two.
pub(super) fn edges(metadata: &Metadata) -> Vec<Edge> {
    let mut edges = Vec::new();
    for package in metadata.workspace_packages() {
        let from = package.name.to_string();
        let here = package.dependencies.iter().filter(|dependency| dependency.path.is_some());
        edges.extend(here.map(|dependency| Edge { from: from.clone(), to: Some(dependency.name.clone()) }));
        edges.push(Edge { from, to: None });
    }
    edges
}

pub(super) fn problems(edges: &[Edge]) -> Vec<Problem> {
    edges.iter().filter_map(problem).collect()
}

fn problem(edge: &Edge) -> Option<Problem> {
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    let place = manifest(&edge.from);
    let Some(from) = layer(&edge.from) else {
        return Some(Problem::new(place, "has no layer; give it one in xtask/src/tidy/layers.rs and ARCHITECTURE.md"));
    };
    let to = edge.to.as_ref()?;
    if let Some((.., why)) = NEVER.iter().find(|(a, b, _)| (*a, *b) == (edge.from.as_str(), to.as_str())) {
        return Some(Problem::new(place, format!("must not depend on {to}: {why}; remove the dependency")));
    }
    // A name without a layer has its own line.
    let to_layer = layer(to)?;
    (to_layer >= from).then(|| {
        let text =
            format!("layer {from} must not depend on {to} of layer {to_layer}; move what is needed to a lower layer");
        Problem::new(place, text)
    })
}

fn manifest(name: &str) -> String {
    if name == "xtask" { "xtask/Cargo.toml".to_owned() } else { format!("crates/{name}/Cargo.toml") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_layers() {
        let check = |from: &str, to: Option<&str>, want: &str| {
            let edge = Edge { from: from.to_owned(), to: to.map(str::to_owned) };
            let got = problems(&[edge]).iter().map(ToString::to_string).collect::<String>();
            assert!(if want.is_empty() { got.is_empty() } else { got.contains(want) }, "{from} -> {to:?}: {got}");
        };
        check("pop3-runner", Some("pop3-server"), "");
        check("xtask", Some("pop3-fuzzkit"), "");
        check("pop3-proto", None, "");
        check(
            "pop3-proto",
            Some("pop3-spec"),
            "crates/pop3-proto/Cargo.toml: layer 0 must not depend on pop3-spec of layer 1",
        );
        check("pop3-fuzzkit", Some("pop3-runner"), "layer 3");
        check("pop3-server", Some("pop3-spec"), "judge and judged");
        check("pop3-report", Some("pop3-runner"), "event type");
        check("pop3-new", None, "has no layer");
    }
}

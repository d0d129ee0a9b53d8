//! The schemas agree with the reader, as far as a schema can tell.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

use pop3_scenario::schema;
use serde_json::Value;
use snapbox::{Assert, Data};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::validator_for(schema).unwrap()
}

fn yaml(path: &Path) -> Option<Value> {
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).ok()
}

/// All `.yaml` files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    found
}

#[test]
fn published_schemas_are_the_generated_ones() {
    let assert = Assert::new().action_env("SNAPSHOTS").normalize_paths(false);
    for (name, schema) in schema::all() {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        assert.eq(
            Data::text(text),
            Data::read_from(&root().join("docs/schema").join(name), Some(snapbox::data::DataFormat::Text)),
        );
    }
}

#[test]
fn every_right_file_is_valid() {
    let scenarios = validator(&schema::scenario());
    let fragments = validator(&schema::fragment());
    let fixtures = validator(&schema::fixture());
    let mut paths = files(&root().join("scenarios"));
    paths.extend(files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/right")));
    let mut count = 0;
    for path in paths {
        let Some(value) = yaml(&path) else { panic!("{} is not YAML", path.display()) };
        let validator = match value["format"].as_str() {
            Some("pop3-scenario/1") => &scenarios,
            Some("pop3-fragment/1") => &fragments,
            Some("pop3-fixture/1") => &fixtures,
            _ => continue,
        };
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}\n{}", path.display(), errors.join("\n"));
        count += 1;
    }
    assert!(count > 20, "{count}");
}

/// Mistakes that only the reader can see: what YAML has eaten, and what one
/// part of a file says of another.
const BEYOND_A_SCHEMA: [&str; 23] = [
    "auth-undeclared",
    "bad-id",
    "bad-text",
    "captured-twice",
    "comment-in-text",
    "control-character",
    "crlf-line-ends",
    "duplicate-key",
    "later-in-the-reply",
    "octets-in-quotes",
    "over-budget",
    "parallel",
    "session-not-open",
    "several-lines",
    "tag",
    "too-deep",
    "trailing-blank",
    "undeclared-deletion",
    "undeclared-need",
    "unknown-names",
    "unresolved-capture",
    "wait-outside-slow",
    "wrong-kind",
];

#[test]
fn wrong_files_are_invalid_where_a_schema_can_tell() {
    let validator = validator(&schema::scenario());
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong")) {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let refused = yaml(&path).is_none_or(|value| !validator.is_valid(&value));
        assert!(refused || BEYOND_A_SCHEMA.contains(&stem) || stem == "anchor", "{stem} is valid");
    }
}

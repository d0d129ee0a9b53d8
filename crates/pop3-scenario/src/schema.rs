//! JSON Schemas of the file formats, for editors. They refuse what a schema can
//! tell; captures, sessions and names across files are checked on loading.
//!
//! The words come from the tables that the reader uses, so they cannot disagree.

mod pieces;

use serde_json::{Value, json};

use crate::decode::{HOOKS, TIERS};
use crate::fixture::MAX_MESSAGES;
use pieces::{definitions, duration, file, list_of, reference, slug, text, words, words_of};

/// All schemas with the file names under which they are published.
#[must_use]
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("pop3-scenario-1.schema.json", scenario()),
        ("pop3-fragment-1.schema.json", fragment()),
        ("pop3-fixture-1.schema.json", fixture()),
    ]
}

/// The schema of `pop3-scenario/1`.
#[must_use]
pub fn scenario() -> Value {
    let times = json!({
        "type": "object", "additionalProperties": false, "required": ["fixture", "times"],
        "properties": {"fixture": text(), "times": {"type": "integer", "minimum": 1, "maximum": MAX_MESSAGES}},
    });
    let message = json!({"oneOf": [text(), times]});
    let properties = json!({
        "format": {"const": "pop3-scenario/1"},
        "id": {
            "type": "string", "pattern": "^[^\\s\\[\\]/]+(/[^\\s\\[\\]/]+)*$",
            "description": "The path below the catalogue without .yaml; never reused.",
        },
        "rev": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "Raised when the verdict on some server may change."},
        "title": described(text(), "One line for lists."),
        "why": described(text(), "Why it matters to a person's mail."),
        "practice": described(text(), "What goes wrong in practice, and on which servers it was seen."),
        "fix": described(text(), "How the author of a server mends it."),
        "requirements": described(set_of(text()), "Ids of requirements; the first is the default of the assertions."),
        "level": reference("level"),
        "severity": {"const": "security"},
        "cve": set_of(json!({"type": "string", "pattern": "^CVE-[0-9]{4,}-[0-9]{4,}$"})),
        "needs": {
            "type": "object", "additionalProperties": false,
            "description": "What the target must offer.",
            "properties": {
                "capa": list_of(reference("capability")),
                "profile": list_of(slug()),
                "hook": list_of(words_of(&HOOKS)),
                "tls": words(&["stls", "implicit"]),
                "neighbour": {"type": "boolean", "description": "A second account, with a maildrop of one message."},
            },
        },
        "mailbox": described(list_of(message), "Fixtures; the nth is message n. An empty list asks for an empty maildrop."),
        "account": {
            "type": "object", "additionalProperties": false, "minProperties": 1,
            "description": "How the scenario's account departs from the one that the runner makes.",
            "properties": {
                "user": described(text(), "The name, with ${user} in it, which stands for the made one."),
                "password": described(text(), "The password; ${password} stands for the made one."),
            },
        },
        "axes": {
            "type": "object", "additionalProperties": false,
            "properties": {"chunking": set_of(reference("chunking"))},
        },
        "repeat": {"type": "integer", "minimum": 1, "maximum": 1000},
        "kills": described(list_of(slug()), "Seeded faults that the scenario must detect."),
        "tier": words_of(&TIERS),
        "budget": described(duration(), "In tier slow, and only there: the longest that it may take."),
        "destructive": {"type": "boolean", "description": "May change the maildrop of a correct server; obligatory where DELE is sent."},
        "steps": reference("steps"),
    });
    let mut schema = file("pop3-scenario/1", properties, &["format", "id", "title", "steps"], definitions());
    if let Some(members) = schema.as_object_mut() {
        // A budget in tier slow, and nowhere else.
        members.insert("if".to_owned(), json!({"properties": {"tier": {"const": "slow"}}, "required": ["tier"]}));
        members.insert("then".to_owned(), json!({"required": ["budget"]}));
        members.insert("else".to_owned(), json!({"not": {"required": ["budget"]}}));
    }
    schema
}

/// The schema of `pop3-fragment/1`.
#[must_use]
pub fn fragment() -> Value {
    let properties = json!({
        "format": {"const": "pop3-fragment/1"},
        "title": text(),
        "steps": reference("steps"),
    });
    file("pop3-fragment/1", properties, &["format", "title", "steps"], definitions())
}

/// The schema of `pop3-fixture/1`.
#[must_use]
pub fn fixture() -> Value {
    let piece = |key: &str, value: Value| {
        json!({
            "type": "object", "additionalProperties": false, "required": [key],
            "properties": {key: value, "repeat": {"type": "integer", "minimum": 1}},
        })
    };
    let properties = json!({
        "format": {"const": "pop3-fixture/1"},
        "title": text(),
        "octets": {"type": "integer", "minimum": 0, "description": "Checked against the content as stored."},
        "final_line_end": {"type": "boolean", "description": "false drops the last CRLF."},
        "content": list_of(json!({"oneOf": [piece("lines", list_of(text())), piece("raw", text()), piece("hex", text())]})),
    });
    file("pop3-fixture/1", properties, &["format", "title", "content"], json!({}))
}

fn described(mut schema: Value, description: &str) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("description".to_owned(), json!(description));
    }
    schema
}

fn set_of(item: Value) -> Value {
    json!({"type": "array", "uniqueItems": true, "items": item})
}

//! The parts that schemas share.

use pop3_proto::login::Mechanism;
use serde_json::{Map, Value, json};

use crate::decode::{
    ANY, BINDINGS, CERTIFICATES, CLOSINGS, ENDINGS, NAMELESS, OPENINGS, OUTCOMES, RECOMMENDED, RESPONSES, STATUSES,
    VERBS, VERDICTS, VERSIONS, WINDOWS,
};

/// A file: a map with known keys.
pub(super) fn file(format: &str, properties: Value, required: &[&str], definitions: Value) -> Value {
    let name = format.replace('/', "-");
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("https://github.com/pop3spec/pop3spec/blob/main/docs/schema/{name}.schema.json"),
        "title": format,
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
        "$defs": definitions,
    })
}

pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

/// A text. YAML gives `2` and `true` types of their own; the reader takes them
/// as they are written.
pub(super) fn text() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

pub(super) fn slug() -> Value {
    json!({"type": ["string", "integer"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"})
}

fn name() -> Value {
    json!({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"})
}

pub(super) fn duration() -> Value {
    json!({"type": "string", "pattern": "^[0-9]+(ms|s|m)$"})
}

/// An expression; a number alone is one too.
fn expression() -> Value {
    json!({"type": ["string", "integer"]})
}

pub(super) fn words(words: &[&str]) -> Value {
    json!({"enum": words})
}

pub(super) fn words_of<T>(table: &[(&str, T)]) -> Value {
    words(&table.iter().map(|(word, _)| *word).collect::<Vec<_>>())
}

pub(super) fn list_of(item: Value) -> Value {
    json!({"type": "array", "items": item})
}

fn map(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": properties, "required": required})
}

fn either(first: Value, second: Value) -> Value {
    json!({"anyOf": [first, second]})
}

fn one_key(keys: &[&str]) -> Value {
    let each: Vec<Value> = keys.iter().map(|key| json!({"required": [key]})).collect();
    json!({"oneOf": each})
}

fn with_one_key(mut map: Value, keys: &[&str]) -> Value {
    if let (Some(members), Value::Object(more)) = (map.as_object_mut(), one_key(keys)) {
        members.extend(more);
    }
    map
}

/// Everything that steps are made of.
pub(super) fn definitions() -> Value {
    json!({
        "level": words(&["must", "should", "may"]),
        "capability": {"type": "string", "pattern": "^[!-`{-~]+( [!-`{-~]+)?$"},
        "chunking": either(words(&["whole", "bytewise", "split-crlf"]), json!({"type": "integer", "minimum": 1})),
        "steps": {"type": "array", "minItems": 1, "items": reference("step")},
        "reply": either(json!({"type": "string", "pattern": "^(\\+OK|-ERR|\\+|any)( |$)"}), reference("reply-map")),
        "reply-map": reply_map(),
        "body": body(),
        "eof": map(json!({"within": duration(), "close_notify": {"type": "boolean"}, "level": reference("level"), "requirement": text()}), &[]),
        "silent": either(duration(), map(json!({"for": duration(), "level": reference("level"), "requirement": text()}), &["for"])),
        "open": open(),
        "payload": payload(),
        "auth": auth(),
        "alternative": alternative(),
        "step": step(),
    })
}

fn reply_map() -> Value {
    let members = json!({
        "status": words_of(&STATUSES),
        "text": text(),
        "exact": {"type": "boolean"},
        "code": {"type": "string", "pattern": "^[^\\[\\]\\s/]+(/[^\\[\\]\\s/]+)*$"},
        "each": text(),
        "into": name(),
        "count": expression(),
        "lines": list_of(text()),
        "unordered": {"type": "boolean"},
        "body": reference("body"),
        "took": name(),
        "level": reference("level"),
        "requirement": text(),
    });
    let mut map = map(members, &[]);
    if let Some(map) = map.as_object_mut() {
        map.insert("dependentRequired".to_owned(), json!({"exact": ["text"], "unordered": ["lines"]}));
    }
    map
}

fn body() -> Value {
    let members = json!({
        "message": expression(),
        "part": words(&["whole", "header", "body"]),
        "top": expression(),
        "contains": text(),
        "octets": expression(),
        "same_as": name(),
        "into": name(),
    });
    let mut map = map(members, &[]);
    if let Some(map) = map.as_object_mut() {
        map.insert("dependentRequired".to_owned(), json!({"top": ["message"]}));
    }
    map
}

fn open() -> Value {
    let members = json!({
        "tls": words_of(&OPENINGS),
        "window": {"type": "integer", "minimum": WINDOWS.start(), "maximum": WINDOWS.end()},
        "level": reference("level"),
        "requirement": text(),
    });
    map(members, &[])
}

fn payload() -> Value {
    let members = json!({
        "raw": text(),
        "hex": text(),
        "base64": text(),
        "repeat": {"type": "integer", "minimum": 1},
        "then": text(),
        "chunking": reference("chunking"),
    });
    with_one_key(map(members, &[]), &["raw", "hex", "base64"])
}

fn auth() -> Value {
    let beside_any = json!({"enum": ["mechanism", "level", "requirement"]});
    json!({
        "type": "object", "additionalProperties": false, "required": ["mechanism"],
        "if": {"properties": {"mechanism": {"const": ANY}}},
        "then": {"propertyNames": beside_any},
        "properties": {
            "mechanism": mechanism(),
            "user": text(),
            "password": text(),
            "token": text(),
            "authzid": text(),
            "initial_response": words_of(&RESPONSES),
            "channel_binding": words_of(&BINDINGS),
            "nonce": text(),
            "alter": {"type": "array", "minItems": 1, "items": alteration()},
            "cancel": {"type": "integer", "minimum": 1, "maximum": 9},
            "expect": words_of(&ENDINGS),
            "code": {"type": "string", "pattern": "^[^\\[\\]\\s/]+(/[^\\[\\]\\s/]+)*$"},
            "level": reference("level"),
            "requirement": text(),
        },
    })
}

fn alteration() -> Value {
    map(
        json!({"message": {"type": "integer", "minimum": 1, "maximum": 9}, "replace": text(), "with": {"type": "string"}}),
        &["with"],
    )
}

fn mechanism() -> Value {
    let names: Vec<&str> = Mechanism::ALL.iter().map(|mechanism| mechanism.name()).chain([ANY]).collect();
    words(&names)
}

fn alternative() -> Value {
    let members = json!({
        "id": slug(),
        "S": reference("reply"),
        "eof": reference("eof"),
        "silent": reference("silent"),
        "tls": words_of(&OUTCOMES),
        "verdict": words_of(&VERDICTS),
        "note": text(),
        "ruling": slug(),
        "requirement": text(),
        "then": reference("steps"),
    });
    with_one_key(map(members, &["id", "verdict"]), &["S", "eof", "silent", "tls"])
}

/// One verb to a step, but for `sentinel`, which has its `expect` beside it.
fn step() -> Value {
    let mut verbs = Map::new();
    for (verb, takes_session) in VERBS {
        let session = if takes_session { "(@[a-z0-9]+(-[a-z0-9]+)*)?" } else { "" };
        verbs.insert(format!("^{verb}{session}$"), value_of(verb));
    }
    verbs.insert("^expect$".to_owned(), reference("reply"));
    json!({
        "type": "object",
        "additionalProperties": false,
        "patternProperties": verbs,
        "minProperties": 1,
        "if": {"propertyNames": {"not": {"pattern": "^sentinel(@|$)"}}},
        "then": {"maxProperties": 1, "not": {"required": ["expect"]}},
        "else": {"maxProperties": 2, "required": ["expect"]},
    })
}

fn value_of(verb: &str) -> Value {
    let steps = || reference("steps");
    match verb {
        "S" => reference("reply"),
        "send" => reference("payload"),
        "open" => reference("open"),
        "close" => words_of(&CLOSINGS),
        "eof" => reference("eof"),
        "silent" => reference("silent"),
        "wait" => either(duration(), map(json!({"seconds": expression()}), &["seconds"])),
        "tls" => {
            let members = json!({
                "outcome": words_of(&OUTCOMES),
                // A number that looks like a version is one.
                "version": either(words_of(&VERSIONS), json!({"enum": [1.0, 1.1, 1.2, 1.3]})),
                "suites": words_of(&RECOMMENDED),
                "server_name": words_of(&NAMELESS),
                "certificate": words_of(&CERTIFICATES),
                "level": reference("level"),
                "requirement": text(),
            });
            either(words_of(&OUTCOMES), map(members, &["outcome"]))
        }
        "auth" => either(mechanism(), reference("auth")),
        "one_of" => json!({"type": "array", "minItems": 2, "items": reference("alternative")}),
        "check" => {
            let members = json!({"that": expression(), "note": text(), "level": reference("level"), "requirement": text(), "ruling": slug()});
            either(expression(), map(members, &["that"]))
        }
        "parallel" => json!({
            "type": "object", "minProperties": 2, "additionalProperties": steps(),
            "propertyNames": {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        }),
        "barrier" => slug(),
        "retry" => map(json!({"within": duration(), "steps": steps()}), &["within", "steps"]),
        "foreach" => {
            let range = map(json!({"from": expression(), "to": expression()}), &["from", "to"]);
            let values = json!({"anyOf": [{"type": "array", "minItems": 1, "items": text()}, {"type": "string", "pattern": "^\\$\\{.+\\}$"}, range]});
            let at_once = json!({"type": "integer", "minimum": 2, "maximum": 50});
            map(json!({"var": name(), "in": values, "at_once": at_once, "steps": steps()}), &["var", "in", "steps"])
        }
        "when" => {
            let members = json!({"capa": reference("capability"), "not_capa": reference("capability"), "check": expression(), "steps": steps()});
            with_one_key(map(members, &["steps"]), &["capa", "not_capa", "check"])
        }
        "use" => {
            let with = json!({"type": "object", "additionalProperties": text(), "propertyNames": name()});
            either(json!({"type": "string"}), map(json!({"fragment": {"type": "string"}, "with": with}), &["fragment"]))
        }
        "hook" => words_of(&crate::decode::HOOKS),
        _ => text(),
    }
}

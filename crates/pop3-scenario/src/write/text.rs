//! Scalars: plain where every reader agrees, single or double quotes elsewhere.

use std::fmt::Write as _;
use std::time::Duration;

/// A text as a scalar that reads back as the same text, in block and in flow.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if text.chars().all(|c| !c.is_control() && c != '\u{FEFF}') && text.contains(['"', '\\']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || c == '\u{FEFF}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Words and simple texts need no quotes.
fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        || ["+OK", "-ERR", "/"].iter().any(|start| text.starts_with(start));
    let simple = |c: char| c.is_ascii_alphanumeric() || " +-_./()=<>".contains(c);
    // A hyphen by itself at the end is an item of a block to a reader of `[…]`.
    starts_well && text.chars().all(simple) && !text.ends_with(' ') && !text.ends_with(" -")
}

/// `[a, b]`
pub(super) fn list<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(|item| scalar(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// `500ms`, `3s`, `2m`, whichever is exact and shortest.
pub(super) fn duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    if !millis.is_multiple_of(1000) {
        format!("{millis}ms")
    } else if millis.is_multiple_of(60_000) {
        format!("{}m", millis / 60_000)
    } else {
        format!("{}s", millis / 1000)
    }
}

/// `{a: b, c: d}` of members written already.
pub(super) fn flow(members: &[String]) -> String {
    format!("{{{}}}", members.join(", "))
}

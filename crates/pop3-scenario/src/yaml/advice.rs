//! What the YAML parser cannot read, in words, with the quoted form offered
//! where a dialogue's text was taken for YAML.

use crate::diagnostic::Findings;
use crate::source::Span;

/// Keys whose values are texts of the protocol, which YAML often takes for
/// something else.
const TEXT_KEYS: [&str; 16] = [
    "C", "S", "sentinel", "expect", "raw", "then", "text", "each", "contains", "check", "that", "title", "why",
    "practice", "fix", "note",
];

/// The text as a double-quoted scalar.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Says what a parse error means.
pub(super) fn explain(info: &str, span: Span, findings: &mut Findings) {
    // The parser often notices on the next line.
    let lines = [span.line, span.line.saturating_sub(1)];
    for number in lines {
        let line = span.file.line(number);
        let Some(found) = TextLine::read(line) else { continue };
        if !found.needs_quotes() {
            continue;
        }
        let place = Span { line: number, column: found.column, width: found.width, ..span.clone() };
        let help = format!("quote it: `{}: {}`", found.key, quoted(found.value));
        findings.error_help(
            &place,
            "needs-quotes",
            format!("YAML cannot read this text of `{}` without quotes", found.key),
            help,
        );
        return;
    }
    let help = if info.contains("flow") {
        "inside `{…}` and `[…]` a text with a brace, a bracket, a comma or `: ` needs quotes"
    } else if info.contains("quoted") {
        "close the quote on the line where it begins"
    } else {
        "look at the indentation: the keys of one map, and the steps of one list, begin in one column"
    };
    findings.error_help(&span, "yaml-syntax", format!("this is not YAML: {info}"), help);
}

/// A line `- C: text`.
struct TextLine<'l> {
    key: &'l str,
    value: &'l str,
    column: u32,
    width: u32,
}

impl<'l> TextLine<'l> {
    fn read(line: &'l str) -> Option<Self> {
        let mut rest = line.trim_start_matches(' ');
        while let Some(inner) = rest.strip_prefix("- ") {
            rest = inner.trim_start_matches(' ');
        }
        let (key, value) = rest.split_once(": ")?;
        let verb = key.split_once('@').map_or(key, |(verb, _)| verb);
        if !TEXT_KEYS.contains(&verb) {
            return None;
        }
        let value = value.trim();
        let at = line.find(value)?;
        let column = line.get(..at)?.chars().count() + 1;
        let width = value.chars().count();
        Some(Self { key, value, column: u32::try_from(column).ok()?, width: u32::try_from(width).ok()? })
    }

    /// Whether a plain scalar of this text is what YAML stumbles over.
    fn needs_quotes(&self) -> bool {
        let starts_badly = self.value.starts_with(['{', '[', '*', '&', '!', '%', '@', '`', '|', '>', '}', ']', ',']);
        let is_quoted = self.value.starts_with(['"', '\'']);
        let is_map = self.value.starts_with('{') && self.value.ends_with('}') && self.value.contains(": ");
        !is_quoted && !is_map && (starts_badly || self.value.contains(": ") || self.value.ends_with(':'))
    }
}

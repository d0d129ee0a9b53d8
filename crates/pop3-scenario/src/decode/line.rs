//! Texts of the protocol: what YAML would silently change in them is refused,
//! with the form offered that says what was meant.

use saphyr_parser::ScalarStyle;

use super::Decoder;
use crate::pattern::{HoleType, Template};
use crate::source::Span;
use crate::yaml::{Node, Scalar, quoted};

impl Decoder<'_> {
    /// One line to send, as `C:` and `sentinel:` have it.
    pub(super) fn line(&mut self, key: &Node, node: &Node) -> Option<Template> {
        let name = key.text().unwrap_or("C");
        let scalar = self.scalar(&format!("`{name}`"), node)?;
        self.check_line(name, key, node, scalar);
        let template = self.parsed(node, Template::parse(&scalar.text))?;
        if let Some(hole) = hole_in(&scalar.text) {
            let message = format!("a hole cannot be sent: `{hole}`");
            self.findings.error_help(
                &node.span,
                "hole-sent",
                message,
                "use a capture made earlier with `${name}`; `send: {raw: …}` sends braces as they are",
            );
        }
        Some(template)
    }

    /// What YAML eats of a text that stands behind `key`.
    pub(super) fn check_line(&mut self, name: &str, key: &Node, node: &Node, scalar: &Scalar) {
        self.check_octets(node, scalar);
        self.check_one_line(&format!("the text of `{name}`"), node, scalar);
        if scalar.style != ScalarStyle::Plain || !scalar.one_line {
            return;
        }
        self.check_comment(name, node, scalar);
        self.check_blank(name, node, scalar);
        let key_end = key.span.column as usize + name.chars().count() + 1;
        let blanks = (node.span.column as usize).saturating_sub(key_end);
        if key.span.line == node.span.line && blanks > 1 {
            let meant = quoted(&format!("{}{}", " ".repeat(blanks - 1), scalar.text));
            let message = format!("YAML drops the blanks before the text of `{name}`");
            let help = format!("write one blank after the colon, or `{name}: {meant}` where they are meant");
            self.findings.error_help(&node.span, "leading-blank", message, help);
        }
    }

    /// What YAML took for a comment at the end of a plain scalar.
    pub(super) fn check_comment(&mut self, what: &str, node: &Node, scalar: &Scalar) {
        let Some(tail) = tail_of(scalar).filter(|tail| tail.trim_start().starts_with('#')) else { return };
        let name = what.trim_matches('`');
        let text = quoted(scalar.raw().trim_end_matches(' '));
        let meant = if name.contains(' ') { text } else { format!("{name}: {text}") };
        let message = format!("YAML takes this for a comment and drops it from the text of `{name}`");
        let help = format!("quote it: `{meant}`; a comment stands on a line of its own");
        self.findings.error_help(&behind(node, scalar, tail.trim_end()), "comment-in-text", message, help);
    }

    /// Blanks at the end of a plain scalar.
    pub(super) fn check_blank(&mut self, what: &str, node: &Node, scalar: &Scalar) {
        let Some(tail) = tail_of(scalar).filter(|tail| !tail.is_empty() && tail.trim().is_empty()) else { return };
        let name = what.trim_matches('`');
        let meant = quoted(scalar.raw());
        let message = format!("YAML drops the blank at the end of the text of `{name}`");
        self.findings.error_help(
            &behind(node, scalar, tail),
            "trailing-blank",
            message,
            format!("remove it, or write `{name}: {meant}` where it is meant"),
        );
    }

    /// A text of one line has no line end inside.
    pub(super) fn check_one_line(&mut self, what: &str, node: &Node, scalar: &Scalar) {
        if scalar.text.contains(['\r', '\n']) || !scalar.one_line {
            let message = format!("{what} is one line, and this has several");
            self.findings.error_help(
                &node.span,
                "several-lines",
                message,
                r"CRLF is added by the verb; exact octets go into `send: {raw: 'A\r\nB\r\n'}`",
            );
        }
    }

    /// In double quotes `\xFF` is the character U+00FF, which is two octets.
    pub(super) fn check_octets(&mut self, node: &Node, scalar: &Scalar) {
        if scalar.style != ScalarStyle::DoubleQuoted {
            return;
        }
        if scalar.text.contains('\0') {
            self.findings.error_help(
                &node.span,
                "octet-in-quotes",
                "a NUL in a double-quoted text is read differently by different readers",
                r"write `send: {hex: 00}`, or `send: {raw: '\0'}` in single quotes",
            );
        }
        if let Some(escape) = high_escape(scalar.raw()) {
            let code = escape.trim_start_matches("\\x").to_lowercase();
            let message =
                format!("`{escape}` in double quotes is the character U+00{}, hence two octets", code.to_uppercase());
            self.findings.error_help(&node.span, "octet-in-quotes", message, format!("for the octet write `send: {{hex: {code}}}`, or `send: {{raw: '\\x{code}'}}` in single quotes; for the character write it as it is"));
        }
    }
}

/// The rest of the source line behind a plain scalar of one line.
fn tail_of(scalar: &Scalar) -> Option<&str> {
    let plain = scalar.style == ScalarStyle::Plain && scalar.one_line;
    scalar.raw().strip_prefix(scalar.text.as_str()).filter(|_| plain)
}

fn behind(node: &Node, scalar: &Scalar, tail: &str) -> Span {
    let number = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    Span {
        column: node.span.column.saturating_add(number(&scalar.text)),
        width: number(tail).max(1),
        ..node.span.clone()
    }
}

/// The first `\xNN` above 127 of a double-quoted scalar's source.
fn high_escape(raw: &str) -> Option<&str> {
    let mut rest = raw.get(1..)?;
    loop {
        let at = rest.find(['\\', '"'])?;
        rest = rest.get(at..)?;
        if rest.starts_with('"') {
            return None;
        }
        if let Some(escape) = rest.get(..4).filter(|escape| escape.starts_with("\\x"))
            && u8::from_str_radix(escape.get(2..)?, 16).is_ok_and(|octet| octet > 127)
        {
            return Some(escape);
        }
        let mut chars = rest.chars();
        chars.next();
        chars.next();
        rest = chars.as_str();
    }
}

/// A hole of a known type, in a text that has none.
fn hole_in(text: &str) -> Option<&str> {
    text.match_indices('{').find_map(|(at, _)| {
        if text.get(..at)?.ends_with('$') {
            return None;
        }
        let inside = text.get(at + 1..)?;
        let inside = inside.get(..inside.find('}')?)?;
        let (name, kind) = inside.split_once(':')?;
        let known = HoleType::ALL.iter().any(|hole| hole.as_str() == kind);
        (known && (name.is_empty() || crate::pattern::is_name(name))).then(|| text.get(at..at + inside.len() + 2))?
    })
}

//! Small values: words, numbers, durations, texts with holes, expressions.

use std::time::Duration;

use super::{Decoder, did_you_mean};
use crate::expression::Expression;
use crate::pattern::{Pattern, Template, TextError, is_name};
use crate::source::Span;
use crate::verdict::Level;
use crate::yaml::{Content, Node, Scalar, quoted};

/// The longest duration of a file.
const LONGEST: Duration = Duration::from_secs(3600);

impl Decoder<'_> {
    pub(super) fn scalar<'n>(&mut self, what: &str, node: &'n Node) -> Option<&'n Scalar> {
        match &node.content {
            Content::Scalar(_) if node.is_absent() => {
                self.findings.error_help(
                    &node.span,
                    "no-value",
                    format!("{what} has no value"),
                    "write one; an empty text is `\"\"`",
                );
                None
            }
            Content::Scalar(scalar) => Some(scalar),
            _ => {
                self.unquoted_hole(what, node);
                None
            }
        }
    }

    /// `each: {n:uint}` is a map to YAML.
    fn unquoted_hole(&mut self, what: &str, node: &Node) {
        let line = node.span.file.line(node.span.line);
        let raw: String = line.chars().skip(node.span.column.saturating_sub(1) as usize).collect();
        match &node.content {
            Content::Mapping(entries)
                if raw.starts_with('{')
                    && entries
                        .iter()
                        .any(|(key, value)| value.is_absent() && key.text().is_some_and(|key| key.contains(':'))) =>
            {
                let message = format!("{what} must be text, and YAML takes an unquoted `{{` for a map");
                // Inside `{…}` the text ends with its own brace.
                let before = line.get(..line.len() - raw.len()).unwrap_or_default();
                let end =
                    if before.contains(['{', '[']) { raw.find('}').map_or(raw.len(), |at| at + 1) } else { raw.len() };
                let text = raw.get(..end).unwrap_or(&raw).trim_end();
                self.findings.error_help(&node.span, "needs-quotes", message, format!("quote it: {}", quoted(text)));
            }
            _ => self.wrong_kind(node, what, "text"),
        }
    }

    pub(super) fn text<'n>(&mut self, what: &str, node: &'n Node) -> Option<&'n str> {
        self.scalar(what, node).map(|scalar| scalar.text.as_str())
    }

    /// One of the words of a table.
    pub(super) fn choice<T: Copy>(&mut self, what: &str, node: &Node, table: &[(&str, T)]) -> Option<T> {
        let text = self.text(what, node)?;
        let found = table.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
            let message = format!("`{text}` is not {what}; it is one of {}", words.join(", "));
            self.findings.error_help(&node.span, "unknown-word", message, did_you_mean(text, &words));
        }
        found
    }

    pub(super) fn truth(&mut self, what: &str, node: &Node) -> Option<bool> {
        self.choice(&format!("a value of {what}"), node, &[("true", true), ("false", false)])
    }

    pub(super) fn level(&mut self, node: &Node) -> Option<Level> {
        self.choice("a level", node, &[("must", Level::Must), ("should", Level::Should), ("may", Level::May)])
    }

    /// A whole number of the range.
    pub(super) fn number(&mut self, what: &str, node: &Node, range: std::ops::RangeInclusive<usize>) -> Option<usize> {
        let text = self.text(what, node)?;
        let digits = text.bytes().all(|octet| octet.is_ascii_digit());
        let number = text.parse().ok().filter(|number| digits && range.contains(number));
        if number.is_none() {
            let message = format!(
                "{what} must be a whole number from {} to {}, and here is `{text}`",
                range.start(),
                range.end()
            );
            self.findings.error(&node.span, "bad-number", message);
        }
        number
    }

    /// `500ms`, `3s`, `2m`.
    pub(super) fn duration(&mut self, what: &str, node: &Node) -> Option<Duration> {
        let text = self.text(what, node)?;
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, unit) = text.split_at_checked(digits).unwrap_or(("", text));
        let number: Option<u64> = number.parse().ok();
        let duration = match unit {
            "ms" => number.map(Duration::from_millis),
            "s" => number.map(Duration::from_secs),
            "m" => number.and_then(|number| number.checked_mul(60)).map(Duration::from_secs),
            _ => None,
        };
        let duration = duration.filter(|duration| !duration.is_zero() && *duration <= LONGEST);
        if duration.is_none() {
            let message = format!("{what} must be a duration from 1ms to 60m, and here is `{text}`");
            self.findings.error_help(
                &node.span,
                "bad-duration",
                message,
                "a duration is written `500ms`, `3s` or `2m`",
            );
        }
        duration
    }

    /// A list of texts, each once.
    pub(super) fn texts<'n>(&mut self, what: &str, node: &'n Node) -> Option<Vec<(&'n str, &'n Span)>> {
        let mut texts: Vec<(&str, &Span)> = Vec::new();
        for item in self.items(what, node)? {
            texts.push((self.text(what, item)?, &item.span));
        }
        Some(texts)
    }

    /// As [`Self::texts`], for names of which none may stand twice.
    pub(super) fn set<'n>(&mut self, what: &str, node: &'n Node) -> Option<Vec<(&'n str, &'n Span)>> {
        let texts = self.texts(what, node)?;
        let mut seen = std::collections::BTreeSet::new();
        for (text, span) in &texts {
            if !seen.insert(*text) {
                self.findings.error_help(
                    span,
                    "listed-twice",
                    format!("`{text}` stands twice in {what}"),
                    "remove one of them",
                );
            }
        }
        Some(texts)
    }

    pub(super) fn template(&mut self, what: &str, node: &Node) -> Option<Template> {
        let scalar = self.scalar(what, node)?;
        self.check_octets(node, scalar);
        self.check_comment(what, node, scalar);
        self.check_blank(what, node, scalar);
        self.parsed(node, Template::parse(&scalar.text))
    }

    pub(super) fn pattern(&mut self, what: &str, node: &Node) -> Option<Pattern> {
        let scalar = self.scalar(what, node)?;
        self.check_octets(node, scalar);
        self.check_comment(what, node, scalar);
        self.check_blank(what, node, scalar);
        self.check_one_line(what, node, scalar);
        self.parsed(node, Pattern::parse(&scalar.text))
    }

    pub(super) fn expression(&mut self, what: &str, node: &Node) -> Option<Expression> {
        let text = self.text(what, node)?;
        self.parsed(node, Expression::parse(text))
    }

    /// An expression that says how many.
    pub(super) fn quantity(&mut self, what: &str, node: &Node) -> Option<Expression> {
        let expression = self.expression(what, node)?;
        if expression.is_condition() {
            self.findings.error(
                &node.span,
                "wrong-type",
                format!("{what} is a number, and this expression is true or false"),
            );
            return None;
        }
        Some(expression)
    }

    /// An expression that is true or false.
    pub(super) fn condition(&mut self, what: &str, node: &Node) -> Option<Expression> {
        let expression = self.expression(what, node)?;
        if !expression.is_condition() {
            self.findings.error_help(
                &node.span,
                "wrong-type",
                format!("{what} must be true or false, and this expression is a value"),
                "compare it: `count == 3`",
            );
            return None;
        }
        Some(expression)
    }

    /// Reports what is wrong within a text at its own column.
    pub(super) fn parsed<T>(&mut self, node: &Node, result: Result<T, TextError>) -> Option<T> {
        result.map_err(|error| self.text_error(node, error, 0)).ok()
    }

    pub(super) fn text_error(&mut self, node: &Node, error: TextError, skipped: usize) {
        let mut span = node.span.clone();
        if let Content::Scalar(scalar) = &node.content {
            let quotes = usize::from(!scalar.raw().starts_with(&scalar.text));
            let unescaped = scalar.raw().get(quotes..).is_some_and(|raw| raw.starts_with(&scalar.text));
            if unescaped {
                let within = u32::try_from(error.at + skipped + quotes).unwrap_or(0);
                span.column += within;
                span.width = span.width.saturating_sub(within + u32::from(quotes > 0)).max(1);
            }
        }
        match error.help {
            Some(help) => self.findings.error_help(&span, "bad-text", error.message, help),
            None => self.findings.error(&span, "bad-text", error.message),
        }
    }

    /// A requirement's id, which must be in the registry.
    pub(super) fn requirement(&mut self, node: &Node) -> Option<String> {
        let id = self.text("a requirement", node)?;
        self.check_requirement(id, &node.span);
        Some(id.to_owned())
    }

    pub(super) fn check_requirement(&mut self, id: &str, span: &Span) {
        let Some(known) = self.shelf.requirements else { return };
        if known.contains(id) || self.findings.is_full() {
            return;
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let closest = known.iter().min_by_key(|known| strsim::damerau_levenshtein(id, known));
        let help = match closest {
            Some(closest) if id.len() < 120 => {
                format!("did you mean `{closest}`? `pop3spec list requirements` shows all")
            }
            _ => "`pop3spec list requirements` shows all".to_owned(),
        };
        self.findings.error_help(span, "unknown-requirement", format!("no requirement has the id `{id}`"), help);
    }

    /// The name of a capture to be made.
    pub(super) fn capture_name(&mut self, what: &str, node: &Node) -> Option<String> {
        let text = self.text(what, node)?;
        if is_name(text) {
            return Some(text.to_owned());
        }
        let message = format!("`{text}` cannot name a capture");
        self.findings.error_help(&node.span, "bad-name", message, "a name is a letter, then letters, digits and `_`");
        None
    }

    /// A slug: lower case, digits, single hyphens.
    pub(super) fn slug(&mut self, what: &str, node: &Node) -> Option<String> {
        let text = self.text(what, node)?;
        if is_slug(text) {
            return Some(text.to_owned());
        }
        let message = format!("{what} must be lower-case words with hyphens, and here is `{text}`");
        self.findings.error_help(&node.span, "bad-name", message, format!("write `{}`", slug_of(text)));
        None
    }
}

/// Whether a text is lower-case letters and digits with single hyphens between.
pub(crate) fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit())
        })
}

fn slug_of(text: &str) -> String {
    let lower: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).take(60).collect();
    let words: Vec<&str> = lower.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "a-name".to_owned() } else { words.join("-") }
}

//! What is wrong with a file, where, and what to write instead.

mod codes;

use crate::source::{SourceFile, Span};

pub use codes::{CODES, Code};

/// One thing to say about a file. [`Display`](std::fmt::Display) shows it with
/// the line it is about, in the manner of rustc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the file can be used all the same.
    pub severity: Severity,
    /// Where. Line 0 is the file as a whole.
    pub span: Span,
    /// A stable slug for the kind of mistake, such as `unknown-key`.
    pub code: &'static str,
    /// One sentence: what is wrong.
    pub message: String,
    /// What to write instead, if that is known.
    pub help: Option<String>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file is used; it could be better.
    Warning,
    /// The file is not used.
    Error,
}

impl Severity {
    /// The word shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Diagnostic {
    /// `file:line:column`, or the file alone.
    #[must_use]
    pub fn location(&self) -> String {
        match self.span.line {
            0 => self.span.file.path.to_string(),
            line => format!("{}:{line}:{}", self.span.file.path, self.span.column),
        }
    }

    /// Whether the file cannot be used.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Characters of a source line that are shown at most, around the place.
const SHOWN: usize = 120;

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}[{}]: {}", self.severity.as_str(), self.code, printable(&self.message))?;
        let number = self.span.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{margin}--> {}", printable(&self.location()))?;
        if self.span.line > 0 {
            let line: Vec<char> = printable(self.span.file.line(self.span.line)).chars().collect();
            let column = (self.span.column as usize).saturating_sub(1).min(line.len());
            let from = column.saturating_sub(SHOWN / 2);
            let shown: String = line.iter().skip(from).take(SHOWN).collect();
            let room = (line.len() - column).min(SHOWN - (column - from)).max(1);
            let carets = "^".repeat((self.span.width as usize).clamp(1, room));
            writeln!(f, "{margin} |")?;
            writeln!(f, "{number} | {}", shown.trim_end())?;
            writeln!(f, "{margin} | {}{carets}", " ".repeat(column - from))?;
        }
        if let Some(help) = &self.help {
            writeln!(f, "{margin} = help: {}", printable(help))?;
        }
        Ok(())
    }
}

/// The text with every character that a terminal would act on replaced, one
/// for one, so that columns stay true.
fn printable(text: &str) -> String {
    let replaced = |c: char| match c {
        '\t' => ' ',
        c if c.is_control() => '\u{FFFD}',
        '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => '\u{FFFD}',
        c => c,
    };
    text.chars().map(replaced).collect()
}

/// The most diagnostics kept for one file: a hostile file must not drown the rest.
pub(crate) const MAX_PER_FILE: usize = 50;

/// Diagnostics as they are found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Diagnostic>,
}

impl Findings {
    pub(crate) fn error(&mut self, span: &Span, code: &'static str, message: impl Into<String>) {
        self.push(Severity::Error, span, code, message.into(), None);
    }

    pub(crate) fn error_help(
        &mut self,
        span: &Span,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Severity::Error, span, code, message.into(), Some(help.into()));
    }

    pub(crate) fn warning(
        &mut self,
        span: &Span,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Severity::Warning, span, code, message.into(), Some(help.into()));
    }

    fn push(&mut self, severity: Severity, span: &Span, code: &'static str, message: String, help: Option<String>) {
        let diagnostic = Diagnostic { severity, span: span.clone(), code, message, help };
        if !self.is_full() && !self.list.contains(&diagnostic) {
            self.list.push(diagnostic);
        }
    }

    /// Whether more would not be kept: no need to think of advice.
    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= MAX_PER_FILE
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    /// In the order of the file.
    pub(crate) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| (diagnostic.span.line, diagnostic.span.column));
        self.list
    }
}

/// A place for what concerns a whole file.
pub(crate) fn whole_file(file: &SourceFile) -> Span {
    Span { file: file.clone(), line: 0, column: 0, width: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_place_and_controls_do_not_reach_the_terminal() {
        let text = format!("{}\u{1b}[31mX", "a".repeat(500));
        let span = Span { file: SourceFile::new("x.yaml", &text), line: 1, column: 501, width: 900 };
        let diagnostic =
            Diagnostic { severity: Severity::Error, span, code: "x", message: "m\nn".to_owned(), help: None };
        let shown = diagnostic.to_string();
        assert_eq!(
            shown,
            format!(
                "error[x]: m\u{FFFD}n\n --> x.yaml:1:501\n  |\n1 | {}\u{FFFD}[31mX\n  | {}^^^^^^\n",
                "a".repeat(60),
                " ".repeat(60)
            )
        );
    }
}

//! Where things stand in a file.

use std::sync::Arc;

/// A file's path and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, for messages: below the catalogue, or as the user gave it.
    pub path: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

impl SourceFile {
    /// A file with this path and text.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The text of a line, counted from 1, without its end; empty beyond the last.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        self.text.lines().nth(index).unwrap_or("")
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub file: SourceFile,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How many characters to underline; at least 1.
    pub width: u32,
}

impl Span {
    /// The place as the event log carries it.
    #[must_use]
    pub fn place(&self) -> crate::event::Place {
        crate::event::Place {
            file: self.file.path.to_string(),
            line: self.line,
            column: self.column,
            text: self.file.line(self.line).to_owned(),
        }
    }
}

//! The formats by name, and one function that renders them.

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::log::{LogWriter, Run};
use crate::style::Style;
use crate::terminal::TerminalReport;
use crate::{html, json, junit, markdown};

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Terminal,
    /// The event log itself, results in the order of their ids.
    JsonLines,
    /// One JSON document, for programs.
    Json,
    /// JUnit XML, which CI services show.
    Junit,
    /// A page of a repository.
    Markdown,
    /// One file for a browser.
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] = [Self::Terminal, Self::Markdown, Self::Html, Self::Json, Self::JsonLines, Self::Junit];

    /// The name used on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::JsonLines => "jsonl",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No format has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown report format {name:?}: use one of {}", Format::ALL.map(Format::as_str).join(", "))]
pub struct UnknownFormat {
    /// The name given.
    pub name: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let known = Self::ALL.into_iter().find(|format| format.as_str() == name);
        known.ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// Renders a run.
///
/// # Errors
/// What the writer says.
pub fn render(run: &Run, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => write!(out, "{}", TerminalReport::new(run, *style)),
        Format::JsonLines => {
            let mut log = LogWriter::new(out);
            run.events().try_for_each(|event| log.write(&event))
        }
        Format::Json => json::write(run, out),
        Format::Markdown => out.write_all(markdown::page(run).as_bytes()),
        Format::Html => out.write_all(html::page(run).as_bytes()),
        Format::Junit => out.write_all(junit::xml(run)?.as_bytes()),
    }
}

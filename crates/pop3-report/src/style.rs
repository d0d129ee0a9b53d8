//! How a report for people looks: colour and width, decided by the caller.

use anstyle::{AnsiColor, Style as Ansi};
use pop3_scenario::verdict::Verdict;

/// What the caller knows about the place where a report will be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are understood and wanted.
    pub color: bool,
    /// Characters in a line; less than 40 is taken as 40.
    pub width: usize,
}

impl Default for Style {
    /// Plain text of 80 characters, for a file or a pipe.
    fn default() -> Self {
        Self { color: false, width: 80 }
    }
}

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Running text.
    Plain,
    /// Marks, frames, times.
    Faint,
    /// Headings and ids.
    Strong,
    /// What was expected.
    Expected,
    /// The part of it that differs.
    ExpectedPart,
    /// What came.
    Actual,
    /// The part of it that differs.
    ActualPart,
    /// The word of a verdict.
    Verdict(Verdict),
}

impl Role {
    /// The ANSI style.
    pub(crate) fn ansi(self) -> Ansi {
        let color = |color: AnsiColor| Ansi::new().fg_color(Some(color.into()));
        match self {
            Self::Plain => Ansi::new(),
            Self::Faint => Ansi::new().dimmed(),
            Self::Strong => Ansi::new().bold(),
            Self::Expected => color(AnsiColor::Green),
            Self::ExpectedPart => color(AnsiColor::Green).bold().underline(),
            Self::Actual => color(AnsiColor::Red),
            Self::ActualPart => color(AnsiColor::Red).bold().underline(),
            Self::Verdict(verdict) => match verdict {
                Verdict::Pass => color(AnsiColor::Green),
                Verdict::Info => color(AnsiColor::Cyan),
                Verdict::Unsupported | Verdict::Skipped => Ansi::new().dimmed(),
                Verdict::Warn | Verdict::Inconclusive => color(AnsiColor::Yellow).bold(),
                Verdict::Fail => color(AnsiColor::Red).bold(),
                Verdict::Error => color(AnsiColor::Magenta).bold(),
            },
        }
    }
}

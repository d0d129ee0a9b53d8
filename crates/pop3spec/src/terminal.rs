//! Where text goes, and whether it may have colours: the only place that prints.

use std::io::{self, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use pop3_report::style::Style;

use crate::Failure;
use crate::args::Color;

/// The terminal, or the pipe, that we speak to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    color: Color,
}

impl Terminal {
    pub(crate) fn new(color: Color) -> Self {
        Self { color }
    }

    /// How reports look on standard output. Honours `NO_COLOR`, `CLICOLOR_FORCE`
    /// and `TERM=dumb` unless `--color` says otherwise.
    pub(crate) fn style(self) -> Style {
        let color = self.colored(&io::stdout());
        let width = terminal_size::terminal_size().map_or(100, |(terminal_size::Width(width), _)| usize::from(width));
        Style { color, width: width.clamp(60, 160) }
    }

    fn colored(self, stream: &impl anstream::stream::RawStream) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => AutoStream::choice(stream) != ColorChoice::Never,
        }
    }

    /// Whether a person watches standard error.
    pub(crate) fn is_watched() -> bool {
        io::stderr().is_terminal()
    }

    /// Writes to standard output. A reader that went away ends the output, and
    /// is no error.
    pub(crate) fn print(self, text: &str) -> Result<(), Failure> {
        self.print_with(|out| out.write_all(text.as_bytes()))
    }

    /// Writes to standard output by a function, as [`Terminal::print`].
    pub(crate) fn print_with(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Writes a line to standard error.
    pub(crate) fn note(self, line: &str) {
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Writes an error to standard error.
    pub(crate) fn error(self, message: &str) {
        let bold = if self.colored(&io::stderr()) {
            anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()))
        } else {
            anstyle::Style::new()
        };
        let _ = writeln!(io::stderr().lock(), "{bold}error{bold:#}: {message}");
    }
}

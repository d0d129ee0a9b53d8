//! A reply as a client reads it.

use std::fmt;
use std::ops::Range;

use super::keyword;
use crate::command::Command;
use crate::deviation::Observed;
use crate::reply::{ResponseCode, Status};

/// What a reply answers.
#[derive(Clone, PartialEq, Eq)]
pub enum Answers {
    /// It is the greeting.
    Greeting,
    /// This line, without its line end (at most its first 512 octets).
    Line(Vec<u8>),
    /// This line of an AUTH exchange.
    ExchangeLine(Vec<u8>),
    /// Nothing was asked.
    Nothing,
}

/// Of a line no more than its keyword: it may hold a password.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Greeting => f.write_str("Greeting"),
            Self::Line(line) => match (keyword(line), Command::parse(line)) {
                (_, Ok(command)) => write!(f, "Line({command:?})"),
                (Some(keyword), Err(_)) => write!(f, "Line({keyword} ********)"),
                (None, Err(_)) => write!(f, "Line({} octets)", line.len()),
            },
            Self::ExchangeLine(line) => write!(f, "ExchangeLine({} octets)", line.len()),
            Self::Nothing => f.write_str("Nothing"),
        }
    }
}

/// A reply as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedReply {
    /// What it answers.
    pub answers: Answers,
    /// The first line, without its line end.
    pub line: Vec<u8>,
    /// Its status indicator; `None` when it has none.
    pub status: Option<Status>,
    /// Offset in `line` where the text behind the indicator begins.
    pub text_at: usize,
    /// The body of a multi-line response, byte-stuffing removed, each line with
    /// its line end; the terminating line is not in it.
    pub body: Option<Vec<u8>>,
    /// What was off, in the order read; of very many, the first thousand.
    pub deviations: Vec<Observed>,
    /// Which octets of the server it was, from the beginning of the connection.
    pub octets: Range<u64>,
}

impl ObservedReply {
    /// The octets behind the status indicator and its space.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.line.get(self.text_at..).unwrap_or_default()
    }

    /// The response code at the beginning of the text.
    #[must_use]
    pub fn response_code(&self) -> Option<ResponseCode<'_>> {
        ResponseCode::parse(self.text())
    }

    /// The lines of the body, without line ends.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let body = self.body.as_deref().unwrap_or_default();
        let lines = body.split_inclusive(|octet| *octet == b'\n');
        lines.map(|line| line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(line))
    }
}

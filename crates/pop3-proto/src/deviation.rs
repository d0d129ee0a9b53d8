//! What an observing reader may find off in a server's octets.

use std::fmt;

/// One departure from the defined formats, as a fact. The clause is in
/// [`Deviation::clause`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deviation {
    /// A line of the reply ends in LF without CR before it.
    BareLfLineEnd,
    /// A challenge line has something else than base64 behind `+ `.
    ChallengeNotBase64,
    /// An empty challenge lacks the space behind `+`.
    ChallengeWithoutSpace,
    /// A status line has an octet outside printable ASCII and space.
    NotPrintable,
    /// The line is neither `+OK`, `-ERR` nor a challenge where one may stand.
    NoStatusIndicator,
    /// The status indicator has lower-case letters.
    StatusNotUpperCase,
    /// Something other than a space follows the status indicator.
    StatusNotSeparated,
    /// The first line of the reply has more than 512 octets.
    StatusLineTooLong,
    /// A line of a multi-line response begins with one dot and other octets:
    /// the dot was not doubled.
    UnstuffedLine,
}

impl Deviation {
    /// All deviations.
    pub const ALL: [Self; 9] = [
        Self::BareLfLineEnd,
        Self::ChallengeNotBase64,
        Self::ChallengeWithoutSpace,
        Self::NotPrintable,
        Self::NoStatusIndicator,
        Self::StatusNotUpperCase,
        Self::StatusNotSeparated,
        Self::StatusLineTooLong,
        Self::UnstuffedLine,
    ];

    /// The clause that it departs from.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Self::ChallengeNotBase64 | Self::ChallengeWithoutSpace => "RFC 5034 section 4",
            Self::NotPrintable | Self::StatusNotSeparated => "RFC 2449 section 3",
            Self::BareLfLineEnd
            | Self::NoStatusIndicator
            | Self::StatusNotUpperCase
            | Self::StatusLineTooLong
            | Self::UnstuffedLine => "RFC 1939 section 3",
        }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BareLfLineEnd => "line ends in LF without CR",
            Self::ChallengeNotBase64 => "challenge is not base64",
            Self::ChallengeWithoutSpace => "empty challenge without the space behind '+'",
            Self::NotPrintable => "status line holds an octet outside printable ASCII",
            Self::NoStatusIndicator => "line begins with no status indicator",
            Self::StatusNotUpperCase => "status indicator is not in upper case",
            Self::StatusNotSeparated => "no space behind the status indicator",
            Self::StatusLineTooLong => "first line is longer than 512 octets",
            Self::UnstuffedLine => "line beginning with a dot is not byte-stuffed",
        })
    }
}

/// A [`Deviation`] and where it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// What was off.
    pub deviation: Deviation,
    /// Offset in the server's octets since the connection began, from 0.
    pub at: u64,
}

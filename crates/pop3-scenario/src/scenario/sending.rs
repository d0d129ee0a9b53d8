//! What is sent octet for octet, and how it is cut into writes.

use crate::pattern::Template;

/// How octets are cut into writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chunking {
    /// One write.
    #[default]
    Whole,
    /// One octet a write.
    Bytewise,
    /// A write ends between every CR and LF.
    SplitCrlf,
    /// So many octets a write, at least one.
    Size(usize),
}

impl Chunking {
    /// The word used in files and in the ids of variants.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Whole => "whole".to_owned(),
            Self::Bytewise => "bytewise".to_owned(),
            Self::SplitCrlf => "split-crlf".to_owned(),
            Self::Size(octets) => octets.to_string(),
        }
    }
}

/// Octets to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The octets, with uses of captures resolved when sent.
    pub content: PayloadContent,
    /// How often the content is sent; at least 1.
    pub repeat: usize,
    /// Sent once after the repetitions, such as the CRLF of an over-long line.
    pub then: Option<Template>,
    /// How the whole is cut; `None` for the scenario's axis.
    pub chunking: Option<Chunking>,
}

/// The notation of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadContent {
    /// Text with `\r`, `\n`, `\t`, `\0`, `\\` and `\xNN` escapes read by us (not by YAML).
    Raw(Template),
    /// Octets written as hexadecimal or base64.
    Octets(Vec<u8>),
}

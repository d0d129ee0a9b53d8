//! How a run hands to the network what its scenarios send.

use serde::{Deserialize, Serialize};

use crate::scenario::Chunking;

/// How octets go out where a scenario does not say so itself. TCP carries octets and
/// not lines, so that a verdict must not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// What a step sends is one write.
    #[default]
    Whole,
    /// Every octet is a write of its own.
    Bytewise,
    /// A write ends between every CR and LF.
    SplitCrlf,
    /// Steps that send and follow each other with nothing waited for between them are
    /// one write.
    Coalesced,
}

impl Delivery {
    /// All of them, the default first.
    pub const ALL: [Self; 4] = [Self::Whole, Self::Bytewise, Self::SplitCrlf, Self::Coalesced];

    /// The word used on the command line and in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Bytewise => "bytewise",
            Self::SplitCrlf => "split-crlf",
            Self::Coalesced => "coalesced",
        }
    }

    /// How what is written at once is cut.
    #[must_use]
    pub fn chunking(self) -> Chunking {
        match self {
            Self::Whole | Self::Coalesced => Chunking::Whole,
            Self::Bytewise => Chunking::Bytewise,
            Self::SplitCrlf => Chunking::SplitCrlf,
        }
    }
}

impl std::fmt::Display for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_log_are_those_of_the_command_line() {
        for delivery in Delivery::ALL {
            assert_eq!(serde_json::to_string(&delivery).unwrap(), format!("\"{delivery}\""));
        }
    }
}

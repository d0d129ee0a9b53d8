use std::fmt;

use pop3_proto::escape::Escaped;

/// A law does not hold for some octets: the fault is in the code under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    law: &'static str,
    sentence: String,
    dialogue: String,
}

impl Broken {
    pub(crate) fn new(law: &'static str, sentence: impl Into<String>) -> Self {
        Self { law, sentence: sentence.into(), dialogue: String::new() }
    }

    /// Adds octets of the dialogue, escaped, behind who said them.
    pub(crate) fn with(mut self, who: &str, octets: &[u8]) -> Self {
        self.dialogue.push_str(&format!("\n  {who}: {}", Escaped(octets)));
        self
    }

    /// The name of the law.
    #[must_use]
    pub fn law(&self) -> &'static str {
        self.law
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is broken: {}{}", self.law, self.sentence, self.dialogue)
    }
}

impl std::error::Error for Broken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_holds_no_raw_octets() {
        let broken = Broken::new("server_session", "no reply").with("C", b"NOOP\r\n").with("S", b"\x1b[0m");
        assert_eq!(broken.to_string(), "server_session is broken: no reply\n  C: NOOP\\r\\n\n  S: \\x1B[0m");
    }
}

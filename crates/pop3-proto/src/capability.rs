//! Capability lists (RFC 2449 sections 3, 5 and 6).

use std::fmt;

/// A capability with its arguments. Unknown ones are kept as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capability {
    /// `AUTH-RESP-CODE` (RFC 3206)
    AuthRespCode,
    /// `EXPIRE` with its policy (section 6.7)
    Expire(Vec<String>),
    /// `IMPLEMENTATION` with free text (section 6.9)
    Implementation(String),
    /// `LOGIN-DELAY` with seconds, and perhaps `USER` (section 6.5)
    LoginDelay(Vec<String>),
    /// `PIPELINING` (section 6.6)
    Pipelining,
    /// `RESP-CODES` (section 6.4)
    RespCodes,
    /// `SASL` with mechanism names (section 6.3, RFC 5034)
    Sasl(Vec<String>),
    /// `STLS` (RFC 2595)
    Stls,
    /// `TOP` (section 6.1)
    Top,
    /// `UIDL` (section 6.8)
    Uidl,
    /// `USER` (section 6.2)
    User,
    /// Anything else, in the letters that came.
    Other {
        /// The tag.
        tag: String,
        /// Its arguments.
        arguments: Vec<String>,
    },
}

impl Capability {
    /// Reads a line of the list without its line end. `None` where it breaks the
    /// grammar of section 3: a tag, then arguments behind single spaces, all of
    /// printable ASCII, and the tag not beginning with a dot.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        if !line.iter().all(|octet| (0x20..=0x7E).contains(octet)) {
            return None;
        }
        let text = std::str::from_utf8(line).ok()?;
        let (tag, rest) = match text.split_once(' ') {
            Some((tag, rest)) => (tag, Some(rest)),
            None => (text, None),
        };
        if tag.is_empty() || tag.starts_with('.') {
            return None;
        }
        let upper = tag.to_ascii_uppercase();
        // Free text: spaces do not separate anything in it.
        if upper == "IMPLEMENTATION" && rest.is_some_and(|text| !text.is_empty()) {
            return rest.map(|text| Self::Implementation(text.to_owned()));
        }
        let arguments: Vec<String> = rest.map(|rest| rest.split(' ').map(str::to_owned).collect()).unwrap_or_default();
        if arguments.iter().any(String::is_empty) {
            return None;
        }
        Some(match (upper.as_str(), arguments.is_empty()) {
            ("AUTH-RESP-CODE", true) => Self::AuthRespCode,
            ("EXPIRE", false) => Self::Expire(arguments),
            ("LOGIN-DELAY", false) => Self::LoginDelay(arguments),
            ("PIPELINING", true) => Self::Pipelining,
            ("RESP-CODES", true) => Self::RespCodes,
            ("SASL", false) => Self::Sasl(arguments),
            ("STLS", true) => Self::Stls,
            ("TOP", true) => Self::Top,
            ("UIDL", true) => Self::Uidl,
            ("USER", true) => Self::User,
            _ => Self::Other { tag: tag.to_owned(), arguments },
        })
    }

    /// The tag: upper case for known ones.
    #[must_use]
    pub fn tag(&self) -> &str {
        match self {
            Self::AuthRespCode => "AUTH-RESP-CODE",
            Self::Expire(_) => "EXPIRE",
            Self::Implementation(_) => "IMPLEMENTATION",
            Self::LoginDelay(_) => "LOGIN-DELAY",
            Self::Pipelining => "PIPELINING",
            Self::RespCodes => "RESP-CODES",
            Self::Sasl(_) => "SASL",
            Self::Stls => "STLS",
            Self::Top => "TOP",
            Self::Uidl => "UIDL",
            Self::User => "USER",
            Self::Other { tag, .. } => tag,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())?;
        let arguments: &[String] = match self {
            Self::Implementation(text) => return write!(f, " {text}"),
            Self::Expire(arguments) | Self::LoginDelay(arguments) | Self::Sasl(arguments) => arguments,
            Self::Other { arguments, .. } => arguments,
            _ => &[],
        };
        arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_of_rfc_2449_reads_and_prints() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let check = |line: &str, want: Capability| {
            assert_eq!(want.to_string(), line);
            assert_eq!(Capability::parse(line.as_bytes()), Some(want));
        };
        check("TOP", Capability::Top);
        check("USER", Capability::User);
        check("SASL CRAM-MD5 KERBEROS_V4", Capability::Sasl(words(&["CRAM-MD5", "KERBEROS_V4"])));
        check("LOGIN-DELAY 900", Capability::LoginDelay(words(&["900"])));
        check("PIPELINING", Capability::Pipelining);
        check("EXPIRE 60", Capability::Expire(words(&["60"])));
        check("UIDL", Capability::Uidl);
        check(
            "IMPLEMENTATION Shlemazle-Plotz-v302 (beta)",
            Capability::Implementation("Shlemazle-Plotz-v302 (beta)".into()),
        );
        check("X-Thing a b", Capability::Other { tag: "X-Thing".into(), arguments: words(&["a", "b"]) });
        check("SASL", Capability::Other { tag: "SASL".into(), arguments: vec![] });
        assert_eq!(Capability::parse(b"uidl"), Some(Capability::Uidl));
    }

    #[test]
    fn lines_outside_the_grammar_are_refused() {
        for line in [b"".as_slice(), b" TOP", b"SASL  PLAIN", b"TOP ", b".x", b"TOP\t", b"T\xc3\x96P"] {
            assert_eq!(Capability::parse(line), None, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn parse_print_parse(line in "[A-Za-z.-]{0,8}( [!-~]{0,4}){0,3}") {
            if let Some(capability) = Capability::parse(line.as_bytes()) {
                prop_assert_eq!(Capability::parse(capability.to_string().as_bytes()), Some(capability));
            }
        }
    }
}

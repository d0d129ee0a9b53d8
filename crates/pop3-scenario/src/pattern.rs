//! Text with holes: templates are written out, patterns are matched against.

mod matching;
mod parse;

use std::fmt::Write as _;

pub use matching::{Match, Mismatch};
pub use parse::TextError;
pub(crate) use parse::is_name;

/// Text with uses of captures, `USER ${user}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The pieces in order.
    pub pieces: Vec<TemplatePiece>,
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePiece {
    /// Octets as they are.
    Literal(Vec<u8>),
    /// The value of a capture.
    Use(String),
}

/// Text with holes to be captured, `{count:uint} {size:octets}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// The pieces in order.
    pub pieces: Vec<PatternPiece>,
    /// As written in the file, for messages.
    pub text: String,
}

/// A piece of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternPiece {
    /// Octets as they are.
    Literal(Vec<u8>),
    /// The value of an earlier capture, as octets.
    Use(String),
    /// A hole: its name (empty for a hole without a name) and type.
    Hole(String, HoleType),
}

/// What a hole takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoleType {
    /// One or more decimal digits; a number.
    Uint,
    /// The same, of octets.
    Octets,
    /// One or more octets from 0x21 to 0x7E.
    Word,
    /// A unique-id: one to 70 octets from 0x21 to 0x7E (RFC 1939 section 7).
    Uid,
    /// `<…@…>`, the timestamp of a greeting (RFC 1939 section 7).
    Timestamp,
    /// Zero or more characters of base64 with its padding.
    Base64,
    /// Names of SASL mechanisms, each of 1 to 20 characters, one space between each two (RFC
    /// 4422 section 3.1).
    Mechanisms,
    /// Anything to the end of the line, also nothing.
    Rest,
    /// Well-formed UTF-8 to the end of the line, also nothing.
    Utf8,
}

impl HoleType {
    /// All types, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Uint,
        Self::Octets,
        Self::Word,
        Self::Uid,
        Self::Timestamp,
        Self::Base64,
        Self::Mechanisms,
        Self::Rest,
        Self::Utf8,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uint => "uint",
            Self::Octets => "octets",
            Self::Word => "word",
            Self::Uid => "uid",
            Self::Timestamp => "timestamp",
            Self::Base64 => "base64",
            Self::Mechanisms => "mechanisms",
            Self::Rest => "rest",
            Self::Utf8 => "utf8",
        }
    }

    /// What it takes, in words for messages.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Uint => "a number (1 to 38 decimal digits)",
            Self::Octets => "a number of octets (1 to 38 decimal digits)",
            Self::Word => "a word (octets 0x21 to 0x7E)",
            Self::Uid => "a unique-id (1 to 70 octets 0x21 to 0x7E)",
            Self::Timestamp => "a timestamp `<...@...>`",
            Self::Base64 => "base64",
            Self::Mechanisms => "names of SASL mechanisms (1 to 20 of `A-Z0-9-_`), one space between each two",
            Self::Rest => "anything up to the end of the line",
            Self::Utf8 => "well-formed UTF-8 up to the end of the line",
        }
    }

    /// Whether the hole's value is a number.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Uint | Self::Octets)
    }

    /// Whether the hole, having begun, goes on over this octet.
    #[must_use]
    pub fn takes(self, octet: u8) -> bool {
        match self {
            Self::Uint | Self::Octets => octet.is_ascii_digit(),
            Self::Word | Self::Uid => octet.is_ascii_graphic(),
            Self::Timestamp => false,
            Self::Base64 => octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'='),
            Self::Rest | Self::Utf8 => true,
            Self::Mechanisms => octet.is_ascii_uppercase() || octet.is_ascii_digit() || b"-_ ".contains(&octet),
        }
    }
}

impl Template {
    /// The text with every use of a capture resolved.
    ///
    /// # Errors
    /// The name of the first capture for which `lookup` has nothing.
    pub fn resolve(&self, lookup: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Vec<u8>, String> {
        let mut octets = Vec::new();
        for piece in &self.pieces {
            match piece {
                TemplatePiece::Literal(literal) => octets.extend_from_slice(literal),
                TemplatePiece::Use(name) => octets.extend(lookup(name).ok_or_else(|| name.clone())?),
            }
        }
        Ok(octets)
    }

    /// The names of the captures used, in order.
    pub fn uses(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            TemplatePiece::Use(name) => Some(name.as_str()),
            TemplatePiece::Literal(_) => None,
        })
    }

    /// The literal octets, with one NUL for every use of a capture: what can be
    /// said of the text before it is sent.
    #[must_use]
    pub fn skeleton(&self) -> Vec<u8> {
        let mut octets = Vec::new();
        for piece in &self.pieces {
            match piece {
                TemplatePiece::Literal(literal) => octets.extend_from_slice(literal),
                TemplatePiece::Use(_) => octets.push(0),
            }
        }
        octets
    }

    /// The text as `C:` has it. Octets that are no UTF-8 are shown as U+FFFD;
    /// no template read by [`Template::parse`] has any.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.print(|literal, out| out.push_str(&String::from_utf8_lossy(literal).replace('$', "$$")))
    }

    /// The text as `send: {raw: …}` has it, with escapes, in printable ASCII only.
    #[must_use]
    pub fn to_raw(&self) -> String {
        self.print(|literal, out| {
            for octet in literal {
                match octet {
                    b'\r' => out.push_str("\\r"),
                    b'\n' => out.push_str("\\n"),
                    b'\t' => out.push_str("\\t"),
                    0 => out.push_str("\\0"),
                    b'\\' => out.push_str("\\\\"),
                    b'$' => out.push_str("$$"),
                    b' '..=b'~' => out.push(char::from(*octet)),
                    _ => {
                        let _ = write!(out, "\\x{octet:02x}");
                    }
                }
            }
        })
    }

    fn print(&self, literal: impl Fn(&[u8], &mut String)) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                TemplatePiece::Literal(octets) => literal(octets, &mut out),
                TemplatePiece::Use(name) => {
                    let _ = write!(out, "${{{name}}}");
                }
            }
        }
        out
    }
}

impl Pattern {
    /// The names of the captures used, in order.
    pub fn uses(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            PatternPiece::Use(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The named holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = (&str, HoleType)> {
        self.pieces.iter().filter_map(|piece| match piece {
            PatternPiece::Hole(name, hole) if !name.is_empty() => Some((name.as_str(), *hole)),
            _ => None,
        })
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl std::fmt::Display for Pattern {
    /// The pattern written out from its pieces.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in &self.pieces {
            match piece {
                PatternPiece::Literal(octets) => {
                    let text = String::from_utf8_lossy(octets);
                    f.write_str(&text.replace('$', "$$").replace('{', "{{").replace('}', "}}"))?;
                }
                PatternPiece::Use(name) => write!(f, "${{{name}}}")?,
                PatternPiece::Hole(name, hole) => write!(f, "{{{name}:{}}}", hole.as_str())?,
            }
        }
        Ok(())
    }
}

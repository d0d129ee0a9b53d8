//! Text with holes: templates are written out, patterns are matched against.

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
    /// Anything to the end of the line, also nothing.
    Rest,
}

//! Reading templates, patterns and raw payloads from their text.

use super::{HoleType, Pattern, PatternPiece, Template, TemplatePiece};

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TextError {
    /// Where, in characters from 0, within the text.
    pub at: usize,
    /// One sentence.
    pub message: String,
    /// What to write instead, if that is known.
    pub help: Option<String>,
}

impl TextError {
    fn new(at: usize, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: Some(help.into()) }
    }
}

impl Template {
    /// Reads a text with uses: `${name}` is the value of a capture, `$$` a
    /// dollar sign, and everything else stands for itself.
    ///
    /// # Errors
    /// A dollar sign that is neither, or a bad name.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        read_template(text, false)
    }

    /// Reads a text with uses and with the escapes of `send: {raw: …}`: `\r`,
    /// `\n`, `\t`, `\0`, `\\` and `\xNN`.
    ///
    /// # Errors
    /// As [`Template::parse`], and an unknown escape.
    pub fn parse_raw(text: &str) -> Result<Self, TextError> {
        read_template(text, true)
    }

    /// A text without any use, for octets that are known.
    #[must_use]
    pub fn literal(octets: &[u8]) -> Self {
        if octets.is_empty() {
            return Self::default();
        }
        Self { pieces: vec![TemplatePiece::Literal(octets.to_vec())] }
    }
}

impl Pattern {
    /// Reads a text with holes and uses: `{name:type}` and `{:type}` are holes,
    /// `${name}` is the value of an earlier capture, `{{`, `}}` and `$$` are the
    /// characters themselves.
    ///
    /// # Errors
    /// A lone brace or dollar sign, a bad name or type, the same name twice, or
    /// a hole behind which nothing can match: holes are greedy and never give back.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let mut pieces = Vec::new();
        let mut literal = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut cursor = Cursor::new(text);
        while let Some((at, c)) = cursor.next() {
            match c {
                '$' => match cursor.dollar(at)? {
                    None => literal.push(b'$'),
                    Some(name) => {
                        flush(&mut literal, &mut pieces, PatternPiece::Literal);
                        pieces.push(PatternPiece::Use(name));
                    }
                },
                '{' if cursor.eat('{') => literal.push(b'{'),
                '}' if cursor.eat('}') => literal.push(b'}'),
                '}' => return Err(TextError::new(at, "a lone `}` closes nothing", "write `}}` for the character")),
                '{' => {
                    flush(&mut literal, &mut pieces, PatternPiece::Literal);
                    let (name, hole) = cursor.hole(at)?;
                    if !name.is_empty() && names.contains(&name) {
                        return Err(TextError::new(
                            at,
                            format!("the name `{name}` stands twice in one pattern"),
                            "give each hole a name of its own",
                        ));
                    }
                    names.push(name.clone());
                    check_neighbour(pieces.last(), at)?;
                    pieces.push(PatternPiece::Hole(name, hole));
                }
                c => {
                    if literal.is_empty()
                        && let Some(PatternPiece::Hole(_, hole)) = pieces.last()
                    {
                        check_follower(*hole, c, at)?;
                    }
                    push(&mut literal, c);
                }
            }
        }
        flush(&mut literal, &mut pieces, PatternPiece::Literal);
        Ok(Self { pieces, text: text.to_owned() })
    }
}

/// A hole behind a hole that would already have taken all of it never matches.
fn check_neighbour(before: Option<&PatternPiece>, at: usize) -> Result<(), TextError> {
    let Some(PatternPiece::Hole(_, before)) = before else { return Ok(()) };
    match before {
        HoleType::Uint | HoleType::Octets | HoleType::Timestamp => Ok(()),
        greedy => Err(TextError::new(
            at,
            format!("nothing is left for this hole: `{}` before it takes all that it can", greedy.as_str()),
            "put a character between them that the first one does not take, such as a space",
        )),
    }
}

fn check_follower(hole: HoleType, c: char, at: usize) -> Result<(), TextError> {
    let mut buffer = [0; 4];
    let first = c.encode_utf8(&mut buffer).as_bytes().first().copied().unwrap_or(0);
    if !hole.takes(first) {
        return Ok(());
    }
    Err(TextError::new(
        at,
        format!(
            "this never matches: the `{}` hole before it takes the `{c}` too and gives nothing back",
            hole.as_str()
        ),
        "holes are greedy; end the hole with a space, or use one hole for both",
    ))
}

fn read_template(text: &str, escapes: bool) -> Result<Template, TextError> {
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut cursor = Cursor::new(text);
    while let Some((at, c)) = cursor.next() {
        match c {
            '$' => match cursor.dollar(at)? {
                None => literal.push(b'$'),
                Some(name) => {
                    flush(&mut literal, &mut pieces, TemplatePiece::Literal);
                    pieces.push(TemplatePiece::Use(name));
                }
            },
            '\\' if escapes => literal.push(cursor.escape(at)?),
            c => push(&mut literal, c),
        }
    }
    flush(&mut literal, &mut pieces, TemplatePiece::Literal);
    Ok(Template { pieces })
}

fn push(literal: &mut Vec<u8>, c: char) {
    literal.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn flush<P>(literal: &mut Vec<u8>, pieces: &mut Vec<P>, make: fn(Vec<u8>) -> P) {
    if !literal.is_empty() {
        pieces.push(make(std::mem::take(literal)));
    }
}

/// Whether a text can name a capture: a letter or `_`, then letters, digits, `_`.
pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

struct Cursor<'t> {
    chars: std::iter::Peekable<std::iter::Enumerate<std::str::Chars<'t>>>,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { chars: text.chars().enumerate().peekable() }
    }

    fn next(&mut self) -> Option<(usize, char)> {
        self.chars.next()
    }

    fn eat(&mut self, want: char) -> bool {
        self.chars.next_if(|(_, c)| *c == want).is_some()
    }

    /// Up to the closing brace, which is eaten.
    fn braced(&mut self, at: usize) -> Result<String, TextError> {
        let mut inside = String::new();
        for (_, c) in self.chars.by_ref() {
            match c {
                '}' => return Ok(inside),
                '{' => break,
                c => inside.push(c),
            }
        }
        Err(TextError::new(at, "the brace is not closed", "close it with `}`, or write `{{` for the character"))
    }

    /// Behind a dollar sign: a name, or nothing for `$$`.
    fn dollar(&mut self, at: usize) -> Result<Option<String>, TextError> {
        if self.eat('$') {
            return Ok(None);
        }
        if !self.eat('{') {
            return Err(TextError::new(
                at,
                "a lone `$` means nothing",
                "write `$$` for the character, or `${name}` for a capture",
            ));
        }
        let name = self.braced(at)?;
        if name.split('.').all(is_name) {
            return Ok(Some(name));
        }
        Err(TextError::new(
            at,
            format!("`{name}` cannot name a capture"),
            "a name is a letter, then letters, digits and `_`; a list's part is `list.part`",
        ))
    }

    /// Behind an opening brace: the hole's name and type.
    fn hole(&mut self, at: usize) -> Result<(String, HoleType), TextError> {
        let inside = self.braced(at)?;
        let types = HoleType::ALL.map(HoleType::as_str).join(", ");
        let Some((name, kind)) = inside.split_once(':') else {
            return Err(TextError::new(
                at,
                format!("the hole `{{{inside}}}` has no type"),
                format!(
                    "write `{{{inside}:uint}}` with one of {types}; `${{{inside}}}` uses a capture made earlier; `{{{{` is the character"
                ),
            ));
        };
        if !name.is_empty() && !is_name(name) {
            return Err(TextError::new(
                at,
                format!("`{name}` cannot name a hole"),
                "a name is a letter, then letters, digits and `_`",
            ));
        }
        let Some(hole) = HoleType::ALL.into_iter().find(|hole| hole.as_str() == kind) else {
            return Err(TextError::new(
                at,
                format!("`{kind}` is not a type of hole"),
                format!("the types are {types}"),
            ));
        };
        Ok((name.to_owned(), hole))
    }

    /// Behind a backslash: the octet meant.
    fn escape(&mut self, at: usize) -> Result<u8, TextError> {
        let octet = match self.next().map(|(_, c)| c) {
            Some('r') => Some(b'\r'),
            Some('n') => Some(b'\n'),
            Some('t') => Some(b'\t'),
            Some('0') => Some(0),
            Some('\\') => Some(b'\\'),
            Some('x') => match (self.hex_digit(), self.hex_digit()) {
                (Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
                _ => None,
            },
            _ => None,
        };
        octet.ok_or_else(|| {
            TextError::new(at, "unknown escape", r"the escapes are \r \n \t \0 \\ and \xNN with two hexadecimal digits")
        })
    }

    fn hex_digit(&mut self) -> Option<u32> {
        self.next().and_then(|(_, c)| c.to_digit(16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_print_as_they_were_read() {
        for text in [
            "",
            "ready",
            "{count:uint} {octets:octets}",
            "{:word}",
            "a{{b}}c",
            "$$5 ${user} {t:timestamp} {r:rest}",
            "{a:uint}{b:word}",
        ] {
            let pattern = Pattern::parse(text).unwrap();
            assert_eq!(pattern.to_string(), text);
            assert_eq!(pattern.text, text);
        }
    }

    #[test]
    fn bad_patterns_say_where() {
        let check = |text: &str, at: usize, part: &str| {
            let error = Pattern::parse(text).unwrap_err();
            assert_eq!(error.at, at, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
        };
        check("{n}", 0, "no type");
        check("a {n:int}", 2, "not a type");
        check("{n:uint", 0, "not closed");
        check("a}", 1, "lone `}`");
        check("5$", 1, "lone `$`");
        check("${a b}", 0, "cannot name");
        check("{1:uint}", 0, "cannot name a hole");
        check("{a:uint} {a:word}", 9, "twice");
        check("{a:word}{b:uint}", 8, "nothing is left");
        check("{a:word}.", 8, "never matches");
        check("{a:rest} x", 8, "never matches");
    }

    #[test]
    fn raw_payloads_round_trip() {
        for text in [r"STAT\r\n", r"a\\b\0\t\xff$$", "USER ${user}\\r\\n"] {
            assert_eq!(Template::parse_raw(text).unwrap().to_raw(), text);
        }
        assert_eq!(Template::parse_raw(r"\x41").unwrap(), Template::literal(b"A"));
        assert!(Template::parse_raw(r"\q").is_err());
        assert!(Template::parse_raw(r"\x4").is_err());
        assert!(Template::parse_raw(r"\").is_err());
    }

    #[test]
    fn a_template_leaves_braces_alone() {
        assert_eq!(Template::parse("A {b} $$ ${user}").unwrap().to_text(), "A {b} $$ ${user}");
        assert_eq!(Template::parse("${user}!").unwrap().resolve(|name| Some(name.into())).unwrap(), b"user!");
        assert_eq!(Template::parse("${x}").unwrap().resolve(|_| None), Err("x".to_owned()));
    }
}

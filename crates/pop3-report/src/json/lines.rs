//! JSON with a row a line, and nothing in it that a terminal acts on.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::visible::is_visible;

/// How many arrays and objects may be open around what has a line of its own: the
/// document, and a list in it.
const ON_LINES: usize = 2;

/// Lays out the document. A change of one row is a change of one line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    open: usize,
    /// Whether the innermost list or object that is open has something in it.
    is_filled: bool,
}

impl Lines {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.open += 1;
        self.is_filled = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.open -= 1;
        if self.is_filled && self.open < ON_LINES {
            out.write_all(b"\n")?;
        }
        self.is_filled = true;
        out.write_all(bracket)
    }

    fn next<W: ?Sized + Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.is_filled = true;
        match (is_first, self.open <= ON_LINES) {
            (true, true) => out.write_all(b"\n"),
            (true, false) => Ok(()),
            (false, true) => out.write_all(b",\n"),
            (false, false) => out.write_all(b", "),
        }
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    /// RFC 8259 section 7 lets any character be written by the numbers of its UTF-16 form.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c| !is_visible(c)) {
            let (shown, hidden) = rest.split_at(at);
            out.write_all(shown.as_bytes())?;
            let mut characters = hidden.chars();
            for unit in characters.next().iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = characters.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;

    use super::*;

    #[test]
    fn a_row_a_line_and_nothing_hidden() {
        let value = serde_json::json!({
            "a": 1,
            "rows": [{"n": 1, "of": [2, 3]}, {}],
            "none": [],
            "text": "\u{9b}2J\u{202e}\u{e0041}\u{7f}\n\u{1b}Grüße\\x1B",
        });
        let mut out = Vec::new();
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Lines::default())).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "{\n\"a\": 1,\n\"none\": [],\n\"rows\": [\n{\"n\": 1, \"of\": [2, 3]},\n{}\n],\n\
             \"text\": \"\\u009b2J\\u202e\\udb40\\udc41\\u007f\\n\\u001bGrüße\\\\x1B\"\n}"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}

//! Fixture files: the mail that scenarios find in the maildrop.

use super::Decoder;
use crate::fixture::{Fixture, MAX_FIXTURE_OCTETS, NUMBER, Piece, ends_in_crlf};
use crate::pattern::{Template, TemplatePiece};
use crate::yaml::{Content, Node};

/// The format's name.
pub(crate) const FORMAT: &str = "pop3-fixture/1";

/// Reads a fixture.
pub(crate) fn fixture(decoder: &mut Decoder<'_>, root: &Node, name: &str) -> Option<Fixture> {
    let mut fields = decoder.fields("a fixture", root)?;
    decoder.format(&mut fields, root, FORMAT);
    let title = fields.need("title", decoder).and_then(|title| decoder.prose("`title`", title));
    let declared = fields
        .get("octets")
        .and_then(|octets| Some((decoder.number("`octets`", octets, 0..=MAX_FIXTURE_OCTETS)?, &octets.span)));
    let final_line_end =
        fields.get("final_line_end").and_then(|word| decoder.truth("`final_line_end`", word)).unwrap_or(true);
    let mut pieces = Vec::new();
    if let Some(content) = fields.need("content", decoder) {
        for piece in decoder.items("`content`", content).unwrap_or_default() {
            decoder.piece(piece, &mut pieces);
        }
        if !final_line_end && !ends_in_crlf(&pieces) {
            decoder.findings.error(
                &content.span,
                "contradiction",
                "`final_line_end: false` drops the last CRLF, and the content does not end in one",
            );
        }
    }
    decoder.finish(fields);
    let fixture =
        Fixture { name: name.to_owned(), title: title?, pieces, final_line_end, source: decoder.file.clone() };
    let octets = fixture.length();
    if let Some((declared, span)) = declared
        && declared != octets
        && !decoder.findings.has_errors()
    {
        let message = format!("`octets` says {declared}, and the content has {octets}");
        let help = format!("write `octets: {octets}`, or mend the content");
        decoder.findings.error_help(span, "wrong-octets", message, help);
    }
    Some(fixture)
}

impl Decoder<'_> {
    fn piece(&mut self, node: &Node, pieces: &mut Vec<Piece>) {
        let Some(mut fields) = self.fields("a piece of `content`", node) else { return };
        let found = [fields.get("lines"), fields.get("raw"), fields.get("hex")];
        let repeat = fields
            .get("repeat")
            .and_then(|repeat| self.number("`repeat`", repeat, 1..=MAX_FIXTURE_OCTETS))
            .unwrap_or(1);
        self.finish(fields);
        let text = match found {
            [Some(lines), None, None] => literal(self.lines(lines)),
            [None, Some(raw), None] => self.raw_octets(raw),
            [None, None, Some(hex)] => literal(self.hex(hex).unwrap_or_default()),
            _ => {
                self.findings.error_help(
                    &node.span,
                    "contradiction",
                    "a piece needs exactly one of `lines`, `raw` and `hex`",
                    "write `- lines: [\"Subject: x\", \"\", text]`",
                );
                return;
            }
        };
        let piece = Piece { text, repeat };
        let before: usize = pieces.iter().map(Piece::length).sum();
        if piece.length().saturating_add(before) > MAX_FIXTURE_OCTETS {
            self.findings.error(
                &node.span,
                "too-large",
                format!("the fixture has more than {MAX_FIXTURE_OCTETS} octets"),
            );
            return;
        }
        pieces.push(piece);
    }

    fn lines(&mut self, node: &Node) -> Vec<u8> {
        let mut octets = Vec::new();
        for item in self.items("`lines`", node).unwrap_or_default() {
            let Content::Scalar(_) = &item.content else {
                let message = "a line must be text, and YAML takes `name: value` for a map";
                let raw: String = item
                    .span
                    .file
                    .line(item.span.line)
                    .chars()
                    .skip(item.span.column.saturating_sub(1) as usize)
                    .collect();
                let raw = raw.trim_end();
                let help = if raw.is_empty() {
                    "quote it".to_owned()
                } else {
                    format!("quote it: {}", crate::yaml::quoted(raw))
                };
                self.findings.error_help(&item.span, "needs-quotes", message, help);
                continue;
            };
            let Some(scalar) = self.scalar("a line", item) else { continue };
            self.check_octets(item, scalar);
            self.check_one_line("a line", item, scalar);
            self.check_comment("a line", item, scalar);
            octets.extend_from_slice(scalar.text.as_bytes());
            octets.extend_from_slice(b"\r\n");
        }
        octets
    }

    fn raw_octets(&mut self, node: &Node) -> Template {
        let Some(template) = self.raw("`raw`", node) else { return Template::default() };
        if let Some(name) = template.uses().find(|name| *name != NUMBER) {
            self.findings.error_help(
                &node.span,
                "unresolved-capture",
                format!("a fixture has no captures, and here is `${{{name}}}`"),
                "`${number}` is the message-number in five digits; write `$$` for the dollar sign",
            );
            return Template::default();
        }
        template
    }
}

fn literal(octets: Vec<u8>) -> Template {
    Template { pieces: vec![TemplatePiece::Literal(octets)] }
}

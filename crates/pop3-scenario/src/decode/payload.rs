//! `send:` and the ways to cut octets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Decoder, Fields};
use crate::pattern::Template;
use crate::scenario::{Chunking, Payload, PayloadContent};
use crate::yaml::Node;

/// The most octets that one `send` may make.
pub(crate) const MAX_PAYLOAD_OCTETS: usize = 64 << 20;

impl Decoder<'_> {
    pub(super) fn payload(&mut self, node: &Node) -> Option<Payload> {
        let mut fields = self.fields("`send`", node)?;
        let content = self.payload_content(&mut fields, node);
        let repeat = fields.get_with_key("repeat");
        let repeat =
            repeat.and_then(|(_, repeat)| self.number("`repeat`", repeat, 1..=MAX_PAYLOAD_OCTETS)).unwrap_or(1);
        let then = fields.get("then").and_then(|then| self.raw("`then`", then));
        let chunking = fields.get("chunking").and_then(|chunking| self.chunking(chunking));
        self.finish(fields);
        let content = content?;
        let once = match &content {
            PayloadContent::Raw(template) => template.skeleton().len(),
            PayloadContent::Octets(octets) => octets.len(),
        };
        if once.saturating_mul(repeat) > MAX_PAYLOAD_OCTETS {
            self.findings.error(&node.span, "too-large", format!("this sends more than {MAX_PAYLOAD_OCTETS} octets"));
        }
        Some(Payload { content, repeat, then, chunking })
    }

    fn payload_content(&mut self, fields: &mut Fields<'_>, node: &Node) -> Option<PayloadContent> {
        let raw = fields.get("raw");
        let hex = fields.get("hex");
        let base64 = fields.get("base64");
        match (raw, hex, base64) {
            (Some(raw), None, None) => self.raw("`raw`", raw).map(PayloadContent::Raw),
            (None, Some(hex), None) => self.hex(hex).map(PayloadContent::Octets),
            (None, None, Some(base64)) => self.base64(base64).map(PayloadContent::Octets),
            _ => {
                self.findings.error_help(
                    &node.span,
                    "contradiction",
                    "`send` needs exactly one of `raw`, `hex` and `base64`",
                    r"write `send: {raw: 'STAT\r\n'}`",
                );
                None
            }
        }
    }

    /// A text with our own escapes.
    pub(super) fn raw(&mut self, what: &str, node: &Node) -> Option<Template> {
        let scalar = self.scalar(what, node)?;
        self.check_octets(node, scalar);
        self.parsed(node, Template::parse_raw(&scalar.text))
    }

    /// Octets in hexadecimal, blanks between them as you like.
    pub(super) fn hex(&mut self, node: &Node) -> Option<Vec<u8>> {
        let text = self.text("`hex`", node)?;
        let digits: Option<Vec<u8>> = text
            .chars()
            .filter(|c| !c.is_ascii_whitespace())
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let octets = digits.filter(|digits| digits.len().is_multiple_of(2)).map(|digits| {
            digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |octet, digit| octet << 4 | digit)).collect()
        });
        if octets.is_none() {
            self.findings.error_help(
                &node.span,
                "bad-octets",
                "`hex` must be pairs of hexadecimal digits",
                "write `hex: \"00 ff\"`",
            );
        }
        octets
    }

    pub(super) fn base64(&mut self, node: &Node) -> Option<Vec<u8>> {
        let text = self.text("`base64`", node)?;
        let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        match STANDARD.decode(compact) {
            Ok(octets) => Some(octets),
            Err(error) => {
                self.findings.error_help(
                    &node.span,
                    "bad-octets",
                    format!("`base64` cannot be read: {error}"),
                    "write it with its padding: `base64: AGE=`",
                );
                None
            }
        }
    }

    pub(super) fn chunking(&mut self, node: &Node) -> Option<Chunking> {
        let text = self.text("`chunking`", node)?;
        if text.bytes().all(|octet| octet.is_ascii_digit()) {
            return self.number("`chunking`", node, 1..=MAX_PAYLOAD_OCTETS).map(Chunking::Size);
        }
        let words = [("whole", Chunking::Whole), ("bytewise", Chunking::Bytewise), ("split-crlf", Chunking::SplitCrlf)];
        self.choice("a chunking (or a number of octets)", node, &words)
    }
}

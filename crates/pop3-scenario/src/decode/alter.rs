//! `alter:` of `auth`.

use super::Decoder;
use crate::scenario::Alteration;
use crate::yaml::Node;

/// The most messages that a client has in an exchange, and some.
pub(crate) const MESSAGES: usize = 9;

impl Decoder<'_> {
    /// A list of changes to the client's messages.
    pub(super) fn alterations(&mut self, node: &Node) -> Vec<Alteration> {
        let items = self.items("`alter`", node).unwrap_or_default();
        items.iter().filter_map(|item| self.alteration(item)).collect()
    }

    fn alteration(&mut self, node: &Node) -> Option<Alteration> {
        let mut fields = self.fields("a change in `alter`", node)?;
        let message = fields.get("message").and_then(|number| self.number("`message`", number, 1..=MESSAGES));
        let replace = fields.get("replace").and_then(|text| self.raw("`replace`", text));
        let with = fields.need("with", self).and_then(|text| self.raw("`with`", text));
        if replace.as_ref().is_some_and(|text| text.pieces.is_empty()) {
            let help = "leave `replace` out to add at the end";
            self.findings.error_help(&node.span, "no-value", "`replace` is empty", help);
        }
        self.finish(fields);
        Some(Alteration { message: message.unwrap_or(1), replace, with: with? })
    }
}

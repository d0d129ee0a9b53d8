//! `S:` and everything under it.

use super::Decoder;
use crate::pattern::{Pattern, TextError};
use crate::scenario::{BodyExpectation, Part, ReplyExpectation, Status};
use crate::yaml::{Content, Node, quoted};

pub(crate) const STATUSES: [(&str, Status); 4] =
    [("+OK", Status::Ok), ("-ERR", Status::Err), ("+", Status::Continue), ("any", Status::Any)];

impl Decoder<'_> {
    /// The value of `S:` or `expect:`: `+OK pattern`, or a map.
    pub(super) fn reply(&mut self, key: &Node, node: &Node) -> Option<ReplyExpectation> {
        match &node.content {
            Content::Mapping(_) => self.reply_map(node),
            _ => self.reply_text(key, node),
        }
    }

    fn reply_text(&mut self, key: &Node, node: &Node) -> Option<ReplyExpectation> {
        let name = key.text().unwrap_or("S");
        let scalar = self.scalar(&format!("the reply of `{name}`"), node)?;
        self.check_line(name, key, node, scalar);
        let (word, rest) = match scalar.text.split_once(' ') {
            Some((word, rest)) => (word, Some(rest)),
            None => (scalar.text.as_str(), None),
        };
        let Some((_, status)) = STATUSES.iter().find(|(known, _)| *known == word) else {
            let message = format!("a reply begins with `+OK`, `-ERR`, `+` or `any`, and this with `{word}`");
            let help = if word.eq_ignore_ascii_case("+ok") || word.eq_ignore_ascii_case("-err") {
                format!(
                    "status indicators are upper case (RFC 1939 section 3): {}",
                    quoted(&scalar.text.replacen(word, &word.to_uppercase(), 1))
                )
            } else {
                format!("write `{name}: {}`, or `any` for either status", quoted(&format!("+OK {}", scalar.text)))
            };
            self.findings.error_help(&node.span, "no-status", message, help);
            return None;
        };
        let text = match rest {
            None => None,
            Some(rest) => {
                let skipped = word.chars().count() + 1;
                Some(Pattern::parse(rest).map_err(|error: TextError| self.text_error(node, error, skipped)).ok()?)
            }
        };
        Some(ReplyExpectation { status: *status, text, ..ReplyExpectation::default() })
    }

    fn reply_map(&mut self, node: &Node) -> Option<ReplyExpectation> {
        let mut fields = self.fields("a reply expectation", node)?;
        let mut reply = ReplyExpectation::default();
        if let Some(status) = fields.get("status") {
            reply.status = self.choice("a status", status, &STATUSES).unwrap_or_default();
        }
        reply.text = fields.get("text").and_then(|text| self.pattern("`text`", text));
        reply.exact = fields.get("exact").and_then(|exact| self.truth("`exact`", exact)).unwrap_or_default();
        reply.code = fields.get("code").and_then(|code| self.response_code(code));
        reply.each = fields.get("each").and_then(|each| self.pattern("`each`", each));
        reply.into = fields.get("into").and_then(|into| self.capture_name("`into`", into));
        reply.count = fields.get("count").and_then(|count| self.quantity("`count`", count));
        if let Some(lines) = fields.get("lines") {
            let items = self.items("`lines`", lines).unwrap_or_default();
            reply.lines = Some(items.iter().filter_map(|line| self.pattern("a line of `lines`", line)).collect());
        }
        reply.unordered =
            fields.get("unordered").and_then(|unordered| self.truth("`unordered`", unordered)).unwrap_or_default();
        reply.body = fields.get("body").and_then(|body| self.body(body));
        reply.took = fields.get("took").and_then(|took| self.capture_name("`took`", took));
        reply.level = fields.get("level").and_then(|level| self.level(level));
        reply.requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        self.check_reply(node, &reply);
        Some(reply)
    }

    fn check_reply(&mut self, node: &Node, reply: &ReplyExpectation) {
        let multi_line = reply.each.is_some()
            || reply.into.is_some()
            || reply.count.is_some()
            || reply.lines.is_some()
            || reply.body.is_some();
        let mut refuse =
            |message: &str, help: &str| self.findings.error_help(&node.span, "contradiction", message, help);
        if multi_line && matches!(reply.status, Status::Err | Status::Continue) {
            refuse("a reply with this status is always one line", "expect lines and bodies of `+OK` or `any` only");
        }
        if reply.unordered && reply.lines.is_none() {
            refuse(
                "`unordered` says how `lines` are held, and there are no `lines`",
                "add `lines: […]` or remove `unordered`",
            );
        }
        if reply.exact && reply.text.is_none() {
            refuse(
                "`exact` asks for no text beyond `text`, and there is no `text`",
                "add `text: \"\"` where the reply has nothing behind its status",
            );
        }
        if reply.into.is_none() && reply.each.as_ref().is_some_and(|each| each.holes().next().is_some()) {
            refuse(
                "the named holes of `each` are captured nowhere",
                "gather them as lists with `into: name`, or leave the names out: `{:uint}`",
            );
        }
        if reply.into.is_some() && reply.each.as_ref().is_some_and(|each| each.holes().next().is_none()) {
            refuse(
                "`into` gathers the named holes of `each`, and it has none",
                "name a hole: `each: \"{n:uint} {size:octets}\"`, or leave `each` out for whole lines",
            );
        }
    }

    /// `IN-USE`, `SYS/TEMP`: RFC 2449 section 8.
    pub(super) fn response_code(&mut self, node: &Node) -> Option<String> {
        let text = self.text("`code`", node)?;
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|octet| octet.is_ascii_graphic() && !b"[]/".contains(&octet))
        };
        if text.split('/').all(part) {
            return Some(text.to_owned());
        }
        let message = format!("`{text}` is not a response code (RFC 2449 section 8)");
        self.findings.error_help(&node.span, "bad-code", message, "write it without brackets: `IN-USE`, `SYS/TEMP`");
        None
    }

    fn body(&mut self, node: &Node) -> Option<BodyExpectation> {
        let mut fields = self.fields("`body`", node)?;
        let mut body = BodyExpectation {
            message: fields.get("message").and_then(|n| self.quantity("`message`", n)),
            ..BodyExpectation::default()
        };
        let part = fields.get_with_key("part");
        if let Some((_, part)) = part {
            let parts = [("whole", Part::Whole), ("header", Part::Header), ("body", Part::Body)];
            body.part = self.choice("a part of a message", part, &parts).unwrap_or_default();
        }
        body.top = fields.get("top").and_then(|top| self.quantity("`top`", top));
        body.contains = fields.get("contains").and_then(|text| self.template("`contains`", text));
        body.octets = fields.get("octets").and_then(|octets| self.quantity("`octets`", octets));
        body.same_as = fields.get("same_as").and_then(|name| self.capture_name("`same_as`", name));
        body.into = fields.get("into").and_then(|name| self.capture_name("`into`", name));
        self.finish(fields);
        if body.message.is_none() && body.top.is_some() {
            let message = "`top` says how many lines of a message are compared, and there is no `message`";
            self.findings.error_help(&node.span, "contradiction", message, "add `message: 1`");
        }
        let takes_part = [body.message.is_some(), body.contains.is_some(), body.same_as.is_some(), body.into.is_some()];
        if part.is_some() && !takes_part.contains(&true) {
            let message = "`part` says what `message`, `contains`, `same_as` and `into` take, and none of them is here";
            self.findings.error_help(&node.span, "contradiction", message, "add `message: 1`");
        }
        Some(body)
    }
}

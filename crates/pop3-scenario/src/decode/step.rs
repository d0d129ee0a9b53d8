//! Steps: one map, one verb, and the session in the key.

use super::{Decoder, did_you_mean};
use crate::scenario::{Check, Hook, Sentinel, Step, Verb};
use crate::source::Span;
use crate::yaml::{Content, Node};

/// All verbs, and whether a session may stand behind them.
pub(crate) const VERBS: [(&str, bool); 20] = [
    ("C", true),
    ("S", true),
    ("send", true),
    ("open", true),
    ("close", true),
    ("eof", true),
    ("silent", true),
    ("wait", false),
    ("tls", true),
    ("auth", true),
    ("sentinel", true),
    ("one_of", true),
    ("check", false),
    ("parallel", false),
    ("barrier", false),
    ("retry", true),
    ("foreach", true),
    ("when", true),
    ("use", true),
    ("hook", false),
];

/// The most steps of one file, the steps of fragments counted in full.
pub(crate) const MAX_STEPS: usize = 10_000;

pub(crate) const HOOKS: [(&str, Hook); 3] =
    [("kill", Hook::Kill), ("restart", Hook::Restart), ("deliver", Hook::Deliver)];

impl Decoder<'_> {
    /// A list of steps; `session` is that of steps which name none.
    pub(super) fn steps(&mut self, what: &str, node: &Node, session: Option<&str>) -> Vec<Step> {
        let Content::Sequence(items) = &node.content else {
            let message = format!("{what} needs a list of steps, and here is {}", node.kind());
            self.findings.error_help(&node.span, "wrong-type", message, "begin each step with `- `");
            return Vec::new();
        };
        if items.is_empty() {
            self.findings.error_help(&node.span, "no-steps", format!("{what} has no steps"), "add one, or remove it");
        }
        let mut steps = Vec::new();
        for item in items {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                self.findings.error(
                    &item.span,
                    "too-many-steps",
                    format!("more than {MAX_STEPS} steps, the steps of fragments included"),
                );
                break;
            }
            steps.extend(self.step(item, session));
        }
        steps
    }

    fn step(&mut self, node: &Node, default: Option<&str>) -> Option<Step> {
        let Content::Mapping(entries) = &node.content else {
            let message = format!("a step must be a map with one verb, and here is {}", node.kind());
            let help = "write `- C: STAT`; a text with `: ` or a leading sign may need quotes";
            self.findings.error_help(&node.span, "wrong-type", message, help);
            return None;
        };
        let (key, value) = entries.first().map(|(key, value)| (key, value))?;
        let second = entries.get(1);
        let text = key.text()?;
        let (verb, session) = match text.split_once('@') {
            Some((verb, session)) => (verb, Some(session)),
            None => (text, None),
        };
        let is_sentinel = verb == "sentinel"
            || second.is_some_and(|(key, _)| key.text().is_some_and(|key| key.split('@').next() == Some("sentinel")));
        if is_sentinel {
            return self.sentinel(node, default);
        }
        if let Some((extra, _)) = second.filter(|(extra, _)| extra.text() != Some(text)) {
            let message =
                format!("a step has one verb, and here `{}` follows `{text}`", extra.text().unwrap_or("another"));
            self.findings.error_help(
                &extra.span,
                "two-verbs",
                message,
                "begin a new step with `-`, or indent the key under its verb",
            );
        }
        let session = self.session(verb, session, key)?;
        let takes = VERBS.iter().any(|(known, takes)| *known == verb && *takes);
        let session = session.or_else(|| default.filter(|_| takes).map(str::to_owned));
        let verb = self.verb(verb, key, value, session.as_deref())?;
        Some(Step { verb, session, span: key.span.clone() })
    }

    fn session(&mut self, verb: &str, session: Option<&str>, key: &Node) -> Option<Option<String>> {
        let Some(session) = session else { return Some(None) };
        if VERBS.iter().any(|(known, takes)| *known == verb && !takes) {
            self.findings.error_help(
                &key.span,
                "bad-session",
                format!("`{verb}` belongs to no session"),
                format!("write `{verb}:`"),
            );
            return None;
        }
        if !super::values::is_slug(session) {
            let message = format!("`{session}` cannot name a session");
            self.findings.error_help(
                &key.span,
                "bad-session",
                message,
                "a session's name is lower-case letters, digits and hyphens: `C@b`",
            );
            return None;
        }
        Some(Some(session.to_owned()))
    }

    fn verb(&mut self, verb: &str, key: &Node, value: &Node, session: Option<&str>) -> Option<Verb> {
        Some(match verb {
            "C" => Verb::Command(self.line(key, value)?),
            "S" => Verb::Reply(Box::new(self.reply(key, value)?)),
            "send" => Verb::Send(self.payload(value)?),
            "open" => Verb::Open(self.open(value)?),
            "close" => Verb::Close(self.close(value)?),
            "eof" => Verb::Eof(self.eof(value)?),
            "silent" => Verb::Silent(self.silent(value)?),
            "wait" => Verb::Wait(self.wait(value)?),
            "tls" => Verb::Tls(self.tls(value)?),
            "auth" => self.auth(value)?,
            "one_of" => Verb::OneOf(self.one_of(value, session)?),
            "check" => Verb::Check(self.check(value)?),
            "parallel" => Verb::Parallel(self.parallel(value)?),
            "barrier" => Verb::Barrier(self.slug("the name of a barrier", value)?),
            "retry" => Verb::Retry(self.retry(value, session)?),
            "foreach" => Verb::Foreach(self.foreach(value, session)?),
            "when" => Verb::When(self.when(value, session)?),
            "use" => Verb::Use(self.use_fragment(value, session)?),
            "hook" => Verb::Hook(self.choice("a hook", value, &HOOKS)?),
            other => {
                self.unknown_verb(other, &key.span);
                return None;
            }
        })
    }

    fn unknown_verb(&mut self, verb: &str, span: &Span) {
        if verb == "sessions" {
            self.findings.error_help(
                span,
                "not-available",
                format!("`{verb}` is not available in this version"),
                "sessions need no declaration: write them in the keys, `C@b: …`",
            );
            return;
        }
        let known: Vec<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
        let help = match verb {
            "c" | "client" | "Client" => "did you mean `C`?".to_owned(),
            "s" | "server" | "Server" => "did you mean `S`?".to_owned(),
            "expect" => "`expect` stands in one step with `sentinel`; a reply is `S:`".to_owned(),
            _ => did_you_mean(verb, &known),
        };
        self.findings.error_help(span, "unknown-verb", format!("`{verb}` is not a verb"), help);
    }

    /// The one step with two keys.
    fn sentinel(&mut self, node: &Node, default: Option<&str>) -> Option<Step> {
        let Content::Mapping(entries) = &node.content else { return None };
        let is = |key: &Node, verb: &str| key.text().is_some_and(|text| text.split('@').next() == Some(verb));
        let (key, command) = entries.iter().find(|(key, _)| is(key, "sentinel"))?;
        let session = key.text().and_then(|text| text.split_once('@')).map(|(_, session)| session);
        let session = self.session("sentinel", session, key)?;
        for (other, _) in entries {
            if !is(other, "sentinel") && other.text() != Some("expect") {
                let message = format!("`{}` is not a key of a sentinel", other.text().unwrap_or_default());
                self.findings.error_help(&other.span, "unknown-key", message, "known are: sentinel, expect");
            }
        }
        let Some((expect_key, expect)) = entries.iter().find(|(key, _)| key.text() == Some("expect")) else {
            self.findings.error_help(
                &key.span,
                "missing-key",
                "a sentinel has no `expect`",
                "add `expect: +OK …` with a text that no earlier reply has",
            );
            return None;
        };
        let command = self.line(key, command);
        let expect = self.reply(expect_key, expect);
        let verb = Verb::Sentinel(Sentinel { command: command?, expect: expect? });
        Some(Step { verb, session: session.or_else(|| default.map(str::to_owned)), span: key.span.clone() })
    }

    fn check(&mut self, node: &Node) -> Option<Check> {
        if !matches!(node.content, Content::Mapping(_)) {
            let that = self.condition("`check`", node)?;
            let text = node.text().unwrap_or_default().to_owned();
            return Some(Check { that, text, note: None, level: None, requirement: None, ruling: None });
        }
        let mut fields = self.fields("`check`", node)?;
        let that_node = fields.need("that", self);
        let that = that_node.and_then(|that| self.condition("`that`", that));
        let note = fields.get("note").and_then(|note| self.prose("`note`", note));
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        let ruling = fields.get("ruling").and_then(|id| self.slug("a ruling", id));
        self.finish(fields);
        let text = that_node?.text()?.to_owned();
        Some(Check { that: that?, text, note, level, requirement, ruling })
    }
}

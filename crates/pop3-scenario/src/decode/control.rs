//! Steps that hold steps: `one_of`, `parallel`, `retry`, `foreach`, `when`, `use`.

use super::{Decoder, Fields, did_you_mean};
use crate::pattern::{Template, TemplatePiece};
use crate::scenario::{
    Alternative, AlternativeEvent, Branch, Condition, Foreach, ForeachValues, Retry, Step, Use, Verb, When,
};
use crate::verdict::Verdict;
use crate::yaml::{Content, Node};

/// The verdicts that an alternative may carry: those that speak of the target.
pub(crate) const VERDICTS: [(&str, Verdict); 6] = [
    ("pass", Verdict::Pass),
    ("info", Verdict::Info),
    ("unsupported", Verdict::Unsupported),
    ("warn", Verdict::Warn),
    ("inconclusive", Verdict::Inconclusive),
    ("fail", Verdict::Fail),
];

/// The most alternatives of one `one_of`, and branches of one `parallel`.
const MAX_BRANCHES: usize = 32;

impl Decoder<'_> {
    pub(super) fn one_of(&mut self, node: &Node, session: Option<&str>) -> Option<Vec<Alternative>> {
        let items = self.items("`one_of`", node)?;
        if items.len() > MAX_BRANCHES {
            self.findings.error(&node.span, "too-large", format!("`one_of` has more than {MAX_BRANCHES} alternatives"));
            return None;
        }
        let mut alternatives: Vec<Alternative> = Vec::new();
        for item in items {
            let Some(alternative) = self.alternative(item, session) else { continue };
            if alternatives.iter().any(|other| other.id == alternative.id) {
                self.findings.error(
                    &item.span,
                    "listed-twice",
                    format!("two alternatives have the id `{}`", alternative.id),
                );
            }
            let never = alternatives.iter().any(|other| hides(&other.event, &alternative.event));
            if never {
                self.findings.error_help(
                    &item.span,
                    "never-taken",
                    format!("`{}` can never be taken: an alternative before it takes the same event", alternative.id),
                    "put the narrower alternative first",
                );
            }
            alternatives.push(alternative);
        }
        if items.len() < 2 {
            self.findings.error_help(
                &node.span,
                "contradiction",
                "`one_of` needs at least two alternatives",
                "for one expectation write the step itself",
            );
        }
        let handshakes =
            alternatives.iter().filter(|alternative| matches!(alternative.event, AlternativeEvent::Tls(_))).count();
        if handshakes > 0 && handshakes < alternatives.len() {
            self.findings.error_help(
                &node.span,
                "contradiction",
                "`tls` stands beside other events in one `one_of`",
                "a handshake is decided by its own outcomes: ok, alert, closed, garbage",
            );
        }
        Some(alternatives)
    }

    fn alternative(&mut self, node: &Node, session: Option<&str>) -> Option<Alternative> {
        let mut fields = self.fields("an alternative", node)?;
        let id = fields.need("id", self).and_then(|id| self.slug("an id", id));
        let misplaced = self.misplaced_session(&mut fields);
        let event = if misplaced { None } else { self.alternative_event(&mut fields, node) };
        let verdict = fields
            .need("verdict", self)
            .and_then(|verdict| self.choice("a verdict of an alternative", verdict, &VERDICTS));
        let note = fields.get("note").and_then(|note| self.prose("`note`", note));
        let ruling = fields.get("ruling").and_then(|id| self.slug("a ruling", id));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        let then = fields.get("then").map(|then| self.steps("`then`", then, session)).unwrap_or_default();
        self.finish(fields);
        Some(Alternative {
            id: id?,
            event: event?,
            verdict: verdict?,
            note,
            ruling,
            requirement,
            then,
            span: node.span.clone(),
        })
    }

    /// `S@b` in an alternative.
    fn misplaced_session(&mut self, fields: &mut Fields<'_>) -> bool {
        let mut found = false;
        for (key, _, taken) in &mut fields.entries {
            let Some((verb, session)) = key.text().and_then(|text| text.split_once('@')) else { continue };
            if !["S", "eof", "silent", "tls"].contains(&verb) {
                continue;
            }
            (*taken, found) = (true, true);
            let message = "all alternatives watch one session, which stands at `one_of`";
            let help = format!("write `{verb}:` here and `one_of@{session}:` above");
            self.findings.error_help(&key.span, "bad-session", message, help);
        }
        found
    }

    fn alternative_event(&mut self, fields: &mut Fields<'_>, node: &Node) -> Option<AlternativeEvent> {
        let found = [
            fields.get_with_key("S"),
            fields.get_with_key("eof"),
            fields.get_with_key("silent"),
            fields.get_with_key("tls"),
        ];
        if found.iter().flatten().count() != 1 {
            self.findings.error_help(
                &node.span,
                "contradiction",
                "an alternative needs exactly one event",
                "one of `S`, `eof`, `silent`, `tls`",
            );
            return None;
        }
        for (_, event) in found.iter().flatten() {
            self.refuse_grade(event);
        }
        let [reply, eof, silent, tls] = found;
        let reply =
            reply.and_then(|(key, reply)| self.reply(key, reply)).map(|reply| AlternativeEvent::Reply(Box::new(reply)));
        let eof = eof.and_then(|(_, eof)| self.eof(eof)).map(AlternativeEvent::Eof);
        let silent = silent.and_then(|(_, silent)| self.silent(silent)).map(AlternativeEvent::Silent);
        let tls = tls.and_then(|(_, tls)| self.tls_outcome(tls)).map(AlternativeEvent::Tls);
        reply.or(eof).or(silent).or(tls)
    }

    /// An alternative is graded by its verdict alone.
    fn refuse_grade(&mut self, event: &Node) {
        let Content::Mapping(entries) = &event.content else { return };
        for (key, _) in entries {
            if let Some(text @ ("level" | "requirement")) = key.text() {
                let message = format!("`{text}` in the event of an alternative has no effect");
                let help = match text {
                    "level" => "the `verdict` of the alternative grades it",
                    _ => "put `requirement` beside `verdict`",
                };
                self.findings.error_help(&key.span, "contradiction", message, help);
            }
        }
    }

    pub(super) fn parallel(&mut self, node: &Node) -> Option<Vec<Branch>> {
        let mut fields = self.fields("`parallel`", node)?;
        let mut branches = Vec::new();
        while let Some((key, value)) = fields.next() {
            let Some(name) = self.slug("the name of a branch", key) else { continue };
            let steps = self.steps(&format!("the branch `{name}`"), value, Some(&name));
            branches.push(Branch { name, steps });
        }
        if branches.len() > MAX_BRANCHES {
            self.findings.error(&node.span, "too-large", format!("`parallel` has more than {MAX_BRANCHES} branches"));
        }
        if branches.len() < 2 {
            self.findings.error_help(
                &node.span,
                "contradiction",
                "`parallel` needs at least two branches",
                "write `parallel: {a: [steps], b: [steps]}`",
            );
        }
        Some(branches)
    }

    pub(super) fn retry(&mut self, node: &Node, session: Option<&str>) -> Option<Retry> {
        let mut fields = self.fields("`retry`", node)?;
        let within = fields.need("within", self).and_then(|within| self.duration("`within`", within));
        let steps = fields.need("steps", self).map(|steps| self.steps("`retry`", steps, session));
        self.finish(fields);
        Some(Retry { within: within?, steps: steps? })
    }

    pub(super) fn foreach(&mut self, node: &Node, session: Option<&str>) -> Option<Foreach> {
        let mut fields = self.fields("`foreach`", node)?;
        let var = fields.need("var", self).and_then(|var| self.capture_name("`var`", var));
        let values = fields.need("in", self).and_then(|values| self.foreach_values(values));
        let at_once = fields.get("at_once").and_then(|at_once| self.number("`at_once`", at_once, 2..=50)).unwrap_or(1);
        let steps = fields.need("steps", self).map(|steps| self.steps("`foreach`", steps, session));
        self.finish(fields);
        Some(Foreach { var: var?, values: values?, at_once, steps: steps? })
    }

    fn foreach_values(&mut self, node: &Node) -> Option<ForeachValues> {
        match &node.content {
            Content::Sequence(items) => {
                if items.is_empty() {
                    self.findings.error(&node.span, "no-value", "`in` lists no values");
                }
                Some(ForeachValues::Listed(
                    items.iter().filter_map(|item| self.template("a value of `in`", item)).collect(),
                ))
            }
            Content::Mapping(_) => {
                let mut fields = self.fields("a range", node)?;
                let from = fields.need("from", self).and_then(|from| self.quantity("`from`", from));
                let to = fields.need("to", self).and_then(|to| self.quantity("`to`", to));
                self.finish(fields);
                Some(ForeachValues::Range(from?, to?))
            }
            Content::Scalar(_) => {
                let template = self.template("`in`", node)?;
                if let [TemplatePiece::Use(name)] = template.pieces.as_slice() {
                    return Some(ForeachValues::Captured(name.clone()));
                }
                self.findings.error_help(
                    &node.span,
                    "wrong-type",
                    "`in` must be a list, a captured list or a range",
                    "write `[a, b]`, `\"${list.n}\"` or `{from: 1, to: count}`",
                );
                None
            }
        }
    }

    pub(super) fn when(&mut self, node: &Node, session: Option<&str>) -> Option<When> {
        let mut fields = self.fields("`when`", node)?;
        let found = [fields.get("capa"), fields.get("not_capa"), fields.get("check")];
        let steps = fields.need("steps", self).map(|steps| self.steps("`when`", steps, session));
        self.finish(fields);
        if found.iter().flatten().count() != 1 {
            self.findings.error_help(
                &node.span,
                "contradiction",
                "`when` needs exactly one condition",
                "one of `capa`, `not_capa`, `check`",
            );
            return None;
        }
        let [capa, not_capa, check] = found;
        let capa = capa.and_then(|tag| self.capability(tag)).map(Condition::Capa);
        let not_capa = not_capa.and_then(|tag| self.capability(tag)).map(Condition::NotCapa);
        let check = check.and_then(|check| self.condition("`check`", check)).map(Condition::Check);
        Some(When { condition: capa.or(not_capa).or(check)?, steps: steps? })
    }

    /// A capability tag, upper case, perhaps with one argument.
    pub(super) fn capability(&mut self, node: &Node) -> Option<String> {
        let text = self.text("a capability", node)?;
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_graphic() && !octet.is_ascii_lowercase())
        };
        if text.split(' ').count() <= 2 && text.split(' ').all(is_word) {
            return Some(text.to_owned());
        }
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).take(2).collect();
        let help = format!(
            "write its tag in upper case, alone or with one argument: `{}`",
            words.join(" ").to_ascii_uppercase()
        );
        self.findings.error_help(&node.span, "bad-name", format!("`{text}` is not a capability tag"), help);
        None
    }

    pub(super) fn use_fragment(&mut self, node: &Node, session: Option<&str>) -> Option<Use> {
        let (name_node, with) = if matches!(node.content, Content::Mapping(_)) {
            let mut fields = self.fields("`use`", node)?;
            let name = fields.need("fragment", self);
            let with = fields.get("with").map(|with| self.with(with)).unwrap_or_default();
            self.finish(fields);
            (name?, with)
        } else {
            (node, Vec::new())
        };
        let name = self.text("`use`", name_node)?;
        let Some(fragment) = self.shelf.fragments.get(name) else {
            let known: Vec<&str> = self.shelf.fragments.keys().map(String::as_str).collect();
            let (message, help) = if self.shelf.broken.contains(name) {
                (format!("the fragment `{name}` has errors of its own"), format!("mend fragments/{name}.yaml"))
            } else if known.is_empty() {
                (format!("there is no fragment `{name}`"), format!("add fragments/{name}.yaml to the catalogue"))
            } else {
                (format!("there is no fragment `{name}`"), did_you_mean(name, &known))
            };
            self.findings.error_help(&name_node.span, "unknown-fragment", message, help);
            return None;
        };
        let mut steps = fragment.steps.clone();
        self.steps += crate::walk::count(&steps);
        if let Some(session) = session {
            fill_session(&mut steps, session);
        }
        Some(Use { fragment: name.to_owned(), with, steps })
    }

    fn with(&mut self, node: &Node) -> Vec<(String, Template)> {
        let Some(mut fields) = self.fields("`with`", node) else { return Vec::new() };
        let mut with = Vec::new();
        while let Some((key, value)) = fields.next() {
            let name = self.capture_name("a key of `with`", key);
            let text = self.template("a value of `with`", value);
            with.extend(name.zip(text));
        }
        with
    }
}

/// Whether every event of the later alternative is taken by the earlier one.
fn hides(earlier: &AlternativeEvent, later: &AlternativeEvent) -> bool {
    use crate::scenario::Status;
    match (earlier, later) {
        (AlternativeEvent::Reply(earlier), AlternativeEvent::Reply(later)) => {
            let takes_any =
                crate::scenario::ReplyExpectation { status: earlier.status, ..Default::default() } == **earlier;
            takes_any
                && (earlier.status == later.status || earlier.status == Status::Any && later.status != Status::Continue)
        }
        (AlternativeEvent::Tls(earlier), AlternativeEvent::Tls(later)) => earlier == later,
        (AlternativeEvent::Eof(_), AlternativeEvent::Eof(_))
        | (AlternativeEvent::Silent(_), AlternativeEvent::Silent(_)) => true,
        _ => false,
    }
}

/// Gives the session to every step that has none.
fn fill_session(steps: &mut [Step], session: &str) {
    for step in steps {
        let takes =
            !matches!(step.verb, Verb::Check(_) | Verb::Parallel(_) | Verb::Barrier(_) | Verb::Hook(_) | Verb::Wait(_));
        if takes {
            step.session.get_or_insert_with(|| session.to_owned());
        }
        crate::walk::inner_mut(step, &mut |steps| fill_session(steps, session));
    }
}

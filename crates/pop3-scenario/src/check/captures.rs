//! Every use of a capture has a capture before it, and every name one kind.
//!
//! A capture made in a branch counts as made after the branch: whether it was
//! taken shows only when the scenario runs.

use std::collections::{BTreeMap, BTreeSet};

use super::Site;
use super::kinds::{Kind, infer};
use crate::diagnostic::Findings;
use crate::expression::Expression;
use crate::pattern::{Pattern, Template};
use crate::scenario::{
    AlternativeEvent, BodyExpectation, Branch, Condition, Foreach, ForeachValues, PayloadContent, ReplyExpectation,
    Scenario, Step, Use, Verb, Wait,
};
use crate::source::Span;
use crate::value::{BUILT_IN, OAUTH, OF_NEIGHBOUR};

/// Reports uses without a capture, and captures that contradict one another.
pub(super) fn check(scenario: &Scenario, findings: &mut Findings) {
    let ledger = Ledger::of(scenario, findings);
    if ledger.used.contains("token") && !scenario.needs.profile.iter().any(|word| word == OAUTH) {
        findings.error_help(
            &super::top(&scenario.source),
            "undeclared-need",
            "`${token}` is used, which only targets whose accounts have bearer tokens know",
            format!("add `needs: {{profile: [{OAUTH}]}}` to the header"),
        );
    }
}

/// The captures of a scenario.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    known: BTreeMap<String, Kind>,
    /// Names that steps of the scenario itself capture, and where first.
    pub(crate) made: BTreeMap<String, Span>,
    /// Names used anywhere.
    pub(crate) used: BTreeSet<String>,
}

impl Ledger {
    /// Goes through the steps in the order of the file.
    pub(crate) fn of(scenario: &Scenario, findings: &mut Findings) -> Self {
        let of_neighbour = OF_NEIGHBOUR.iter().filter(|_| scenario.needs.neighbour);
        let known = BUILT_IN.iter().chain(of_neighbour).map(|name| ((*name).to_owned(), Kind::Octets)).collect();
        let mut ledger = Self { known, ..Self::default() };
        let same_reply = BTreeSet::new();
        Walk { ledger: &mut ledger, findings, site: Site::SCENARIO, same_reply }.steps(&scenario.steps);
        ledger
    }
}

struct Walk<'w, 's> {
    ledger: &'w mut Ledger,
    findings: &'w mut Findings,
    site: Site<'s>,
    /// Names that the reply at hand makes, at whatever point of it.
    same_reply: BTreeSet<String>,
}

impl<'s> Walk<'_, 's> {
    fn steps(&mut self, steps: &'s [Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &'s Step) {
        let span = &step.span;
        match &step.verb {
            Verb::Command(text) => self.text(text, span),
            Verb::Reply(reply) => self.reply(reply, span),
            Verb::Send(payload) => {
                if let PayloadContent::Raw(text) = &payload.content {
                    self.text(text, span);
                }
                payload.then.iter().for_each(|then| self.text(then, span));
            }
            Verb::Auth(auth) => {
                for text in [&auth.user, &auth.password, &auth.token, &auth.authzid].into_iter().flatten() {
                    self.text(text, span);
                }
                auth.nonce.iter().for_each(|text| self.text(text, span));
                for change in &auth.alter {
                    change.replace.iter().chain([&change.with]).for_each(|text| self.text(text, span));
                }
            }
            Verb::AuthAny(_) => ["user", "password"].iter().for_each(|name| self.used_name(name, false, span)),
            Verb::Sentinel(sentinel) => {
                self.text(&sentinel.command, span);
                self.reply(&sentinel.expect, span);
            }
            Verb::OneOf(alternatives) => {
                for alternative in alternatives {
                    if let AlternativeEvent::Reply(reply) = &alternative.event {
                        self.reply(reply, &alternative.span);
                    }
                    self.steps(&alternative.then);
                }
            }
            Verb::Check(check) => self.expression(&check.that, span),
            Verb::Parallel(branches) => self.parallel(branches),
            Verb::Retry(retry) => self.steps(&retry.steps),
            Verb::Foreach(foreach) => self.foreach(foreach, span),
            Verb::When(when) => {
                if let Condition::Check(condition) = &when.condition {
                    self.expression(condition, span);
                }
                self.steps(&when.steps);
            }
            Verb::Use(used) => self.used(used, step),
            Verb::Wait(Wait::Seconds(seconds)) => self.expression(seconds, span),
            Verb::Open(_)
            | Verb::Close(_)
            | Verb::Eof(_)
            | Verb::Silent(_)
            | Verb::Tls(_)
            | Verb::Barrier(_)
            | Verb::Wait(Wait::For(_))
            | Verb::Hook(_) => {}
        }
    }

    fn reply(&mut self, reply: &ReplyExpectation, span: &'s Span) {
        self.same_reply = made_by(reply);
        reply.text.iter().for_each(|pattern| self.pattern(pattern, span));
        if let Some(each) = &reply.each {
            self.pattern_uses(each, span);
        }
        match (&reply.into, &reply.each) {
            (Some(into), Some(each)) => {
                for (name, hole) in each.holes() {
                    self.make(&format!("{into}.{name}"), Kind::of(hole).list(), span);
                }
            }
            (Some(into), None) => self.make(into, Kind::OctetsList, span),
            (None, _) => {}
        }
        reply.count.iter().for_each(|count| self.expression(count, span));
        // All `lines` are held with what was known before the first of them.
        let lines = || reply.lines.iter().flatten();
        lines().for_each(|pattern| self.pattern_uses(pattern, span));
        lines().for_each(|pattern| self.pattern_makes(pattern, span));
        if let Some(body) = &reply.body {
            self.body(body, span);
        }
        reply.took.iter().for_each(|name| self.make(name, Kind::NumberList, span));
        self.same_reply.clear();
    }

    fn body(&mut self, body: &BodyExpectation, span: &'s Span) {
        for expression in [&body.message, &body.top, &body.octets].into_iter().flatten() {
            self.expression(expression, span);
        }
        body.contains.iter().for_each(|text| self.text(text, span));
        body.same_as.iter().for_each(|name| self.used_name(name, false, span));
        body.into.iter().for_each(|name| self.make(name, Kind::Octets, span));
    }

    /// A branch may use what another branch has captured before a barrier.
    fn parallel(&mut self, branches: &'s [Branch]) {
        let before = self.ledger.known.clone();
        let mut after = before.clone();
        for branch in branches {
            self.ledger.known.clone_from(&before);
            if has_barrier(branch) {
                self.ledger.known.clone_from(&after);
            }
            self.steps(&branch.steps);
            after.append(&mut self.ledger.known);
        }
        self.ledger.known = after;
    }

    fn foreach(&mut self, foreach: &'s Foreach, span: &'s Span) {
        let kind = match &foreach.values {
            ForeachValues::Listed(texts) => {
                texts.iter().for_each(|text| self.text(text, span));
                Kind::Octets
            }
            ForeachValues::Captured(name) => {
                self.used_name(name, true, span);
                self.ledger.known.get(name).and_then(|kind| kind.item()).unwrap_or(Kind::Octets)
            }
            ForeachValues::Range(from, to) => {
                self.expression(from, span);
                self.expression(to, span);
                Kind::Number
            }
        };
        self.within(&[(foreach.var.clone(), kind)], &foreach.steps);
    }

    fn used(&mut self, used: &'s Use, step: &'s Step) {
        used.with.iter().for_each(|(_, text)| self.text(text, &step.span));
        let given: Vec<(String, Kind)> = used.with.iter().map(|(name, _)| (name.clone(), Kind::Octets)).collect();
        let outside = self.site;
        self.site = outside.inside(step, &used.fragment);
        self.within(&given, &used.steps);
        self.site = outside;
    }

    /// Steps with names of their own, which hold in these steps only.
    fn within(&mut self, names: &[(String, Kind)], steps: &'s [Step]) {
        let hidden: Vec<_> =
            names.iter().map(|(name, kind)| (name, self.ledger.known.insert(name.clone(), *kind))).collect();
        self.steps(steps);
        for (name, before) in hidden {
            match before {
                Some(kind) => self.ledger.known.insert(name.clone(), kind),
                None => self.ledger.known.remove(name),
            };
        }
    }

    fn text(&mut self, text: &Template, span: &'s Span) {
        text.uses().for_each(|name| self.used_name(name, false, span));
    }

    fn pattern(&mut self, pattern: &Pattern, span: &'s Span) {
        self.pattern_uses(pattern, span);
        self.pattern_makes(pattern, span);
    }

    fn pattern_makes(&mut self, pattern: &Pattern, span: &'s Span) {
        for (name, hole) in pattern.holes() {
            self.make(name, Kind::of(hole), span);
        }
    }

    fn pattern_uses(&mut self, pattern: &Pattern, span: &'s Span) {
        pattern.uses().for_each(|name| self.used_name(name, false, span));
    }

    fn expression(&mut self, expression: &Expression, span: &'s Span) {
        let mut complete = true;
        for name in expression.uses() {
            complete &= self.resolve(name, span).is_some();
        }
        if let (true, Err(message)) = (complete, infer(expression, &self.ledger.known)) {
            self.findings.error(self.site.place(span), "wrong-kind", format!("{}{message}", self.site.preface()));
        }
    }

    fn used_name(&mut self, name: &str, list: bool, span: &'s Span) {
        let Some(kind) = self.resolve(name, span) else { return };
        if kind.is_list() == list {
            return;
        }
        let (wanted, help) = if list {
            ("a list", "gather a list with `each` and `into`")
        } else {
            ("a single value", "go through the list with `foreach: {var: n, in: \"${list.n}\", steps: […]}`")
        };
        let message = format!("{}`{name}` is {}, and {wanted} is needed here", self.site.preface(), kind.name());
        self.findings.error_help(self.site.place(span), "wrong-kind", message, help);
    }

    fn resolve(&mut self, name: &str, span: &'s Span) -> Option<Kind> {
        self.ledger.used.insert(name.to_owned());
        let found = self.ledger.known.get(name).copied();
        if found.is_none() && !self.findings.is_full() {
            let preface = self.site.preface();
            let (message, advice) = if self.same_reply.contains(name) {
                let order = "a reply is held in this order: code, text, each and into, count, lines, body, \
                             took; compare in a `check` behind it";
                (format!("{preface}`{name}` is captured only later in the same reply"), order.to_owned())
            } else {
                (format!("{preface}nothing before this captures `{name}`"), self.advice(name))
            };
            self.findings.error_help(&self.word(span, name), "unresolved-capture", message, advice);
        }
        found
    }

    /// The place of the name itself, where it stands on the line of the step.
    fn word(&self, span: &Span, name: &str) -> Span {
        let place = self.site.place(span);
        let line = place.file.line(place.line);
        let from = line.char_indices().nth(place.column.saturating_sub(1) as usize).map_or(0, |(at, _)| at);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let found = line.match_indices(name).find(|(at, _)| {
            let before = line.get(..*at).unwrap_or_default();
            let behind = line.get(at + name.len()..).unwrap_or_default();
            *at > from && !before.ends_with(is_part) && !behind.starts_with(is_part) && !behind.starts_with(':')
        });
        let (Some((at, _)), None) = (found, self.site.used_at) else { return place.clone() };
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let column = line.get(..at).unwrap_or_default().chars().count() + 1;
        Span { column: number(column), width: number(name.chars().count()), ..place.clone() }
    }

    fn advice(&self, name: &str) -> String {
        let part = format!("{name}.");
        let parts: Vec<&str> =
            self.ledger.known.keys().filter(|known| known.starts_with(&part)).map(String::as_str).collect();
        if !parts.is_empty() {
            return format!("the list was gathered as {}", parts.join(", "));
        }
        if OF_NEIGHBOUR.contains(&name) {
            return "add `needs: {neighbour: true}` to the header".to_owned();
        }
        let closest = self.ledger.known.keys().min_by_key(|known| strsim::damerau_levenshtein(known, name));
        match closest {
            Some(closest) if name.len() < 40 && strsim::damerau_levenshtein(closest, name) <= 1 + name.len() / 4 => {
                format!("did you mean `{closest}`?")
            }
            _ if self.site.used_at.is_some() => {
                format!("give it to the fragment: `use: {{fragment: …, with: {{{name}: …}}}}`")
            }
            _ => format!("capture it with a hole, `{{{name}:uint}}`; always there are {}", BUILT_IN.join(", ")),
        }
    }

    fn make(&mut self, name: &str, kind: Kind, span: &'s Span) {
        if BUILT_IN.contains(&name) || OF_NEIGHBOUR.contains(&name) {
            let message = format!("{}`{name}` is set by the runner and cannot be captured", self.site.preface());
            return self.findings.error_help(self.site.place(span), "built-in-name", message, "choose another name");
        }
        if let Some(before) = self.ledger.known.insert(name.to_owned(), kind).filter(|before| *before != kind) {
            let message = format!(
                "{}`{name}` is captured here as {}, and before as {}",
                self.site.preface(),
                kind.name(),
                before.name()
            );
            self.findings.error_help(self.site.place(span), "captured-twice", message, "give one of them another name");
        }
        if self.site.used_at.is_none() {
            self.ledger.made.entry(name.to_owned()).or_insert_with(|| span.clone());
        }
    }
}

/// The names of all captures that the reply makes.
fn made_by(reply: &ReplyExpectation) -> BTreeSet<String> {
    let of_holes = reply.text.iter().chain(reply.lines.iter().flatten()).flat_map(Pattern::holes);
    let mut names: BTreeSet<String> = of_holes.map(|(name, _)| name.to_owned()).collect();
    match (&reply.into, &reply.each) {
        (Some(into), Some(each)) => names.extend(each.holes().map(|(name, _)| format!("{into}.{name}"))),
        (Some(into), None) => drop(names.insert(into.clone())),
        (None, _) => {}
    }
    names.extend(reply.body.iter().filter_map(|body| body.into.clone()));
    names.extend(reply.took.clone());
    names
}

fn has_barrier(branch: &Branch) -> bool {
    let mut found = false;
    crate::walk::every(&branch.steps, &mut |step| found |= matches!(step.verb, Verb::Barrier(_)));
    found
}

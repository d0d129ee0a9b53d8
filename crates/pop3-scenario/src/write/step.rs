//! Steps, one to a line where they hold no others.

use std::fmt::Write as _;

use super::auth::{any_auth, auth};
use super::reply::{binding, eof, opening, outcome, reply, silent, tls};
use super::text::{duration, flow, list, scalar};
use crate::decode::{CLOSINGS, VERDICTS, word_of};
use crate::scenario::{
    Alternative, AlternativeEvent, Check, Condition, ForeachValues, Payload, PayloadContent, Step, Use, Verb, Wait,
};

/// The steps as items of a list, `indent` blanks deep.
pub(super) fn steps(steps: &[Step], indent: usize, out: &mut String) {
    for step in steps {
        self::step(step, indent, out);
    }
}

fn step(step: &Step, indent: usize, out: &mut String) {
    let at = step.session.as_ref().map(|session| format!("@{session}")).unwrap_or_default();
    let margin = " ".repeat(indent);
    let mut line = |verb: &str, value: String| {
        let _ = writeln!(out, "{margin}- {verb}{at}: {value}");
    };
    match &step.verb {
        Verb::Command(text) => line("C", scalar(&text.to_text())),
        Verb::Reply(expected) => line("S", reply(expected)),
        Verb::Send(sent) => line("send", payload(sent)),
        Verb::Open(how) => line("open", opening(how)),
        Verb::Close(how) => line("close", word_of(&CLOSINGS, *how).to_owned()),
        Verb::Eof(expected) => line("eof", eof(expected)),
        Verb::Silent(expected) => line("silent", silent(expected)),
        Verb::Wait(Wait::For(time)) => line("wait", duration(*time)),
        Verb::Wait(Wait::Seconds(seconds)) => line("wait", format!("{{seconds: {}}}", scalar(&seconds.to_string()))),
        Verb::Tls(expected) => line("tls", tls(expected)),
        Verb::Auth(exchange) => line("auth", auth(exchange)),
        Verb::AuthAny(any) => line("auth", any_auth(any)),
        Verb::Sentinel(sentinel) => {
            line("sentinel", scalar(&sentinel.command.to_text()));
            let _ = writeln!(out, "{margin}  expect: {}", reply(&sentinel.expect));
        }
        Verb::Check(checked) => line("check", check(checked)),
        Verb::Barrier(name) => line("barrier", name.clone()),
        Verb::Hook(hook) => line("hook", hook.as_str().to_owned()),
        Verb::Use(used) => line("use", fragment(used)),
        Verb::OneOf(alternatives) => {
            block("one_of", &at, indent, out);
            alternatives.iter().for_each(|alternative| self::alternative(alternative, indent + 4, out));
        }
        Verb::Parallel(branches) => {
            block("parallel", "", indent, out);
            for branch in branches {
                let _ = writeln!(out, "{margin}    {}:", branch.name);
                steps(&branch.steps, indent + 6, out);
            }
        }
        Verb::Retry(retry) => {
            block("retry", &at, indent, out);
            let _ = writeln!(out, "{margin}    within: {}", duration(retry.within));
            inner("steps", &retry.steps, indent + 4, out);
        }
        Verb::Foreach(foreach) => {
            block("foreach", &at, indent, out);
            let _ = writeln!(out, "{margin}    var: {}", foreach.var);
            let _ = writeln!(out, "{margin}    in: {}", values(&foreach.values));
            if foreach.at_once > 1 {
                let _ = writeln!(out, "{margin}    at_once: {}", foreach.at_once);
            }
            inner("steps", &foreach.steps, indent + 4, out);
        }
        Verb::When(when) => {
            block("when", &at, indent, out);
            let _ = writeln!(out, "{margin}    {}", condition(&when.condition));
            inner("steps", &when.steps, indent + 4, out);
        }
    }
}

fn block(verb: &str, at: &str, indent: usize, out: &mut String) {
    let _ = writeln!(out, "{}- {verb}{at}:", " ".repeat(indent));
}

fn inner(key: &str, steps: &[Step], indent: usize, out: &mut String) {
    let _ = writeln!(out, "{}{key}:", " ".repeat(indent));
    self::steps(steps, indent + 2, out);
}

fn alternative(alternative: &Alternative, indent: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    let event = match &alternative.event {
        AlternativeEvent::Reply(expected) => format!("S: {}", reply(expected)),
        AlternativeEvent::Eof(expected) => format!("eof: {}", eof(expected)),
        AlternativeEvent::Silent(expected) => format!("silent: {}", silent(expected)),
        AlternativeEvent::Tls(expected) => format!("tls: {}", outcome(*expected)),
    };
    let _ = writeln!(out, "{margin}- id: {}", alternative.id);
    let _ = writeln!(out, "{margin}  {event}");
    let _ = writeln!(out, "{margin}  verdict: {}", word_of(&VERDICTS, alternative.verdict));
    let members =
        [("note", &alternative.note), ("ruling", &alternative.ruling), ("requirement", &alternative.requirement)];
    for (key, value) in members {
        if let Some(value) = value {
            let _ = writeln!(out, "{margin}  {key}: {}", scalar(value));
        }
    }
    if !alternative.then.is_empty() {
        inner("then", &alternative.then, indent + 2, out);
    }
}

fn payload(payload: &Payload) -> String {
    let mut members = vec![match &payload.content {
        PayloadContent::Raw(text) => format!("raw: {}", scalar(&text.to_raw())),
        PayloadContent::Octets(octets) => format!("hex: \"{}\"", hex(octets)),
    }];
    if payload.repeat != 1 {
        members.push(format!("repeat: {}", payload.repeat));
    }
    members.extend(payload.then.iter().map(|then| format!("then: {}", scalar(&then.to_raw()))));
    members.extend(payload.chunking.iter().map(|chunking| format!("chunking: {}", chunking.name())));
    flow(&members)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(" ")
}

fn check(check: &Check) -> String {
    let rest = binding(check.level, check.requirement.as_deref());
    if check.note.is_none() && check.ruling.is_none() && rest.is_empty() {
        return scalar(&check.text);
    }
    let mut members = vec![format!("that: {}", scalar(&check.text))];
    members.extend(check.note.iter().map(|note| format!("note: {}", scalar(note))));
    members.extend(rest);
    members.extend(check.ruling.iter().map(|ruling| format!("ruling: {ruling}")));
    flow(&members)
}

fn values(values: &ForeachValues) -> String {
    match values {
        ForeachValues::Listed(texts) => list(&texts.iter().map(ToString::to_string).collect::<Vec<_>>()),
        ForeachValues::Captured(name) => format!("\"${{{name}}}\""),
        ForeachValues::Range(from, to) => {
            format!("{{from: {}, to: {}}}", scalar(&from.to_string()), scalar(&to.to_string()))
        }
    }
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Capa(tag) => format!("capa: {}", scalar(tag)),
        Condition::NotCapa(tag) => format!("not_capa: {}", scalar(tag)),
        Condition::Check(expression) => format!("check: {}", scalar(&expression.to_string())),
    }
}

fn fragment(used: &Use) -> String {
    if used.with.is_empty() {
        return scalar(&used.fragment);
    }
    let with: Vec<String> =
        used.with.iter().map(|(name, text)| format!("{name}: {}", scalar(&text.to_text()))).collect();
    format!("{{fragment: {}, with: {}}}", scalar(&used.fragment), flow(&with))
}

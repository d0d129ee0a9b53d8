//! Expectations, as short as they can be written.

use super::text::{duration, flow, list, scalar};
use crate::decode::word_of;
use crate::decode::{CERTIFICATES, OPENINGS, OUTCOMES, STATUSES, VERSIONS};
use crate::scenario::{
    BodyExpectation, Connect, EofExpectation, OpenTls, Part, ReplyExpectation, SilentExpectation, TlsExpectation,
    TlsOutcome,
};
use crate::verdict::Level;

/// The value of `S:` or `expect:`.
pub(super) fn reply(reply: &ReplyExpectation) -> String {
    let status = word_of(&STATUSES, reply.status);
    let short = ReplyExpectation { status: reply.status, text: reply.text.clone(), ..ReplyExpectation::default() };
    if short == *reply {
        return match &reply.text {
            None if status == "+" => "\"+\"".to_owned(),
            None => status.to_owned(),
            Some(pattern) => scalar(&format!("{status} {}", pattern.text)),
        };
    }
    let mut members = vec![format!("status: {}", if status == "+" { "\"+\"" } else { status })];
    let mut member = |key: &str, value: Option<String>| members.extend(value.map(|value| format!("{key}: {value}")));
    member("text", reply.text.as_ref().map(|pattern| scalar(&pattern.text)));
    member("exact", reply.exact.then(|| "true".to_owned()));
    member("code", reply.code.as_deref().map(scalar));
    member("each", reply.each.as_ref().map(|pattern| scalar(&pattern.text)));
    member("into", reply.into.clone());
    member("count", reply.count.as_ref().map(|count| scalar(&count.to_string())));
    let lines = reply.lines.as_ref().map(|lines| lines.iter().map(|pattern| pattern.text.as_str()).collect::<Vec<_>>());
    member("lines", lines.map(|lines| list(&lines)));
    member("unordered", reply.unordered.then(|| "true".to_owned()));
    member("body", reply.body.as_ref().map(body));
    member("took", reply.took.clone());
    members.extend(binding(reply.level, reply.requirement.as_deref()));
    flow(&members)
}

fn body(body: &BodyExpectation) -> String {
    let mut members = Vec::new();
    let mut member = |key: &str, value: Option<String>| members.extend(value.map(|value| format!("{key}: {value}")));
    member("message", body.message.as_ref().map(|message| scalar(&message.to_string())));
    member(
        "part",
        match body.part {
            Part::Whole => None,
            Part::Header => Some("header".to_owned()),
            Part::Body => Some("body".to_owned()),
        },
    );
    member("top", body.top.as_ref().map(|top| scalar(&top.to_string())));
    member("contains", body.contains.as_ref().map(|text| scalar(&text.to_text())));
    member("octets", body.octets.as_ref().map(|octets| scalar(&octets.to_string())));
    member("same_as", body.same_as.clone());
    member("into", body.into.clone());
    flow(&members)
}

/// `level` and `requirement`, where an assertion has its own.
pub(super) fn binding(level: Option<Level>, requirement: Option<&str>) -> Vec<String> {
    let level = level.map(|level| format!("level: {}", level.as_str()));
    let requirement = requirement.map(|id| format!("requirement: {}", scalar(id)));
    level.into_iter().chain(requirement).collect()
}

pub(super) fn opening(connect: &Connect) -> String {
    let mut members: Vec<String> = match connect.tls {
        OpenTls::Usual => Vec::new(),
        tls => vec![format!("tls: {}", word_of(&OPENINGS, tls))],
    };
    members.extend(connect.window.map(|window| format!("window: {window}")));
    members.extend(binding(connect.level, connect.requirement.as_deref()));
    flow(&members)
}

pub(super) fn eof(eof: &EofExpectation) -> String {
    let mut members: Vec<String> = eof.within.iter().map(|within| format!("within: {}", duration(*within))).collect();
    members.extend(eof.close_notify.then(|| "close_notify: true".to_owned()));
    members.extend(binding(eof.level, eof.requirement.as_deref()));
    flow(&members)
}

pub(super) fn silent(silent: &SilentExpectation) -> String {
    let binding = binding(silent.level, silent.requirement.as_deref());
    if binding.is_empty() {
        return duration(silent.during);
    }
    let mut members = vec![format!("for: {}", duration(silent.during))];
    members.extend(binding);
    flow(&members)
}

pub(super) fn tls(tls: &TlsExpectation) -> String {
    let mut more: Vec<String> =
        tls.offer.version.iter().map(|version| format!("version: {}", scalar(word_of(&VERSIONS, *version)))).collect();
    more.extend(tls.offer.recommended_suites.then(|| "suites: recommended".to_owned()));
    more.extend(tls.offer.nameless.then(|| "server_name: none".to_owned()));
    more.extend(tls.certificate.map(|fact| format!("certificate: {}", word_of(&CERTIFICATES, fact))));
    more.extend(binding(tls.level, tls.requirement.as_deref()));
    if more.is_empty() {
        return outcome(tls.outcome).to_owned();
    }
    let mut members = vec![format!("outcome: {}", outcome(tls.outcome))];
    members.extend(more);
    flow(&members)
}

pub(super) fn outcome(outcome: TlsOutcome) -> &'static str {
    word_of(&OUTCOMES, outcome)
}

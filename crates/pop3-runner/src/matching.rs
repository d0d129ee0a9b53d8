//! Holds a reply against what a scenario expects of it. No I/O.

use pop3_proto::client::ObservedReply;
use pop3_proto::escape::escape;
use pop3_proto::reply;
use pop3_scenario::expression::EvaluationError;
use pop3_scenario::pattern::Pattern;
use pop3_scenario::scenario::{BodyExpectation, Part, ReplyExpectation, Status};
use pop3_scenario::value::{Captures, Value};

/// Why a reply is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// One sentence.
    pub(crate) summary: String,
    /// What was expected, escaped, one item a line.
    pub(crate) expected: String,
    /// What came, escaped, one item a line.
    pub(crate) actual: String,
}

/// Why nothing can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MatchError {
    /// The reply is not what was expected.
    Mismatch(Box<Mismatch>),
    /// The expectation itself cannot be worked out: the scenario's fault.
    Scenario(String),
}

impl From<EvaluationError> for MatchError {
    fn from(error: EvaluationError) -> Self {
        Self::Scenario(error.to_string())
    }
}

/// Where the content of the scenario's messages comes from: message-number to
/// canonical octets.
pub(crate) type Messages<'a> = &'a [Vec<u8>];

/// How many octets of a long body a message shows around the first difference.
const SHOWN: usize = 160;

/// Matches a reply; on success the captures made.
///
/// # Errors
/// The first thing that is not as expected.
pub(crate) fn match_reply(
    expectation: &ReplyExpectation,
    reply: &ObservedReply,
    captures: &Captures,
    messages: Messages<'_>,
) -> Result<Captures, MatchError> {
    let line = || escape(&reply.line);
    if !status_fits(expectation.status, reply.status) {
        return mismatch(
            format!("the reply is {}, not {}", status_name(reply), wanted_status(expectation)),
            wanted_line(expectation),
            line(),
        );
    }
    let mut made = Captures::new();
    if let Some(code) = &expectation.code {
        if !reply.response_code().is_some_and(|found| found.is_a(code)) {
            let expected = format!("{} [{code}] …", wanted_status(expectation));
            return mismatch(format!("the reply has no response code [{code}]"), expected, line());
        }
    }
    let text = reply.text();
    match (&expectation.text, expectation.exact) {
        (Some(pattern), true) => {
            let found = pattern.match_whole(text, |name| captures.octets(name));
            made.extend(found.map_err(|error| text_mismatch(expectation, reply, &error.to_string()))?);
        }
        (Some(pattern), false) => {
            let found = pattern.match_prefix(text, |name| captures.octets(name));
            let found = found.map_err(|error| text_mismatch(expectation, reply, &error.to_string()))?;
            if !found.rest.is_empty() && found.rest.first() != Some(&b' ') {
                return Err(text_mismatch(
                    expectation,
                    reply,
                    "the text goes on where it should end, or a space follow",
                ));
            }
            made.extend(found.captures);
        }
        (None, true) if !text.is_empty() => {
            return mismatch("the reply has more text than expected".to_owned(), wanted_line(expectation), line());
        }
        (None, _) => {}
    }
    let known = joined(captures, &made);
    match_lines(expectation, reply, &known, &mut made)?;
    if let Some(body) = &expectation.body {
        let known = joined(captures, &made);
        match_body(body, reply, &known, messages, &mut made)?;
    }
    Ok(made)
}

/// A reply in words, for messages.
#[must_use]
pub(crate) fn describe(reply: &ObservedReply) -> String {
    let mut text = escape(&reply.line);
    if let Some(body) = &reply.body {
        text.push_str(&format!("\n({} octets of body follow)", body.len()));
    }
    text
}

/// An expectation in words, for messages.
#[must_use]
pub(crate) fn wanted_line(expectation: &ReplyExpectation) -> String {
    let mut line = wanted_status(expectation).to_owned();
    if let Some(code) = &expectation.code {
        line.push_str(&format!(" [{code}]"));
    }
    match &expectation.text {
        Some(pattern) => {
            line.push(' ');
            line.push_str(&pattern.text);
            if !expectation.exact {
                line.push_str(" …");
            }
        }
        None if !expectation.exact => line.push_str(" …"),
        None => {}
    }
    line
}

fn wanted_status(expectation: &ReplyExpectation) -> &'static str {
    match expectation.status {
        Status::Ok => "+OK",
        Status::Err => "-ERR",
        Status::Continue => "+",
        Status::Any => "+OK or -ERR",
    }
}

fn status_name(reply: &ObservedReply) -> String {
    reply.status.map_or_else(|| "no reply of POP3".to_owned(), |status| status.to_string())
}

fn status_fits(wanted: Status, found: Option<reply::Status>) -> bool {
    match (wanted, found) {
        (Status::Ok | Status::Any, Some(reply::Status::Ok)) => true,
        (Status::Err | Status::Any, Some(reply::Status::Err)) => true,
        (Status::Continue, Some(reply::Status::Continue)) => true,
        _ => false,
    }
}

fn text_mismatch(expectation: &ReplyExpectation, reply: &ObservedReply, why: &str) -> MatchError {
    MatchError::Mismatch(Box::new(Mismatch {
        summary: format!("the text of the reply does not fit: {why}"),
        expected: wanted_line(expectation),
        actual: escape(&reply.line),
    }))
}

fn mismatch<T>(summary: String, expected: String, actual: String) -> Result<T, MatchError> {
    Err(MatchError::Mismatch(Box::new(Mismatch { summary, expected, actual })))
}

fn joined(captures: &Captures, made: &Captures) -> Captures {
    let mut known = captures.clone();
    known.extend(made.clone());
    known
}

fn match_lines(
    expectation: &ReplyExpectation,
    reply: &ObservedReply,
    captures: &Captures,
    made: &mut Captures,
) -> Result<(), MatchError> {
    let asks = expectation.each.is_some()
        || expectation.lines.is_some()
        || expectation.count.is_some()
        || expectation.into.is_some();
    if !asks {
        return Ok(());
    }
    if reply.body.is_none() {
        return mismatch(
            "the reply has one line, not several".to_owned(),
            format!("{}\n(lines)\n.", wanted_line(expectation)),
            escape(&reply.line),
        );
    }
    let lines: Vec<&[u8]> = reply.lines().collect();
    let listed = || lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\n");
    if let Some(each) = &expectation.each {
        collect(each, expectation.into.as_deref(), &lines, captures, made)?;
    } else if let Some(into) = &expectation.into {
        made.set(into.clone(), Value::List(lines.iter().map(|line| Value::Octets(line.to_vec())).collect()));
    }
    if let Some(count) = &expectation.count {
        let wanted = count.number(&joined(captures, made))?;
        if wanted != lines.len() as i128 {
            return mismatch(
                format!("the reply has {} lines, not {wanted}", lines.len()),
                format!("{wanted} lines"),
                format!("{} lines\n{}", lines.len(), shortened(&listed())),
            );
        }
    }
    let Some(wanted) = &expectation.lines else { return Ok(()) };
    let lookup = |name: &str| captures.octets(name);
    if expectation.unordered {
        for pattern in wanted {
            let Some(found) = lines.iter().find_map(|line| pattern.match_whole(line, lookup).ok()) else {
                let summary = "a line is missing".to_owned();
                return mismatch(summary, pattern.text.clone(), shortened(&listed()));
            };
            made.extend(found);
        }
        return Ok(());
    }
    let differ = || {
        let expected = wanted.iter().map(|pattern| pattern.text.as_str()).collect::<Vec<_>>().join("\n");
        ("the lines are not those expected".to_owned(), expected, shortened(&listed()))
    };
    if wanted.len() != lines.len() {
        let (summary, expected, actual) = differ();
        return mismatch(summary, expected, actual);
    }
    for (pattern, line) in wanted.iter().zip(&lines) {
        let Ok(found) = pattern.match_whole(line, lookup) else {
            let (summary, expected, actual) = differ();
            return mismatch(summary, expected, actual);
        };
        made.extend(found);
    }
    Ok(())
}

/// Matches every line against one pattern and gathers its captures as lists.
fn collect(
    each: &Pattern,
    into: Option<&str>,
    lines: &[&[u8]],
    captures: &Captures,
    made: &mut Captures,
) -> Result<(), MatchError> {
    let mut lists: Vec<(String, Vec<Value>)> =
        each.holes().filter(|(name, _)| !name.is_empty()).map(|(name, _)| (name.to_owned(), Vec::new())).collect();
    for line in lines {
        let found = each.match_prefix(line, |name| captures.octets(name));
        let fits = found.as_ref().is_ok_and(|found| found.rest.is_empty() || found.rest.first() == Some(&b' '));
        let Ok(found) = found.as_ref().map(|found| &found.captures) else {
            let why = found.map_or_else(|error| error.to_string(), |_| String::new());
            return mismatch(format!("a line does not fit: {why}"), each.text.clone(), escape(line));
        };
        if !fits {
            let summary = "a line goes on where it should end, or a space follow".to_owned();
            return mismatch(summary, each.text.clone(), escape(line));
        }
        for (name, values) in &mut lists {
            values.extend(found.get(name).cloned());
        }
    }
    if let Some(into) = into {
        for (name, values) in lists {
            made.set(format!("{into}.{name}"), Value::List(values));
        }
    }
    Ok(())
}

fn match_body(
    expectation: &BodyExpectation,
    reply: &ObservedReply,
    captures: &Captures,
    messages: Messages<'_>,
    made: &mut Captures,
) -> Result<(), MatchError> {
    let Some(body) = reply.body.as_deref() else {
        return mismatch("the reply has no body".to_owned(), "a multi-line response".to_owned(), escape(&reply.line));
    };
    if let Some(number) = &expectation.message {
        let number = number.number(captures)?;
        let index = usize::try_from(number - 1).ok();
        let Some(message) = index.and_then(|index| messages.get(index)) else {
            return Err(MatchError::Scenario(format!("message {number} is not in the scenario's mailbox")));
        };
        let top = expectation.top.as_ref().map(|top| top.number(captures)).transpose()?;
        let wanted = match top {
            Some(lines) => top_of(message, u64::try_from(lines).unwrap_or(0)),
            None => message.clone(),
        };
        same(part(&wanted, expectation.part), part(body, expectation.part), &format!("message {number}"))?;
    }
    if let Some(octets) = &expectation.octets {
        let wanted = octets.number(captures)?;
        if wanted != body.len() as i128 {
            return mismatch(
                format!("the body has {} octets, not {wanted}", body.len()),
                format!("{wanted} octets"),
                format!("{} octets", body.len()),
            );
        }
    }
    if let Some(contains) = &expectation.contains {
        let wanted = contains.resolve(|name| captures.octets(name)).map_err(MatchError::Scenario)?;
        if !wanted.is_empty() && !body.windows(wanted.len()).any(|window| window == wanted) {
            return mismatch("the body lacks a text".to_owned(), escape(&wanted), shortened(&escape(body)));
        }
    }
    if let Some(name) = &expectation.same_as {
        let wanted =
            captures.octets(name).ok_or_else(|| MatchError::Scenario(format!("nothing was captured as `{name}`")))?;
        same(part(&wanted, expectation.part), part(body, expectation.part), &format!("`{name}`"))?;
    }
    if let Some(into) = &expectation.into {
        made.set(into.clone(), Value::Octets(part(body, expectation.part).to_vec()));
    }
    Ok(())
}

/// Compares bodies; a difference is shown with its surroundings, line by line.
fn same(wanted: &[u8], found: &[u8], name: &str) -> Result<(), MatchError> {
    if wanted == found {
        return Ok(());
    }
    let at = wanted.iter().zip(found).take_while(|(a, b)| a == b).count();
    mismatch(
        format!("the body differs from {name} at octet {at} ({} octets expected, {} came)", wanted.len(), found.len()),
        around(wanted, at),
        around(found, at),
    )
}

/// Lines around an octet, escaped, one a line.
fn around(body: &[u8], at: usize) -> String {
    // From the beginning, or from a line that begins within reach.
    let from = match at.saturating_sub(SHOWN / 2) {
        0 => 0,
        from => {
            let line_end = body.get(from..at).and_then(|before| before.iter().position(|octet| *octet == b'\n'));
            line_end.map_or(from, |lf| from + lf + 1)
        }
    };
    let to = body.len().min(at + SHOWN / 2);
    let shown = body.get(from..to).unwrap_or_default();
    let mut lines: Vec<String> = shown.split_inclusive(|octet| *octet == b'\n').map(escape).collect();
    if from > 0 {
        lines.insert(0, format!("({from} octets before)"));
    }
    lines.push(if to < body.len() {
        format!("({} octets more)", body.len() - to)
    } else {
        "(end of the body)".to_owned()
    });
    lines.join("\n")
}

fn shortened(text: &str) -> String {
    const LINES: usize = 20;
    let count = text.lines().count();
    if count <= LINES && text.len() <= 4000 {
        return text.to_owned();
    }
    let mut short: Vec<String> = text.lines().take(LINES).map(|line| line.chars().take(200).collect()).collect();
    short.push(format!("({} lines in all)", count));
    short.join("\n")
}

/// A part of a message. A message without an empty line is all header.
fn part(message: &[u8], part: Part) -> &[u8] {
    let end_of_header = message.windows(4).position(|window| window == b"\r\n\r\n");
    let (header, body) = match end_of_header {
        _ if message.starts_with(b"\r\n") => (&[][..], message.get(2..).unwrap_or_default()),
        Some(at) => (message.get(..at + 2).unwrap_or_default(), message.get(at + 4..).unwrap_or_default()),
        None => (message, &[][..]),
    };
    match part {
        Part::Whole => message,
        Part::Header => header,
        Part::Body => body,
    }
}

/// What TOP sends of a message (RFC 1939 section 7).
fn top_of(message: &[u8], lines: u64) -> Vec<u8> {
    let body = part(message, Part::Body);
    let header_length = message.len() - body.len();
    let kept: usize = body
        .split_inclusive(|octet| *octet == b'\n')
        .take(usize::try_from(lines).unwrap_or(usize::MAX))
        .map(<[u8]>::len)
        .sum();
    message.get(..header_length + kept).unwrap_or(message).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_message() {
        let check = |message: &[u8], header: &[u8], body: &[u8]| {
            assert_eq!(part(message, Part::Header), header, "{message:?}");
            assert_eq!(part(message, Part::Body), body, "{message:?}");
        };
        check(b"a: b\r\n\r\nx\r\n\r\ny\r\n", b"a: b\r\n", b"x\r\n\r\ny\r\n");
        check(b"a: b\r\n", b"a: b\r\n", b"");
        check(b"\r\nx\r\n", b"", b"x\r\n");
    }

    #[test]
    fn top_counts_lines_of_the_body() {
        let message = b"a: b\r\n\r\n1\r\n2\r\n3\r\n";
        let check = |lines, want: &[u8]| assert_eq!(top_of(message, lines), want);
        check(0, b"a: b\r\n\r\n");
        check(2, b"a: b\r\n\r\n1\r\n2\r\n");
        check(9, message);
    }

    #[test]
    fn a_difference_is_shown_with_its_neighbours() {
        let MatchError::Mismatch(mismatch) = same(b"a\r\n.b\r\nc\r\n", b"a\r\nb\r\nc\r\n", "message 1").unwrap_err()
        else {
            panic!("a mismatch");
        };
        assert_eq!(mismatch.summary, "the body differs from message 1 at octet 3 (10 octets expected, 9 came)");
        assert_eq!(mismatch.expected, "a\\r\\n\n.b\\r\\n\nc\\r\\n\n(end of the body)");
        assert_eq!(mismatch.actual, "a\\r\\n\nb\\r\\n\nc\\r\\n\n(end of the body)");
    }
}

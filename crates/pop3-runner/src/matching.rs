//! Holds a reply against what a scenario expects of it. No I/O.

use pop3_proto::client::{Answers, ObservedReply};
use pop3_proto::command::Keyword;
use pop3_proto::escape::escape;
use pop3_proto::reply;
use pop3_scenario::expression::EvaluationError;
use pop3_scenario::pattern::Pattern;
use pop3_scenario::scenario::{ReplyExpectation, Status};
use pop3_scenario::value::{Captures, Value};

mod body;

use body::match_body;

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
    // `SP` or the end of the line (RFC 2449 section 3).
    let status = match reply.status {
        Some(reply::Status::Ok) => 3,
        Some(reply::Status::Err) => 4,
        Some(reply::Status::Continue) => 1,
        None => reply.line.len(),
    };
    if expectation.exact && reply.line.get(status).is_some_and(|octet| *octet != b' ') {
        return mismatch("the status indicator has no space behind it".to_owned(), wanted_line(expectation), line());
    }
    // `"+" SP` (RFC 5034 section 5).
    if expectation.status == Status::Continue && expectation.exact && reply.line == b"+" {
        return mismatch("the plus sign has no space behind it".to_owned(), wanted_line(expectation), line());
    }
    let mut made = Captures::new();
    if let Some(code) = &expectation.code
        && !has_code(reply, code)
    {
        let expected = format!("{} [{code}] …", wanted_status(expectation));
        return mismatch(format!("the reply has no response code [{code}]"), expected, line());
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

/// Whether the reply begins with this response code; `*` is any.
pub(crate) fn has_code(reply: &ObservedReply, code: &str) -> bool {
    reply.response_code().is_some_and(|found| code == ANY_CODE || found.is_a(code))
}

/// What a scenario writes for a response code of whatever kind.
const ANY_CODE: &str = "*";

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
    matches!(
        (wanted, found),
        (Status::Ok | Status::Any, Some(reply::Status::Ok))
            | (Status::Err | Status::Any, Some(reply::Status::Err))
            | (Status::Continue, Some(reply::Status::Continue))
    )
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
    let tags_raised: Option<Vec<Vec<u8>>> = is_capability_list(reply).then(|| reply.lines().map(tag_raised).collect());
    let lines: Vec<&[u8]> = match &tags_raised {
        Some(lines) => lines.iter().map(Vec::as_slice).collect(),
        None => reply.lines().collect(),
    };
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
                format!("the reply has {}, not {wanted}", counted(lines.len() as i128)),
                counted(wanted),
                format!("{}\n{}", counted(lines.len() as i128), shortened(&listed())),
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

/// RFC 2449 section 5: the tags in the answer to CAPA are case-insensitive.
fn is_capability_list(reply: &ObservedReply) -> bool {
    let Answers::Line(line) = &reply.answers else { return false };
    let word = line.split(|octet| *octet == b' ').find(|word| !word.is_empty());
    word.and_then(Keyword::from_word) == Some(Keyword::Capa)
}

/// A capability line with its tag in upper case.
fn tag_raised(line: &[u8]) -> Vec<u8> {
    let mut raised = line.to_vec();
    let tag = raised.iter_mut().take_while(|octet| **octet != b' ');
    tag.for_each(|octet| octet.make_ascii_uppercase());
    raised
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

/// `1 line`, `2 lines`.
fn counted(lines: i128) -> String {
    format!("{lines} {}", if lines == 1 { "line" } else { "lines" })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_of_a_tag_means_nothing_and_that_of_an_argument_stays() {
        let check = |line: &[u8], want: &[u8]| assert_eq!(tag_raised(line), want);
        check(b"x-Zonk Seven", b"X-ZONK Seven");
        check(b"uidl", b"UIDL");
        check(b"", b"");
    }
}

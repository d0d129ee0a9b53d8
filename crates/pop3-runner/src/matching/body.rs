//! The content of a multi-line response: whole messages and parts of them.

use pop3_proto::client::ObservedReply;
use pop3_proto::escape::escape;
use pop3_scenario::scenario::{BodyExpectation, Part};
use pop3_scenario::value::{Captures, Value};

use super::{MatchError, Messages, mismatch, shortened};

/// How many octets of a long body a message shows around the first difference.
const SHOWN: usize = 160;

/// Holds a body against what is expected of it; all members given must hold.
pub(super) fn match_body(
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
        let index = number.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        let Some(message) = index.and_then(|index| messages.get(index)) else {
            return Err(MatchError::Scenario(format!("message {number} is not in the scenario's mailbox")));
        };
        let top = expectation.top.as_ref().map(|top| top.number(captures)).transpose()?;
        let wanted = match top {
            Some(lines) => top_of(message, usize::try_from(lines.max(0)).unwrap_or(usize::MAX)),
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
        let (looked_at, name) = match expectation.part {
            Part::Header => (part(body, Part::Header), "the header"),
            Part::Whole | Part::Body => (body, "the body"),
        };
        if !wanted.is_empty() && !looked_at.windows(wanted.len()).any(|window| window == wanted) {
            return mismatch(format!("{name} lacks a text"), escape(&wanted), shortened(&escape(looked_at)));
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
fn top_of(message: &[u8], lines: usize) -> Vec<u8> {
    let body = part(message, Part::Body);
    let header_length = message.len() - body.len();
    let kept: usize = body.split_inclusive(|octet| *octet == b'\n').take(lines).map(<[u8]>::len).sum();
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

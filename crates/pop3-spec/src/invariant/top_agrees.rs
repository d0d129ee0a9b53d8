//! TOP is the beginning of what RETR sends.

use std::collections::BTreeMap;

use pop3_proto::command::Keyword;
use pop3_proto::message_number::decimal;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Turn;
use crate::model::counted;
use crate::requirement::Strength;
use crate::session::Watched;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/top-agrees",
    title: "TOP sends the header that RETR sends, and as many lines of the body as were asked for.",
    requirements: &[
        "rfc1939-7-top-header-blank-line-body",
        "rfc1939-7-top-header-equals-retr",
        "rfc1939-7-top-more-lines-than-body",
    ],
    binding: Strength::Must,
    ruling: Some("a-52"),
    watch: Watch::All(watch),
};

fn watch(watched: &Watched) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (at, dialogue) in watched.dialogues.iter().enumerate() {
        let mut messages: BTreeMap<&[u8], &[u8]> = BTreeMap::new();
        let mut tops: Vec<(&Turn, &[u8], u64)> = Vec::new();
        for turn in dialogue.replies.iter().filter(|turn| turn.whole && turn.granted().is_some()) {
            let (Some((keyword, words)), Some(body)) = (turn.words(), turn.body.as_deref()) else { continue };
            match (keyword, words.as_slice()) {
                (Keyword::Retr, [number]) => {
                    messages.entry(*number).or_insert(body);
                }
                (Keyword::Top, [number, lines]) => tops.extend(decimal(lines).ok().map(|lines| (turn, *number, lines))),
                _ => {}
            }
        }
        for (turn, _, lines) in &tops {
            let top = turn.body.as_deref().filter(|top| has_header(top)).unwrap_or_default();
            if let Some(more) = body_lines(top).filter(|more| more > lines) {
                let expected = format!("{} behind the blank line at most", counted(*lines, "line"));
                let breach = Breach::new(turn, turn.octets.start, expected, counted(more, "line").as_bytes());
                breaches.push(breach.on(at));
            }
        }
        for (turn, number, lines) in tops {
            let (Some(message), Some(top)) = (messages.get(number), turn.body.as_deref()) else { continue };
            let Some((header, want)) = expected(message, lines) else { continue };
            if !has_header(message) {
                continue;
            }
            if body_lines(top).is_some_and(|more| more > lines) {
                continue;
            }
            // Ruling a-09: behind a message that is all header, an empty line or none.
            let all_header = header.len() == message.len() && top.strip_suffix(b"\r\n") == Some(header);
            let limited = watched.expires && top.len() >= header.len() && want.starts_with(top);
            if top == want || all_header || limited {
                continue;
            }
            let requirement = match () {
                () if !top.starts_with(header.strip_suffix(b"\r\n").unwrap_or(header)) => {
                    "rfc1939-7-top-header-equals-retr"
                }
                () if want == *message && top.len() < want.len() => "rfc1939-7-top-more-lines-than-body",
                () => "rfc1939-7-top-header-blank-line-body",
            };
            let same = top.iter().zip(want).take_while(|(one, other)| one == other).count();
            let expected =
                format!("the first {} octets of what RETR sends; they differ from offset {same} on", want.len());
            let actual = format!("{} octets", top.len());
            let breach = Breach::new(turn, turn.octets.start, expected, actual.as_bytes());
            breaches.push(breach.citing(requirement).on(at));
        }
    }
    breaches
}

/// RFC 1939 section 11 takes messages for ones that conform to RFC 822, which have one.
fn has_header(message: &[u8]) -> bool {
    !message.starts_with(b"\r\n")
}

/// How many lines stand behind the blank line. `None` where lone CR or LF leave it
/// open what a line is.
fn body_lines(top: &[u8]) -> Option<u64> {
    let (_, whole) = expected(top, u64::MAX)?;
    let (header, _) = expected(top, 0)?;
    let body = whole.get(header.len()..)?;
    Some(body.iter().filter(|octet| **octet == b'\n').count() as u64)
}

/// The header with the blank line behind it, and what TOP has to send. `None` where
/// lone CR or LF leave it open what a line is.
fn expected(message: &[u8], lines: u64) -> Option<(&[u8], &[u8])> {
    let mut rest = message;
    let (mut taken, mut header, mut left) = (0, None, lines);
    while !rest.is_empty() {
        let end = rest.iter().position(|octet| *octet == b'\n').map(|end| end + 1)?;
        let (line, behind) = rest.split_at_checked(end)?;
        let content = line.strip_suffix(b"\r\n")?;
        if content.contains(&b'\r') {
            return None;
        }
        match header {
            None => {
                taken += line.len();
                header = content.is_empty().then_some(taken);
            }
            Some(_) if left > 0 => {
                left -= 1;
                taken += line.len();
            }
            // The rest is looked at for its line ends only.
            Some(_) => {}
        }
        rest = behind;
    }
    Some((message.get(..header.unwrap_or(taken))?, message.get(..taken)?))
}

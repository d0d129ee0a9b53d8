//! The mail that clients fetch, and what of it must arrive.

use super::client::{Delivery, HeaderEnd, LineEnd};

/// A stored message, lines ending in LF as a mail system keeps them.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) name: &'static str,
    /// Why it is there, for the page.
    pub(super) bites: &'static str,
    pub(super) octets: Vec<u8>,
}

/// Messages that bite.
pub(super) fn messages() -> Vec<Message> {
    let mut megabyte = b"\n".to_vec();
    for number in 0..20_000_u32 {
        let dot = if number % 3 == 0 { "." } else { "" };
        megabyte
            .extend_from_slice(format!("{dot}{number:05} the quick brown fox jumps over the lazy dog\n").as_bytes());
    }
    let long_line = [b"\n".as_slice(), &b"x".repeat(5000), b"\nend\n"].concat();
    let dots = b"\n.\n..\n.x\n...\n. \n\nFrom here on\n>From there\n.\n";
    let message = |name, bites, rest: &[u8]| Message { name, bites, octets: [header(name).as_bytes(), rest].concat() };
    vec![
        message("dots", "lines that begin with dots, are one dot, or begin with `From `", dots),
        message(
            "eight-bit",
            "octets above 127 in header and body, a control character, blanks at line ends",
            b"X-Raw: caf\xe9\n\ncaf\xe9 \xc3\xa9 \x80\xff\x01\n\ttab and blanks  \n \n",
        ),
        message("no-final-newline", "the last line has no line end; RETR gives it one", b"\nlast"),
        message("empty-body", "nothing behind the empty line", b"\n"),
        message("header-only", "no empty line", b""),
        message("megabyte", "1 MB, a dot in front of every third line", &megabyte),
        message("long-line", "a line of 5000 octets", &long_line),
        message("blank-lines", "empty lines first and last", b"\n\n\ntext\n\n\n"),
    ]
}

fn header(name: &str) -> String {
    format!(
        "From: Ada <ada@example.org>\nTo: Bob <bob@example.org>\nDate: Sat, 1 Jan 2022 00:00:00 +0000\n\
         Message-ID: {}\nSubject: {name}\n",
        message_id(name)
    )
}

fn message_id(name: &str) -> String {
    format!("<{name}@example.org>")
}

impl Message {
    /// What the client must have delivered, the fields that it adds left out.
    pub(super) fn expected(&self, delivery: &Delivery) -> Vec<u8> {
        let mut lf = self.octets.clone();
        if !lf.ends_with(b"\n") {
            lf.push(b'\n');
        }
        let has_header_end = lf.windows(2).any(|pair| pair == b"\n\n");
        if delivery.header == HeaderEnd::Completed && !has_header_end {
            lf.push(b'\n');
        }
        match delivery.line_end {
            LineEnd::Lf => lf,
            LineEnd::Crlf => lf.split_inclusive(|octet| *octet == b'\n').flat_map(crlf).collect(),
        }
    }
}

fn crlf(line: &[u8]) -> Vec<u8> {
    match line.strip_suffix(b"\n") {
        Some(text) => [text, b"\r\n"].concat(),
        None => line.to_vec(),
    }
}

/// Holds what was delivered against what was stored.
///
/// # Errors
/// Every stored message that did not arrive once as it should, and every
/// delivery that is none of them.
pub(super) fn compare(stored: &[Message], delivered: &[Vec<u8>], delivery: &Delivery) -> Result<(), String> {
    let mut rest: Vec<&[u8]> = Vec::new();
    let mut wrong = Vec::new();
    for octets in delivered {
        match without_fields(octets, delivery) {
            Ok(octets) => rest.push(octets),
            Err(problem) => wrong.push(problem),
        }
    }
    for message in stored {
        let expected = message.expected(delivery);
        if let Some(at) = rest.iter().position(|octets| *octets == expected) {
            rest.remove(at);
            continue;
        }
        let id = message_id(message.name);
        let same_id = rest.iter().position(|octets| contains(octets, id.as_bytes()));
        wrong.push(match same_id {
            None => format!("{} did not arrive", message.name),
            Some(at) => format!("{} arrived changed: {}", message.name, difference(&expected, rest.remove(at))),
        });
    }
    wrong.extend(rest.iter().map(|octets| format!("delivered, but not stored (or twice): {}", shown(octets, 0))));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// A delivered message without the fields that the client adds, each of which
/// must be there.
fn without_fields<'m>(mut octets: &'m [u8], delivery: &Delivery) -> Result<&'m [u8], String> {
    for field in delivery.fields {
        let start = format!("{field}: ");
        if !octets.starts_with(start.as_bytes()) {
            return Err(format!("no {field} field where the client puts one: {}", shown(octets, 0)));
        }
        let folded = |line: &[u8]| line.starts_with(b" ") || line.starts_with(b"\t");
        let mut lines = octets.split_inclusive(|octet| *octet == b'\n');
        let first = lines.next().map_or(0, <[u8]>::len);
        let more: usize = lines.take_while(|line| folded(line)).map(<[u8]>::len).sum();
        octets = octets.get(first + more..).unwrap_or_default();
    }
    Ok(octets)
}

fn contains(octets: &[u8], part: &[u8]) -> bool {
    octets.windows(part.len()).any(|window| window == part)
}

fn difference(expected: &[u8], got: &[u8]) -> String {
    let at = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
    let from = at.saturating_sub(10);
    format!("octet {at}: expected {}, got {}", shown(expected, from), shown(got, from))
}

fn shown(octets: &[u8], from: usize) -> String {
    let octets = octets.get(from..).unwrap_or_default();
    format!("\"{}\"", octets.get(..60).unwrap_or(octets).escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: Delivery = Delivery { fields: &[], line_end: LineEnd::Crlf, header: HeaderEnd::AsStored };
    const LOCAL: Delivery =
        Delivery { fields: &["Return-Path", "Received"], line_end: LineEnd::Lf, header: HeaderEnd::Completed };

    fn message(octets: &[u8]) -> Message {
        Message { name: "a", bites: "", octets: octets.to_vec() }
    }

    #[test]
    fn what_must_arrive() {
        let check = |stored: &[u8], delivery: &Delivery, want: &[u8]| {
            let got = message(stored).expected(delivery);
            assert_eq!(got.escape_ascii().to_string(), want.escape_ascii().to_string());
        };
        check(b"A: b\n\n.\n", &RAW, b"A: b\r\n\r\n.\r\n");
        check(b"A: b\n\nend", &RAW, b"A: b\r\n\r\nend\r\n");
        check(b"A: b\n", &RAW, b"A: b\r\n");
        check(b"A: b\n", &LOCAL, b"A: b\n\n");
        check(b"A: b\n\n", &LOCAL, b"A: b\n\n");
        check(b"A: b\n\nend", &LOCAL, b"A: b\n\nend\n");
    }

    #[test]
    fn only_what_is_named_may_differ() {
        let check = |delivered: &[&[u8]], want: &str| {
            let stored = [message(b"Message-ID: <a@example.org>\n\nb\n")];
            let delivered: Vec<Vec<u8>> = delivered.iter().map(|octets| octets.to_vec()).collect();
            let got = compare(&stored, &delivered, &LOCAL).err().unwrap_or_default();
            assert!(got.contains(want) && got.is_empty() == want.is_empty(), "{got}");
        };
        let good = b"Return-Path: <x>\nReceived: from y\n\tby z\nMessage-ID: <a@example.org>\n\nb\n";
        check(&[good], "");
        check(&[], "a did not arrive");
        check(&[good, good], "or twice");
        check(&[b"Received: from y\nMessage-ID: <a@example.org>\n\nb\n"], "no Return-Path field");
        check(
            &[b"Return-Path: <x>\nReceived: from y\nX: z\nMessage-ID: <a@example.org>\n\nb\n"],
            "a arrived changed: octet 0:",
        );
        check(
            &[b"Return-Path: <x>\nReceived: from y\nMessage-ID: <a@example.org>\n\nb\n\n"],
            "a arrived changed: octet 31:",
        );
    }

    #[test]
    fn the_messages_are_what_they_are_called() {
        let messages = messages();
        let find = |name: &str| messages.iter().find(|message| message.name == name).unwrap().octets.as_slice();
        assert!(find("megabyte").len() > 1_000_000);
        assert!(find("long-line").split(|octet| *octet == b'\n').any(|line| line.len() == 5000));
        assert!(!find("no-final-newline").ends_with(b"\n"));
        assert!(find("empty-body").ends_with(b"\n\n") && !contains(find("header-only"), b"\n\n"));
        assert!(contains(find("dots"), b"\n.\n..\n.x\n") && !find("eight-bit").is_ascii());
    }
}

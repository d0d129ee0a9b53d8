//! Whether two replies mean the same: status indicator, response code, numbers,
//! tags and data; the wording is the server's own.

use std::collections::BTreeSet;

use crate::dialogue::{Difference, Exchange};

/// What a reply answers.
#[derive(Clone, Copy)]
pub(crate) enum Asked<'a> {
    Nothing,
    Command(&'a str),
    Response,
}

/// Holds our server's reply against the one in the example.
pub(crate) fn compare(asked: Asked<'_>, exchange: &Exchange, got: &[u8]) -> Result<(), String> {
    let want = Reply::split(&exchange.reply).ok_or("the example's reply is not whole")?;
    let got = Reply::split(got).ok_or("our reply is not whole")?;
    let mut unused: Vec<&Difference> = exchange.differences.iter().map(|(difference, _)| difference).collect();
    let compared = replies(asked, &want, &got, &mut unused);
    match unused.as_slice() {
        [] => compared,
        stale => compared.and_then(|()| Err(format!("our server does not differ so: {stale:?}"))),
    }
}

fn replies(asked: Asked<'_>, want: &Reply, got: &Reply, stated: &mut Vec<&Difference>) -> Result<(), String> {
    let mut take = |which: fn(&Difference) -> Option<&String>| {
        let at = stated.iter().position(|difference| which(difference).is_some())?;
        which(stated.remove(at)).cloned()
    };
    let status = take(|difference| if let Difference::Status(status) = difference { Some(status) } else { None });
    let code = take(|difference| if let Difference::Code(code) = difference { Some(code) } else { None });
    for (stated, shown) in [(&status, Some(&want.status)), (&code, want.code.as_ref())] {
        if stated.is_some() && stated.as_ref() == shown {
            return Err(format!("a difference is stated that is none: {stated:?}"));
        }
    }
    equal("status", status.as_ref().unwrap_or(&want.status), &got.status)?;
    if status.is_some() {
        return equal("response code", &code, &got.code);
    }
    equal("response code", &code.or_else(|| want.code.clone()), &got.code)?;
    equal("multi-line", &want.body.is_some(), &got.body.is_some())?;
    let words: Vec<&str> = match asked {
        Asked::Command(line) => line.split(' ').collect(),
        Asked::Nothing | Asked::Response => Vec::new(),
    };
    let first = |reply: &Reply, count: usize| reply.text.split(' ').take(count).map(str::to_owned).collect::<Vec<_>>();
    match (want.status.as_str(), words.as_slice(), &want.body, &got.body) {
        ("+", ..) => equal("challenge", &want.text, &got.text),
        ("+OK", ["CAPA"], Some(want), Some(got)) => listed("capabilities", want, got, capability, stated),
        ("+OK", ["LANG"], Some(want), Some(got)) => listed("languages", want, got, tag, stated),
        ("+OK", _, Some(want), Some(got)) => equal("body", want, got),
        ("+OK", ["STAT"] | ["LIST" | "UIDL", _], ..) => equal("listing", &first(want, 2), &first(got, 2)),
        ("+OK", ["LANG", _], ..) => equal("language tag", &first(want, 1), &first(got, 1)),
        _ if matches!(asked, Asked::Nothing) => equal("timestamp", &want.timestamp(), &got.timestamp()),
        _ => free_text(&want.text, &got.text),
    }
}

/// Free text need not count messages and octets, nor name a message, but may not
/// say other numbers.
fn free_text(want: &str, got: &str) -> Result<(), String> {
    let (want, got) = (numbers(want), numbers(got));
    if want.is_empty() || got.is_empty() { Ok(()) } else { equal("numbers in the text", &want, &got) }
}

fn numbers(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let counted = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let behind = words.get(at + 1).map(|word| word.trim_end_matches('s'));
        before == Some(&"message") || matches!(behind, Some("message" | "octet"))
    };
    let numbers = words.iter().enumerate().filter(|(_, word)| word.bytes().all(|octet| octet.is_ascii_digit()));
    numbers.filter(|(at, _)| counted(*at)).map(|(_, word)| *word).collect()
}

/// Lists in which the order says nothing; `item` is what counts in a line.
fn listed(
    what: &str,
    want: &str,
    got: &str,
    item: fn(&str) -> String,
    stated: &mut Vec<&Difference>,
) -> Result<(), String> {
    let mut want: BTreeSet<String> = want.lines().map(item).collect();
    stated.retain(|difference| match difference {
        Difference::Also(lines) => !lines.iter().all(|line| want.insert(item(line))),
        Difference::Lacks(lines) => !lines.iter().all(|line| want.remove(&item(line))),
        Difference::Code(_) | Difference::Status(_) => true,
    });
    equal(what, &want, &got.lines().map(item).collect())
}

/// A line of CAPA; the order of mechanisms in SASL says nothing.
fn capability(line: &str) -> String {
    match line.strip_prefix("SASL ") {
        Some(mechanisms) => {
            let sorted: BTreeSet<&str> = mechanisms.split(' ').collect();
            format!("SASL {sorted:?}")
        }
        None => line.to_owned(),
    }
}

/// The tag in a line of LANG.
fn tag(line: &str) -> String {
    line.split(' ').next().unwrap_or_default().to_ascii_lowercase()
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, want: &T, got: &T) -> Result<(), String> {
    if want == got { Ok(()) } else { Err(format!("{what}: the RFC shows {want:?}, our server says {got:?}")) }
}

/// A reply, taken apart without the code that is tested.
struct Reply {
    status: String,
    code: Option<String>,
    /// Behind status and response code.
    text: String,
    /// As sent, without the terminating line.
    body: Option<String>,
}

impl Reply {
    fn split(octets: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(octets).ok()?;
        let (first, rest) = text.split_once("\r\n")?;
        let body = match rest {
            "" => None,
            ".\r\n" => Some(String::new()),
            _ => Some(rest.strip_suffix("\r\n.\r\n")?.to_owned() + "\r\n"),
        };
        let (status, text) = first.split_once(' ').unwrap_or((first, ""));
        let coded = text.strip_prefix('[').and_then(|inner| inner.split_once(']'));
        let (code, text) = coded.map_or((None, text), |(code, text)| (Some(code.to_owned()), text.trim_start()));
        Some(Self { status: status.to_owned(), code, text: text.to_owned(), body })
    }

    fn timestamp(&self) -> Option<&str> {
        self.text.find('<').map(|at| &self.text[at..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::Sent;

    #[test]
    fn wording_is_free_and_the_rest_is_not() {
        let check = |line: &str, want: &str, got: &str, same: bool| {
            let exchange = Exchange {
                at: 1,
                events: vec![],
                sent: Sent::Line(line.to_owned()),
                reply: want.replace('\n', "\r\n").into_bytes(),
                differences: vec![],
                deviations: vec![],
                printed: 1,
            };
            let got = got.replace('\n', "\r\n");
            let result = compare(Asked::Command(line), &exchange, got.as_bytes());
            assert_eq!(result.is_ok(), same, "{line} {want:?} {got:?} {result:?}");
        };
        check("STAT", "+OK 2 320\n", "+OK 2 320\n", true);
        check("STAT", "+OK 2 320\n", "+OK 2 320 more\n", true);
        check("STAT", "+OK 2 320\n", "+OK 2 321\n", false);
        check("STAT", "+OK 2 320\n", "-ERR 2 320\n", false);
        check("STAT", "+OK 2 320\n", "+OK 2 320", false);
        check("DELE 1", "+OK message 1 deleted\n", "+OK\n", true);
        check("DELE 1", "+OK message 1 deleted\n", "+OK gone\n", true);
        check("DELE 1", "+OK message 1 deleted\n", "+OK message 2 deleted\n", false);
        check("RSET", "+OK 2 messages (320 octets)\n", "+OK has 2 messages in 320 octets\n", true);
        check("RSET", "+OK 2 messages (320 octets)\n", "+OK has 2 messages in 200 octets\n", false);
        check("AUTH X", "+OK Kerberos V4\n", "+OK has 2 messages\n", true);
        check("PASS x", "-ERR [IN-USE] a\n", "-ERR [IN-USE] b\n", true);
        check("PASS x", "-ERR [IN-USE] a\n", "-ERR b\n", false);
        check("PASS x", "-ERR a\n", "-ERR [IN-USE] b\n", false);
        check("LIST", "+OK a\n1 2\n.\n", "+OK\n1 2\n.\n", true);
        check("LIST", "+OK a\n1 2\n.\n", "+OK\n1 3\n.\n", false);
        check("LIST", "+OK a\n1 2\n.\n", "+OK\n.\n", false);
        check("LIST", "+OK a\n1 2\n.\n", "+OK\n", false);
        check("CAPA", "+OK\nSASL A B\nTOP\n.\n", "+OK\nTOP\nSASL B A\n.\n", true);
        check("CAPA", "+OK\nSASL A B\n.\n", "+OK\nSASL A\n.\n", false);
        check("CAPA", "+OK\nTOP\n.\n", "+OK\nTOP\nUIDL\n.\n", false);
        check("LANG", "+OK\nen English\n.\n", "+OK\nen\n.\n", true);
        check("LANG", "+OK\nen English\n.\n", "+OK\nde English\n.\n", false);
        check("LANG es", "+OK es a\n", "+OK es b\n", true);
        check("LANG es", "+OK es a\n", "+OK en a\n", false);
    }
}

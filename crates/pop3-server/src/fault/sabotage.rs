//! One reply of a whole run made wrong.
//!
//! A [`Fault`](super::Fault) is a defect that a server could have. Sabotage is
//! cruder: it takes one reply, wherever it comes, and spoils it. A suite that
//! judges replies must be able to tell, at the assertion that looks at this one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Closing, CommandLine, Filter, View};

/// Which reply is spoiled, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sabotage {
    /// The number of the reply among all that the server gives, greetings
    /// included, from 1, in the order in which it gives them.
    pub reply: u64,
    /// What is done to it.
    pub spoiled: Spoiled,
}

/// Ways to spoil a reply. One that does not apply to a reply leaves it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spoiled {
    /// `+OK` and challenges become a plain `-ERR`, `-ERR` becomes a plain `+OK`.
    Status,
    /// `-ERR` becomes `+OK`, and a multi-line response with one line follows it.
    Granted,
    /// The reply begins with no status indicator.
    Garbled,
    /// Every number in the first line is one more.
    Numbers,
    /// The last number in the first line is one more.
    LastNumber,
    /// The last number in every further line is one more.
    Sizes,
    /// What follows the status indicator is another word.
    Text,
    /// Every further line has a word more.
    MoreWords,
    /// Every further line is its first word.
    FewerWords,
    /// The first line behind the first one has another last character.
    Body,
    /// The last line of a multi-line response is not sent.
    Shorter,
    /// A multi-line response has a line more.
    Longer,
    /// The reply is sent twice.
    Twice,
    /// Nothing is sent, and the session goes on.
    Unsent,
    /// The reply is sent, and where it should be the last, the connection stays open.
    KeptOpen,
    /// The connection is closed in place of the reply.
    Closed,
    /// Every number in the first line is 0.
    Zeros,
    /// The first line is the status indicator alone.
    Bare,
    /// The first line has 600 octets of text.
    LongLine,
    /// Every further line is the first of them.
    Repeated,
    /// The reply is a success with the response code IN-USE.
    InUse,
    /// The text begins with the response code LOGIN-DELAY.
    LoginDelay,
    /// The reply is a refusal with the response code UTF8.
    Utf8,
}

impl Spoiled {
    /// All ways, the plainest first.
    pub const ALL: &[Self] = &[
        Self::Status,
        Self::Numbers,
        Self::Granted,
        Self::Garbled,
        Self::LastNumber,
        Self::Sizes,
        Self::MoreWords,
        Self::FewerWords,
        Self::Text,
        Self::Body,
        Self::Shorter,
        Self::Longer,
        Self::Closed,
        Self::Twice,
        Self::KeptOpen,
        Self::Zeros,
        Self::Bare,
        Self::LongLine,
        Self::Repeated,
        Self::InUse,
        Self::LoginDelay,
        Self::Utf8,
        Self::Unsent,
    ];

    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Granted => "granted",
            Self::Garbled => "garbled",
            Self::Numbers => "numbers",
            Self::LastNumber => "last-number",
            Self::Sizes => "sizes",
            Self::MoreWords => "more-words",
            Self::FewerWords => "fewer-words",
            Self::Text => "text",
            Self::Body => "body",
            Self::Shorter => "shorter",
            Self::Longer => "longer",
            Self::Twice => "twice",
            Self::Unsent => "unsent",
            Self::KeptOpen => "kept-open",
            Self::Closed => "closed",
            Self::Zeros => "zeros",
            Self::Bare => "bare",
            Self::LongLine => "long-line",
            Self::Repeated => "repeated",
            Self::InUse => "in-use",
            Self::LoginDelay => "login-delay",
            Self::Utf8 => "utf8",
        }
    }

    /// What becomes of a reply.
    fn apply(self, reply: &mut Vec<u8>) {
        let end = reply.iter().position(|octet| *octet == b'\n').map_or(reply.len(), |lf| lf + 1);
        let positive = reply.starts_with(b"+OK");
        let multi_line = positive && reply.len() > end;
        let status = reply.iter().position(|octet| matches!(octet, b' ' | b'\r')).unwrap_or_default().min(end);
        match self {
            Self::Status if reply.starts_with(b"-ERR") => *reply = b"+OK\r\n".to_vec(),
            Self::Status => *reply = b"-ERR\r\n".to_vec(),
            Self::Granted if reply.starts_with(b"-ERR") => *reply = b"+OK\r\nX\r\n.\r\n".to_vec(),
            Self::MoreWords if multi_line => each_line(reply, end, |line| [line, b" X"].concat()),
            Self::FewerWords if multi_line => {
                each_line(reply, end, |line| line.split(|octet| *octet == b' ').next().unwrap_or_default().to_vec());
            }
            Self::Garbled => drop(reply.splice(..end, b"OK\r\n".iter().copied())),
            Self::Numbers => {
                let line: Vec<u8> = reply.drain(..end).collect();
                reply.splice(..0, one_more(&line, 0));
            }
            Self::LastNumber => {
                let line: Vec<u8> = reply.drain(..end).collect();
                reply.splice(..0, last_one_more(&line));
            }
            Self::Sizes if multi_line => {
                let lines: Vec<u8> = reply.drain(end..).collect();
                reply.extend(lines.split_inclusive(|octet| *octet == b'\n').flat_map(last_one_more));
            }
            Self::Text => {
                let status = if positive { &b"+OK something\r\n"[..] } else { b"-ERR something\r\n" };
                reply.splice(..end, status.iter().copied());
            }
            Self::Body if multi_line => {
                let cr = reply.iter().skip(end).position(|octet| *octet == b'\r').unwrap_or_default();
                let is_terminator = reply.len() == end + b".\r\n".len();
                if let Some(at) = cr.checked_sub(1).filter(|_| !is_terminator)
                    && let Some(octet) = reply.get_mut(end + at)
                {
                    *octet = if *octet == b'7' { b'8' } else { b'7' };
                }
            }
            Self::Shorter if multi_line => {
                let dot = reply.len().saturating_sub(b".\r\n".len());
                let before = reply.get(..dot.saturating_sub(1)).unwrap_or_default();
                let from = before.iter().rposition(|octet| *octet == b'\n').map_or(0, |lf| lf + 1);
                reply.drain(from.max(end)..dot);
            }
            Self::Longer if multi_line => {
                let dot = reply.len().saturating_sub(b".\r\n".len());
                reply.splice(dot..dot, b"X\r\n".iter().copied());
            }
            Self::Zeros => {
                let line: Vec<u8> = reply.drain(..end).collect();
                let zeros = runs(&line).flat_map(|run| if number(run).is_some() { b"0" } else { run });
                reply.splice(..0, zeros.copied().collect::<Vec<u8>>());
            }
            Self::Bare => drop(reply.splice(status..end, b"\r\n".iter().copied())),
            Self::LongLine => {
                let text = [&b" "[..], &[b'x'; 600], b"\r\n"].concat();
                reply.splice(status..end, text);
            }
            Self::Repeated if multi_line => {
                let first = reply.get(end..).and_then(|rest| rest.split(|octet| *octet == b'\r').next());
                let first = first.unwrap_or_default().to_vec();
                each_line(reply, end, |_| first.clone());
            }
            Self::InUse => *reply = b"+OK [IN-USE]\r\n".to_vec(),
            Self::LoginDelay => drop(reply.splice(status..status, b" [LOGIN-DELAY]".iter().copied())),
            Self::Utf8 => *reply = b"-ERR [UTF8]\r\n".to_vec(),
            Self::Twice => reply.extend_from_within(..),
            Self::Unsent | Self::Closed => reply.clear(),
            Self::Granted
            | Self::Sizes
            | Self::MoreWords
            | Self::FewerWords
            | Self::Body
            | Self::Shorter
            | Self::Longer
            | Self::Repeated
            | Self::KeptOpen => {}
        }
    }
}

impl fmt::Display for Spoiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A line with every number one more, but for so many at its beginning.
fn one_more(line: &[u8], spared: usize) -> Vec<u8> {
    let mut more = Vec::with_capacity(line.len() + 1);
    let mut numbers = 0;
    for run in runs(line) {
        let number = number(run);
        numbers += usize::from(number.is_some());
        match number.filter(|_| numbers > spared).and_then(|number| number.checked_add(1)) {
            Some(number) => more.extend(number.to_string().bytes()),
            None => more.extend(run),
        }
    }
    more
}

/// Changes the lines between the first and the terminating one.
fn each_line(reply: &mut Vec<u8>, end: usize, change: impl Fn(&[u8]) -> Vec<u8>) {
    let lines: Vec<u8> = reply.drain(end..).collect();
    for line in lines.split_inclusive(|octet| *octet == b'\n') {
        let text = line.strip_suffix(b"\r\n").unwrap_or(line);
        match text {
            b"." => reply.extend(line),
            text => reply.extend([change(text).as_slice(), b"\r\n"].concat()),
        }
    }
}

fn last_one_more(line: &[u8]) -> Vec<u8> {
    let numbers = runs(line).filter(|run| number(run).is_some()).count();
    one_more(line, numbers.saturating_sub(1))
}

/// Runs of digits, and of what is none.
fn runs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit())
}

fn number(run: &[u8]) -> Option<u64> {
    std::str::from_utf8(run).ok()?.parse().ok()
}

/// Replies of all sessions of a server, counted. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<AtomicU64>);

impl Tally {
    /// How many there were so far, greetings included.
    #[must_use]
    pub fn replies(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Counts the replies of one session with those of the others, and spoils one.
pub(super) struct Saboteur {
    tally: Tally,
    sabotage: Option<Sabotage>,
    /// What was done to the last reply.
    done: Option<Spoiled>,
}

impl Saboteur {
    pub(super) fn new(tally: Tally, sabotage: Option<Sabotage>) -> Self {
        Self { tally, sabotage, done: None }
    }

    fn count(&mut self, reply: &mut Vec<u8>) {
        let number = self.tally.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.done = self.sabotage.filter(|sabotage| sabotage.reply == number).map(|sabotage| sabotage.spoiled);
        if let Some(spoiled) = self.done {
            spoiled.apply(reply);
        }
    }
}

impl Filter for Saboteur {
    fn greeting(&mut self, greeting: &mut Vec<u8>) {
        self.count(greeting);
    }

    fn after_reply(&mut self, _line: &CommandLine<'_>, reply: &mut Vec<u8>, _view: &View<'_>) {
        self.count(reply);
    }

    fn breaks_off(&self) -> bool {
        self.done == Some(Spoiled::Closed)
    }

    fn at_close(&mut self) -> Closing {
        if self.done == Some(Spoiled::KeptOpen) { Closing::Never } else { Closing::Now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_a_reply() {
        let check = |spoiled: Spoiled, reply: &str, want: &str| {
            let mut octets = reply.as_bytes().to_vec();
            spoiled.apply(&mut octets);
            assert_eq!(String::from_utf8_lossy(&octets), want, "{spoiled} {reply:?}");
        };
        let listing = "+OK 2 messages\r\n1 15\r\n2 11\r\n.\r\n";
        check(Spoiled::Status, "+OK 2 26\r\n", "-ERR\r\n");
        check(Spoiled::Status, "-ERR no\r\n", "+OK\r\n");
        check(Spoiled::Status, "+ \r\n", "-ERR\r\n");
        check(Spoiled::Status, listing, "-ERR\r\n");
        check(Spoiled::Granted, "-ERR no\r\n", "+OK\r\nX\r\n.\r\n");
        check(Spoiled::Granted, "+OK\r\n", "+OK\r\n");
        check(Spoiled::Numbers, "+OK 2 99\r\n", "+OK 3 100\r\n");
        check(Spoiled::Numbers, listing, "+OK 3 messages\r\n1 15\r\n2 11\r\n.\r\n");
        check(Spoiled::Numbers, "+OK 18446744073709551615\r\n", "+OK 18446744073709551615\r\n");
        check(Spoiled::Text, listing, "+OK something\r\n1 15\r\n2 11\r\n.\r\n");
        check(Spoiled::Garbled, "-ERR no\r\n", "OK\r\n");
        check(Spoiled::LastNumber, "+OK 2 99\r\n", "+OK 2 100\r\n");
        check(Spoiled::Sizes, listing, "+OK 2 messages\r\n1 16\r\n2 12\r\n.\r\n");
        check(Spoiled::Sizes, "+OK 1 2\r\n", "+OK 1 2\r\n");
        check(Spoiled::MoreWords, listing, "+OK 2 messages\r\n1 15 X\r\n2 11 X\r\n.\r\n");
        check(Spoiled::FewerWords, listing, "+OK 2 messages\r\n1\r\n2\r\n.\r\n");
        check(Spoiled::Body, listing, "+OK 2 messages\r\n1 17\r\n2 11\r\n.\r\n");
        check(Spoiled::Body, "+OK\r\n", "+OK\r\n");
        check(Spoiled::Body, "+OK\r\n.\r\n", "+OK\r\n.\r\n");
        check(Spoiled::Body, "+OK\r\n\r\n7\r\n.\r\n", "+OK\r\n\r\n7\r\n.\r\n");
        check(Spoiled::Shorter, listing, "+OK 2 messages\r\n1 15\r\n.\r\n");
        check(Spoiled::Shorter, "+OK\r\n.\r\n", "+OK\r\n.\r\n");
        check(Spoiled::Longer, listing, "+OK 2 messages\r\n1 15\r\n2 11\r\nX\r\n.\r\n");
        check(Spoiled::Twice, "+OK\r\n", "+OK\r\n+OK\r\n");
        check(Spoiled::Zeros, "+OK 2 99\r\n", "+OK 0 0\r\n");
        check(Spoiled::Bare, "+OK en chosen\r\n", "+OK\r\n");
        check(Spoiled::Bare, "+OK\r\n", "+OK\r\n");
        check(Spoiled::LongLine, "-ERR\r\n", &format!("-ERR {}\r\n", "x".repeat(600)));
        check(Spoiled::Repeated, listing, "+OK 2 messages\r\n1 15\r\n1 15\r\n.\r\n");
        check(Spoiled::Repeated, "+OK\r\n", "+OK\r\n");
        check(Spoiled::InUse, "-ERR [IN-USE] no\r\n", "+OK [IN-USE]\r\n");
        check(Spoiled::LoginDelay, "-ERR [AUTH] no\r\n", "-ERR [LOGIN-DELAY] [AUTH] no\r\n");
        check(Spoiled::Utf8, "+OK 2 99\r\n", "-ERR [UTF8]\r\n");
        check(Spoiled::Unsent, "+OK\r\n", "");
        check(Spoiled::Closed, listing, "");
    }

    #[test]
    fn all_ways_are_listed_once() {
        let mut all = Spoiled::ALL.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), Spoiled::ALL.len());
        assert!(Spoiled::ALL.contains(&Spoiled::Unsent));
    }
}

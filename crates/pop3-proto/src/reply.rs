//! Replies: status lines, response codes, and the shape that a command gives them.

use std::fmt;

use crate::auth;
use crate::command::Keyword;
use crate::deviation::Deviation;

/// Octets of the first line of a reply at most, CRLF included (RFC 1939 section 3).
pub const STATUS_LINE_LIMIT: usize = 512;

/// The status indicator of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `+OK`
    Ok,
    /// `-ERR`
    Err,
    /// `+`, which asks for the next line of an AUTH exchange (RFC 5034 section 4).
    Continue,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "+OK",
            Self::Err => "-ERR",
            Self::Continue => "+",
        })
    }
}

/// A status line, as understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusLine<'a> {
    /// Its indicator.
    pub status: Status,
    /// The octets behind the indicator and its space.
    pub text: &'a [u8],
}

impl<'a> StatusLine<'a> {
    /// Understands a line (without its line end) as far as possible; what was
    /// off goes to `deviations` with its offset in the line. `None` when there is
    /// no status indicator at all.
    ///
    /// `challenge` says whether `+` may stand here: as the answer to AUTH.
    pub fn observe(line: &'a [u8], challenge: Challenge, deviations: &mut Vec<(usize, Deviation)>) -> Option<Self> {
        if let Some(at) = line.iter().position(|octet| !(0x20..=0x7E).contains(octet)) {
            deviations.push((at, Deviation::NotPrintable));
        }
        let Some((status, length)) = indicator(line, challenge) else {
            deviations.push((0, Deviation::NoStatusIndicator));
            return None;
        };
        let (word, rest) = line.split_at_checked(length)?;
        if word.iter().any(u8::is_ascii_lowercase) {
            deviations.push((0, Deviation::StatusNotUpperCase));
        }
        let text = match rest {
            [] => {
                if status == Status::Continue {
                    deviations.push((length, Deviation::ChallengeWithoutSpace));
                }
                rest
            }
            [b' ', text @ ..] => text,
            _ => {
                deviations.push((length, Deviation::StatusNotSeparated));
                rest
            }
        };
        if status == Status::Continue && !auth::is_base64(text) {
            deviations.push((length + 1, Deviation::ChallengeNotBase64));
        }
        Some(Self { status, text })
    }

    /// The response code at the beginning of the text, if one stands there.
    #[must_use]
    pub fn response_code(&self) -> Option<ResponseCode<'a>> {
        ResponseCode::parse(self.text)
    }
}

/// Whether a challenge may stand where a reply is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// The line answers AUTH, or a line of its exchange.
    Possible,
    /// It answers anything else.
    Impossible,
}

fn indicator(line: &[u8], challenge: Challenge) -> Option<(Status, usize)> {
    let starts = |word: &[u8]| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if starts(b"+OK") {
        return Some((Status::Ok, 3));
    }
    if starts(b"-ERR") {
        return Some((Status::Err, 4));
    }
    match (challenge, line) {
        (Challenge::Possible, [b'+'] | [b'+', b' ', ..]) => Some((Status::Continue, 1)),
        _ => None,
    }
}

/// A response code such as `[IN-USE]` or `[SYS/TEMP]` (RFC 2449 section 8).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ResponseCode<'a>(&'a str);

impl<'a> ResponseCode<'a> {
    /// A code from its text between the brackets. `None` unless it is printable
    /// ASCII without spaces and brackets, with something on both sides of every `/`.
    #[must_use]
    pub fn new(code: &'a str) -> Option<Self> {
        let legal = code.bytes().all(|octet| (0x21..=0x7E).contains(&octet) && !b"[]".contains(&octet));
        (legal && code.split('/').all(|level| !level.is_empty())).then_some(Self(code))
    }

    /// The code at the beginning of a status line's text.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let inner = text.strip_prefix(b"[")?;
        let close = memchr::memchr(b']', inner)?;
        Self::new(std::str::from_utf8(inner.get(..close)?).ok()?)
    }

    /// The text between the brackets.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether this is the code `general` or one of its sub-codes, in any letter
    /// case: `SYS/TEMP` is a `SYS`.
    #[must_use]
    pub fn is_a(self, general: &str) -> bool {
        let mut levels = self.0.split('/');
        general.split('/').all(|want| levels.next().is_some_and(|level| level.eq_ignore_ascii_case(want)))
    }
}

impl fmt::Debug for ResponseCode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0)
    }
}

/// Whether a positive reply has lines behind its first one. A negative reply
/// never has (RFC 1939 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyShape {
    /// One line.
    SingleLine,
    /// Lines up to the terminating one, if the status is `+OK`.
    MultiLine,
}

impl ReplyShape {
    /// The shape of the reply to a line that a client sent, which may be far from
    /// well-formed: the keyword is taken in any case, and an argument is anything
    /// but spaces behind it.
    #[must_use]
    pub fn of(line: &[u8]) -> Self {
        let mut words = line.split(|octet| *octet == b' ').filter(|word| !word.is_empty());
        let keyword = words.next().and_then(Keyword::from_word);
        let has_argument = words.next().is_some();
        match keyword {
            Some(Keyword::Capa | Keyword::Retr | Keyword::Top) => Self::MultiLine,
            // Without an argument, the listing of all. For AUTH that is older
            // than RFC 5034, but some servers still answer so.
            Some(Keyword::List | Keyword::Uidl | Keyword::Auth) if !has_argument => Self::MultiLine,
            _ => Self::SingleLine,
        }
    }
}

/// Appends a status line. Octets that may not stand in one are left out, and the
/// text is cut so that the line keeps to [`STATUS_LINE_LIMIT`].
pub fn write_status(status: Status, code: Option<ResponseCode<'_>>, text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(status.to_string().as_bytes());
    if let Some(code) = code {
        out.extend_from_slice(format!(" [{}]", code.0).as_bytes());
    }
    if !text.is_empty() {
        out.push(b' ');
        out.extend(text.bytes().filter(|octet| (0x20..=0x7E).contains(octet)));
    }
    out.truncate(start + STATUS_LINE_LIMIT - 2);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_on_after_a_fault() {
        use Deviation as D;
        let check = |line: &[u8], want: Option<(Status, &[u8])>, off: &[(usize, Deviation)]| {
            let mut deviations = Vec::new();
            let got = StatusLine::observe(line, Challenge::Possible, &mut deviations);
            assert_eq!(got.map(|line| (line.status, line.text)), want, "{line:?}");
            assert_eq!(deviations, off, "{line:?}");
        };
        check(b"+OK", Some((Status::Ok, b"")), &[]);
        check(b"+OK ", Some((Status::Ok, b"")), &[]);
        check(b"+OK 2 320", Some((Status::Ok, b"2 320")), &[]);
        check(b"-ERR no", Some((Status::Err, b"no")), &[]);
        check(b"+ ", Some((Status::Continue, b"")), &[]);
        check(b"+", Some((Status::Continue, b"")), &[(1, D::ChallengeWithoutSpace)]);
        check(b"+ go on", Some((Status::Continue, b"go on")), &[(2, D::ChallengeNotBase64)]);
        check(b"+ok 1", Some((Status::Ok, b"1")), &[(0, D::StatusNotUpperCase)]);
        check(
            b"-Err\t1",
            Some((Status::Err, b"\t1")),
            &[(4, D::NotPrintable), (0, D::StatusNotUpperCase), (4, D::StatusNotSeparated)],
        );
        check(b"+OKAY", Some((Status::Ok, b"AY")), &[(3, D::StatusNotSeparated)]);
        check(b"+ERR x", None, &[(0, D::NoStatusIndicator)]);
        check(b"", None, &[(0, D::NoStatusIndicator)]);
        check(b"* OK IMAP4", None, &[(0, D::NoStatusIndicator)]);
    }

    #[test]
    fn a_challenge_stands_only_in_auth() {
        let mut deviations = Vec::new();
        assert_eq!(StatusLine::observe(b"+ ", Challenge::Impossible, &mut deviations), None);
        assert_eq!(deviations, [(0, Deviation::NoStatusIndicator)]);
    }

    #[test]
    fn response_codes_are_hierarchical() {
        let check = |text: &str, want: Option<&str>| {
            assert_eq!(ResponseCode::parse(text.as_bytes()).map(ResponseCode::as_str), want, "{text}");
        };
        check("[IN-USE] busy", Some("IN-USE"));
        check("[SYS/TEMP]", Some("SYS/TEMP"));
        check("[sorry you] x", None);
        check("[] x", None);
        check("[A/] x", None);
        check("busy [IN-USE]", None);
        let temporary = ResponseCode::new("sys/TEMP").unwrap();
        assert!(
            temporary.is_a("SYS") && temporary.is_a("SYS/TEMP") && !temporary.is_a("SYS/PERM") && !temporary.is_a("SY")
        );
    }

    #[test]
    fn the_command_gives_the_shape() {
        let check = |line: &str, want| assert_eq!(ReplyShape::of(line.as_bytes()), want, "{line}");
        for line in ["LIST", "list", "UIDL", "LIST ", "RETR 1", "TOP 1 0", "CAPA", "AUTH", "retr"] {
            check(line, ReplyShape::MultiLine);
        }
        for line in ["LIST 1", "UIDL 1", "STAT", "", "XYZZ", "AUTH PLAIN", "LISTS", "DELE 1"] {
            check(line, ReplyShape::SingleLine);
        }
    }

    #[test]
    fn what_we_print_is_never_broken() {
        let check = |text: &str, want: &[u8]| {
            let mut out = Vec::new();
            write_status(Status::Err, ResponseCode::new("AUTH"), text, &mut out);
            assert_eq!(out, want);
        };
        check("no", b"-ERR [AUTH] no\r\n");
        check("", b"-ERR [AUTH]\r\n");
        check("a\r\nb\x1bü", b"-ERR [AUTH] ab\r\n");
        let mut out = Vec::new();
        write_status(Status::Ok, None, &"x".repeat(600), &mut out);
        assert_eq!(out.len(), STATUS_LINE_LIMIT);
        assert!(out.ends_with(b"x\r\n"));
    }
}

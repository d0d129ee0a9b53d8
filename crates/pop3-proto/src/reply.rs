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

/// The characters that text behind a status indicator may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Printable ASCII and space (RFC 2449 section 3).
    Ascii,
    /// UTF-8, behind a successful UTF8 or LANG (RFC 6856 sections 2.1 and 3.2).
    Utf8,
}

impl Charset {
    /// Offset of the first octet that may not stand in a status line.
    #[must_use]
    pub fn first_outside(self, line: &[u8]) -> Option<usize> {
        let at = line.iter().position(|octet| !(0x20..=0x7E).contains(octet))?;
        if self == Self::Ascii {
            return Some(at);
        }
        let (valid, broken) = match std::str::from_utf8(line) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = line.get(..error.valid_up_to()).and_then(|octets| std::str::from_utf8(octets).ok());
                (valid.unwrap_or_default(), Some(error.valid_up_to()))
            }
        };
        valid.char_indices().find(|(_, character)| character.is_control()).map(|(at, _)| at).or(broken)
    }

    fn keep(self, character: &char) -> bool {
        match self {
            Self::Ascii => (' '..='~').contains(character),
            Self::Utf8 => !character.is_control(),
        }
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
    /// `challenge` says whether `+` may stand here: as the answer to AUTH. `charset`
    /// is what the session has agreed on.
    pub fn observe(
        line: &'a [u8],
        challenge: Challenge,
        charset: Charset,
        deviations: &mut Vec<(usize, Deviation)>,
    ) -> Option<Self> {
        if let Some(at) = charset.first_outside(line) {
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
    /// ASCII without spaces and `]`, with something on both sides of every `/`
    /// (RFC 2449 section 3, `resp-level`).
    #[must_use]
    pub fn new(code: &'a str) -> Option<Self> {
        let legal = code.bytes().all(|octet| (0x21..=0x7E).contains(&octet) && octet != b']');
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

    /// Which of the registered codes it is, or is a sub-code of: of an unknown
    /// detail what is known counts (RFC 2449 section 8).
    #[must_use]
    pub fn registered(self) -> Option<RegisteredCode> {
        RegisteredCode::ALL.into_iter().find(|code| self.is_a(code.as_str()))
    }

    /// Whether this is the code `general` or one of its sub-codes, in any letter
    /// case: `SYS/TEMP` is a `SYS`.
    #[must_use]
    pub fn is_a(self, general: &str) -> bool {
        let mut levels = self.0.split('/');
        general.split('/').all(|want| levels.next().is_some_and(|level| level.eq_ignore_ascii_case(want)))
    }
}

/// The response codes in the IANA registry of POP3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegisteredCode {
    /// The name or secret is at fault (RFC 3206 section 5).
    Auth,
    /// Another session holds the maildrop (RFC 2449 section 8.1.2).
    InUse,
    /// Too soon after the last login (RFC 2449 section 8.1.1).
    LoginDelay,
    /// The system cannot, and trying again will not help (RFC 3206 section 4).
    SysPerm,
    /// The system cannot now (RFC 3206 section 4).
    SysTemp,
    /// The message needs UTF-8 mode (RFC 6856 section 5).
    Utf8,
}

impl RegisteredCode {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Auth, Self::InUse, Self::LoginDelay, Self::SysPerm, Self::SysTemp, Self::Utf8];

    /// The text between the brackets.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "AUTH",
            Self::InUse => "IN-USE",
            Self::LoginDelay => "LOGIN-DELAY",
            Self::SysPerm => "SYS/PERM",
            Self::SysTemp => "SYS/TEMP",
            Self::Utf8 => "UTF8",
        }
    }
}

impl From<RegisteredCode> for ResponseCode<'static> {
    fn from(code: RegisteredCode) -> Self {
        Self(code.as_str())
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
            Some(Keyword::List | Keyword::Uidl | Keyword::Lang | Keyword::Auth) if !has_argument => Self::MultiLine,
            _ => Self::SingleLine,
        }
    }
}

/// Appends a status line. Characters that may not stand in one are left out, and
/// the text is cut so that the line keeps to [`STATUS_LINE_LIMIT`].
pub fn write_status(status: Status, code: Option<ResponseCode<'_>>, text: &str, charset: Charset, out: &mut Vec<u8>) {
    let most = out.len() + STATUS_LINE_LIMIT - "\r\n".len();
    out.extend_from_slice(status.to_string().as_bytes());
    if let Some(code) = code {
        out.extend_from_slice(format!(" [{}]", code.0).as_bytes());
    }
    if !text.is_empty() {
        out.push(b' ');
        let mut buffer = [0; 4];
        for character in text.chars().filter(|character| charset.keep(character)) {
            let encoded = character.encode_utf8(&mut buffer).as_bytes();
            if out.len() + encoded.len() > most {
                break;
            }
            out.extend_from_slice(encoded);
        }
    }
    out.truncate(most);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests;

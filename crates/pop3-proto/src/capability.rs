//! Capability lists (RFC 2449 sections 3, 5 and 6).

use std::fmt;

use crate::message_number::decimal;

/// Octets of a line of the list at most, CRLF included (RFC 2449 section 5).
pub const CAPABILITY_LINE_LIMIT: usize = 512;

/// A capability with its arguments. Unknown ones are kept as they came, and so are
/// known ones whose arguments are not as their RFC has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capability {
    /// `AUTH-RESP-CODE` (RFC 3206)
    AuthRespCode,
    /// `EXPIRE` with its policy (section 6.7)
    Expire {
        /// How long messages stay at least.
        retention: Retention,
        /// Whether the policy of the user, told after login, may differ.
        per_user: bool,
    },
    /// `IMPLEMENTATION` with free text (section 6.9)
    Implementation(String),
    /// `LANG` (RFC 6856 section 3)
    Lang,
    /// `LOGIN-DELAY` (section 6.5)
    LoginDelay {
        /// Seconds that must pass between two logins.
        seconds: u64,
        /// Whether the delay of the user, told after login, may differ.
        per_user: bool,
    },
    /// `PIPELINING` (section 6.6)
    Pipelining,
    /// `RESP-CODES` (section 6.4)
    RespCodes,
    /// `SASL` with mechanism names (section 6.3, RFC 5034)
    Sasl(Vec<String>),
    /// `STLS` (RFC 2595)
    Stls,
    /// `TOP` (section 6.1)
    Top,
    /// `UIDL` (section 6.8)
    Uidl,
    /// `USER` (section 6.2)
    User,
    /// `UTF8` (RFC 6856 section 2)
    Utf8 {
        /// Whether names and passwords may be UTF-8: the argument `USER`.
        user: bool,
    },
    /// Anything else, in the letters that came.
    Other {
        /// The tag.
        tag: String,
        /// Its arguments.
        arguments: Vec<String>,
    },
}

/// The policy in `EXPIRE` (RFC 2449 section 6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Messages stay this many days at least. With 0, none may be left on the
    /// server.
    Days(u32),
    /// The server removes no message.
    Never,
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => days.fmt(f),
            Self::Never => f.write_str("NEVER"),
        }
    }
}

impl Capability {
    /// Reads a line of the list without its line end. `None` where it breaks the
    /// grammar of section 3: a tag, then arguments behind single spaces, all of
    /// printable ASCII, and the tag not beginning with a dot.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        if !line.iter().all(|octet| (0x20..=0x7E).contains(octet)) {
            return None;
        }
        let text = std::str::from_utf8(line).ok()?;
        let (tag, rest) = match text.split_once(' ') {
            Some((tag, rest)) => (tag, Some(rest)),
            None => (text, None),
        };
        if tag.is_empty() || tag.starts_with('.') {
            return None;
        }
        let upper = tag.to_ascii_uppercase();
        // Free text: spaces do not separate anything in it.
        if upper == "IMPLEMENTATION" && rest.is_some_and(|text| !text.is_empty()) {
            return rest.map(|text| Self::Implementation(text.to_owned()));
        }
        let arguments: Vec<String> = rest.map(|rest| rest.split(' ').map(str::to_owned).collect()).unwrap_or_default();
        if arguments.iter().any(String::is_empty) {
            return None;
        }
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let known = match (upper.as_str(), words.as_slice()) {
            ("AUTH-RESP-CODE", []) => Some(Self::AuthRespCode),
            ("EXPIRE", [retention, user @ ..]) => expire(retention, user),
            ("LANG", []) => Some(Self::Lang),
            ("LOGIN-DELAY", [seconds, user @ ..]) => login_delay(seconds, user),
            ("PIPELINING", []) => Some(Self::Pipelining),
            ("RESP-CODES", []) => Some(Self::RespCodes),
            ("SASL", [_, ..]) => Some(Self::Sasl(arguments.clone())),
            ("STLS", []) => Some(Self::Stls),
            ("TOP", []) => Some(Self::Top),
            ("UIDL", []) => Some(Self::Uidl),
            ("USER", []) => Some(Self::User),
            ("UTF8", user) => is_user(user).map(|user| Self::Utf8 { user }),
            _ => None,
        };
        Some(known.unwrap_or_else(|| Self::Other { tag: tag.to_owned(), arguments }))
    }

    /// Appends the line as a server sends it, with its CRLF. What does not fit
    /// into [`CAPABILITY_LINE_LIMIT`] is left out, argument by argument; so are
    /// characters that may not stand in a capability list.
    pub fn write(&self, out: &mut Vec<u8>) {
        let printable: String = self.to_string().chars().filter(|character| (' '..='~').contains(character)).collect();
        // A dot at its beginning could end the list.
        let printable = printable.trim_start_matches([' ', '.']);
        let most = out.len() + CAPABILITY_LINE_LIMIT - "\r\n".len();
        for (index, word) in printable.split(' ').filter(|word| !word.is_empty()).enumerate() {
            let before = out.len();
            if index > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(word.as_bytes());
            if out.len() > most {
                // A first argument that is too long by itself is cut.
                out.truncate(if index > 1 { before } else { most });
                break;
            }
        }
        out.extend_from_slice(b"\r\n");
    }

    /// The tag: upper case for known ones.
    #[must_use]
    pub fn tag(&self) -> &str {
        match self {
            Self::AuthRespCode => "AUTH-RESP-CODE",
            Self::Expire { .. } => "EXPIRE",
            Self::Implementation(_) => "IMPLEMENTATION",
            Self::Lang => "LANG",
            Self::LoginDelay { .. } => "LOGIN-DELAY",
            Self::Pipelining => "PIPELINING",
            Self::RespCodes => "RESP-CODES",
            Self::Sasl(_) => "SASL",
            Self::Stls => "STLS",
            Self::Top => "TOP",
            Self::Uidl => "UIDL",
            Self::User => "USER",
            Self::Utf8 { .. } => "UTF8",
            Self::Other { tag, .. } => tag,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())?;
        let user = |per_user: &bool| if *per_user { " USER" } else { "" };
        match self {
            Self::Implementation(text) => write!(f, " {text}"),
            Self::Expire { retention, per_user } => write!(f, " {retention}{}", user(per_user)),
            Self::LoginDelay { seconds, per_user } => write!(f, " {seconds}{}", user(per_user)),
            Self::Utf8 { user: names } => f.write_str(user(names)),
            Self::Sasl(arguments) | Self::Other { arguments, .. } => {
                arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
            }
            _ => Ok(()),
        }
    }
}

/// Nothing, or `USER` in any letter case; `None` for anything else.
fn is_user(words: &[&str]) -> Option<bool> {
    match words {
        [] => Some(false),
        [word] if word.eq_ignore_ascii_case("USER") => Some(true),
        _ => None,
    }
}

fn expire(retention: &str, user: &[&str]) -> Option<Capability> {
    let retention = if retention.eq_ignore_ascii_case("NEVER") {
        Retention::Never
    } else {
        Retention::Days(decimal(retention.as_bytes()).ok()?.try_into().ok()?)
    };
    Some(Capability::Expire { retention, per_user: is_user(user)? })
}

fn login_delay(seconds: &str, user: &[&str]) -> Option<Capability> {
    Some(Capability::LoginDelay { seconds: decimal(seconds.as_bytes()).ok()?, per_user: is_user(user)? })
}

#[cfg(test)]
mod tests;

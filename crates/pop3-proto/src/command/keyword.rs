//! The keywords of commands.

use std::fmt;

/// The keyword of a known command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keyword {
    /// RFC 1939 section 7
    Apop,
    /// RFC 5034
    Auth,
    /// RFC 2449 section 5
    Capa,
    /// RFC 1939 section 5
    Dele,
    /// RFC 6856 section 3
    Lang,
    /// RFC 1939 section 5
    List,
    /// RFC 1939 section 5
    Noop,
    /// RFC 1939 section 7
    Pass,
    /// RFC 1939 sections 4 and 6
    Quit,
    /// RFC 1939 section 5
    Retr,
    /// RFC 1939 section 5
    Rset,
    /// RFC 1939 section 5
    Stat,
    /// RFC 2595 section 4
    Stls,
    /// RFC 1939 section 7
    Top,
    /// RFC 1939 section 7
    Uidl,
    /// RFC 1939 section 7
    User,
    /// RFC 6856 section 2
    Utf8,
}

impl Keyword {
    /// All keywords, in alphabetical order.
    pub const ALL: [Self; 17] = [
        Self::Apop,
        Self::Auth,
        Self::Capa,
        Self::Dele,
        Self::Lang,
        Self::List,
        Self::Noop,
        Self::Pass,
        Self::Quit,
        Self::Retr,
        Self::Rset,
        Self::Stat,
        Self::Stls,
        Self::Top,
        Self::Uidl,
        Self::User,
        Self::Utf8,
    ];

    /// The keyword in upper case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apop => "APOP",
            Self::Auth => "AUTH",
            Self::Capa => "CAPA",
            Self::Dele => "DELE",
            Self::Lang => "LANG",
            Self::List => "LIST",
            Self::Noop => "NOOP",
            Self::Pass => "PASS",
            Self::Quit => "QUIT",
            Self::Retr => "RETR",
            Self::Rset => "RSET",
            Self::Stat => "STAT",
            Self::Stls => "STLS",
            Self::Top => "TOP",
            Self::Uidl => "UIDL",
            Self::User => "USER",
            Self::Utf8 => "UTF8",
        }
    }

    /// The keyword that a word spells, in any letter case (RFC 1939 section 3).
    #[must_use]
    #[inline]
    pub fn from_word(word: &[u8]) -> Option<Self> {
        let padded = match *word {
            [a, b, c] => [a, b, c, 0],
            [a, b, c, d] => [a, b, c, d],
            _ => return None,
        };
        // Of all octets only letters become upper-case letters by this.
        let upper = padded.map(|octet| octet & 0xDF);
        Some(match &upper {
            b"APOP" => Self::Apop,
            b"AUTH" => Self::Auth,
            b"CAPA" => Self::Capa,
            b"DELE" => Self::Dele,
            b"LANG" => Self::Lang,
            b"LIST" => Self::List,
            b"NOOP" => Self::Noop,
            b"PASS" => Self::Pass,
            b"QUIT" => Self::Quit,
            b"RETR" => Self::Retr,
            b"RSET" => Self::Rset,
            b"STAT" => Self::Stat,
            b"STLS" => Self::Stls,
            b"TOP\0" if word.len() == 3 => Self::Top,
            b"UIDL" => Self::Uidl,
            b"USER" => Self::User,
            [b'U', b'T', b'F', _] if word.last() == Some(&b'8') => Self::Utf8,
            _ => return None,
        })
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

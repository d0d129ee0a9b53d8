//! Commands: octets to typed values and back (RFC 1939, RFC 2449 section 3).

use std::fmt;

use thiserror::Error;

use crate::message_number::{MessageNumber, NumberError, decimal};

mod keyword;
mod utf8;

pub use keyword::Keyword;

/// Octets that every server must take in a command line, line end included
/// (RFC 2449 section 4).
pub const LINE_LIMIT: usize = 255;

/// A well-formed command. Borrows its arguments from the line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Command<'a> {
    /// `APOP name digest`
    Apop {
        /// The mailbox.
        name: &'a str,
        /// The digest as sent; comparing it is the server's business.
        digest: &'a str,
    },
    /// `AUTH mechanism [initial-response]`
    Auth {
        /// The mechanism's name as sent; any letter case.
        mechanism: &'a str,
        /// The initial response as sent: base64, or `=` for an empty one.
        initial_response: Option<&'a str>,
    },
    /// `CAPA`
    Capa,
    /// `DELE msg`
    Dele(MessageNumber),
    /// `LANG [range]`: a language range as sent (RFC 4647 section 2.1), or `*`.
    Lang(Option<&'a str>),
    /// `LIST [msg]`
    List(Option<MessageNumber>),
    /// `NOOP`
    Noop,
    /// `PASS string`: everything behind the first space, spaces included, which
    /// RFC 1939 section 7 permits.
    Pass(&'a str),
    /// `QUIT`
    Quit,
    /// `RETR msg`
    Retr(MessageNumber),
    /// `RSET`
    Rset,
    /// `STAT`
    Stat,
    /// `STLS`
    Stls,
    /// `TOP msg n`
    Top {
        /// The message.
        message: MessageNumber,
        /// How many lines of its body; of more than 64 bits, what they hold.
        lines: u64,
    },
    /// `UIDL [msg]`
    Uidl(Option<MessageNumber>),
    /// `USER name`
    User(&'a str),
    /// `UTF8`
    Utf8,
}

/// Why a line is no command. Every variant is the client's fault, and every one
/// is answered `-ERR` (RFC 1939 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CommandError {
    /// The line has nothing in it.
    #[error("empty line")]
    Empty,
    /// Two spaces, or a space at the end, leave an argument without characters.
    #[error("empty argument at octet {at}")]
    EmptyArgument {
        /// Offset in the line, from 0.
        at: usize,
    },
    /// The argument must be a number.
    #[error("argument at octet {at} is not a decimal number")]
    NotANumber {
        /// Offset in the line, from 0.
        at: usize,
    },
    /// Text in UTF-8 does not keep to RFC 3629.
    #[error("octet {at} is not UTF-8")]
    NotUtf8 {
        /// Offset in the line, from 0.
        at: usize,
    },
    /// Commands are printable ASCII.
    #[error("octet 0x{octet:02X} at {at} is not printable ASCII")]
    NotPrintable {
        /// Offset in the line, from 0.
        at: usize,
        /// The octet.
        octet: u8,
    },
    /// Message-numbers start at 1, and no maildrop has so many messages.
    #[error("no such message-number")]
    NoSuchNumber,
    /// An argument is missing.
    #[error("{keyword} needs an argument")]
    MissingArgument {
        /// The command.
        keyword: Keyword,
    },
    /// There is an argument too many.
    #[error("{keyword} does not take this argument")]
    TooManyArguments {
        /// The command.
        keyword: Keyword,
    },
    /// No such command.
    #[error("unknown command")]
    UnknownKeyword,
}

impl<'a> Command<'a> {
    /// Reads a line without its line end, as RFC 2449 section 3 has it: printable
    /// ASCII. Does not allocate.
    ///
    /// # Errors
    /// The first departure from the grammar.
    pub fn parse(line: &'a [u8]) -> Result<Self, CommandError> {
        // What was taken is printable; only a line that is refused anyway is
        // searched for the place of an octet that is not.
        Self::read(line).map_err(|error| not_printable(line).unwrap_or(error))
    }

    /// The same for a server that announces `UTF8 USER` (RFC 6856 section 2.2): the
    /// arguments of USER and PASS and the name in APOP may be UTF-8.
    ///
    /// # Errors
    /// The first departure from the grammar.
    pub fn parse_utf8(line: &'a [u8]) -> Result<Self, CommandError> {
        match Self::parse(line) {
            Err(CommandError::NotPrintable { octet: 0x80.., .. }) => utf8::parse(line),
            result => result,
        }
    }

    fn read(line: &'a [u8]) -> Result<Self, CommandError> {
        let (word, arguments) = first_word(line)?;
        if word.is_empty() {
            return Err(if arguments.is_some() { CommandError::EmptyArgument { at: 0 } } else { CommandError::Empty });
        }
        let keyword = Keyword::from_word(word).ok_or(CommandError::UnknownKeyword)?;
        let mut arguments = Arguments { keyword, rest: arguments, at: word.len() + 1 };
        let command = match keyword {
            Keyword::Apop => Self::Apop { name: arguments.word()?, digest: arguments.word()? },
            Keyword::Auth => Self::Auth { mechanism: arguments.word()?, initial_response: arguments.optional()? },
            Keyword::Capa => Self::Capa,
            Keyword::Dele => Self::Dele(arguments.message_number()?),
            Keyword::Lang => Self::Lang(arguments.optional()?),
            Keyword::List => Self::List(arguments.optional_message_number()?),
            Keyword::Noop => Self::Noop,
            Keyword::Pass => Self::Pass(arguments.whole()?),
            Keyword::Quit => Self::Quit,
            Keyword::Retr => Self::Retr(arguments.message_number()?),
            Keyword::Rset => Self::Rset,
            Keyword::Stat => Self::Stat,
            Keyword::Stls => Self::Stls,
            Keyword::Top => Self::Top { message: arguments.message_number()?, lines: arguments.lines()? },
            Keyword::Uidl => Self::Uidl(arguments.optional_message_number()?),
            Keyword::User => Self::User(arguments.word()?),
            Keyword::Utf8 => Self::Utf8,
        };
        arguments.end()?;
        Ok(command)
    }

    /// Its keyword.
    #[must_use]
    pub fn keyword(&self) -> Keyword {
        match self {
            Self::Apop { .. } => Keyword::Apop,
            Self::Auth { .. } => Keyword::Auth,
            Self::Capa => Keyword::Capa,
            Self::Dele(_) => Keyword::Dele,
            Self::Lang(_) => Keyword::Lang,
            Self::List(_) => Keyword::List,
            Self::Noop => Keyword::Noop,
            Self::Pass(_) => Keyword::Pass,
            Self::Quit => Keyword::Quit,
            Self::Retr(_) => Keyword::Retr,
            Self::Rset => Keyword::Rset,
            Self::Stat => Keyword::Stat,
            Self::Stls => Keyword::Stls,
            Self::Top { .. } => Keyword::Top,
            Self::Uidl(_) => Keyword::Uidl,
            Self::User(_) => Keyword::User,
            Self::Utf8 => Keyword::Utf8,
        }
    }

    /// The line as sent, without its line end. This shows passwords: for
    /// messages use the `Debug` form, which masks them.
    #[must_use]
    pub fn to_line(&self) -> String {
        let keyword = self.keyword();
        match self {
            Self::Apop { name, digest } => format!("{keyword} {name} {digest}"),
            Self::Auth { mechanism, initial_response: Some(response) } => format!("{keyword} {mechanism} {response}"),
            Self::Auth { mechanism: word, initial_response: None }
            | Self::Lang(Some(word))
            | Self::Pass(word)
            | Self::User(word) => format!("{keyword} {word}"),
            Self::Dele(number) | Self::Retr(number) | Self::List(Some(number)) | Self::Uidl(Some(number)) => {
                format!("{keyword} {number}")
            }
            Self::Top { message, lines } => format!("{keyword} {message} {lines}"),
            Self::Capa | Self::Lang(None) | Self::List(None) | Self::Noop | Self::Quit => keyword.to_string(),
            Self::Rset | Self::Stat | Self::Stls | Self::Uidl(None) | Self::Utf8 => keyword.to_string(),
        }
    }
}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass(_) => f.write_str("PASS ********"),
            Self::Apop { name, .. } => write!(f, "APOP {name} ********"),
            Self::Auth { mechanism, initial_response: Some(_) } => write!(f, "AUTH {mechanism} ********"),
            command => f.write_str(&command.to_line()),
        }
    }
}

fn is_printable(octet: u8) -> bool {
    (0x20..=0x7E).contains(&octet)
}

/// The first octet of a line that is neither printable ASCII nor space.
#[cold]
fn not_printable(line: &[u8]) -> Option<CommandError> {
    let found = line.iter().enumerate().find(|(_, octet)| !is_printable(**octet));
    found.map(|(at, octet)| CommandError::NotPrintable { at, octet: *octet })
}

/// The octets up to the first space, and those behind it. Words are short: a
/// plain loop is faster than a search, and sees on its way what is not printable.
#[inline]
fn first_word(octets: &[u8]) -> Result<(&[u8], Option<&[u8]>), CommandError> {
    let Some(at) = octets.iter().position(|octet| !octet.is_ascii_graphic()) else { return Ok((octets, None)) };
    match octets.split_at_checked(at) {
        Some((word, [b' ', rest @ ..])) => Ok((word, Some(rest))),
        _ => Err(CommandError::NotPrintable { at, octet: 0 }),
    }
}

/// The arguments behind a keyword, each behind a single space.
struct Arguments<'a> {
    keyword: Keyword,
    /// What follows the space; `None` when there is none.
    rest: Option<&'a [u8]>,
    at: usize,
}

impl<'a> Arguments<'a> {
    #[inline]
    fn optional_octets(&mut self) -> Result<Option<&'a [u8]>, CommandError> {
        let Some(rest) = self.rest else { return Ok(None) };
        let (word, rest) = first_word(rest)?;
        if word.is_empty() {
            return Err(CommandError::EmptyArgument { at: self.at });
        }
        self.at += word.len() + 1;
        self.rest = rest;
        Ok(Some(word))
    }

    fn optional(&mut self) -> Result<Option<&'a str>, CommandError> {
        self.optional_octets()?.map(text).transpose()
    }

    #[inline]
    fn word(&mut self) -> Result<&'a str, CommandError> {
        self.optional()?.ok_or(CommandError::MissingArgument { keyword: self.keyword })
    }

    fn whole(&mut self) -> Result<&'a str, CommandError> {
        match self.rest.take() {
            Some(b"") => Err(CommandError::EmptyArgument { at: self.at }),
            Some(rest) if rest.iter().all(|octet| is_printable(*octet)) => text(rest),
            Some(_) => Err(CommandError::NotPrintable { at: self.at, octet: 0 }),
            None => Err(CommandError::MissingArgument { keyword: self.keyword }),
        }
    }

    #[inline]
    fn number(&mut self) -> Result<u64, CommandError> {
        let at = self.at;
        let word = self.optional_octets()?.ok_or(CommandError::MissingArgument { keyword: self.keyword })?;
        number_at(word, at)
    }

    /// No number of lines is too large: of more than there are, all are sent (RFC
    /// 1939 section 7).
    fn lines(&mut self) -> Result<u64, CommandError> {
        match self.number() {
            Err(CommandError::NoSuchNumber) => Ok(u64::MAX),
            result => result,
        }
    }

    fn message_number(&mut self) -> Result<MessageNumber, CommandError> {
        self.number().and_then(message_number)
    }

    fn optional_message_number(&mut self) -> Result<Option<MessageNumber>, CommandError> {
        let at = self.at;
        self.optional_octets()?.map(|word| number_at(word, at).and_then(message_number)).transpose()
    }

    fn end(self) -> Result<(), CommandError> {
        match self.rest {
            None => Ok(()),
            Some(b"") => Err(CommandError::EmptyArgument { at: self.at }),
            Some(_) => Err(CommandError::TooManyArguments { keyword: self.keyword }),
        }
    }
}

/// ASCII as text.
#[inline]
fn text(octets: &[u8]) -> Result<&str, CommandError> {
    std::str::from_utf8(octets).map_err(|error| CommandError::NotPrintable { at: error.valid_up_to(), octet: 0 })
}

fn number_at(word: &[u8], at: usize) -> Result<u64, CommandError> {
    decimal(word).map_err(|error| match error {
        NumberError::NotDigits => CommandError::NotANumber { at },
        NumberError::TooLarge => CommandError::NoSuchNumber,
    })
}

fn message_number(number: u64) -> Result<MessageNumber, CommandError> {
    u32::try_from(number).ok().and_then(MessageNumber::new).ok_or(CommandError::NoSuchNumber)
}

#[cfg(test)]
mod tests;

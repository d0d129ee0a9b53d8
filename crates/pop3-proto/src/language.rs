//! The languages of a server's texts (RFC 6856 section 3).

use std::fmt;

/// A language that texts are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// German
    German,
    /// English
    English,
    /// Spanish
    Spanish,
}

impl Language {
    /// All languages, in the order of a language listing.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Spanish];

    /// Its tag (RFC 5646).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::German => "Deutsch",
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }

    /// The first language that a basic language range matches, by basic filtering:
    /// the range is the tag, or its beginning up to a hyphen, in any letter case
    /// (RFC 4647 section 3.3.1). `None` for `*` too, which means another thing
    /// here: see [`Range::parse`].
    #[must_use]
    pub fn matching(range: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| {
            let Some((start, rest)) = language.tag().split_at_checked(range.len()) else { return false };
            start.eq_ignore_ascii_case(range) && (rest.is_empty() || rest.starts_with('-'))
        })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// What a client asks for by the argument of LANG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range<'a> {
    /// `*`: what the server's administrator prefers (RFC 6856 section 3.2).
    Preferred,
    /// A basic language range (RFC 4647 section 2.1).
    Basic(&'a str),
}

impl<'a> Range<'a> {
    /// Reads the argument; `None` when it is no basic language range: letters,
    /// then letters and digits, 1 to 8 at a time, with hyphens between.
    #[must_use]
    pub fn parse(argument: &'a str) -> Option<Self> {
        if argument == "*" {
            return Some(Self::Preferred);
        }
        let is_range = argument.split('-').enumerate().all(|(index, part)| {
            let legal =
                |octet: u8| if index == 0 { octet.is_ascii_alphabetic() } else { octet.is_ascii_alphanumeric() };
            (1..=8).contains(&part.len()) && part.bytes().all(legal)
        });
        is_range.then_some(Self::Basic(argument))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_rfc_4647() {
        let check = |argument: &str, want: Option<Range<'_>>| assert_eq!(Range::parse(argument), want, "{argument:?}");
        check("*", Some(Range::Preferred));
        for range in ["en", "EN", "de-de", "sr-Latn", "i-default", "x-a1", "abcdefgh"] {
            check(range, Some(Range::Basic(range)));
        }
        for broken in ["", "-", "en-", "-en", "e1", "en--us", "abcdefghi", "en_us", "*-de", "é"] {
            check(broken, None);
        }
    }

    #[test]
    fn basic_filtering() {
        let check = |range: &str, want| assert_eq!(Language::matching(range), want, "{range:?}");
        check("en", Some(Language::English));
        check("ES", Some(Language::Spanish));
        check("de", Some(Language::German));
        check("d", None);
        check("de-AT", None);
        check("MUL", None);
        check("*", None);
        check("eß", None);
    }
}

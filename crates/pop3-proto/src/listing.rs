//! Drop listings, scan listings and unique-id listings (RFC 1939 sections 5 and 7).

use crate::message_number::decimal;

/// The text behind `+OK ` of STAT: `nn mm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropListing<'a> {
    /// The number of messages.
    pub messages: u64,
    /// The size of the maildrop in octets.
    pub octets: u64,
    /// What follows the size; strongly discouraged, but not forbidden.
    pub extra: &'a [u8],
}

/// A line of LIST, or the text behind `+OK ` of `LIST msg`: `n mm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanListing<'a> {
    /// The message-number.
    pub number: u64,
    /// The exact size of the message in octets.
    pub octets: u64,
    /// What follows the size; strongly discouraged, but not forbidden.
    pub extra: &'a [u8],
}

/// A line of UIDL, or the text behind `+OK ` of `UIDL msg`: `n uid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UniqueIdListing<'a> {
    /// The message-number.
    pub number: u64,
    /// What stands where the unique-id belongs, to the end of the line; whether
    /// it is one, [`crate::unique_id::UniqueId::new`] says.
    pub unique_id: &'a [u8],
}

impl<'a> DropListing<'a> {
    /// Reads the text behind `+OK `. `None` unless it is two decimal numbers
    /// with a single space between, and then the end, or something that is not a digit.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        two_numbers(text).map(|(messages, octets, extra)| Self { messages, octets, extra })
    }
}

impl<'a> ScanListing<'a> {
    /// Reads one line, without its line end; as [`DropListing::parse`].
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        two_numbers(text).map(|(number, octets, extra)| Self { number, octets, extra })
    }
}

impl<'a> UniqueIdListing<'a> {
    /// Reads one line, without its line end. `None` unless it is a decimal
    /// number, a single space, and at least one octet.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let (number, rest) = number(text)?;
        let unique_id = rest.strip_prefix(b" ")?;
        (!unique_id.is_empty()).then_some(Self { number, unique_id })
    }
}

fn two_numbers(text: &[u8]) -> Option<(u64, u64, &[u8])> {
    let (first, rest) = number(text)?;
    let (second, extra) = number(rest.strip_prefix(b" ")?)?;
    Some((first, second, extra))
}

fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = text.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    Some((decimal(digits).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_have_one_space_and_plain_numbers() {
        let check = |text: &str, want: Option<(u64, u64, &str)>| {
            let got = ScanListing::parse(text.as_bytes()).map(|l| (l.number, l.octets, l.extra));
            assert_eq!(got, want.map(|(n, o, x)| (n, o, x.as_bytes())), "{text:?}");
        };
        check("1 120", Some((1, 120, "")));
        check("1 120 extra", Some((1, 120, " extra")));
        check("2 18446744073709551615", Some((2, u64::MAX, "")));
        check("1  120", None);
        check("1", None);
        check("1 -120", None);
        check(" 1 120", None);
        check("", None);
        check("2 18446744073709551616", None);
    }

    #[test]
    fn a_unique_id_listing_keeps_what_stands_there() {
        let check = |text: &str, want: Option<(u64, &str)>| {
            let got = UniqueIdListing::parse(text.as_bytes()).map(|l| (l.number, l.unique_id));
            assert_eq!(got, want.map(|(n, u)| (n, u.as_bytes())), "{text:?}");
        };
        check("2 QhdPYR:00WBw1Ph7x7", Some((2, "QhdPYR:00WBw1Ph7x7")));
        check("2  a", Some((2, " a")));
        check("2 ", None);
        check("2", None);
        check("a b", None);
    }
}

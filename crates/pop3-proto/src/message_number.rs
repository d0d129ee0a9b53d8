//! Message-numbers and other decimal numbers (RFC 1939 section 4).

use std::fmt;
use std::num::NonZeroU32;

/// A message-number: 1 for the first message of the maildrop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageNumber(NonZeroU32);

impl MessageNumber {
    /// The message-number `number`; `None` for 0, since numbering starts at 1.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// The message-number of the message at this position, counted from 0;
    /// `None` beyond what 32 bits can number.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        u32::try_from(index).ok()?.checked_add(1).and_then(Self::new)
    }

    /// The position, counted from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl fmt::Display for MessageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why text is no decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The text is empty, or holds something else than digits.
    NotDigits,
    /// The value does not fit: more than 64 bits, or for a message-number 32.
    TooLarge,
}

/// Reads one or more decimal digits, nothing else: no sign, no blanks. Leading
/// zeros are taken, since the RFCs do not speak of them.
///
/// # Errors
/// [`NumberError::NotDigits`], or [`NumberError::TooLarge`] beyond 64 bits; it never wraps.
pub fn decimal(text: &[u8]) -> Result<u64, NumberError> {
    let mut value = Some(0_u64);
    for octet in text {
        let digit = octet.wrapping_sub(b'0');
        if digit > 9 {
            return Err(NumberError::NotDigits);
        }
        value = value.and_then(|value| value.checked_mul(10)?.checked_add(u64::from(digit)));
    }
    if text.is_empty() {
        return Err(NumberError::NotDigits);
    }
    value.ok_or(NumberError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_and_never_wraps() {
        let check = |text: &str, want| assert_eq!(decimal(text.as_bytes()), want, "{text:?}");
        check("0", Ok(0));
        check("007", Ok(7));
        check("4294967297", Ok(4_294_967_297));
        check("18446744073709551615", Ok(u64::MAX));
        check("18446744073709551616", Err(NumberError::TooLarge));
        for text in ["", "-1", "+1", " 1", "1 ", "1x", "0x1", "1e0", "١"] {
            check(text, Err(NumberError::NotDigits));
        }
    }

    #[test]
    fn numbering_starts_at_one() {
        assert_eq!(MessageNumber::new(0), None);
        assert_eq!(MessageNumber::from_index(0), MessageNumber::new(1));
        assert_eq!(MessageNumber::from_index(usize::MAX), None);
        assert_eq!(MessageNumber::from_index(41).map(MessageNumber::index), Some(41));
    }
}

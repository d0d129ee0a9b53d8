//! The ANONYMOUS mechanism (RFC 4505).

use stringprep::tables;

use super::{Accounts, Step};

pub(super) fn step(account: &str, response: &[u8], accounts: &dyn Accounts) -> Step {
    let kept = accounts.find(account);
    Step::enter_if(is_message(response) && kept.usable, kept.name)
}

/// Whether this is `[ email / token ]` (RFC 4505 section 2), as the trace
/// profile leaves it (section 3). It means nothing and is not kept.
fn is_message(response: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(response) else { return false };
    let traced = !text.chars().any(is_prohibited) && is_directed(text);
    let form = match text.rsplit_once('@') {
        Some((local, domain)) => is_printable(local) && is_printable(domain),
        None => text.chars().count() <= 255,
    };
    traced && form
}

/// Half of an `addr-spec`, without the white space and comments that it could
/// hold: no address that is in use has any.
fn is_printable(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic())
}

/// The tables of RFC 3454 that RFC 4505 section 3 names.
fn is_prohibited(c: char) -> bool {
    tables::ascii_control_character(c)
        || tables::non_ascii_control_character(c)
        || tables::private_use(c)
        || tables::non_character_code_point(c)
        || tables::inappropriate_for_plain_text(c)
        || tables::change_display_properties_or_deprecated(c)
        || tables::tagging_character(c)
}

/// The rules for text from right to left (RFC 3454 section 6).
fn is_directed(text: &str) -> bool {
    let from_right = text.contains(tables::bidi_r_or_al);
    let ends = text.starts_with(tables::bidi_r_or_al) && text.ends_with(tables::bidi_r_or_al);
    !from_right || (ends && !text.contains(tables::bidi_l))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_a_token_or_nothing() {
        let check = |message: &str, want| assert_eq!(is_message(message.as_bytes()), want, "{message:?}");
        check("", true);
        check("sirhc", true);
        check("two words", true);
        check("alice@example.org", true);
        check(&"\u{E9}".repeat(255), true);
        check(&"x".repeat(256), false);
        check("@example.org", false);
        check("alice@", false);
        check("two words@example.org", false);
        check("si\0rhc", false);
        check("sirhc\r\n", false);
        check("\u{E000}", false);
        check("\u{627}\u{628}", true);
        check("\u{627}a\u{628}", false);
        check("\u{627}1", false);
        assert!(!is_message(b"\xC3"));
    }
}

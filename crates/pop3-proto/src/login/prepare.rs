//! SASLprep (RFC 4013).

use std::borrow::Cow;

use super::failure::Unusable;

/// The prepared form of a name or password, `what` in words.
///
/// # Errors
/// There is none, or nothing is left (RFC 5802 section 5.1). Code points that
/// Unicode 3.2 does not assign fail too: the crate knows stored strings only.
pub(super) fn prepared<'a>(text: &'a str, what: &'static str) -> Result<Cow<'a, str>, Unusable> {
    match stringprep::saslprep(text) {
        Ok(prepared) if !prepared.is_empty() => Ok(prepared),
        Ok(_) | Err(_) => Err(Unusable::NotPreparable(what)),
    }
}

/// ASCII as it is; the prepared form of anything else.
///
/// # Errors
/// As [`prepared`].
pub(super) fn prepared_unless_ascii<'a>(text: &'a str, what: &'static str) -> Result<Cow<'a, str>, Unusable> {
    if text.is_ascii() { Ok(Cow::Borrowed(text)) } else { prepared(text, what) }
}

/// A prepared `saslname` (RFC 5802 section 7): comma and equals sign are encoded.
pub(super) fn sasl_name(text: &str, what: &'static str) -> Result<String, Unusable> {
    Ok(prepared(text, what)?.replace('=', "=3D").replace(',', "=2C"))
}

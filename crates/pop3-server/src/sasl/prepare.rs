//! Preparing names and passwords (SASLprep, RFC 4013).

/// The prepared form. `None` when the octets are no UTF-8, when preparation
/// fails, or when nothing is left of them (RFC 5034 section 4). Code points that
/// Unicode 3.2 does not assign fail: a query may have them, but what is stored
/// may not, so that there is nothing they could match (RFC 4013 section 2.5).
pub(crate) fn prepared(octets: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(octets).ok()?;
    let prepared = stringprep::saslprep(text).ok()?;
    (!prepared.is_empty()).then(|| prepared.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_4013() {
        let check = |text: &str, want: Option<&str>| {
            assert_eq!(prepared(text.as_bytes()).as_deref(), want, "{text:?}");
        };
        check("I\u{AD}X", Some("IX"));
        check("user", Some("user"));
        check("USER", Some("USER"));
        check("\u{AA}", Some("a"));
        check("\u{2168}", Some("IX"));
        check("\u{7}", None);
        check("\u{627}1", None);
        check("", None);
        check("\u{AD}", None);
        check("a\0b", None);
        check("ju\u{308}rgen", Some("j\u{FC}rgen"));
        assert_eq!(prepared(b"\xFF"), None);
    }
}

//! APOP: the timestamp of a greeting and the digest made with it (RFC 1939 section 7).

use md5::{Digest as _, Md5};

/// The timestamp in a greeting's text, angle brackets included: the first
/// `<…@…>` that has the form of a `msg-id` (RFC 822): something printable
/// without spaces or brackets on both sides of one `@`.
#[must_use]
pub fn timestamp(greeting: &[u8]) -> Option<&[u8]> {
    let mut rest = greeting;
    while let Some(open) = memchr::memchr(b'<', rest) {
        rest = rest.get(open..)?;
        let close = memchr::memchr(b'>', rest)?;
        let candidate = rest.get(..=close)?;
        if is_timestamp(candidate) {
            return Some(candidate);
        }
        rest = rest.get(1..)?;
    }
    None
}

/// Whether the octets, brackets included, have the form of a timestamp.
#[must_use]
pub fn is_timestamp(octets: &[u8]) -> bool {
    let Some(inner) = octets.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")) else {
        return false;
    };
    let printable = inner.iter().all(|octet| (0x21..=0x7E).contains(octet) && !b"<>".contains(octet));
    let mut sides = inner.splitn(2, |octet| *octet == b'@');
    let both = matches!((sides.next(), sides.next()), (Some([_, ..]), Some([_, ..])));
    printable && both
}

/// The digest: MD5 over timestamp and shared secret, in lower-case hexadecimal.
#[must_use]
pub fn digest(timestamp: &[u8], secret: &[u8]) -> String {
    let hash = Md5::new().chain_update(timestamp).chain_update(secret).finalize();
    hash.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_1939() {
        let greeting = b"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>";
        let stamp = timestamp(greeting).unwrap();
        assert_eq!(stamp, b"<1896.697170952@dbc.mtview.ca.us>");
        assert_eq!(digest(stamp, b"tanstaaf"), "c4c9334bac560ecc979e58001b3e22fb");
    }

    #[test]
    fn a_timestamp_is_a_msg_id() {
        let check = |text: &str, want: Option<&str>| {
            assert_eq!(timestamp(text.as_bytes()), want.map(str::as_bytes), "{text}");
        };
        check("+OK ready <host.name>", None);
        check("+OK ready <@host>", None);
        check("+OK ready <a@>", None);
        check("+OK ready <a b@c>", None);
        check("+OK ready <a@b", None);
        check("+OK <hi> x <1.2=@h> ready", Some("<1.2=@h>"));
        check("+OK <<1@h>", Some("<1@h>"));
    }
}

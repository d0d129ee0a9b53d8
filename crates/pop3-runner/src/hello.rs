//! ClientHellos of versions that no library makes any more, and what answers them.
//!
//! Only the first answer is looked at: a server that goes along has shown what was asked.

use pop3_scenario::scenario::{TlsOutcome, TlsVersion};

/// Record types (RFC 8446 section 5.1), the same since SSL 3.0.
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

/// An alert that only warns, such as one of a server that does not know the name
/// (RFC 6066 section 3): the ServerHello comes behind it.
const WARNING: u8 = 1;

/// `close_notify`, which is a warning by number and the end all the same.
const CLOSE_NOTIFY: u8 = 0;

/// Cipher suites of those days, the likely ones first: whoever takes the version takes one.
const SUITES: [u16; 16] = [
    0xC014, 0xC00A, 0xC013, 0xC009, // ECDHE with AES in CBC mode (RFC 8422)
    0x0039, 0x0033, 0x0035, 0x002F, // DHE and RSA with the same
    0xC012, 0xC008, 0x0016, 0x000A, // triple DES
    0xC011, 0x0005, 0x0004, 0x00FF, // RC4; secure renegotiation (RFC 5746)
];

/// Cipher kinds of SSL 2.0, three octets each.
const SSL2_KINDS: [[u8; 3]; 4] = [[0x07, 0x00, 0xC0], [0x01, 0x00, 0x80], [0x03, 0x00, 0x80], [0x06, 0x00, 0x40]];

/// A ClientHello that offers this version and no later one; `None` where a library makes one.
/// `name` is a host name to ask for, of the versions that have a place for it.
pub(crate) fn client_hello(version: TlsVersion, name: Option<&str>) -> Option<Vec<u8>> {
    let minor = match version {
        TlsVersion::Ssl2 => return Some(ssl2()),
        TlsVersion::Ssl3 => 0,
        TlsVersion::Tls10 => 1,
        TlsVersion::Tls11 => 2,
        TlsVersion::Tls12 | TlsVersion::Tls13 => return None,
    };
    let mut body = vec![3, minor];
    // The random is no secret here, since no handshake comes of it.
    body.extend_from_slice(b"pop3spec asks for an old version");
    body.push(0);
    let suites: Vec<u8> = SUITES.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    body.extend(counted(&suites));
    body.extend([1, 0]);
    if minor > 0 {
        body.extend(counted(&extensions(name)));
    }
    let mut handshake = vec![1, 0];
    handshake.extend(counted(&body));
    let mut record = vec![HANDSHAKE, 3, minor.min(1)];
    record.extend(counted(&handshake));
    Some(record)
}

/// RFC 6066 section 3 and RFC 8422 section 5.1.
fn extensions(name: Option<&str>) -> Vec<u8> {
    let mut extensions = Vec::new();
    if let Some(name) = name {
        let entry = [&[0][..], &counted(name.as_bytes())].concat();
        extensions.extend([0, 0]);
        extensions.extend(counted(&counted(&entry)));
    }
    let groups = counted(&[0, 29, 0, 23, 0, 24]);
    extensions.extend([0, 10]);
    extensions.extend(counted(&groups));
    extensions.extend([0, 11]);
    extensions.extend(counted(&[1, 0]));
    extensions
}

/// The CLIENT-HELLO of SSL 2.0.
fn ssl2() -> Vec<u8> {
    let kinds = SSL2_KINDS.concat();
    let challenge = b"pop3spec asks it";
    let mut body = vec![1, 0, 2];
    for length in [kinds.len(), 0, challenge.len()] {
        body.extend(length_of(length));
    }
    body.extend(&kinds);
    body.extend(challenge);
    let [high, low] = length_of(body.len());
    [&[high | 0x80, low][..], &body].concat()
}

fn length_of(octets: usize) -> [u8; 2] {
    u16::try_from(octets).unwrap_or(u16::MAX).to_be_bytes()
}

fn counted(octets: &[u8]) -> Vec<u8> {
    [&length_of(octets.len())[..], octets].concat()
}

/// What the first octets of the target say to such a ClientHello; `None` while they do
/// not say anything yet.
pub(crate) fn answer(version: TlsVersion, mut octets: &[u8]) -> Option<TlsOutcome> {
    if version == TlsVersion::Ssl2
        && let [first, _, rest @ ..] = octets
        && first & 0x80 != 0
    {
        // 4 is SERVER-HELLO, 0 is ERROR.
        return rest.first().map(|kind| if *kind == 4 { TlsOutcome::Ok } else { TlsOutcome::Alert });
    }
    loop {
        let [kind, rest @ ..] = octets else { return None };
        match *kind {
            HANDSHAKE => return Some(TlsOutcome::Ok),
            ALERT => {}
            _ => return Some(TlsOutcome::Garbage),
        }
        let [_, _, high, low, rest @ ..] = rest else { return None };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        match rest.get(..length)? {
            [WARNING, description] if *description != CLOSE_NOTIFY => octets = rest.get(length..)?,
            _ => return Some(TlsOutcome::Alert),
        }
    }
}

/// What stands behind whole TLS records, such as the alert that answers the end of TLS.
pub(crate) fn behind_records(mut octets: &[u8]) -> &[u8] {
    while let [20..=23, 3, _, high, low, rest @ ..] = octets
        && let Some(behind) = rest.get(usize::from(u16::from_be_bytes([*high, *low]))..)
    {
        octets = behind;
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_fit_what_they_count() {
        for version in [TlsVersion::Ssl3, TlsVersion::Tls10, TlsVersion::Tls11] {
            let hello = client_hello(version, Some("localhost")).unwrap();
            assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5, "{version:?}");
            assert_eq!(usize::from(u16::from_be_bytes([hello[7], hello[8]])), hello.len() - 9, "{version:?}");
        }
        let hello = client_hello(TlsVersion::Ssl2, None).unwrap();
        assert_eq!(usize::from(u16::from_be_bytes([hello[0] & 0x7F, hello[1]])), hello.len() - 2);
        assert_eq!(client_hello(TlsVersion::Tls13, None), None);
    }

    #[test]
    fn answers_are_told_apart() {
        let check = |version, octets: &[u8], want| assert_eq!(answer(version, octets), want, "{octets:?}");
        let tls = TlsVersion::Tls10;
        check(tls, b"", None);
        check(tls, b"\x16\x03\x01", Some(TlsOutcome::Ok));
        check(tls, b"\x15\x03\x01\x00\x02\x02", None);
        check(tls, b"\x15\x03\x01\x00\x02\x02\x46", Some(TlsOutcome::Alert));
        check(tls, b"\x15\x03\x01\x00\x02\x01\x00", Some(TlsOutcome::Alert));
        check(tls, b"\x15\x03\x01\x00\x02\x01\x70", None);
        check(tls, b"\x15\x03\x01\x00\x02\x01\x70\x16\x03", Some(TlsOutcome::Ok));
        check(tls, b"-ERR", Some(TlsOutcome::Garbage));
        check(TlsVersion::Ssl2, b"\x80\x20\x04", Some(TlsOutcome::Ok));
        check(TlsVersion::Ssl2, b"\x80\x03\x00\x00\x01", Some(TlsOutcome::Alert));
        check(TlsVersion::Ssl2, b"\x80\x03", None);
        check(TlsVersion::Ssl2, b"\x15\x03\x01\x00\x02\x02\x46", Some(TlsOutcome::Alert));
    }

    #[test]
    fn records_are_passed_over() {
        let check = |octets: &[u8], want: &[u8]| assert_eq!(behind_records(octets), want);
        check(b"\x17\x03\x03\x00\x02ab+OK", b"+OK");
        check(b"\x15\x03\x03\x00\x01a\x17\x03\x03\x00\x00", b"");
        check(b"\x17\x03\x03\x00\x02a", b"\x17\x03\x03\x00\x02a");
        check(b"-ERR", b"-ERR");
    }
}

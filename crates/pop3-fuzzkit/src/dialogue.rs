//! Commands made from a fuzzer's octets, two octets a command. Sequences of
//! sensible commands reach states that octets alone seldom do.

use arbitrary::{Arbitrary, Unstructured};
use pop3_proto::command::Keyword;

/// Arguments worth trying with any command: those of the maildrop that
/// [`crate::law::server_session`] has, and numbers and words at their edges.
pub const ARGUMENTS: [&str; 28] = [
    "",
    " 1",
    " 2",
    " 3",
    " u",
    " p",
    " x",
    " PLAIN",
    " PLAIN AHUAcA==",
    " LOGIN",
    " LOGIN dQ==",
    " u c4c9334bac560ecc979e58001b3e22fb",
    " 1 0",
    " 1 1",
    " 2 18446744073709551615",
    " 0",
    " 01",
    " -1",
    " 4294967296",
    " 1 ",
    "  1",
    " =",
    " PLAIN =",
    "\t1",
    " *",
    " es",
    " de-AT",
    " \u{fc}",
];

/// Lines that are no commands: of an AUTH exchange, of nobody, and the octet
/// that stands for a TLS handshake.
pub const OTHER_LINES: [&str; 9] = ["", "*", "AHUAcA==", "dQ==", "cA==", "\0", "\x16", "XTND", "GET / HTTP/1.0"];

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue(pub Vec<u8>);

impl Dialogue {
    /// The dialogue that these octets stand for; every octet string stands for one.
    #[must_use]
    pub fn from_octets(octets: &[u8]) -> Self {
        Self::arbitrary(&mut Unstructured::new(octets)).unwrap_or_else(|_| Self(Vec::new()))
    }
}

impl<'a> Arbitrary<'a> for Dialogue {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut said = Vec::new();
        while !u.is_empty() {
            let line = usize::from(u8::arbitrary(u)?);
            let argument = usize::from(u8::arbitrary(u)?);
            match Keyword::ALL.get(line % (Keyword::ALL.len() + 1)) {
                Some(keyword) => {
                    said.extend_from_slice(keyword.as_str().as_bytes());
                    said.extend_from_slice(ARGUMENTS.get(argument % ARGUMENTS.len()).unwrap_or(&"").as_bytes());
                }
                None => said.extend_from_slice(OTHER_LINES.get(argument % OTHER_LINES.len()).unwrap_or(&"").as_bytes()),
            }
            said.extend_from_slice(b"\r\n");
        }
        Ok(Self(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_octets_are_a_command() {
        let check = |octets: &[u8], said: &[u8]| assert_eq!(Dialogue::from_octets(octets).0, said, "{octets:?}");
        check(b"", b"");
        check(&[15, 4, 7, 5], b"USER u\r\nPASS p\r\n");
        check(&[17, 1], b"*\r\n");
        check(&[251, 255], b"dQ==\r\n");
        check(&[8], b"QUIT\r\n");
    }
}

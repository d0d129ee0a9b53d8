//! What a fuzzer starts from: dialogues in the encoding of each target, under
//! names that say what they hold.

use std::collections::BTreeMap;

use crate::dialogue::{ARGUMENTS, OTHER_LINES};
use pop3_proto::command::Keyword;

/// A dialogue as a client speaks it, or both sides of one.
#[derive(Clone, Copy, Debug)]
struct Example {
    name: &'static str,
    client: &'static [&'static str],
    server: &'static [&'static str],
}

/// The examples of the RFCs and the edges of the grammar.
const EXAMPLES: &[Example] = &[
    Example {
        name: "rfc1939-10-session",
        client: &[
            "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
            "STAT",
            "LIST",
            "RETR 1",
            "DELE 1",
            "RETR 2",
            "DELE 2",
            "QUIT",
        ],
        server: &[
            "+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>",
            "+OK mrose's maildrop has 2 messages (320 octets)",
            "+OK 2 320",
            "+OK 2 messages (320 octets)",
            "1 120",
            "2 200",
            ".",
            "+OK 120 octets",
            "..dot",
            ".",
            "+OK message 1 deleted",
            "+OK 200 octets",
            "text",
            ".",
            "+OK message 2 deleted",
            "+OK dewey POP3 server signing off (maildrop empty)",
        ],
    },
    Example {
        name: "rfc1939-7-user-pass",
        client: &["USER u", "PASS p", "NOOP", "UIDL", "UIDL 2", "TOP 1 2", "TOP 2 0", "RSET", "QUIT"],
        server: &[
            "+OK ready",
            "+OK u",
            "+OK p",
            "+OK",
            "+OK",
            "1 whqtswO00WBw418f9t5JxYwZ",
            ".",
            "+OK 2 QhdPYR:00WBw1Ph7x7",
            "+OK",
            "a: b",
            "",
            ".",
            "-ERR",
            "+OK",
            "+OK",
        ],
    },
    Example {
        name: "rfc1939-5-deleted-messages",
        client: &[
            "USER u", "PASS p", "DELE 1", "DELE 1", "RETR 1", "LIST 1", "LIST", "STAT", "RSET", "RETR 1", "DELE 2",
            "QUIT",
        ],
        server: &["+OK", "-ERR never heard of mrose", "-ERR", "-ERR no such message"],
    },
    Example {
        name: "rfc2449-5-capa",
        client: &["CAPA", "USER u", "CAPA", "USER u", "PASS p", "CAPA", "QUIT"],
        server: &[
            "+OK ready",
            "+OK Capability list follows",
            "TOP",
            "USER",
            "SASL CRAM-MD5 KERBEROS_V4",
            "UIDL",
            ".",
            "+OK",
        ],
    },
    Example {
        name: "rfc2449-8-response-codes",
        client: &["USER mrose", "PASS secret"],
        server: &["+OK", "+OK", "-ERR [IN-USE] Do you have another POP session running?"],
    },
    Example {
        name: "rfc2595-4-stls",
        client: &["STLS", "\x16", "USER u", "PASS p", "STLS", "QUIT"],
        server: &["+OK", "+OK Begin TLS negotiation"],
    },
    Example {
        name: "rfc6856-3-languages",
        client: &["LANG", "LANG es", "USER u", "LANG MUL", "LANG *", "QUIT"],
        server: &[
            "+OK",
            "+OK\r\nen English\r\nes Espa\u{f1}ol\r\n.",
            "+OK es acci\u{f3}n",
            "+OK",
            "-ERR",
            "+OK en",
            "+OK",
        ],
    },
    Example {
        name: "rfc6856-2-utf8-mode",
        client: &["UTF8", "STLS", "USER u", "PASS p", "RETR 2", "QUIT"],
        server: &["+OK", "+OK UTF8 enabled", "-ERR", "+OK", "+OK", "+OK\r\nSubject: b\u{f6}dy\r\n.", "+OK"],
    },
    Example {
        name: "rfc5034-4-auth-plain",
        client: &["AUTH PLAIN", "AHUAcA==", "STAT", "QUIT"],
        server: &["+OK", "+ ", "+OK Maildrop locked and ready", "+OK 0 0"],
    },
    Example {
        name: "rfc5034-4-initial-response",
        client: &["AUTH PLAIN AHUAcA==", "QUIT"],
        server: &["+OK", "+OK Maildrop locked and ready", "+OK"],
    },
    Example {
        name: "rfc5034-4-cancelled",
        client: &["AUTH LOGIN", "dQ==", "*", "QUIT"],
        server: &["+OK", "+ ", "-ERR"],
    },
    Example {
        name: "rfc5034-4-not-base64",
        client: &["AUTH LOGIN", "?", "AUTH PLAIN ?", "QUIT"],
        server: &["+OK", "+ ?", "-ERR"],
    },
    Example {
        name: "numbers-at-their-edges",
        client: &["USER u", "PASS p", "RETR 0", "RETR 4294967296", "TOP 1 18446744073709551615", "LIST -1", "DELE 01"],
        server: &["+OK"],
    },
    Example {
        name: "spaces-and-nothing",
        client: &["", " NOOP", "NOOP ", "USER  u", "PASS  ", "XTND"],
        server: &["", "+OK"],
    },
    Example {
        name: "unstuffed-and-bare-lf",
        client: &["RETR 1", "NOOP"],
        server: &["+OK", "+ok\n.x\n.y", ".\rz", ".", "+OKAY"],
    },
];

/// The built-in seeds of a target, by name. Empty for a target that is none.
#[must_use]
pub fn for_target(target: &str) -> BTreeMap<String, Vec<u8>> {
    let lines = EXAMPLES.iter().map(|example| (example.name.to_owned(), crlf(example.client)));
    let mut seeds = encode(target, lines);
    if target == "client_reads" {
        seeds = EXAMPLES
            .iter()
            .map(|example| (example.name.to_owned(), [crlf(example.client), vec![0], crlf(example.server)].concat()))
            .collect();
    }
    if target == "stuffing_round_trip" {
        let bodies = [
            ("empty", ""),
            ("dots", ".\r\n..\r\n.x\r\na.b\r\n"),
            ("no-last-line-end", "a\r\n.b"),
            ("cr-at-the-end", "a\r"),
            ("bare-line-ends", ".\n.\r.\n\r.\r\r\n."),
            ("dot-and-cr", ".\rx\r\n.\r\n"),
            ("two-endings", "a\r\n.\r\n.\r\n"),
        ];
        seeds = bodies.into_iter().map(|(name, body)| (name.to_owned(), body.into())).collect();
    }
    seeds
}

/// Seeds of a target from what clients say, such as the client lines of scenarios:
/// a name, and octets with their CRLFs. A target that does not read dialogues
/// has none.
#[must_use]
pub fn encode(target: &str, dialogues: impl IntoIterator<Item = (String, Vec<u8>)>) -> BTreeMap<String, Vec<u8>> {
    let mut seeds = BTreeMap::new();
    for (name, octets) in dialogues {
        match target {
            "server_session" => {
                seeds.insert(name, octets);
            }
            // Limit 64, only CRLF ends a line, pieces of 3, 0 and 7 octets.
            "framing_split" => {
                seeds.insert(name, [b"\x3f\x06\x03\x00\x07", octets.as_slice()].concat());
            }
            "client_reads" => {
                seeds.insert(name, [octets.as_slice(), b"\0+OK\r\n+OK\r\n.\r\n"].concat());
            }
            "server_dialogue" => {
                seeds.insert(name, lines(&octets).filter_map(dialogue_octets).flatten().collect());
            }
            "command_round_trip" => {
                for line in lines(&octets).filter(|line| Keyword::from_word(first_word(line)).is_some()) {
                    let keyword = String::from_utf8_lossy(first_word(line)).to_ascii_lowercase();
                    let words = line.split(|octet| *octet == b' ').count() - 1;
                    seeds.entry(format!("{keyword}-{words}")).or_insert_with(|| line.to_vec());
                }
            }
            _ => {}
        }
    }
    seeds
}

fn crlf(lines: &[&str]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_bytes(), b"\r\n"].concat()).collect()
}

fn lines(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    octets.split_inclusive(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r\n").unwrap_or(line))
}

fn first_word(line: &[u8]) -> &[u8] {
    line.split(|octet| *octet == b' ').next().unwrap_or_default()
}

/// The two octets of [`crate::dialogue::Dialogue`] that stand for a line.
fn dialogue_octets(line: &[u8]) -> Option<[u8; 2]> {
    let place = |found: Option<usize>| found.and_then(|at| u8::try_from(at).ok());
    let known = Keyword::ALL.iter().position(|keyword| keyword.as_str().as_bytes() == first_word(line));
    let Some(keyword) = place(known) else {
        let other = place(OTHER_LINES.iter().position(|other| other.as_bytes() == line))?;
        return Some([place(Some(Keyword::ALL.len()))?, other]);
    };
    let argument = line.get(first_word(line).len()..)?;
    Some([keyword, place(ARGUMENTS.iter().position(|known| known.as_bytes() == argument))?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::Dialogue;
    use crate::law;

    #[test]
    fn every_target_has_seeds_that_keep_its_law() {
        for (target, law) in law::ALL {
            let seeds = for_target(target);
            assert!((5..=40).contains(&seeds.len()), "{target}: {}", seeds.len());
            for (name, octets) in seeds {
                if let Err(broken) = law(&octets) {
                    panic!("{target}/{name}: {broken}");
                }
                assert!(name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-'), "{name}");
            }
        }
        assert!(for_target("nothing").is_empty());
    }

    #[test]
    fn a_dialogue_survives_its_encoding() {
        let said = b"USER u\r\nPASS p\r\nDELE 2\r\n*\r\n";
        let seeds = encode("server_dialogue", [("login".to_owned(), said.to_vec())]);
        assert_eq!(Dialogue::from_octets(&seeds["login"]).0, said);
    }
}

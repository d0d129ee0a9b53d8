//! Transcripts as the log carries them: readable, bounded, without secrets.

use pop3_proto::auth::write_response;
use pop3_proto::escape::escape;
use pop3_scenario::event::{ConnectionTranscript, Finding, KEPT_BEFORE, KEPT_BEHIND, TranscriptEntry, Who};
use pop3_spec::transcript::{ClosedBy, Connection, What};

use crate::connection::LEFT;

/// What stands in place of a secret.
const MASK: &str = "********";

/// Octets of one entry that are kept; of a longer one, the middle is left out.
const KEPT: usize = KEPT_BEFORE + KEPT_BEHIND;

/// Words that must not be printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// Masked wherever they stand: the secret, and the base64 of messages with it.
    words: Vec<String>,
    /// Masked behind PASS only: short words would tear holes into everything.
    short: Option<String>,
}

impl Secrets {
    /// The secrets of an account: the password, and what stands for it on the wire.
    pub(crate) fn of(password: &str) -> Self {
        let word = escape(password.as_bytes());
        match password.len() {
            0 => Self::default(),
            1 | 2 => Self { words: Vec::new(), short: Some(word) },
            _ => Self { words: std::iter::once(word).chain(in_base64(password)).collect(), short: None },
        }
    }

    /// These, and those of another account.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.words.extend(other.words);
        self.short = self.short.or(other.short);
        self
    }

    /// Masks every secret in escaped text.
    pub(crate) fn mask(&self, text: &str) -> String {
        self.words.iter().fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
    }

    /// Masks a finding.
    pub(crate) fn mask_finding(&self, finding: &mut Finding) {
        finding.summary = self.mask(&finding.summary);
        finding.expected = self.mask(&finding.expected);
        finding.actual = self.mask(&finding.actual);
        finding.command = finding.command.as_deref().map(|command| self.mask_line(&self.mask(command)));
    }

    /// Masks what gives a secret away by its place: the digest of APOP, the
    /// response of AUTH, a short password.
    pub(crate) fn mask_line(&self, line: &str) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        let keyword = words.first().map(|word| word.to_ascii_uppercase());
        match (keyword.as_deref(), words.as_slice()) {
            (Some("APOP" | "AUTH"), [keyword, name, response]) if *response != "=" => {
                format!("{keyword} {name} {}", mask_word(response))
            }
            (Some("PASS"), [keyword, rest @ ..])
                if self.short.as_deref().is_some_and(|short| short == rest.join(" ")) =>
            {
                format!("{keyword} {MASK}")
            }
            _ => line.to_owned(),
        }
    }
}

/// What the secret comes to in base64, behind a number of octets that leaves 0, 1
/// or 2 over: the characters that do not depend on its neighbours. Short ones would
/// mask what they do not mean.
fn in_base64(secret: &str) -> Vec<String> {
    const SHORT: usize = 6;
    let forms = (0..3).map(|before: usize| {
        let mut encoded = Vec::new();
        write_response(&[&[0; 2][..before], secret.as_bytes()].concat(), &mut encoded);
        let (from, to) = ((before * 4).div_ceil(3), (before + secret.len()) * 4 / 3);
        String::from_utf8_lossy(encoded.get(from..to).unwrap_or_default()).into_owned()
    });
    forms.filter(|form| form.len() >= SHORT).collect()
}

/// A transcript for the log.
pub(crate) fn printed(connection: &Connection, secrets: &Secrets) -> ConnectionTranscript {
    let mut in_exchange = false;
    let mut entries = Vec::new();
    for entry in &connection.entries {
        let (who, text, elided) = match &entry.what {
            What::Sent(octets) => {
                let (text, elided) = sent(octets, in_exchange, secrets);
                (Who::Client, text, elided)
            }
            What::Received(octets) => {
                in_exchange = octets.split(|octet| *octet == b'\n').rev().nth(1).is_some_and(is_challenge);
                let (text, elided) = shortened(octets);
                (Who::Server, secrets.mask(&text), elided)
            }
            What::Opened(words) => (Who::Event, words.clone(), 0),
            What::Omitted(octets) => (Who::Event, format!("{octets} octets left out"), 0),
            What::Waited(ms) => (Who::Event, format!("waited {ms} ms"), 0),
            What::TlsEstablished(version) => (Who::Event, format!("TLS established ({version})"), 0),
            What::TlsFailed(why) if why == LEFT => (Who::Event, format!("TLS ended: {LEFT}"), 0),
            What::TlsFailed(why) => (Who::Event, format!("TLS handshake failed: {}", escape(why.as_bytes())), 0),
            What::Closed(ClosedBy::Client) => (Who::Event, "closed by the client".to_owned(), 0),
            What::Closed(ClosedBy::Server) => (Who::Event, "closed by the server".to_owned(), 0),
            What::Closed(ClosedBy::Reset) => (Who::Event, "reset".to_owned(), 0),
        };
        entries.push(TranscriptEntry { at_ms: entry.at_ms, order: entry.order, who, text, elided });
    }
    ConnectionTranscript { session: connection.session.clone(), entries }
}

/// Whether a line asks for the next line of an AUTH exchange, in right form or not.
fn is_challenge(line: &[u8]) -> bool {
    matches!(line, [b'+'] | [b'+', b' ' | b'\r', ..])
}

/// What we sent, with the arguments of authentication masked line by line.
fn sent(octets: &[u8], in_exchange: bool, secrets: &Secrets) -> (String, u64) {
    let (text, elided) = shortened(octets);
    let mut masked = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive("\\r\\n").enumerate() {
        let (line, end) = line.strip_suffix("\\r\\n").map_or((line, ""), |line| (line, "\\r\\n"));
        if in_exchange && index == 0 && line != "*" && !line.is_empty() {
            masked.push_str(MASK);
        } else {
            masked.push_str(&secrets.mask_line(line));
        }
        masked.push_str(end);
    }
    (secrets.mask(&masked), elided)
}

fn mask_word(word: &str) -> &'static str {
    if word.is_empty() { "" } else { MASK }
}

/// Escaped, with the middle left out when long; and how many octets that is.
fn shortened(octets: &[u8]) -> (String, u64) {
    if octets.len() <= KEPT {
        return (escape(octets), 0);
    }
    let (start, end) = (KEPT_BEFORE, octets.len() - KEPT_BEHIND);
    let start_text = escape(octets.get(..start).unwrap_or_default());
    let end_text = escape(octets.get(end..).unwrap_or_default());
    (format!("{start_text}{end_text}"), (end - start) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pop3_spec::transcript::Entry;

    fn check(what: &[What], want: &[&str]) {
        check_with("s3cret", what, want);
    }

    fn check_with(password: &str, what: &[What], want: &[&str]) {
        let entries = what.iter().map(|what| Entry { what: what.clone(), ..Entry::default() }).collect();
        let connection = Connection { entries, ..Connection::default() };
        let printed = printed(&connection, &Secrets::of(password));
        let texts: Vec<&str> = printed.entries.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(texts, want);
    }

    fn printed_line(octets: &[u8]) -> String {
        let entries = vec![Entry { what: What::Received(octets.to_vec()), ..Entry::default() }];
        let connection = Connection { entries, ..Connection::default() };
        printed(&connection, &Secrets::of("s3cret")).entries.remove(0).text
    }

    #[test]
    fn secrets_do_not_print() {
        let sent = |text: &str| What::Sent(text.as_bytes().to_vec());
        let received = |text: &str| What::Received(text.as_bytes().to_vec());
        check(&[sent("USER a\r\nPASS s3cret\r\nSTAT\r\n")], &["USER a\\r\\nPASS ********\\r\\nSTAT\\r\\n"]);
        check(&[sent("apop a 0123456789abcdef\r\n")], &["apop a ********\\r\\n"]);
        check(&[sent("AUTH PLAIN AGEAczNjcmV0\r\n")], &["AUTH PLAIN ********\\r\\n"]);
        check(&[sent("AUTH PLAIN =\r\n")], &["AUTH PLAIN =\\r\\n"]);
        check(
            &[
                sent("AUTH PLAIN\r\n"),
                received("+ \r\n"),
                sent("AGEAczNjcmV0\r\n"),
                received("+OK\r\n"),
                sent("STAT\r\n"),
            ],
            &["AUTH PLAIN\\r\\n", "+ \\r\\n", "********\\r\\n", "+OK\\r\\n", "STAT\\r\\n"],
        );
        // A challenge without its space is one all the same.
        check(
            &[sent("AUTH PLAIN\r\n"), received("+\r\n"), sent("AGEAczNjcmV0\r\n")],
            &["AUTH PLAIN\\r\\n", "+\\r\\n", "********\\r\\n"],
        );
        // A short password is masked where it is one, and leaves the rest readable.
        check_with("a", &[sent("USER a\r\npass a\r\nSTAT\r\n")], &["USER a\\r\\npass ********\\r\\nSTAT\\r\\n"]);
        // Its base64 is masked wherever it stands, whatever stands before it.
        for (before, masked) in [("", "MDAw********"), ("0", "MDAwMH********"), ("00", "MDAwMDB********")] {
            let mut line = b"+ ".to_vec();
            write_response(format!("000{before}s3cret!").as_bytes(), &mut line);
            let text = printed_line(&line);
            assert!(text.starts_with(&format!("+ {masked}")), "{text}");
        }
        // A server that echoes it is masked as well.
        check(&[received("-ERR no s3cret here\r\n")], &["-ERR no ******** here\\r\\n"]);
    }

    #[test]
    fn long_entries_say_what_is_left_out() {
        let (text, elided) = shortened(&vec![b'x'; KEPT + 100]);
        assert_eq!((text.len(), elided), (KEPT, 100));
    }
}

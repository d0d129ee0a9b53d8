//! Transcripts as text, as in RFCs: `C: STAT`, `S: +OK 2 320`. The format is
//! described in `docs/transcript.md`.

use std::collections::BTreeMap;

use pop3_proto::escape::{UnescapeError, unescape};
use thiserror::Error;

use super::{ClosedBy, Connection, Entry, Record, What};

/// A line that is none of the format.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct TextError {
    /// Which line, from 1.
    pub line: u32,
    /// What is wrong with it, and what to write instead.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// It begins like none.
    #[error(
        "expected `C: ` or `S: ` and what went over the wire, `* ` and an event, `== ` before the next connection, or `# ` and a comment; a line may begin with `C@name: ` where connections run side by side"
    )]
    Beginning,
    /// The octets are not escaped as they should be.
    #[error("{0}")]
    Escape(#[from] UnescapeError),
    /// An event that nobody knows.
    #[error(
        "unknown event; known are `* connected`, `* TLS established`, `* TLS handshake failed`, `* closed by the server`, `* closed by the client`, `* reset`, `* waited 5000 ms` and `* 100 octets left out`"
    )]
    Event,
}

/// Reads a text transcript: the connections in the order of the text. The order of
/// its lines is the order in which things happened.
///
/// # Errors
/// The first line that is none of the format.
pub fn read(text: &str) -> Result<Vec<Connection>, TextError> {
    let mut connections: Vec<Connection> = Vec::new();
    // Where the open connections are, by name.
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let fails = |problem| TextError { line: number, problem };
        let line = line.trim_start().trim_end_matches('\r');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("==") {
            open.clear();
            continue;
        }
        let (name, what) = entry(line).map_err(fails)?;
        let at = *open.entry(name.to_owned()).or_insert(connections.len());
        if at == connections.len() {
            connections.push(Connection { session: name.to_owned(), entries: Vec::new(), record: Record::Masked });
        }
        if let Some(connection) = connections.get_mut(at) {
            connection.entries.push(Entry { at_ms: 0, order: u64::from(number), line: number, what });
        }
    }
    Ok(connections)
}

/// The session and what happened.
fn entry(line: &str) -> Result<(&str, What), Problem> {
    let side = line.chars().next().ok_or(Problem::Beginning)?;
    let rest = line.get(side.len_utf8()..).unwrap_or_default();
    // The server's own recorder writes `-- TLS`.
    if let Some(words) = line.strip_prefix("-- ") {
        return What::from_words(words).map(|what| ("", what)).ok_or(Problem::Event);
    }
    let (name, rest) = match rest.strip_prefix('@') {
        Some(rest) => rest.split_at(rest.find([':', ' ']).unwrap_or(rest.len())),
        None => ("", rest),
    };
    match side {
        '*' => What::from_words(rest.trim()).map(|what| (name, what)).ok_or(Problem::Event),
        'C' | 'S' => {
            let text = rest.strip_prefix(':').ok_or(Problem::Beginning)?;
            let octets = octets(text.strip_prefix(' ').unwrap_or(text))?;
            Ok((name, if side == 'C' { What::Sent(octets) } else { What::Received(octets) }))
        }
        _ => Err(Problem::Beginning),
    }
}

/// A line with its CRLF, unless it says how it ends: by an escaped line end, or by a
/// backslash alone where there is none.
fn octets(text: &str) -> Result<Vec<u8>, UnescapeError> {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        return unescape(text.strip_suffix('\\').unwrap_or(text));
    }
    let mut octets = unescape(text)?;
    if !octets.ends_with(b"\n") {
        octets.extend_from_slice(b"\r\n");
    }
    Ok(octets)
}

impl What {
    /// The event that these words tell, as logs and text transcripts have them.
    #[must_use]
    pub fn from_words(words: &str) -> Option<Self> {
        let number = |before: &str, behind: &str| -> Option<u64> {
            words.strip_prefix(before)?.strip_suffix(behind)?.trim().parse().ok()
        };
        let begins = |with: &str| words.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
        if let Some(ms) = number("waited", "ms") {
            return Some(Self::Waited(ms));
        }
        if let Some(octets) = number("", "octets left out") {
            return Some(Self::Omitted(octets));
        }
        Some(match () {
            () if begins("connected") => Self::Opened(words.to_owned()),
            () if begins("TLS handshake failed") || begins("TLS failed") || begins("TLS ended") => {
                Self::TlsFailed(words.to_owned())
            }
            () if begins("TLS") => Self::TlsEstablished(words.to_owned()),
            // Behind `ended`, the words of the reference server.
            () if begins("closed by the client") || begins("ended: Disconnected") => Self::Closed(ClosedBy::Client),
            () if begins("closed by the server") || begins("ended") => Self::Closed(ClosedBy::Server),
            () if begins("reset") => Self::Closed(ClosedBy::Reset),
            () => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> Vec<What> {
        let connections = read(text).unwrap();
        connections.into_iter().flat_map(|connection| connection.entries).map(|entry| entry.what).collect()
    }

    #[test]
    fn lines_are_octets() {
        let check = |line: &str, want: What| assert_eq!(what(line), [want], "{line}");
        let sent = |octets: &[u8]| What::Sent(octets.to_vec());
        let received = |octets: &[u8]| What::Received(octets.to_vec());
        check("C: STAT", sent(b"STAT\r\n"));
        check("   S: +OK 2 320", received(b"+OK 2 320\r\n"));
        check("S:", received(b"\r\n"));
        check("S: .", received(b".\r\n"));
        check(r"C: STAT\r\n", sent(b"STAT\r\n"));
        check(r"C: STAT\n", sent(b"STAT\n"));
        check(r"C: STA\", sent(b"STA"));
        check(r"C: a\\", sent(b"a\\\r\n"));
        check(r"C: a\\\", sent(b"a\\"));
        check(r"S: \xFF\x0d", received(b"\xff\r\r\n"));
        check("* closed by the server", What::Closed(ClosedBy::Server));
        check("* waited 5000 ms", What::Waited(5000));
        check("* 100 octets left out", What::Omitted(100));
        check("-- TLS", What::TlsEstablished("TLS".to_owned()));
        check("-- ended: Update", What::Closed(ClosedBy::Server));
    }

    #[test]
    fn connections_are_told_apart() {
        let text = "# two side by side\nS: +OK\nS@b: +OK\nC: QUIT\n*@b reset\n\n== the next\nS: +OK\n";
        let got: Vec<(String, Vec<u32>)> = read(text)
            .unwrap()
            .into_iter()
            .map(|connection| (connection.session, connection.entries.iter().map(|entry| entry.line).collect()))
            .collect();
        assert_eq!(got, [(String::new(), vec![2, 4]), ("b".to_owned(), vec![3, 5]), (String::new(), vec![8])]);
    }

    #[test]
    fn wrong_lines_are_named() {
        let check = |text: &str, line, words: &str| {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.to_string().contains(words), "{error}");
        };
        check("S: +OK\nSTAT", 2, "expected `C: ` or `S: `");
        check("S +OK", 1, "expected `C: ` or `S: `");
        check("S: \\q", 1, "\\q is no escape");
        check("* went home", 1, "`* closed by the server`");
        check("ü", 1, "expected");
    }
}

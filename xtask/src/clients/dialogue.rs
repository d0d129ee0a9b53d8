//! What the server saw, read from what `pop3spec serve --verbose` prints.

use super::cell::Wire;

/// Octets of one event that are kept: enough for a list of capabilities.
const KEPT: usize = 1000;

/// All connections, in the order in which they were opened.
#[derive(Debug, Default)]
pub(super) struct Dialogue {
    pub(super) connections: Vec<Connection>,
}

/// A connection: its events, as they are printed.
#[derive(Debug, Default)]
pub(super) struct Connection {
    pub(super) events: Vec<String>,
}

/// A login that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entered {
    /// `USER/PASS`, `APOP`, or the mechanism.
    pub(super) by: String,
    /// What it came over.
    pub(super) over: Wire,
}

impl Dialogue {
    pub(super) fn read_line(&mut self, line: &str) {
        if line.starts_with("connection ") {
            self.connections.push(Connection::default());
        } else if let (Some(connection), Some((_, event))) =
            (self.connections.last_mut(), line.trim_start().split_once("  "))
        {
            let end = event.char_indices().nth(KEPT).map_or(event.len(), |(at, _)| at);
            connection.events.push(event.get(..end).unwrap_or(event).to_owned());
        }
    }

    /// The connections of the client: all but the first and the last, which are ours.
    pub(super) fn of_client(&self) -> &[Connection] {
        match self.connections.as_slice() {
            [_, client @ .., _] => client,
            _ => &[],
        }
    }
}

impl Connection {
    /// The logins that the server took.
    pub(super) fn logins(&self) -> Vec<Entered> {
        let mut logins = Vec::new();
        let mut by: Option<String> = None;
        let mut over = Wire::Plain;
        let mut greeted = false;
        for event in &self.events {
            if event == "-- TLS" {
                over = if greeted { Wire::Stls } else { Wire::Implicit };
            } else if let Some(line) = event.strip_prefix("C: ") {
                by = way_in(line).or(by);
            } else if event.starts_with("S: +OK") {
                greeted = true;
                logins.extend(by.take().map(|by| Entered { by, over }));
            } else if event.starts_with("S: -ERR") {
                by = None;
            }
        }
        logins
    }

    /// How it ended, as it is printed.
    pub(super) fn ending(&self) -> &str {
        self.events.iter().rev().find_map(|event| event.strip_prefix("-- ended: ")).unwrap_or("still open")
    }
}

/// The way in that a command takes, if it is such a command.
fn way_in(line: &str) -> Option<String> {
    let line = line.trim_end_matches("\\r\\n");
    let mut words = line.split(' ');
    match words.next()?.to_ascii_uppercase().as_str() {
        "PASS" => Some("USER/PASS".to_owned()),
        "APOP" => Some("APOP".to_owned()),
        "AUTH" => words.next().map(str::to_ascii_uppercase),
        _ => None,
    }
}

/// Whether lines like these come directly behind each other. `…` in a pattern
/// stands for any characters.
pub(super) fn holds(lines: &[String], patterns: &[String]) -> bool {
    let alike = |part: &[String]| part.iter().zip(patterns).all(|(line, pattern)| is_like(pattern, line));
    patterns.is_empty() || lines.windows(patterns.len()).any(alike)
}

fn is_like(pattern: &str, line: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('…') else { return line == pattern };
    let Some(mut line) = line.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('…').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match line.split_once(piece) {
            Some((_, behind)) => line = behind,
            None => return false,
        }
    }
    line.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(events: &[&str]) -> Connection {
        let mut dialogue = Dialogue::default();
        dialogue.read_line("connection 1");
        events.iter().for_each(|event| dialogue.read_line(&format!("    0.123  {event}")));
        dialogue.connections.remove(0)
    }

    #[test]
    fn only_logins_that_were_taken_count() {
        let check = |events: &[&str], want: &[(&str, Wire)]| {
            let want: Vec<Entered> =
                want.iter().map(|(by, over)| Entered { by: (*by).to_owned(), over: *over }).collect();
            assert_eq!(connection(events).logins(), want, "{events:?}");
        };
        let ok = r"S: +OK\r\n";
        check(&[ok, r"C: USER bob\r\n", ok, r"C: PASS ***\r\n", ok, r"C: STAT\r\n", ok], &[("USER/PASS", Wire::Plain)]);
        check(&[ok, r"C: STLS\r\n", ok, "-- TLS", r"C: APOP bob ***\r\n", ok], &[("APOP", Wire::Stls)]);
        check(&["-- TLS", ok, r"C: APOP bob ***\r\n", ok], &[("APOP", Wire::Implicit)]);
        check(&[ok, r"C: AUTH CRAM-MD5\r\n", r"S: + PDE+\r\n", r"C: ***\r\n", ok], &[("CRAM-MD5", Wire::Plain)]);
        check(&[ok, r"C: auth plain ***\r\n", ok], &[("PLAIN", Wire::Plain)]);
        check(
            &[ok, r"C: AUTH PLAIN\r\n", r"S: -ERR no\r\n", r"C: USER bob\r\n", ok, r"C: PASS ***\r\n", ok],
            &[("USER/PASS", Wire::Plain)],
        );
        check(&[ok, r"C: PASS ***\r\n", r"S: -ERR no\r\n", r"C: QUIT\r\n", ok], &[]);
    }

    #[test]
    fn ours_are_left_out() {
        let mut dialogue = Dialogue::default();
        for line in ["pop3://127.0.0.1:1", "connection 1", "connection 2", "    0.1  -- ended: Update", "connection 3"]
        {
            dialogue.read_line(line);
        }
        let endings: Vec<&str> = dialogue.of_client().iter().map(Connection::ending).collect();
        assert_eq!(endings, ["Update"]);
    }

    #[test]
    fn evidence_stands_together() {
        let check = |patterns: &[&str], want: bool| {
            let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            let lines = ["S: +OK hi", r"C: CAPA\r\n", r"S: +OK\r\nSASL LOGIN\r\nSTLS\r\n.\r\n", r"C: USER bob\r\n"];
            assert_eq!(holds(&texts(&lines), &texts(patterns)), want, "{patterns:?}");
        };
        check(&[], true);
        check(&["S: +OK hi"], true);
        check(&["S: +OK hi", r"C: CAPA\r\n"], true);
        check(&["S: +OK hi", r"C: USER bob\r\n"], false);
        check(&[r"C: CAPA\r\n", "S: +OK hi"], false);
        check(&[r"C: CAPA\r\n", r"S: +OK…\r\nSASL LOGIN\r\n…", r"C: USER …"], true);
        check(&["S: +OK…SASL PLAIN…"], false);
        check(&["S: +OK"], false);
        check(&[r"S: …STLS\r\n"], false);
        check(&[r"S: …STLS\r\n…"], true);
        check(&["S: +OK hi", "…", "…", "…", "…"], false);
    }
}

//! Time that a server spends in delays of its own: most wait a while before they refuse a
//! login, so that guessing passwords takes long. A run that is slow for this is not slow
//! by us.

use pop3_scenario::event::{ScenarioFinished, TranscriptEntry, Who};

use crate::log::Run;
use crate::visible::wrap_octets;

/// From how many milliseconds on a refusal counts as delayed.
pub const LEAST_MS: u64 = 300;

/// Delays of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    /// How many there are.
    pub count: usize,
    /// Their sum in milliseconds. Scenarios run side by side, so this may be more than
    /// the run took.
    pub sum_ms: u64,
    /// Milliseconds of the run in which at least one of them went on.
    pub covered_ms: u64,
}

/// The delays that the transcripts of a run show: from the last octets of PASS, APOP, AUTH
/// or a response in an AUTH exchange to a `-ERR` at least [`LEAST_MS`] later. Of a scenario
/// that was repeated the log holds one round, of positive controls nothing.
///
/// In logs that do not tell when a transcript began, it is taken to begin with its scenario.
#[must_use]
pub fn delays(run: &Run) -> Delays {
    let mut spans: Vec<(u64, u64)> = run.results.iter().flat_map(of_result).collect();
    spans.sort_unstable();
    let mut covered = 0;
    let mut seen = 0;
    for (from, to) in &spans {
        covered += to.saturating_sub(seen.max(*from));
        seen = seen.max(*to);
    }
    let sum_ms = spans.iter().map(|(from, to)| to - from).sum();
    Delays { count: spans.len(), sum_ms, covered_ms: covered }
}

/// Those of one scenario, in milliseconds of the run.
fn of_result(result: &ScenarioFinished) -> Vec<(u64, u64)> {
    let began = result.played_at_ms.unwrap_or(result.at_ms);
    let spans = result.transcript.iter().flat_map(|connection| of_connection(&connection.entries));
    spans.map(|(from, to)| (began.saturating_add(from), began.saturating_add(to))).collect()
}

fn of_connection(entries: &[TranscriptEntry]) -> Vec<(u64, u64)> {
    let mut spans = Vec::new();
    // What was sent since the server spoke last, and when the last part of it went.
    let mut sent: Option<(u64, String)> = None;
    let mut in_exchange = false;
    for entry in entries {
        match entry.who {
            Who::Client => {
                let (at, text) = sent.get_or_insert_default();
                *at = entry.at_ms;
                text.push_str(&entry.text);
            }
            Who::Server => {
                let Some((from, text)) = sent.take() else { continue };
                let is_refused = refuses_login(&text, &entry.text, &mut in_exchange);
                if is_refused && entry.at_ms.saturating_sub(from) >= LEAST_MS {
                    spans.push((from, entry.at_ms));
                }
            }
            Who::Event => {}
        }
    }
    spans
}

/// Whether a line of `received` refuses a login of `sent`, line by line up to the first
/// command whose reply may have several.
fn refuses_login(sent: &str, received: &str, in_exchange: &mut bool) -> bool {
    let mut replies = wrap_octets(received, usize::MAX).into_iter();
    let mut is_refused = false;
    for line in wrap_octets(sent, usize::MAX) {
        let keyword = line.split([' ', '\\']).next().unwrap_or_default().to_ascii_uppercase();
        let is_login = *in_exchange || matches!(keyword.as_str(), "PASS" | "APOP" | "AUTH");
        *in_exchange = false;
        if !is_login && keyword != "USER" {
            break;
        }
        let Some(reply) = replies.next() else { break };
        is_refused |= is_login && reply.starts_with("-ERR");
        // RFC 5034 section 4: a challenge; a server may forget the blank.
        *in_exchange = is_login && (reply.starts_with("+ ") || reply.starts_with("+\\"));
    }
    is_refused
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spans of a dialogue of `ms`, side and text.
    fn check(dialogue: &[(u64, Who, &str)], want: &[(u64, u64)]) {
        let entries: Vec<TranscriptEntry> = dialogue
            .iter()
            .map(|(at_ms, who, text)| TranscriptEntry {
                at_ms: *at_ms,
                order: 0,
                who: *who,
                text: (*text).to_owned(),
                elided: 0,
            })
            .collect();
        assert_eq!(of_connection(&entries), want, "{dialogue:?}");
    }

    #[test]
    fn a_late_refusal_of_a_login_is_a_delay() {
        use Who::{Client as C, Event as E, Server as S};
        check(&[(0, S, "+OK\\r\\n"), (5, C, "pass x\\r\\n"), (305, S, "-ERR no\\r\\n")], &[(5, 305)]);
        check(&[(0, C, "APOP a ****\\r\\n"), (2000, S, "-ERR no\\r\\n")], &[(0, 2000)]);
        check(&[(0, C, "AUTH PLAIN ****\\r\\n"), (400, S, "-ERR no\\r\\n")], &[(0, 400)]);
        // Of an exchange, its last line.
        let exchange = [(0, C, "AUTH LOGIN\\r\\n"), (1, S, "+ VXNlcg==\\r\\n"), (2, C, "****\\r\\n")];
        check(&[&exchange[..], &[(500, S, "-ERR no\\r\\n")]].concat(), &[(2, 500)]);
        check(&[(0, C, "AUTH X\\r\\n"), (1, S, "+\\r\\n"), (2, C, "\\r\\n"), (900, S, "-ERR\\r\\n")], &[(2, 900)]);
        // Pipelined, and cut with a wait between.
        check(
            &[(0, C, "USER a\\r\\nPASS b\\r\\nQUIT\\r\\n"), (700, S, "+OK\\r\\n-ERR no\\r\\n+OK bye\\r\\n")],
            &[(0, 700)],
        );
        check(
            &[(0, C, "PASS "), (1, E, "waited 500 ms"), (501, C, "x\\r\\n"), (900, S, "-ERR no\\r\\n")],
            &[(501, 900)],
        );
        // Each on its own.
        check(
            &[(0, C, "PASS a\\r\\n"), (300, S, "-ERR\\r\\n"), (300, C, "PASS b\\r\\n"), (900, S, "-ERR\\r\\n")],
            &[(0, 300), (300, 900)],
        );
    }

    #[test]
    fn other_waits_are_none() {
        use Who::{Client as C, Server as S};
        check(&[(0, C, "PASS x\\r\\n"), (299, S, "-ERR no\\r\\n")], &[]);
        check(&[(0, C, "PASS x\\r\\n"), (900, S, "+OK\\r\\n")], &[]);
        check(&[(0, C, "PASS x\\r\\n")], &[]);
        check(&[(0, C, "USER x\\r\\n"), (900, S, "-ERR no\\r\\n")], &[]);
        check(&[(0, C, "STAT\\r\\nPASS x\\r\\n"), (900, S, "-ERR no\\r\\n-ERR no\\r\\n")], &[]);
        check(&[(0, C, "RETR 1\\r\\n"), (900, S, "-ERR no\\r\\n")], &[]);
        // The exchange is over.
        let exchange = [(0, C, "AUTH X\\r\\n"), (1, S, "+ \\r\\n"), (2, C, "*\\r\\n"), (3, S, "-ERR\\r\\n")];
        check(&[&exchange[..], &[(4, C, "XYZZ\\r\\n"), (900, S, "-ERR\\r\\n")]].concat(), &[]);
    }
}

//! Transcripts out of an event log.

use pop3_proto::escape::unescape;
use pop3_scenario::event::{ConnectionTranscript, Event, KEPT_BEFORE, TranscriptEntry, Who};
use pop3_spec::transcript::{Connection, Entry, Record, What};

/// The dialogues of each scenario in the log, with its id.
///
/// # Errors
/// The line, what is wrong with it, and what to do.
pub(super) fn read(content: &str) -> Result<Vec<(String, Vec<Connection>)>, String> {
    let mut histories = Vec::new();
    for (number, line) in (1_u32..).zip(content.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let event: Event = serde_json::from_str(line).map_err(|error| {
            format!("{number}: no event of a log: {error}; give a log as `pop3spec run --log FILE` writes it")
        })?;
        let Event::ScenarioFinished(result) = event else { continue };
        let connections: Result<Vec<Connection>, String> =
            result.transcript.iter().map(|connection| connection_of(connection, number)).collect();
        histories.push((result.id, connections.map_err(|error| format!("{number}: {error}"))?));
    }
    Ok(histories)
}

fn connection_of(transcript: &ConnectionTranscript, line: u32) -> Result<Connection, String> {
    let mut entries = Vec::new();
    for entry in &transcript.entries {
        let order = order(entry);
        let push = |what| Entry { at_ms: entry.at_ms, order, line, what };
        let octets = || unescape(&entry.text).map_err(|error| format!("an entry of the transcript: {error}"));
        match entry.who {
            // An event of a later version says nothing that octets do not.
            Who::Event => entries.extend(What::from_words(&entry.text).map(push)),
            Who::Client => entries.extend(pieces(octets()?, entry.elided, What::Sent).into_iter().map(push)),
            Who::Server => entries.extend(pieces(octets()?, entry.elided, What::Received).into_iter().map(push)),
        }
    }
    Ok(Connection { session: transcript.session.clone(), entries, record: Record::Masked })
}

/// Logs of before there were numbers have milliseconds only: within one of them
/// nothing is earlier than anything.
fn order(entry: &TranscriptEntry) -> u64 {
    match (entry.order, entry.who) {
        (0, Who::Client) => entry.at_ms.saturating_mul(2),
        (0, _) => entry.at_ms.saturating_mul(2).saturating_add(1),
        (order, _) => order,
    }
}

fn pieces(mut octets: Vec<u8>, elided: u64, side: fn(Vec<u8>) -> What) -> Vec<What> {
    if elided == 0 {
        return vec![side(octets)];
    }
    let rest = octets.split_off(KEPT_BEFORE.min(octets.len()));
    vec![side(octets), What::Omitted(elided), side(rest)]
}

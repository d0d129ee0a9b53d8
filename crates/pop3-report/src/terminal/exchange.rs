//! The last exchange of a session, both sides, with times.

use pop3_scenario::event::{ConnectionTranscript, TranscriptEntry, Who};

use super::mark;
use crate::log::Run;
use crate::page::Page;
use crate::style::Role;
use crate::told::count;

/// Entries shown of a session; the log has them all.
const ENTRIES: usize = 12;
/// Sessions shown where no finding points at one.
const SESSIONS: usize = 3;
/// Writes the end of the exchange in one session, which may be several
/// connections; nothing where there was none.
pub(super) fn of_session(page: &mut Page, run: &Run, transcript: &[ConnectionTranscript], session: &str) {
    let of_it = transcript.iter().filter(|connection| connection.session == session);
    let entries: Vec<&TranscriptEntry> = of_it.flat_map(|connection| &connection.entries).collect();
    let earlier = entries.len().saturating_sub(ENTRIES);
    let Some(last) = entries.last() else { return };
    page.indent(2).put(Role::Faint, "last exchange");
    if !session.is_empty() {
        page.put(Role::Faint, " of session ").put(Role::Faint, session);
    }
    if earlier > 0 {
        page.put(Role::Faint, &format!(" ({})", elsewhere(run, earlier, "earlier entry", "earlier entries")));
    }
    page.put(Role::Faint, ":").end();
    let digits = last.at_ms.to_string().len();
    for each in entries.iter().skip(earlier) {
        entry(page, each, digits);
    }
}

/// Writes the ends of the exchanges in the first few sessions.
pub(super) fn of_all(page: &mut Page, run: &Run, transcript: &[ConnectionTranscript]) {
    let mut sessions: Vec<&str> = Vec::new();
    for connection in transcript {
        if !sessions.contains(&connection.session.as_str()) {
            sessions.push(&connection.session);
        }
    }
    for session in sessions.iter().take(SESSIONS) {
        of_session(page, run, transcript, session);
    }
    if sessions.len() > SESSIONS {
        let more = elsewhere(run, sessions.len() - SESSIONS, "more session", "more sessions");
        page.indent(2).put(Role::Faint, &format!("({more})")).end();
    }
}

/// What is not shown, and where it is or would be.
fn elsewhere(run: &Run, n: usize, one: &str, many: &str) -> String {
    let of_log = match (run.is_kept, n) {
        (true, 1) => " is in the log",
        (true, _) => " are in the log",
        (false, _) => ": --log FILE keeps all",
    };
    count(n, one, many) + of_log
}

fn entry(page: &mut Page, entry: &TranscriptEntry, digits: usize) {
    let time = format!("{:>digits$} ms  ", entry.at_ms);
    let label = [(Role::Faint, time.as_str()), (Role::Strong, mark(entry.who)), (Role::Plain, " ")];
    let role = if entry.who == Who::Event { Role::Faint } else { Role::Plain };
    page.octets(4, &label, role, &entry.text, entry.elided);
}

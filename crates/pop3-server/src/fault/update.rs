//! Faults of the UPDATE state and of what comes before it (RFC 1939 sections 4 to
//! 6).

use std::collections::BTreeSet;

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::unique_id::UniqueId;

use super::deleting::around;
use super::{Before, CommandLine, Filter, Heard, View};
use crate::maildrop::Message;

fn quits(line: &CommandLine<'_>, view: &View<'_>) -> bool {
    line.is_for_all(Keyword::Quit) && view.in_transaction()
}

/// Removes messages of the maildrop at once, whatever is marked.
fn remove<'m>(view: &View<'_>, messages: impl IntoIterator<Item = &'m Message>) {
    if let Some(name) = view.host.name() {
        let unique_ids: Vec<UniqueId> = messages.into_iter().map(|message| message.unique_id().clone()).collect();
        view.store().remove(name, &unique_ids);
    }
}

/// Removes what is marked, whatever ends the session.
pub(super) fn remove_marked(view: &View<'_>) {
    remove(view, messages(view, view.marked()));
}

fn messages<'v>(view: &'v View<'_>, numbers: impl IntoIterator<Item = MessageNumber>) -> Vec<&'v Message> {
    numbers.into_iter().filter_map(|number| view.message(number)).collect()
}

pub(super) fn quit_removes_one(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match view.marked().first() {
        Some(first) if quits(line, view) => Before::Instead(vec![
            (b"RSET".to_vec(), Heard::No),
            (format!("DELE {first}").into_bytes(), Heard::No),
            (line.octets.to_vec(), Heard::Yes),
        ]),
        _ => Before::Pass,
    }
}

/// Where all that was listed is marked, the whole maildrop is emptied, new mail
/// included.
pub(super) fn quit_empties_maildrop(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if quits(line, view) && !view.marked().is_empty() && view.unmarked().is_empty() {
        let now = view.host.name().and_then(|name| view.store().messages(name).ok()).unwrap_or_default();
        remove(view, &now);
    }
    Before::Pass
}

/// What has the octets of a marked message goes with it.
pub(super) fn copies_removed(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if quits(line, view) {
        let marked = messages(view, view.marked());
        let is_copy = |message: &&Message| marked.iter().any(|marked| marked.octets() == message.octets());
        remove(view, messages(view, view.unmarked()).into_iter().filter(is_copy));
    }
    Before::Pass
}

pub(super) fn dele_removes_at_once(line: &CommandLine<'_>, reply: &[u8], view: &View<'_>) {
    let accepted = line.is_for_one(Keyword::Dele) && reply.starts_with(b"+OK") && view.in_transaction();
    remove(view, messages(view, line.number().filter(|_| accepted)));
}

/// Removes at QUIT what a command was ever granted for.
pub(super) struct RemovedAtQuit {
    keyword: Keyword,
    granted: BTreeSet<MessageNumber>,
}

impl RemovedAtQuit {
    pub(super) fn of(keyword: Keyword) -> Self {
        Self { keyword, granted: BTreeSet::new() }
    }
}

impl Filter for RemovedAtQuit {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if quits(line, view) {
            remove(view, messages(view, self.granted.iter().copied()));
        }
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        if line.is(self.keyword) && reply.starts_with(b"+OK") && view.in_transaction() {
            self.granted.extend(line.number());
        }
    }
}

/// A line that breaks off behind QUIT is taken for the command.
#[derive(Default)]
pub(super) struct TruncatedQuitUpdates {
    unfinished: Vec<u8>,
}

impl Filter for TruncatedQuitUpdates {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        self.unfinished.extend_from_slice(octets);
        if let Some(end) = self.unfinished.iter().rposition(|octet| *octet == b'\n') {
            self.unfinished.drain(..=end);
        }
        self.unfinished.truncate(100);
    }

    fn on_disconnect(&mut self, view: &View<'_>) {
        if self.unfinished.eq_ignore_ascii_case(b"QUIT") {
            remove_marked(view);
        }
    }
}

/// What a broken connection leaves marked is marked in the next session.
#[derive(Default)]
pub(super) struct MarksOutliveSession {
    taken_over: bool,
}

impl MarksOutliveSession {
    const TOPIC: &str = "marks-outlive-session";
}

impl Filter for MarksOutliveSession {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let Some(name) = view.host.name().filter(|_| view.in_transaction() && !self.taken_over) else {
            return Before::Pass;
        };
        self.taken_over = true;
        let left = view.memory.notes(Self::TOPIC, name);
        let marked = view.listed().filter(|(_, listed)| left.contains_key(&listed.unique_id));
        let marks: Vec<String> = marked.map(|(number, _)| format!("DELE {number}")).collect();
        let marks: Vec<&str> = marks.iter().map(String::as_str).collect();
        if marks.is_empty() { Before::Pass } else { around(&marks, line, []) }
    }

    fn on_disconnect(&mut self, view: &View<'_>) {
        if let Some(name) = view.host.name() {
            let marked = messages(view, view.marked()).into_iter().map(|message| (message.unique_id().clone(), 1));
            view.memory.note(Self::TOPIC, name, marked.collect());
        }
    }
}

/// Removes what was retrieved when the connection breaks.
#[derive(Default)]
pub(super) struct RetrievedRemovedAtDrop {
    retrieved: BTreeSet<MessageNumber>,
}

impl Filter for RetrievedRemovedAtDrop {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        if line.is(Keyword::Retr) && reply.starts_with(b"+OK") && view.in_transaction() {
            self.retrieved.extend(line.number());
        }
    }

    fn on_disconnect(&mut self, view: &View<'_>) {
        remove(view, messages(view, self.retrieved.iter().copied()));
    }
}

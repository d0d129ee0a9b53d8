//! What faulty sessions leave for those that come after them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pop3_proto::unique_id::UniqueId;

/// Notes on messages, by their honest unique-ids.
pub(crate) type Notes = BTreeMap<UniqueId, u64>;

/// Notes of all sessions of a server, by account. Two faults never have notes of
/// the same topic.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    notes: Arc<Mutex<BTreeMap<(&'static str, String), Notes>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Memory {
    /// What the session that writes holds, where they write in turn.
    pub(crate) fn turn(&self) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.turn)
    }

    /// What is noted of an account; nothing at first.
    pub(crate) fn notes(&self, topic: &'static str, account: &str) -> Notes {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.get(&(topic, account.to_owned())).cloned().unwrap_or_default()
    }

    /// Puts other notes in their place.
    pub(crate) fn note(&self, topic: &'static str, account: &str, notes: Notes) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).insert((topic, account.to_owned()), notes);
    }
}

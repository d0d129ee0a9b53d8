//! What only a faulty or varied server does with a store.

use pop3_proto::message_number::MessageNumber;
use pop3_proto::unique_id::UniqueId;

use super::Store;
use crate::account::Secret;
use crate::maildrop::LockId;

/// How a store departs from the plain one.
#[derive(Debug, Default)]
pub(super) struct Departures {
    /// Lines before every message that is delivered, line ends included.
    pub(super) header: &'static str,
    /// Whether every removal fails.
    pub(super) refuses_removals: bool,
}

impl Store {
    /// Puts lines before every message that is delivered from now on.
    pub(crate) fn add_header(&self, header: &'static str) {
        self.lock().departures.header = header;
    }

    /// Makes every removal fail.
    pub(crate) fn refuse_removals(&self) {
        self.lock().departures.refuses_removals = true;
    }

    /// The secret of an account, if it is kept in clear.
    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        match &self.lock().accounts.get(name)?.0.secret {
            Secret::Clear(secret) => Some(secret.clone()),
            Secret::Keys(_) => None,
        }
    }

    /// Puts a delay between logins in force, and leaves other policies as they are.
    pub(crate) fn set_login_delay(&self, seconds: u64) {
        let mut inside = self.lock();
        inside.policies.login_delay = Some(seconds);
        inside.announced = None;
    }

    /// Whether a login would come too soon.
    pub(crate) fn is_too_soon(&self, name: &str) -> bool {
        let now = self.clock.now();
        let mut inside = self.lock();
        let delay = inside.policies_of(name).login_delay.map(|seconds| inside.delay(seconds));
        let last = inside.maildrop(name).ok().and_then(|maildrop| maildrop.last_login);
        delay.zip(last).is_some_and(|(delay, last)| now < last.saturating_add(delay))
    }

    /// Counts the delay to the next login from now on.
    pub(crate) fn begin_delay(&self, name: &str) {
        let now = self.clock.now();
        if let Ok(maildrop) = self.lock().maildrop(name) {
            maildrop.last_login = Some(now);
        }
    }

    /// Takes every lock away from whoever holds it.
    pub(crate) fn break_locks(&self) {
        for (_, maildrop) in self.lock().accounts.values_mut() {
            maildrop.lock = None;
        }
    }

    /// Takes one lock away from whoever holds it.
    pub(crate) fn break_lock(&self, name: &str) {
        if let Ok(maildrop) = self.lock().maildrop(name) {
            maildrop.lock = None;
        }
    }

    /// Locks a maildrop for nobody, for ever.
    pub(crate) fn lock_for_ever(&self, name: &str) {
        if let Ok(maildrop) = self.lock().maildrop(name) {
            maildrop.lock = Some(LockId::NOBODY);
        }
    }

    pub(crate) fn remove(&self, name: &str, unique_ids: &[UniqueId]) {
        if let Ok(maildrop) = self.lock().maildrop(name) {
            maildrop.remove(unique_ids);
        }
    }

    /// Removes what has these numbers now, whatever it is.
    pub(crate) fn remove_numbers(&self, name: &str, numbers: &[MessageNumber]) {
        if let Ok(maildrop) = self.lock().maildrop(name) {
            let mut numbered = (0..).filter_map(MessageNumber::from_index);
            maildrop.retain(|_| numbered.next().is_none_or(|number| !numbers.contains(&number)));
        }
    }
}

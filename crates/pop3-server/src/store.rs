//! The mail store in memory: accounts and their maildrops.

mod accounts;
mod faulty;
mod policy;

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{Admission, Refusal};
use pop3_proto::unique_id::UniqueId;
use thiserror::Error;

use crate::account::{Account, LoginMethod, Policies};
use crate::maildrop::{LockId, Maildrop, Message, OutOfOrder};
use crate::net::clock::Clock;
use crate::sasl::{Kept, SaltSecret, prepared};
use faulty::Departures;
use policy::AnnouncedPolicies;

/// Accounts and maildrops. A clone is another handle on the same store, so that
/// a test can deliver mail while sessions run.
#[derive(Clone)]
pub struct Store {
    inside: Arc<Mutex<Inside>>,
    /// What times in it are reckoned by, whichever server it is that serves it.
    clock: Clock,
    salt_secret: SaltSecret,
}

#[derive(Debug)]
struct Inside {
    accounts: BTreeMap<String, (Account, Maildrop)>,
    /// From the prepared form of a name to the name.
    prepared: BTreeMap<String, String>,
    policies: Policies,
    /// What comes of the policies, until an account or a policy changes.
    announced: Option<AnnouncedPolicies>,
    id: String,
    last_message: u64,
    last_lock: u64,
    /// Factor of the delays that are in force.
    time_scale: f64,
    departures: Departures,
}

/// The store has no such account. The caller's fault: add it first.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no account {name:?} in the store; add it with add_account() or .account()")]
pub struct NoSuchAccount {
    /// The name asked for.
    pub name: String,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("inside", &self.inside).finish_non_exhaustive()
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new()
    }
}

impl Store {
    /// An empty store. Its unique-ids differ from those of every other store.
    #[must_use]
    pub fn new() -> Self {
        let random = RandomState::new().build_hasher().finish();
        Self::with_id(&format!("{random:016x}"))
    }

    /// An empty store whose unique-ids begin with `id`, for output that must be
    /// the same in every run. Characters that may not stand in a unique-id are
    /// left out, and so is what makes it longer than 40.
    #[must_use]
    pub fn with_id(id: &str) -> Self {
        let id = id.chars().filter(char::is_ascii_graphic).take(40).collect();
        let inside = Inside {
            accounts: BTreeMap::new(),
            prepared: BTreeMap::new(),
            policies: Policies::default(),
            announced: None,
            id,
            last_message: 0,
            last_lock: 0,
            time_scale: 1.0,
            departures: Departures::default(),
        };
        Self { inside: Arc::new(Mutex::new(inside)), clock: Clock::start(), salt_secret: SaltSecret::default() }
    }

    /// Adds an account with an empty maildrop. One that is there already keeps
    /// its maildrop and gets the new secret and methods.
    pub fn add_account(&self, name: &str, account: Account) {
        let mut inside = self.lock();
        inside.announced = None;
        match inside.accounts.get_mut(name) {
            Some((present, _)) => *present = account,
            None => {
                inside.accounts.insert(name.to_owned(), (account, Maildrop::default()));
                if let Some(prepared) = prepared(name.as_bytes()) {
                    inside.prepared.entry(prepared).or_insert_with(|| name.to_owned());
                }
            }
        }
    }

    /// The names of all accounts, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.lock().accounts.keys().cloned().collect()
    }

    /// Adds a message at the end of a maildrop, with line ends made canonical
    /// (see [`crate::maildrop::canonical`]) and a new unique-id. Sessions that are
    /// open do not see it.
    ///
    /// # Errors
    /// There is no such account.
    pub fn deliver(&self, name: &str, octets: &[u8]) -> Result<UniqueId, NoSuchAccount> {
        let mut inside = self.lock();
        let message = inside.new_message(octets);
        let unique_id = message.unique_id().clone();
        inside.maildrop(name)?.push(message);
        Ok(unique_id)
    }

    /// The messages in a maildrop now, in order.
    ///
    /// # Errors
    /// There is no such account.
    pub fn messages(&self, name: &str) -> Result<Vec<Message>, NoSuchAccount> {
        Ok(self.lock().maildrop(name)?.messages().to_vec())
    }

    /// Puts these messages in place of what a maildrop has, with new unique-ids.
    /// A session that holds it keeps lock and snapshot; a lock that a faulty server
    /// left behind is taken away.
    ///
    /// # Errors
    /// There is no such account.
    pub fn replace_messages<M: AsRef<[u8]>>(
        &self,
        name: &str,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<(), NoSuchAccount> {
        let mut inside = self.lock();
        inside.maildrop(name)?;
        let messages = messages.into_iter().map(|octets| inside.new_message(octets.as_ref())).collect();
        let maildrop = inside.maildrop(name)?;
        maildrop.replace(messages);
        maildrop.unlock(LockId::NOBODY);
        Ok(())
    }

    /// Makes removals fail, so that QUIT is answered `-ERR` when messages are
    /// marked (RFC 1939 section 6).
    ///
    /// # Errors
    /// There is no such account.
    pub fn refuse_removal(&self, name: &str) -> Result<(), NoSuchAccount> {
        self.lock().maildrop(name)?.read_only = true;
        Ok(())
    }

    /// Makes every login fail that shows who it is, as a broken disk would, or lets
    /// them in again (RFC 3206 section 4).
    ///
    /// # Errors
    /// There is no such account.
    pub fn set_out_of_order(&self, name: &str, why: Option<OutOfOrder>) -> Result<(), NoSuchAccount> {
        self.lock().maildrop(name)?.out_of_order = why;
        Ok(())
    }

    /// Whether a session holds the maildrop.
    ///
    /// # Errors
    /// There is no such account.
    pub fn is_locked(&self, name: &str) -> Result<bool, NoSuchAccount> {
        Ok(self.lock().maildrop(name)?.lock.is_some())
    }

    /// Shows who the client is, takes the lock, and takes the snapshot that the
    /// session works on. An unknown name takes the same path as a wrong secret.
    pub(crate) fn open(
        &self,
        name: &str,
        method: LoginMethod,
        is_shown: impl FnOnce(&Kept) -> bool,
        now: Duration,
    ) -> Result<Opened, Refusal> {
        let kept = self.kept(name, method).with_prepared_secret();
        if is_shown(&kept) { self.enter(name, now) } else { Err(Refusal::Credentials) }
    }

    /// Takes the lock and the snapshot, for a client that has shown who it is.
    pub(crate) fn enter(&self, name: &str, now: Duration) -> Result<Opened, Refusal> {
        let mut inside = self.lock();
        let policies = inside.policies_of(name);
        let delay = policies.login_delay.map(|seconds| inside.delay(seconds));
        let lock = LockId(inside.last_lock + 1);
        inside.last_lock = lock.0;
        let maildrop = inside.maildrop(name).map_err(|_| Refusal::Credentials)?;
        let too_soon = |delay| maildrop.last_login.is_some_and(|last| now < last.saturating_add(delay));
        if delay.is_some_and(too_soon) {
            return Err(Refusal::TooSoon);
        }
        match maildrop.out_of_order {
            Some(OutOfOrder::ForNow) => return Err(Refusal::Temporarily),
            Some(OutOfOrder::UntilMended) => return Err(Refusal::Permanently),
            None => {}
        }
        if maildrop.lock.is_some() {
            return Err(Refusal::InUse);
        }
        maildrop.lock = Some(lock);
        maildrop.last_login = Some(now);
        maildrop.expire(policies.expire, now);
        let admission =
            Admission { messages: maildrop.listed(), login_delay: policies.login_delay, expire: policies.expire };
        let messages = Arc::clone(maildrop.messages());
        Ok(Opened { store: self.clone(), name: name.to_owned(), lock, admission, messages })
    }

    pub(crate) fn salt_secret(&self) -> SaltSecret {
        Arc::clone(&self.salt_secret)
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn maildrop(&mut self, name: &str) -> Result<&mut Maildrop, NoSuchAccount> {
        match self.accounts.get_mut(name) {
            Some((_, maildrop)) => Ok(maildrop),
            None => Err(NoSuchAccount { name: name.to_owned() }),
        }
    }

    fn new_message(&mut self, octets: &[u8]) -> Message {
        self.last_message += 1;
        let unique_id = unique_id(&self.id, self.last_message);
        match self.departures.header {
            "" => Message::new(octets, unique_id),
            header => Message::new(&[header.as_bytes(), octets].concat(), unique_id),
        }
    }
}

#[expect(clippy::expect_used, reason = "40 graphic characters, a dash and 20 digits at most are a unique-id")]
fn unique_id(store: &str, number: u64) -> UniqueId {
    UniqueId::new(format!("{store}-{number}").as_bytes()).expect("a unique-id")
}

/// A maildrop opened by a login: lock and snapshot. Dropping it releases the
/// lock and removes nothing.
#[derive(Debug)]
pub(crate) struct Opened {
    store: Store,
    name: String,
    lock: LockId,
    admission: Admission,
    messages: Arc<Vec<Message>>,
}

impl Opened {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn admission(&self) -> &Admission {
        &self.admission
    }

    pub(crate) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Removes exactly these messages of the snapshot; whether all are gone.
    pub(crate) fn update(self, marked: &[MessageNumber]) -> bool {
        let unique_ids: Vec<UniqueId> = marked
            .iter()
            .filter_map(|number| self.messages.get(number.index()))
            .map(|message| message.unique_id().clone())
            .collect();
        let mut inside = self.store.lock();
        if inside.departures.refuses_removals && !unique_ids.is_empty() {
            return false;
        }
        inside.maildrop(&self.name).is_ok_and(|maildrop| maildrop.remove(&unique_ids))
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        if let Ok(maildrop) = self.store.lock().maildrop(&self.name) {
            maildrop.unlock(self.lock);
        }
    }
}

#[cfg(test)]
mod tests;

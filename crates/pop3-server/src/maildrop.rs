//! One maildrop: its messages and its exclusive lock (RFC 1939 section 4).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use pop3_proto::capability::Retention;
use pop3_proto::server::Listed;
use pop3_proto::unique_id::UniqueId;

/// A message in a maildrop.
#[derive(Clone, Debug)]
pub struct Message {
    octets: Arc<[u8]>,
    unique_id: UniqueId,
    completed: bool,
    bare_lf: bool,
    /// When a login first listed it.
    first_listed: Option<Duration>,
}

impl Message {
    pub(crate) fn new(octets: &[u8], unique_id: UniqueId) -> Self {
        let completed = !octets.is_empty() && !octets.ends_with(b"\n");
        let bare_lf = has_bare_lf(octets);
        // A large message is copied once where that will do.
        let canonical = if completed || bare_lf { canonical(octets).into() } else { octets.into() };
        Self { octets: canonical, unique_id, completed, bare_lf, first_listed: None }
    }

    /// Its octets as RETR sends them, byte-stuffing apart.
    #[must_use]
    pub fn octets(&self) -> &Arc<[u8]> {
        &self.octets
    }

    /// Its unique-id.
    #[must_use]
    pub fn unique_id(&self) -> &UniqueId {
        &self.unique_id
    }

    /// Whether it came without a line end on its last line, and got one.
    #[must_use]
    pub fn was_completed(&self) -> bool {
        self.completed
    }

    /// Whether it came with an LF without CR, and got one.
    #[must_use]
    pub fn had_bare_lf(&self) -> bool {
        self.bare_lf
    }

    pub(crate) fn listed(&self) -> Listed {
        Listed { octets: self.octets.len() as u64, unique_id: self.unique_id.clone() }
    }
}

fn has_bare_lf(octets: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', octets).any(|at| at == 0 || octets.get(at - 1) != Some(&b'\r'))
}

/// A message with the line ends it is sent with (RFC 1939 section 11): every LF
/// without CR becomes CRLF, and a last line without line end gets one. All other
/// octets, lone CRs among them, stay as they are.
#[must_use]
pub fn canonical(octets: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(octets.len() + octets.len() / 32 + 2);
    let mut before = None;
    for &octet in octets {
        if octet == b'\n' && before != Some(b'\r') {
            canonical.push(b'\r');
        }
        canonical.push(octet);
        before = Some(octet);
    }
    match before {
        None | Some(b'\n') => {}
        Some(_) => canonical.extend_from_slice(b"\r\n"),
    }
    canonical
}

/// Who holds a lock. Never the same for two logins of one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LockId(pub(crate) u64);

impl LockId {
    /// What a faulty server locks with.
    pub(crate) const NOBODY: Self = Self(0);
}

/// A maildrop. Sessions share its messages; whatever changes them leaves those of
/// open sessions as they are.
#[derive(Debug, Default)]
pub(crate) struct Maildrop {
    messages: Arc<Vec<Message>>,
    /// As logins list them, until something changes.
    listed: Option<Arc<[Listed]>>,
    pub(crate) lock: Option<LockId>,
    pub(crate) read_only: bool,
    pub(crate) last_login: Option<Duration>,
    /// Why no login opens it, whoever comes.
    pub(crate) out_of_order: Option<OutOfOrder>,
}

/// Why a maildrop cannot be opened (RFC 3206 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfOrder {
    /// Trying again may help: `[SYS/TEMP]`.
    ForNow,
    /// It will not, until somebody mends it: `[SYS/PERM]`.
    UntilMended,
}

impl Maildrop {
    pub(crate) fn messages(&self) -> &Arc<Vec<Message>> {
        &self.messages
    }

    pub(crate) fn listed(&mut self) -> Arc<[Listed]> {
        let listed = self.listed.get_or_insert_with(|| self.messages.iter().map(Message::listed).collect());
        Arc::clone(listed)
    }

    pub(crate) fn push(&mut self, message: Message) {
        self.listed = None;
        Arc::make_mut(&mut self.messages).push(message);
    }

    pub(crate) fn replace(&mut self, messages: Vec<Message>) {
        self.listed = None;
        self.messages = Arc::new(messages);
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&Message) -> bool) {
        self.listed = None;
        Arc::make_mut(&mut self.messages).retain(keep);
    }

    /// Removes the messages with these unique-ids, and no others. Whether all of
    /// them are gone.
    pub(crate) fn remove(&mut self, unique_ids: &[UniqueId]) -> bool {
        if self.read_only {
            return unique_ids.is_empty();
        }
        if !unique_ids.is_empty() {
            let unique_ids: BTreeSet<&UniqueId> = unique_ids.iter().collect();
            self.retain(|message| !unique_ids.contains(&message.unique_id));
        }
        true
    }

    /// Removes what has been here for the time of the policy. The time runs from
    /// the first login that lists a message (RFC 2449 section 6.7 leaves that to
    /// the server), so that nothing goes that no client could have seen.
    pub(crate) fn expire(&mut self, retention: Option<Retention>, now: Duration) {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let Some(Retention::Days(days @ 1..)) = retention else { return };
        let is_due = |message: &Message| message.first_listed.is_some_and(|first| first + DAY * days <= now);
        if !self.read_only && self.messages.iter().any(is_due) {
            self.retain(|message| !is_due(message));
        }
        if self.messages.iter().any(|message| message.first_listed.is_none()) {
            for message in Arc::make_mut(&mut self.messages) {
                message.first_listed.get_or_insert(now);
            }
        }
    }

    pub(crate) fn unlock(&mut self, holder: LockId) {
        if self.lock == Some(holder) {
            self.lock = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_line_ends_change() {
        let check = |octets: &[u8], want: &[u8]| assert_eq!(canonical(octets), want, "{octets:?}");
        check(b"", b"");
        check(b"a\n", b"a\r\n");
        check(b"a\r\n", b"a\r\n");
        check(b"a", b"a\r\n");
        check(b"a\rb\n\nc", b"a\rb\r\n\r\nc\r\n");
        check(b"a\r", b"a\r\r\n");
        check(b"\0\xff.\n..\n", b"\0\xff.\r\n..\r\n");
        check(b"\n", b"\r\n");
        check(b"\r\r\n", b"\r\r\n");
    }

    #[test]
    fn what_was_changed_is_remembered() {
        let check = |octets: &[u8], completed, bare_lf| {
            let message = Message::new(octets, UniqueId::new(b"1").unwrap());
            assert_eq!((message.was_completed(), message.had_bare_lf()), (completed, bare_lf), "{octets:?}");
        };
        check(b"a", true, false);
        check(b"a\r", true, false);
        check(b"a\n", false, true);
        check(b"a\r\n", false, false);
        check(b"a\nb", true, true);
        check(b"a\r\nb", true, false);
        check(b"", false, false);
    }

    proptest! {
        #[test]
        fn canonical_once_is_canonical_for_ever(
            octets in proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'.'), any::<u8>()], 0..200),
        ) {
            let once = canonical(&octets);
            prop_assert_eq!(&canonical(&once), &once);
            prop_assert!(once.is_empty() || once.ends_with(b"\r\n"));
            let lone = once.iter().enumerate().any(|(at, octet)| *octet == b'\n' && (at == 0 || once[at - 1] != b'\r'));
            prop_assert!(!lone);
        }
    }
}

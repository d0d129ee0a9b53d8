//! Faults of logins to a maildrop that is in use, and of what a session keeps of
//! the one before it (RFC 1939 sections 3 to 5).

use pop3_proto::command::Keyword;

use super::listing::stat;
use super::sessions::retrieved;
use super::{Before, CommandLine, Filter, View};

/// The newest session has the maildrop; those before it read what has the numbers
/// by then.
pub(super) fn second_login_takes_over(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match line.keyword() {
        Some(Keyword::Pass | Keyword::Apop | Keyword::Auth) if !view.in_transaction() => {
            view.store().break_locks();
            Before::Pass
        }
        Some(Keyword::Retr) => {
            let Some((name, number)) = view.host.name().zip(line.number()) else { return Before::Pass };
            let now = view.store().messages(name).unwrap_or_default();
            match now.get(number.index()) {
                _ if view.is_marked(number) => Before::Pass,
                Some(message) => Before::Answer(retrieved(message)),
                None => Before::Answer(b"-ERR no such message\r\n".to_vec()),
            }
        }
        _ => Before::Pass,
    }
}

/// One way in forgets to ask for the lock.
pub(super) fn apop_ignores_lock(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::Apop) && !view.in_transaction() {
        view.store().break_locks();
    }
    Before::Pass
}

/// Who comes second finds an empty maildrop.
#[derive(Default)]
pub(super) struct LockedMaildropLooksEmpty {
    inside: bool,
}

impl Filter for LockedMaildropLooksEmpty {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        use Keyword as K;
        match line.keyword() {
            _ if !self.inside => Before::Pass,
            Some(K::Quit | K::Capa) => Before::Pass,
            Some(K::Stat) => Before::Answer(stat(0, 0)),
            Some(K::List | K::Uidl) if line.arguments().is_empty() => Before::Answer(b"+OK\r\n.\r\n".to_vec()),
            Some(K::Noop | K::Rset) => Before::Answer(b"+OK\r\n".to_vec()),
            _ => Before::Answer(b"-ERR no such message\r\n".to_vec()),
        }
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if reply.starts_with(b"-ERR [IN-USE]") {
            self.inside = true;
            *reply = b"+OK maildrop has 0 messages (0 octets)\r\n".to_vec();
        }
    }
}

/// The way out behind a refusal lets go of the lock.
pub(super) fn lock_lost_at_refusal(reply: &[u8], view: &View<'_>) {
    if let Some(name) = view.host.name().filter(|_| reply.starts_with(b"-ERR")) {
        view.store().break_lock(name);
    }
}

/// STAT answers from what the last session saw of the maildrop.
#[derive(Default)]
pub(super) struct StatOfLastSession {
    marked: bool,
}

impl StatOfLastSession {
    const TOPIC: &str = "stat-of-last-session";
}

impl Filter for StatOfLastSession {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.marked |= line.is(Keyword::Dele);
        if let Some(name) = view.host.name().filter(|_| line.is_for_all(Keyword::Quit)) {
            let seen = view.listed().map(|(_, listed)| (listed.unique_id.clone(), listed.octets));
            view.memory.note(Self::TOPIC, name, seen.collect());
        }
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let asks = line.is_for_all(Keyword::Stat) && view.in_transaction() && !self.marked;
        let Some(name) = view.host.name().filter(|_| asks) else { return };
        let seen = view.memory.notes(Self::TOPIC, name);
        if !seen.is_empty() {
            *reply = stat(seen.len(), seen.values().sum());
        }
    }
}

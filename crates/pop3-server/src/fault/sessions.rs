//! Faults between sessions: the lock and the snapshot (RFC 1939 section 4).

use pop3_proto::command::Keyword;

use super::deleting::forget_and_quit;
use super::{Before, CommandLine, Filter, View};
use crate::maildrop::Message;

/// Every login is let in, and QUIT removes what has the marked numbers by then.
pub(super) fn no_lock(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match line.keyword() {
        Some(Keyword::Pass | Keyword::Apop | Keyword::Auth) if !view.in_transaction() => {
            view.store().break_locks();
            Before::Pass
        }
        Some(Keyword::Quit) if line.arguments().is_empty() => match view.host.name() {
            Some(name) => {
                view.store().remove_numbers(name, &view.marked());
                forget_and_quit()
            }
            None => Before::Pass,
        },
        _ => Before::Pass,
    }
}

/// A session that ends without QUIT leaves its maildrop locked.
pub(super) struct LockKeptAfterDisconnect;

impl Filter for LockKeptAfterDisconnect {
    fn on_disconnect(&mut self, view: &View<'_>) {
        if let Some(name) = view.host.name() {
            view.store().lock_for_ever(name);
        }
    }
}

/// Mail delivered during a session is counted, listed and sent.
pub(super) struct NewMailVisibleInSession;

impl NewMailVisibleInSession {
    /// The messages that the session should not see, with their numbers.
    fn new_mail(view: &View<'_>) -> Vec<(usize, Message)> {
        let now = view.host.name().and_then(|name| view.store().messages(name).ok()).unwrap_or_default();
        let known = view.session.listed().len();
        now.into_iter().enumerate().skip(known).map(|(index, message)| (index + 1, message)).collect()
    }
}

/// The answer to RETR.
pub(super) fn retrieved(message: &Message) -> Vec<u8> {
    let mut reply = format!("+OK {} octets\r\n", message.octets().len()).into_bytes();
    let mut stuffer = pop3_proto::stuffing::Stuffer::new();
    stuffer.push(message.octets(), &mut reply);
    stuffer.finish(&mut reply);
    reply
}

fn column(keyword: Keyword, number: usize, message: &Message) -> Option<String> {
    match keyword {
        Keyword::List => Some(format!("{number} {}", message.octets().len())),
        Keyword::Uidl => Some(format!("{number} {}", message.unique_id())),
        _ => None,
    }
}

impl Filter for NewMailVisibleInSession {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let (Some(keyword), Some(asked)) = (line.keyword(), line.number()) else { return Before::Pass };
        let new_mail = Self::new_mail(view);
        let Some((number, message)) = new_mail.iter().find(|(number, _)| *number == asked.index() + 1) else {
            return Before::Pass;
        };
        if keyword == Keyword::Retr {
            return Before::Answer(retrieved(message));
        }
        match column(keyword, *number, message) {
            Some(text) => Before::Answer(format!("+OK {text}\r\n").into_bytes()),
            None => Before::Pass,
        }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let Some(keyword) = line.keyword().filter(|_| view.in_transaction() && line.arguments().is_empty()) else {
            return;
        };
        let new_mail = Self::new_mail(view);
        if keyword == Keyword::Stat {
            let unmarked = view.listed().filter(|(number, _)| !view.is_marked(*number));
            let old = unmarked.fold((0, 0), |(count, octets), (_, listed)| (count + 1, octets + listed.octets));
            let octets: usize = new_mail.iter().map(|(_, message)| message.octets().len()).sum();
            *reply = format!("+OK {} {}\r\n", old.0 + new_mail.len(), old.1 + octets as u64).into_bytes();
            return;
        }
        let lines: Vec<String> =
            new_mail.iter().filter_map(|(number, message)| column(keyword, *number, message)).collect();
        if !lines.is_empty() && reply.ends_with(b".\r\n") {
            reply.truncate(reply.len() - 3);
            reply.extend(lines.iter().flat_map(|line| format!("{line}\r\n").into_bytes()));
            reply.extend_from_slice(b".\r\n");
        }
    }
}

/// QUIT leaves the maildrop locked.
#[derive(Default)]
pub(super) struct LockKeptAfterQuit {
    name: Option<String>,
}

impl Filter for LockKeptAfterQuit {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if line.is_for_all(Keyword::Quit) {
            self.name = view.host.name().map(str::to_owned);
        }
        Before::Pass
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, _: &mut Vec<u8>, view: &View<'_>) {
        if let Some(name) = self.name.take() {
            view.store().lock_for_ever(&name);
        }
    }
}

/// The lock is taken before the password is looked at, and kept when it is wrong.
#[derive(Default)]
pub(super) struct LockKeptAfterRefusal {
    name: Option<String>,
}

impl Filter for LockKeptAfterRefusal {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if line.is_for_one(Keyword::User) {
            self.name = Some(line.text().to_owned());
        }
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        if line.is(Keyword::Pass)
            && reply.starts_with(b"-ERR")
            && let Some(name) = &self.name
        {
            view.store().lock_for_ever(name);
        }
    }
}

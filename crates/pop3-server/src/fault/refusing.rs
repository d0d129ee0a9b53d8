//! Faults of logins that should be refused, or should not, and of what follows
//! (RFC 1939 sections 4 and 7).

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::login::{LastUser, WRONG};
use super::{Before, CommandLine, Filter, View, rewrite};

/// How many octets of a password count, as in crypt(3) of old.
const COUNTED: usize = 8;

/// Passwords that begin alike are the same.
#[derive(Default)]
pub(super) struct PasswordCutAtEight {
    user: LastUser,
}

impl Filter for PasswordCutAtEight {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.user.hear(line);
        let named = line.is(Keyword::Pass) && view.state() == State::Named;
        let name = self.user.name.as_deref().filter(|_| named);
        let secret = name.and_then(|name| view.store().secret(name)).unwrap_or_default();
        let counted = secret.as_bytes().get(..COUNTED);
        if counted.is_some() && counted == line.text().as_bytes().get(..COUNTED) {
            rewrite(format!("PASS {secret}"))
        } else {
            Before::Pass
        }
    }
}

pub(super) fn words_behind_password_ignored(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is(Keyword::Pass) && line.arguments().len() > 1 {
        rewrite([b"PASS ", line.word(1)].concat())
    } else {
        Before::Pass
    }
}

pub(super) fn first_user_kept(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_one(Keyword::User) && view.state() == State::Named {
        Before::Answer(b"+OK now the password\r\n".to_vec())
    } else {
        Before::Pass
    }
}

/// After a refused USER every other is refused too.
#[derive(Default)]
pub(super) struct UserRefusedForGood {
    refused: bool,
}

impl Filter for UserRefusedForGood {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if self.refused && line.is(Keyword::User) { Before::Answer(b"-ERR not now\r\n".to_vec()) } else { Before::Pass }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        self.refused |= line.is(Keyword::User) && reply.starts_with(b"-ERR") && !view.in_transaction();
    }
}

pub(super) fn percent_in_name_closes(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is(Keyword::User) && line.octets.contains(&b'%') { Before::Close } else { Before::Pass }
}

pub(super) fn eight_bit_name_closes(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is(Keyword::User) && !line.octets.is_ascii() { Before::Close } else { Before::Pass }
}

/// A wrong password closes the connection without an answer.
#[derive(Default)]
pub(super) struct WrongPasswordUnanswered {
    gone: bool,
}

impl Filter for WrongPasswordUnanswered {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.gone = line.is(Keyword::Pass) && reply.starts_with(b"-ERR [AUTH]");
        if self.gone {
            reply.clear();
        }
    }

    fn breaks_off(&self) -> bool {
        self.gone
    }
}

pub(super) fn refusal_with_plus(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Pass)
        && let Some(text) = reply.strip_prefix(b"-ERR [AUTH]")
    {
        *reply = [b"+ERR [AUTH]", text].concat();
    }
}

/// After a refused APOP nothing but QUIT is taken.
#[derive(Default)]
pub(super) struct ApopFailureIsFinal {
    failed: bool,
}

impl Filter for ApopFailureIsFinal {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if self.failed && !line.is(Keyword::Quit) {
            Before::Answer(b"-ERR authentication has failed\r\n".to_vec())
        } else {
            Before::Pass
        }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        self.failed |= line.is(Keyword::Apop) && reply.starts_with(b"-ERR") && !view.in_transaction();
    }
}

/// After a refused PASS the right one is refused too.
#[derive(Default)]
pub(super) struct LoginBlockedAfterFailure {
    failed: bool,
}

impl Filter for LoginBlockedAfterFailure {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if self.failed && line.is(Keyword::Pass) { Before::Answer(WRONG.to_vec()) } else { Before::Pass }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.failed |= line.is(Keyword::Pass) && reply.starts_with(b"-ERR");
    }
}

/// Who is told that the maildrop is locked may read it all the same.
#[derive(Default)]
pub(super) struct LockedMaildropOpened {
    opened: bool,
}

impl Filter for LockedMaildropOpened {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if self.opened { super::login::transaction_before_login(line, view) } else { Before::Pass }
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.opened |= reply.starts_with(b"-ERR [IN-USE]");
    }
}

/// Who has no mail cannot log in.
#[derive(Default)]
pub(super) struct EmptyMaildropLoginRefused {
    user: LastUser,
}

impl Filter for EmptyMaildropLoginRefused {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.user.hear(line);
        let messages = self.user.name.as_deref().and_then(|name| view.store().messages(name).ok());
        if line.is(Keyword::Pass) && messages.is_some_and(|messages| messages.is_empty()) {
            Before::Answer(b"-ERR no mail\r\n".to_vec())
        } else {
            Before::Pass
        }
    }
}

//! Faults of response codes (RFC 2449 section 8, RFC 3206).

use pop3_proto::command::Keyword;

use super::login::LastUser;
use super::{Before, CommandLine, Filter, View};

fn begins_instead(reply: &mut Vec<u8>, beginning: &[u8], other: &[u8]) {
    if let Some(text) = reply.strip_prefix(beginning) {
        *reply = [other, text].concat();
    }
}

pub(super) fn auth_code_missing(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    begins_instead(reply, b"-ERR [AUTH] ", b"-ERR ");
}

pub(super) fn auth_code_on_retr(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) && !reply.starts_with(b"-ERR [") {
        begins_instead(reply, b"-ERR ", b"-ERR [AUTH] ");
    }
}

pub(super) fn auth_code_on_wrong_state(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Pass) && !reply.starts_with(b"-ERR [") {
        begins_instead(reply, b"-ERR ", b"-ERR [AUTH] ");
    }
}

pub(super) fn auth_code_on_user(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let unknown = line.is_for_one(Keyword::User) && !view.store().names().iter().any(|name| name == line.text());
    if unknown && !view.in_transaction() {
        Before::Answer(b"-ERR [AUTH] no such user\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn sys_code_on_positive(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Pass) {
        begins_instead(reply, b"+OK ", b"+OK [SYS/TEMP] ");
    }
}

/// The lock is looked at before the password.
#[derive(Default)]
pub(super) struct InUseBeforePassword {
    user: LastUser,
}

impl Filter for InUseBeforePassword {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.user.hear(line);
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let name = self.user.name.as_deref().filter(|_| line.is(Keyword::Pass));
        if name.is_some_and(|name| view.store().is_locked(name) == Ok(true)) {
            begins_instead(reply, b"-ERR [AUTH] ", b"-ERR [IN-USE] ");
        }
    }
}

pub(super) fn response_code_empty(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    begins_instead(reply, b"-ERR [AUTH] ", b"-ERR [] ");
}

pub(super) fn bracket_in_text(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.keyword().is_none() {
        begins_instead(reply, b"-ERR ", b"-ERR [see RFC 1939] ");
    }
}

pub(super) fn auth_code_at_end(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if let Some(text) = reply.strip_prefix(b"-ERR [AUTH] ").and_then(|text| text.strip_suffix(b"\r\n")) {
        *reply = [b"-ERR ", text, b" [AUTH]\r\n"].concat();
    }
}

pub(super) fn auth_code_on_pass_only(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if !line.is(Keyword::Pass) {
        begins_instead(reply, b"-ERR [AUTH] ", b"-ERR ");
    }
}

pub(super) fn sys_code_for_wrong_password(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    begins_instead(reply, b"-ERR [AUTH] ", b"-ERR [SYS/PERM] ");
}

pub(super) fn sys_without_second_level(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Retr) && !reply.starts_with(b"-ERR [") {
        begins_instead(reply, b"-ERR ", b"-ERR [SYS] ");
    }
}

pub(super) fn login_delay_code_on_positive(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Pass) {
        begins_instead(reply, b"+OK ", b"+OK [LOGIN-DELAY] ");
    }
}

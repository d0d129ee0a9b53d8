//! Faults that show when a client or the sender of a message means harm.

use pop3_proto::auth;
use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::body::{change_body, owned, unstuffed};
use super::login::{LastUser, user_then};
use super::sessions::retrieved;
use super::{Before, CommandLine, Filter, View, rewrite};

pub(super) fn exists(name: &str, view: &View<'_>) -> bool {
    view.store().names().iter().any(|known| known == name)
}

/// Whether the command is about messages and has an argument.
fn is_about_messages(line: &CommandLine<'_>, view: &View<'_>) -> bool {
    use Keyword as K;
    let about = matches!(line.keyword(), Some(K::Dele | K::List | K::Retr | K::Top | K::Uidl));
    about && !line.arguments().is_empty() && view.in_transaction()
}

pub(super) fn user_tells_known_names(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.is(Keyword::User) && reply.starts_with(b"+OK") && exists(line.text(), view) {
        *reply = b"+OK welcome back, now the password\r\n".to_vec();
    }
}

/// The name in a command that logs in by itself.
pub(super) fn name_of(line: &CommandLine<'_>) -> Option<String> {
    match line.keyword()? {
        Keyword::Apop => String::from_utf8(line.word(1).to_vec()).ok(),
        Keyword::Auth if line.word(1).eq_ignore_ascii_case(b"PLAIN") => {
            let message = auth::initial_response(std::str::from_utf8(line.word(2)).ok()?)?;
            String::from_utf8(message.split(|octet| *octet == 0).nth(1)?.to_vec()).ok()
        }
        _ => None,
    }
}

/// A name that does not exist is refused as such.
#[derive(Default)]
pub(super) struct RefusalTellsUnknownNames {
    user: LastUser,
}

impl Filter for RefusalTellsUnknownNames {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.user.hear(line);
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let name = if line.is(Keyword::Pass) { self.user.name.clone() } else { name_of(line) };
        if reply.starts_with(b"-ERR [AUTH]") && name.is_some_and(|name| !exists(&name, view)) {
            *reply = b"-ERR there is no such user\r\n".to_vec();
        }
    }
}

pub(super) fn password_repeated(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Pass) && reply.starts_with(b"-ERR") {
        *reply = format!("-ERR {} is wrong here\r\n", line.text()).into_bytes();
    }
}

/// The name of an APOP or AUTH that failed is good for PASS.
#[derive(Default)]
pub(super) struct FailedLoginNamesUser {
    name: Option<String>,
}

impl Filter for FailedLoginNamesUser {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        match &self.name {
            Some(name) if line.is(Keyword::Pass) && view.state() == State::Authorization => user_then(name, line),
            _ => Before::Pass,
        }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, _: &mut Vec<u8>, _: &View<'_>) {
        self.name = name_of(line).or_else(|| self.name.take());
    }
}

pub(super) fn name_read_as_path(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    let last = line.text().rsplit('/').find(|part| !part.is_empty());
    match last.filter(|_| line.is(Keyword::User) && line.text().contains('/')) {
        Some(name) => rewrite(format!("USER {name}")),
        None => Before::Pass,
    }
}

/// Names are compared up to the last character of the shorter one.
pub(super) fn maildrops_mixed(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let mut other = view.host.name().unwrap_or_default().to_owned();
    other.pop();
    let number = line.number().filter(|_| line.is_for_one(Keyword::Retr) && view.in_transaction());
    let messages = view.store().messages(&other).unwrap_or_default();
    match number.and_then(|number| messages.get(number.index())) {
        Some(message) => Before::Answer(retrieved(message)),
        None => Before::Pass,
    }
}

pub(super) fn percent_in_argument_closes(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if is_about_messages(line, view) && line.octets.contains(&b'%') { Before::Close } else { Before::Pass }
}

pub(super) fn argument_echoed(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if is_about_messages(line, view) && line.number().is_none() && reply.starts_with(b"-ERR") {
        *reply = [b"-ERR ", line.arguments().join(&b' ').as_slice(), b" is no message-number\r\n"].concat();
    }
}

pub(super) fn header_dots_not_stuffed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let end = lines.iter().position(|line| *line == b"\r\n").unwrap_or(lines.len());
        let (header, rest) = lines.split_at_checked(end).unwrap_or_default();
        owned(header.iter().map(|line| unstuffed(line)).chain(rest.iter().copied()).collect())
    });
}

/// The value of Content-Length in a line of a header.
fn content_length(line: &[u8]) -> Option<usize> {
    let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
    value.trim().parse().ok().filter(|_| name.eq_ignore_ascii_case("Content-Length"))
}

pub(super) fn content_length_believed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if !line.is(Keyword::Retr) {
        return;
    }
    change_body(line, reply, |lines| {
        let end = lines.iter().position(|line| *line == b"\r\n").map_or(lines.len(), |end| end + 1);
        let (header, body) = lines.split_at_checked(end).unwrap_or_default();
        let mut left = header.iter().find_map(|line| content_length(line)).unwrap_or(usize::MAX);
        let body = body.iter().take_while(|line| {
            let taken = left > 0;
            left = left.saturating_sub(line.len());
            taken
        });
        owned(header.iter().chain(body).copied().collect())
    });
}

/// What ends a message for whoever takes a CR for a line end.
const CR_DOT: &[u8] = b"\r.\r";

pub(super) fn cr_dot_ends_message(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    change_body(line, reply, |lines| {
        let all = lines.concat();
        match all.windows(CR_DOT.len()).position(|octets| octets == CR_DOT) {
            Some(at) => vec![all.get(..at).unwrap_or_default().to_vec(), b"\r\n".to_vec()],
            None => vec![all],
        }
    });
}

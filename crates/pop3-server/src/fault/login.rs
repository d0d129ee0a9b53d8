//! Faults of the AUTHORIZATION state (RFC 1939 sections 4 and 7).

use pop3_proto::auth;
use pop3_proto::command::Keyword;
use pop3_proto::server::Tls;
use pop3_proto::state::State;

use super::{Before, CommandLine, Filter, Heard, View, rewrite};

pub(super) const WRONG: &[u8] = b"-ERR [AUTH] name or password is wrong\r\n";

pub(super) fn user_then(name: &str, line: &CommandLine<'_>) -> Before {
    Before::Instead(vec![(format!("USER {name}").into_bytes(), Heard::No), (line.octets.to_vec(), Heard::Yes)])
}

pub(super) fn pass_without_user(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if !line.is(Keyword::Pass) || view.state() != State::Authorization {
        return Before::Pass;
    }
    let store = view.store();
    let owner = store.names().into_iter().find(|name| store.secret(name).as_deref() == Some(line.text()));
    owner.map_or(Before::Pass, |name| user_then(&name, line))
}

pub(super) fn transaction_before_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if view.in_transaction() {
        return Before::Pass;
    }
    let answer: &[u8] = match line.keyword() {
        Some(Keyword::Stat) => b"+OK 0 0\r\n",
        Some(Keyword::List | Keyword::Uidl) if line.arguments().is_empty() => b"+OK\r\n.\r\n",
        Some(Keyword::Noop | Keyword::Rset) => b"+OK\r\n",
        Some(Keyword::Dele) if line.number().is_some() => b"+OK deleted\r\n",
        Some(Keyword::Retr | Keyword::Top) if line.number().is_some() => b"+OK\r\n\r\n.\r\n",
        _ => return Before::Pass,
    };
    Before::Answer(answer.to_vec())
}

/// NOOP does nothing, so it is let through in any state.
pub(super) fn noop_before_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Noop) && !view.in_transaction() {
        Before::Answer(b"+OK\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn user_after_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    use Keyword as K;
    let login = matches!(line.keyword(), Some(K::User | K::Pass | K::Apop)) && !line.arguments().is_empty();
    if login && view.in_transaction() { Before::Answer(b"+OK\r\n".to_vec()) } else { Before::Pass }
}

/// The name of the last USER, for the faults that remember it too well.
#[derive(Default)]
pub(super) struct LastUser {
    pub(super) name: Option<String>,
}

impl LastUser {
    pub(super) fn hear(&mut self, line: &CommandLine<'_>) {
        if line.is_for_one(Keyword::User) {
            self.name = Some(line.text().to_owned());
        }
    }
}

#[derive(Default)]
pub(super) struct WrongPasswordAccepted {
    user: LastUser,
}

impl Filter for WrongPasswordAccepted {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.user.hear(line);
        if !line.is(Keyword::Pass) || view.state() != State::Named {
            return Before::Pass;
        }
        let secret = self.user.name.as_deref().and_then(|name| view.store().secret(name));
        secret.map_or(Before::Pass, |secret| rewrite(format!("PASS {secret}")))
    }
}

/// A refused PASS leaves the name behind it.
#[derive(Default)]
pub(super) struct RetryPassWithoutUser {
    user: LastUser,
    refused: bool,
}

impl Filter for RetryPassWithoutUser {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.user.hear(line);
        match &self.user.name {
            Some(name) if self.refused && line.is(Keyword::Pass) && view.state() == State::Authorization => {
                user_then(name, line)
            }
            _ => Before::Pass,
        }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if line.is(Keyword::Pass) {
            self.refused = reply.starts_with(b"-ERR");
        }
    }
}

/// The name given in clear is still there under TLS.
#[derive(Default)]
pub(super) struct UserRememberedOverStls {
    user: LastUser,
    crossed: bool,
}

impl Filter for UserRememberedOverStls {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.user.hear(line);
        match &self.user.name {
            Some(name) if self.crossed && line.is(Keyword::Pass) && view.state() == State::Authorization => {
                user_then(name, line)
            }
            _ => Before::Pass,
        }
    }

    fn on_stls(&mut self, _: &[u8]) -> Vec<u8> {
        self.crossed = true;
        Vec::new()
    }
}

pub(super) fn any_digest_accepted(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let name = std::str::from_utf8(line.word(1)).unwrap_or_default();
    let secret = view.store().secret(name).filter(|_| line.is(Keyword::Apop) && !view.in_transaction());
    secret.map_or(Before::Pass, |secret| let_in(name, &secret))
}

/// A login by USER and PASS in place of another, of which the client sees the end.
pub(super) fn let_in(name: &str, secret: &str) -> Before {
    Before::Instead(vec![
        (format!("USER {name}").into_bytes(), Heard::No),
        (format!("PASS {secret}").into_bytes(), Heard::Yes),
    ])
}

pub(super) fn apop_changes_nothing(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let complete = line.is(Keyword::Apop) && line.arguments().len() == 2 && !view.in_transaction();
    if complete { Before::Answer(b"+OK\r\n".to_vec()) } else { Before::Pass }
}

pub(super) fn initial_response_ignored(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let given = line.is(Keyword::Auth) && line.arguments().len() == 2 && !view.in_transaction();
    if given { rewrite([b"AUTH ", line.word(1)].concat()) } else { Before::Pass }
}

pub(super) fn empty_challenge_with_text(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if reply == b"+ \r\n" {
        reply.clear();
        auth::write_challenge(b"go ahead", reply);
    }
}

pub(super) fn plain_any_password(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let is_plain = line.is(Keyword::Auth) && line.word(1).eq_ignore_ascii_case(b"PLAIN") && !view.in_transaction();
    let message = std::str::from_utf8(line.word(2)).ok().and_then(auth::initial_response).filter(|_| is_plain);
    let name = message.and_then(|message| String::from_utf8(message.split(|octet| *octet == 0).nth(1)?.to_vec()).ok());
    let secret = name.as_deref().and_then(|name| view.store().secret(name));
    name.zip(secret).map_or(Before::Pass, |(name, secret)| {
        let mut command = b"AUTH PLAIN ".to_vec();
        auth::write_response(format!("\0{name}\0{secret}").as_bytes(), &mut command);
        rewrite(command.trim_ascii_end())
    })
}

pub(super) fn login_refused_under_tls(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::Pass) && view.tls == Tls::Active { Before::Answer(WRONG.to_vec()) } else { Before::Pass }
}

pub(super) fn in_use_told_as_auth(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if let Some(text) = reply.strip_prefix(b"-ERR [IN-USE]") {
        *reply = [b"-ERR [AUTH]", text].concat();
    }
}

//! Faults of STLS and CAPA (RFC 2595 section 4, RFC 2449 section 5).

use pop3_proto::command::Keyword;
use pop3_proto::server::Tls;

use super::{Before, CommandLine, Filter, View};

/// What came in clear behind STLS is executed under TLS.
pub(super) struct StlsInjection;

impl Filter for StlsInjection {
    fn on_stls(&mut self, rest: &[u8]) -> Vec<u8> {
        rest.to_vec()
    }
}

pub(super) fn stls_in_transaction(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Stls) && view.in_transaction() && view.tls == Tls::Available {
        Before::AnswerThenTls(b"+OK begin TLS negotiation\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn stls_listed_under_tls(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.is(Keyword::Capa) && view.tls == Tls::Active && reply.ends_with(b"\r\n.\r\n") {
        reply.truncate(reply.len() - 3);
        reply.extend_from_slice(b"STLS\r\n.\r\n");
    }
}

pub(super) fn capa_only_before_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::Capa) && view.in_transaction() {
        Before::Answer(b"-ERR not now\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn capability_not_implemented(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    match line.keyword() {
        Some(Keyword::Top | Keyword::Uidl | Keyword::Stls) => Before::Answer(b"-ERR not implemented\r\n".to_vec()),
        _ => Before::Pass,
    }
}

/// STLS is answered, and the session goes on in clear.
pub(super) fn stls_answers_only(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Stls) && view.tls == Tls::Available && !view.in_transaction() {
        Before::Answer(b"+OK begin TLS negotiation\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn capa_refused_under_tls(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::Capa) && view.tls == Tls::Active {
        Before::Answer(b"-ERR not now\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn capa_unterminated(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Capa) && reply.ends_with(b"\r\n.\r\n") {
        reply.truncate(reply.len() - 3);
    }
}

pub(super) fn resp_codes_not_announced(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Capa) {
        let lines = reply.split_inclusive(|octet| *octet == b'\n');
        *reply = lines.filter(|line| !line.ends_with(b"RESP-CODES\r\n")).collect::<Vec<_>>().concat();
    }
}

/// A second greeting, under TLS.
#[derive(Default)]
pub(super) struct GreetingAfterStls {
    due: bool,
}

impl Filter for GreetingAfterStls {
    fn on_stls(&mut self, _: &[u8]) -> Vec<u8> {
        self.due = true;
        b"\r\n".to_vec()
    }

    fn before_line(&mut self, _: &CommandLine<'_>, _: &View<'_>) -> Before {
        if std::mem::take(&mut self.due) { Before::Answer(b"+OK POP3 ready\r\n".to_vec()) } else { Before::Pass }
    }
}

pub(super) fn transaction_before_login_under_tls(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if view.tls == Tls::Active { super::login::transaction_before_login(line, view) } else { Before::Pass }
}

pub(super) fn second_stls_closes(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Stls) && view.tls == Tls::Active { Before::Close } else { Before::Pass }
}

pub(super) fn line_behind_stls_ok(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Stls) && reply.starts_with(b"+OK") {
        reply.extend_from_slice(b"+OK ready for the handshake\r\n");
    }
}

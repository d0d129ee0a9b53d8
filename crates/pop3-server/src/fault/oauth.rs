//! Faults of OAUTHBEARER (RFC 7628) and XOAUTH2.

use pop3_proto::command::Keyword;
use pop3_proto::server::Tls;

use super::mechanism::{ask_instead, asked, let_in, said, say_instead};
use super::sasl::names;
use super::{Before, CommandLine, Filter, View, rewrite};

/// A fault of first messages.
pub(super) struct OnMessage(pub(super) fn(&CommandLine<'_>, &str, &View<'_>) -> Before);

impl OnMessage {
    fn hear(&self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let message = said(line).filter(|message| message.contains('\u{1}') && message.len() > 1);
        message.map_or(Before::Pass, |message| (self.0)(line, &message, view))
    }
}

impl Filter for OnMessage {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if line.is(Keyword::Auth) && !view.in_transaction() { self.hear(line, view) } else { Before::Pass }
    }

    fn before_response(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.hear(line, view)
    }
}

/// The message is none, and the exchange is refused.
fn refused(line: &CommandLine<'_>) -> Before {
    say_instead(line, "x")
}

pub(super) fn unknown_pair_refused(line: &CommandLine<'_>, message: &str, _: &View<'_>) -> Before {
    let known = ["auth", "host", "port", "user"];
    let unknown = |pair: &str| pair.split_once('=').is_some_and(|(key, _)| !known.contains(&key));
    if message.split('\u{1}').skip(1).any(unknown) { refused(line) } else { Before::Pass }
}

pub(super) fn scheme_case_sensitive(line: &CommandLine<'_>, message: &str, _: &View<'_>) -> Before {
    if message.contains("auth=Bearer ") { Before::Pass } else { refused(line) }
}

/// Whoever is named is let in when the message is in no form that it could have.
pub(super) fn read_loosely(_: &CommandLine<'_>, message: &str, view: &View<'_>) -> Before {
    let right = message.starts_with("n,") && message.contains("\u{1}auth=") && message.ends_with("\u{1}\u{1}");
    let name = message.split(['=', ',']).nth(2).filter(|_| !right && message.contains(",a="));
    name.map_or(Before::Pass, |name| let_in(name, view))
}

pub(super) fn name_ignored(line: &CommandLine<'_>, message: &str, _: &View<'_>) -> Before {
    match message.split_once('\u{1}') {
        Some((header, rest)) if header.starts_with("n,a=") => say_instead(line, &format!("n,,\u{1}{rest}")),
        _ => Before::Pass,
    }
}

pub(super) fn xoauth2_any_token(_: &CommandLine<'_>, message: &str, view: &View<'_>) -> Before {
    let name = message.strip_prefix("user=").and_then(|rest| rest.split('\u{1}').next());
    name.map_or(Before::Pass, |name| let_in(name, view))
}

pub(super) fn error_not_json(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if asked(reply).is_some_and(|challenge| challenge.starts_with('{')) {
        ask_instead(reply, "invalid token");
    }
}

/// A wrong token is refused at once.
#[derive(Default)]
pub(super) struct ErrorLeftOut {
    /// The session still waits for what the client says to the error.
    waits: bool,
}

impl Filter for ErrorLeftOut {
    fn before_response(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if !std::mem::take(&mut self.waits) {
            return Before::Pass;
        }
        Before::Instead(vec![(b"AQ==".to_vec(), super::Heard::No), (line.octets.to_vec(), super::Heard::Yes)])
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if asked(reply).is_some_and(|challenge| challenge.starts_with('{')) {
            self.waits = true;
            *reply = b"-ERR [AUTH] wrong token\r\n".to_vec();
        }
    }
}

pub(super) fn dummy_response_accepted(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.octets == b"AQ==" && reply.starts_with(b"-ERR") {
        *reply = b"+OK\r\n".to_vec();
    }
}

/// A right token draws a challenge before it lets in.
#[derive(Default)]
pub(super) struct AcceptedLate {
    oauth: bool,
    late: bool,
}

impl Filter for AcceptedLate {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if std::mem::take(&mut self.late) {
            return Before::Answer(b"+OK\r\n".to_vec());
        }
        self.oauth = line.is(Keyword::Auth) && names(line, "OAUTHBEARER");
        Before::Pass
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        if self.oauth && view.in_transaction() && !std::mem::take(&mut self.late) {
            (self.oauth, self.late) = (false, true);
            ask_instead(reply, "{\"status\":\"ok\"}");
        }
    }
}

/// These mechanisms begin without TLS, where nobody should show a token or certificate, or
/// has a channel to bind to.
pub(super) fn without_tls(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    begins_without_tls(line, view, "OAUTHBEARER")
}

pub(super) fn plus_without_tls(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let begins = line.is(Keyword::Auth) && names(line, "SCRAM-SHA-256-PLUS") && view.tls != Tls::Active;
    if !begins {
        return Before::Pass;
    }
    let initial = line.octets.get(b"AUTH SCRAM-SHA-256-PLUS".len()..).unwrap_or_default();
    rewrite([b"AUTH SCRAM-SHA-256", initial].concat())
}

fn begins_without_tls(line: &CommandLine<'_>, view: &View<'_>, mechanism: &str) -> Before {
    let begins = line.is(Keyword::Auth) && names(line, mechanism) && view.tls != Tls::Active;
    if begins { Before::Answer(b"+ \r\n".to_vec()) } else { Before::Pass }
}

pub(super) fn external_without_certificate(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    let external = line.is(Keyword::Auth) && names(line, "EXTERNAL");
    if external { Before::Answer(b"+OK\r\n".to_vec()) } else { Before::Pass }
}

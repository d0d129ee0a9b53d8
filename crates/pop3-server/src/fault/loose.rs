//! Faults of reading what a client says in PLAIN (RFC 4616) and SCRAM (RFC 5802) more
//! loosely, or more narrowly, than it is written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_proto::command::Keyword;

use super::mechanism::{ask_instead, asked, let_in, say_instead};
use super::sasl::{broken_off, names};
use super::{Before, CommandLine, Filter, View};

/// What a client's line says, whatever octets it has.
fn octets_said(line: &CommandLine<'_>) -> Option<Vec<u8>> {
    let encoded = if line.is(Keyword::Auth) { line.word(2) } else { line.octets };
    STANDARD.decode(encoded).ok().filter(|message| !message.is_empty())
}

/// Without what is no UTF-8, no letter, or nothing when prepared.
fn cleaned(message: &[u8]) -> String {
    let dropped = |c: char| c == char::REPLACEMENT_CHARACTER || c == '\u{AD}' || (c.is_control() && c != '\0');
    String::from_utf8_lossy(message).chars().filter(|c| !dropped(*c)).collect()
}

/// A fault of the messages of one mechanism, or of those whose names begin so.
pub(super) struct InMechanism<R> {
    mechanism: &'static str,
    begun: bool,
    reader: R,
}

impl<R> InMechanism<R> {
    pub(super) fn new(mechanism: &'static str, reader: R) -> Self {
        Self { mechanism, begun: false, reader }
    }
}

/// What becomes of a message.
pub(super) trait Reader: Send {
    fn hear(&mut self, line: &CommandLine<'_>, message: &[u8], view: &View<'_>) -> Before;

    /// What becomes of a reply in the exchange.
    fn reply(&mut self, _reply: &mut Vec<u8>) {}
}

impl<R: Reader> Filter for InMechanism<R> {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let name = line.word(1).to_ascii_uppercase();
        let fits = name == self.mechanism.as_bytes() || name == [self.mechanism.as_bytes(), b"-256"].concat();
        self.begun = line.is(Keyword::Auth) && fits && !view.in_transaction();
        self.before_response(line, view)
    }

    fn before_response(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let message = octets_said(line).filter(|_| self.begun);
        message.map_or(Before::Pass, |message| self.reader.hear(line, &message, view))
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if self.begun {
            self.reader.reply(reply);
        }
    }
}

/// A fault of PLAIN that knows no more than the message.
pub(super) struct OfPlain(pub(super) fn(&CommandLine<'_>, &[u8], &View<'_>) -> Before);

impl Reader for OfPlain {
    fn hear(&mut self, line: &CommandLine<'_>, message: &[u8], view: &View<'_>) -> Before {
        (self.0)(line, message, view)
    }
}

/// Name and password are the first two fields with something in them.
pub(super) fn plain_read_loosely(line: &CommandLine<'_>, message: &[u8], _: &View<'_>) -> Before {
    let text = cleaned(message);
    let mut fields: Vec<&str> = text.split('\0').filter(|field| !field.is_empty()).collect();
    fields.dedup();
    match fields.as_slice() {
        [name, password, ..] => say_instead(line, &format!("\0{name}\0{password}")),
        _ => Before::Pass,
    }
}

pub(super) fn plain_empty_password(_: &CommandLine<'_>, message: &[u8], view: &View<'_>) -> Before {
    let text = cleaned(message);
    match text.split('\0').collect::<Vec<_>>().as_slice() {
        [_, name, ""] => let_in(name, view),
        _ => Before::Pass,
    }
}

/// What the faulty server keeps of a field, in octets.
const KEPT: usize = 64;

pub(super) fn plain_fields_cut(line: &CommandLine<'_>, message: &[u8], _: &View<'_>) -> Before {
    let text = cleaned(message);
    let cut: Vec<&str> = text.split('\0').map(|field| field.get(..KEPT).unwrap_or(field)).collect();
    if cut.join("\0") == text { Before::Pass } else { say_instead(line, &cut.join("\0")) }
}

pub(super) fn plain_needs_authorization_identity(line: &CommandLine<'_>, message: &[u8], _: &View<'_>) -> Before {
    if message.starts_with(b"\0") { say_instead(line, "\0") } else { Before::Pass }
}

fn is_final(message: &[u8]) -> bool {
    message.starts_with(b"c=") || message.starts_with(b"r=")
}

/// The name in a first message of SCRAM, wherever it stands.
fn name_in(message: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(message).into_owned();
    let at = text.to_ascii_lowercase().find(",n=")? + 3;
    text.get(at..)?.split(',').next().map(str::to_owned)
}

/// First messages of SCRAM are taken in any form, and what is proven by them is not looked at.
#[derive(Default)]
pub(super) struct ScramReadLoosely(Option<String>);

impl Reader for ScramReadLoosely {
    fn hear(&mut self, line: &CommandLine<'_>, message: &[u8], view: &View<'_>) -> Before {
        if message.starts_with(b"c=") {
            return self.0.take().map_or(Before::Pass, |name| let_in(&name, view));
        }
        let Some(raw) = name_in(message) else { return Before::Pass };
        let name = cleaned(raw.as_bytes()).replace("=2X", "").replace('=', "");
        let right = ["n", "y"].iter().any(|flag| message.starts_with(format!("{flag},,n={name},r=").as_bytes()));
        if right && !message.ends_with(b",r=") {
            return Before::Pass;
        }
        self.0 = Some(name.clone());
        say_instead(line, &format!("n,,n={name},r=xxxxxxxxxxxx"))
    }
}

/// What a last message of SCRAM has as `c=` is not looked at.
#[derive(Default)]
pub(super) struct ScramHeaderUnchecked(Option<String>);

impl Reader for ScramHeaderUnchecked {
    fn hear(&mut self, _: &CommandLine<'_>, message: &[u8], view: &View<'_>) -> Before {
        if !is_final(message) {
            self.0 = name_in(message).filter(|_| message.starts_with(b"n,,"));
            return Before::Pass;
        }
        let name = self.0.take().filter(|_| !message.starts_with(b"c=biws,"));
        name.map_or(Before::Pass, |name| let_in(&name, view))
    }
}

/// A mechanism with -PLUS binds to nothing.
#[derive(Default)]
pub(super) struct ChannelBindingUnchecked(Option<String>);

impl Reader for ChannelBindingUnchecked {
    fn hear(&mut self, line: &CommandLine<'_>, message: &[u8], view: &View<'_>) -> Before {
        if is_final(message) {
            return self.0.take().map_or(Before::Pass, |name| let_in(&name, view));
        }
        self.0 = name_in(message);
        let text = String::from_utf8_lossy(message).into_owned();
        match text.split_once(',') {
            Some((flag, rest)) if flag.starts_with("p=") => say_instead(line, &format!("p=tls-exporter,{rest}")),
            _ => Before::Pass,
        }
    }
}

/// A fault of SCRAM that knows no more than the message.
pub(super) struct OfScram(pub(super) fn(&[u8], &View<'_>) -> Faulty);

/// Whether a message is taken for a wrong one.
pub(super) type Faulty = bool;

impl Reader for OfScram {
    fn hear(&mut self, line: &CommandLine<'_>, message: &[u8], view: &View<'_>) -> Before {
        match (self.0)(message, view) {
            true if line.is(Keyword::Auth) => Before::Answer(b"-ERR [AUTH] wrong\r\n".to_vec()),
            true => broken_off(),
            false => Before::Pass,
        }
    }
}

pub(super) fn scram_extension_refused(message: &[u8], _: &View<'_>) -> Faulty {
    message.windows(3).any(|three| three == b",x=")
}

/// Only names written as the account's are known.
pub(super) fn scram_names_unprepared(message: &[u8], view: &View<'_>) -> Faulty {
    !is_final(message) && name_in(message).is_some_and(|name| view.store().secret(&name).is_none())
}

/// The hash is made over another form of the name.
#[derive(Default)]
pub(super) struct ScramHashesPreparedName(bool);

impl Reader for ScramHashesPreparedName {
    fn hear(&mut self, _: &CommandLine<'_>, message: &[u8], _: &View<'_>) -> Before {
        if is_final(message) {
            return if std::mem::take(&mut self.0) { broken_off() } else { Before::Pass };
        }
        self.0 = !message.is_ascii();
        Before::Pass
    }
}

/// A failed exchange of SCRAM says something before it ends.
#[derive(Default)]
pub(super) struct ScramFailureWithoutE(bool);

impl Reader for ScramFailureWithoutE {
    fn hear(&mut self, _: &CommandLine<'_>, message: &[u8], _: &View<'_>) -> Before {
        self.0 = is_final(message);
        Before::Pass
    }

    fn reply(&mut self, reply: &mut Vec<u8>) {
        if std::mem::take(&mut self.0) && reply.starts_with(b"-ERR") {
            ask_instead(reply, "failed");
        }
    }
}

pub(super) fn scram_count_missing(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let challenge = asked(reply).unwrap_or_default();
    if let Some((rest, _)) = challenge.split_once(",i=").filter(|_| challenge.starts_with("r=")) {
        ask_instead(reply, rest);
    }
}

pub(super) fn cram_challenge_without_brackets(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let challenge = asked(reply).unwrap_or_default();
    if let Some(inner) = challenge.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        ask_instead(reply, inner);
    }
}

pub(super) fn challenge_with_words(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let challenge = asked(reply).unwrap_or_default();
    if challenge.starts_with('<') || challenge.ends_with(':') {
        reply.truncate(reply.len() - 2);
        reply.extend_from_slice(b" please\r\n");
    }
}

/// LOGIN lets in with any password.
#[derive(Default)]
pub(super) struct LoginAnyPassword(Option<String>);

impl Filter for LoginAnyPassword {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.0 = (line.is(Keyword::Auth) && names(line, "LOGIN")).then(String::new);
        Before::Pass
    }

    fn before_response(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let said = octets_said(line).map(|message| cleaned(&message));
        match (&mut self.0, said) {
            (Some(name), Some(said)) if name.is_empty() => *name = said,
            (Some(name), Some(_)) => return let_in(name, view),
            _ => {}
        }
        Before::Pass
    }
}

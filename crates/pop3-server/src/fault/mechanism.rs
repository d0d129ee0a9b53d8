//! Faults of single mechanisms: PLAIN (RFC 4616), CRAM-MD5 (RFC 2195) and SCRAM
//! (RFC 5802).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_proto::command::Keyword;

use super::{Before, CommandLine, Filter, Heard, View};
use crate::sasl::SaslSettings;

/// What a client's line says in its mechanism; of an AUTH command, its initial response.
pub(super) fn said(line: &CommandLine<'_>) -> Option<String> {
    let encoded = if line.is(Keyword::Auth) { line.word(2) } else { line.octets };
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}

/// The same line with another message in it.
pub(super) fn say_instead(line: &CommandLine<'_>, message: &str) -> Before {
    let encoded = STANDARD.encode(message);
    super::rewrite(if line.is(Keyword::Auth) {
        [b"AUTH ", line.word(1), b" ", encoded.as_bytes()].concat()
    } else {
        encoded.into_bytes()
    })
}

/// What a challenge says.
pub(super) fn asked(reply: &[u8]) -> Option<String> {
    let encoded = reply.strip_prefix(b"+ ")?.strip_suffix(b"\r\n")?;
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}

pub(super) fn ask_instead(reply: &mut Vec<u8>, challenge: &str) {
    *reply = format!("+ {}\r\n", STANDARD.encode(challenge)).into_bytes();
}

/// Ends the exchange and lets in whoever has this name.
pub(super) fn let_in(name: &str, view: &View<'_>) -> Before {
    let Some(secret) = view.store().secret(name) else { return Before::Pass };
    Before::Instead(vec![
        (b"*".to_vec(), Heard::No),
        (format!("USER {name}").into_bytes(), Heard::No),
        (format!("PASS {secret}").into_bytes(), Heard::Yes),
    ])
}

/// A fault of what PLAIN says, in the command or behind it.
pub(super) struct OnPlain(pub(super) fn(&CommandLine<'_>, &str) -> Before);

impl OnPlain {
    fn hear(&self, line: &CommandLine<'_>) -> Before {
        said(line).filter(|message| message.contains('\0')).map_or(Before::Pass, |message| (self.0)(line, &message))
    }
}

impl Filter for OnPlain {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if line.is(Keyword::Auth) && !view.in_transaction() { self.hear(line) } else { Before::Pass }
    }

    fn before_response(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.hear(line)
    }
}

pub(super) fn authorization_identity_ignored(line: &CommandLine<'_>, message: &str) -> Before {
    match message.split_once('\0') {
        Some((authzid, rest)) if !authzid.is_empty() => say_instead(line, &format!("\0{rest}")),
        _ => Before::Pass,
    }
}

pub(super) fn authorization_identity_refused(line: &CommandLine<'_>, message: &str) -> Before {
    if message.starts_with('\0') { Before::Pass } else { say_instead(line, "\0") }
}

/// CRAM-MD5 lets in with any digest.
pub(super) struct AnyCramDigest;

impl Filter for AnyCramDigest {
    fn before_response(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let message = said(line).filter(|message| !message.contains(['\0', ',']));
        let name = message.as_deref().and_then(|message| message.rsplit_once(' '));
        name.map_or(Before::Pass, |(name, _)| let_in(name, view))
    }
}

/// The same random octets each time, as of a source that nobody has seeded.
pub(super) struct NoncesRepeat;

impl Filter for NoncesRepeat {
    fn on_mechanisms(&mut self, settings: &mut Arc<SaslSettings>) {
        let unseeded = |octets: &mut [u8]| {
            octets.fill(7);
            true
        };
        *settings = Arc::new(SaslSettings::clone(settings).with_sources(unseeded, || 697_170_952));
    }
}

/// Puts another nonce into the server's first message of SCRAM.
fn on_scram_nonce(reply: &mut Vec<u8>, other: fn(&str) -> String) {
    let challenge = asked(reply).unwrap_or_default();
    if let Some((nonce, rest)) = challenge.strip_prefix("r=").and_then(|nonce| nonce.split_once(',')) {
        ask_instead(reply, &format!("r={},{rest}", other(nonce)));
    }
}

/// The characters that the server adds to the client's nonce.
const ADDED: usize = 24;

pub(super) fn scram_nonce_replaced(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    on_scram_nonce(reply, |nonce| nonce.get(nonce.len().saturating_sub(ADDED)..).unwrap_or_default().to_owned());
}

pub(super) fn scram_nonce_not_extended(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    on_scram_nonce(reply, |nonce| nonce.get(..nonce.len().saturating_sub(ADDED)).unwrap_or_default().to_owned());
}

pub(super) fn scram_signature_wrong(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if asked(reply).is_some_and(|challenge| challenge.starts_with("v=")) {
        ask_instead(reply, &format!("v={}", STANDARD.encode([0; 32])));
    }
}

fn is_scram_final(line: &CommandLine<'_>) -> bool {
    said(line).is_some_and(|message| message.starts_with("c="))
}

pub(super) fn scram_signature_missing(line: &CommandLine<'_>) -> Before {
    if !is_scram_final(line) {
        return Before::Pass;
    }
    Before::Instead(vec![(line.octets.to_vec(), Heard::No), (Vec::new(), Heard::Yes)])
}

/// The signature stands in the text of `+OK`.
pub(super) struct SignatureWithSuccess;

impl Filter for SignatureWithSuccess {
    fn before_response(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if !is_scram_final(line) {
            return Before::Pass;
        }
        Before::Instead(vec![(line.octets.to_vec(), Heard::Yes), (Vec::new(), Heard::Yes)])
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        let both = reply.windows(2).position(|pair| pair == b"\r\n").map(|end| reply.split_at(end + 2));
        let Some((challenge, outcome)) = both.filter(|(_, outcome)| !outcome.is_empty()) else { return };
        if asked(challenge).is_some_and(|challenge| challenge.starts_with("v=")) && outcome.starts_with(b"+OK") {
            let signature = challenge.strip_prefix(b"+ ").unwrap_or_default();
            *reply = [b"+OK ", signature].concat();
        }
    }
}

/// SCRAM lets in with any proof, or without a check of the flag `y`.
pub(super) struct ScramUnchecked {
    /// Which first messages are not checked.
    pub(super) flag: &'static str,
    /// The name in such a first message.
    pub(super) name: Option<String>,
}

impl ScramUnchecked {
    fn hear(&mut self, line: &CommandLine<'_>) -> Before {
        let message = said(line).unwrap_or_default();
        let Some((header, rest)) = message.split_once(",,n=").filter(|(header, _)| *header == self.flag) else {
            return Before::Pass;
        };
        self.name = rest.split(',').next().map(str::to_owned);
        if header == "n" { Before::Pass } else { say_instead(line, &format!("n,,n={rest}")) }
    }
}

impl Filter for ScramUnchecked {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        if line.is(Keyword::Auth) { self.hear(line) } else { Before::Pass }
    }

    fn before_response(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        match self.name.take_if(|_| is_scram_final(line)) {
            Some(name) => let_in(&name, view),
            None => self.hear(line),
        }
    }
}

//! Faults of APOP (RFC 1939 section 7).

use pop3_proto::apop;
use pop3_proto::command::Keyword;
use pop3_proto::server::ServerConfig;
use pop3_proto::unique_id::UniqueId;

use super::login::{WRONG, let_in};
use super::{Before, CommandLine, Filter, View, rewrite};

/// How many characters a digest has.
const DIGITS: usize = 32;

/// Name, secret and digest of a complete APOP before login.
fn claim<'a>(line: &CommandLine<'a>, view: &View<'_>) -> Option<(&'a str, String, &'a str)> {
    if !line.is(Keyword::Apop) || line.arguments().len() != 2 || view.in_transaction() {
        return None;
    }
    let name = std::str::from_utf8(line.word(1)).ok()?;
    Some((name, view.store().secret(name)?, std::str::from_utf8(line.word(2)).ok()?))
}

/// A digest that let somebody in lets in on any connection.
pub(super) struct ApopReplayAccepted;

impl ApopReplayAccepted {
    const TOPIC: &str = "apop-replay-accepted";
}

impl Filter for ApopReplayAccepted {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let Some((name, secret, digest)) = claim(line, view) else { return Before::Pass };
        let heard = view.memory.notes(Self::TOPIC, name);
        if heard.keys().any(|one| one.as_str() == digest) { let_in(name, &secret) } else { Before::Pass }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let granted = line.is(Keyword::Apop) && reply.starts_with(b"+OK") && view.in_transaction();
        // The notes of a maildrop are by unique-id; a digest has the form of one.
        if let (true, Some(name), Ok(digest)) = (granted, view.host.name(), UniqueId::new(line.word(2))) {
            let mut heard = view.memory.notes(Self::TOPIC, name);
            heard.insert(digest, 1);
            view.memory.note(Self::TOPIC, name, heard);
        }
    }
}

/// There is nothing to make a digest of, and so none is looked at.
pub(super) struct ApopWithoutTimestamp;

impl Filter for ApopWithoutTimestamp {
    fn on_connect(&mut self, config: &mut ServerConfig) {
        config.timestamp = None;
    }

    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        claim(line, view).map_or(Before::Pass, |(name, secret, _)| let_in(name, &secret))
    }
}

pub(super) fn digest_cut_at_32(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match claim(line, view).and_then(|(name, _, digest)| Some((name, digest.get(..DIGITS)?, digest))) {
        Some((name, cut, digest)) if cut != digest => rewrite(format!("APOP {name} {cut}")),
        _ => Before::Pass,
    }
}

/// The digest is made of the timestamp without its angle brackets.
#[derive(Default)]
pub(super) struct DigestWithoutBrackets {
    bare: Vec<u8>,
}

impl Filter for DigestWithoutBrackets {
    fn greeting(&mut self, greeting: &mut Vec<u8>) {
        self.bare =
            apop::timestamp(greeting).and_then(|stamp| stamp.get(1..stamp.len() - 1)).unwrap_or_default().to_vec();
    }

    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        match claim(line, view) {
            Some((name, secret, digest)) if digest == apop::digest(&self.bare, secret.as_bytes()) => {
                let_in(name, &secret)
            }
            Some(_) => Before::Answer(WRONG.to_vec()),
            None => Before::Pass,
        }
    }
}

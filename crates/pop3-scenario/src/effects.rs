//! What a scenario does to a mailbox, and what it expects, as far as that can
//! be said before it runs.

use std::collections::{BTreeMap, BTreeSet};

use pop3_spec::ruling::Chosen;

use crate::pattern::Template;
use crate::scenario::{
    AlternativeEvent, AuthOutcome, CloseHow, ForeachValues, PayloadContent, Scenario, Status, Step, TlsOutcome, Verb,
};
use crate::verdict::Verdict;

impl Scenario {
    /// Whether it sends RETR anywhere: some servers mark or remove mail that
    /// was retrieved.
    #[must_use]
    pub fn retrieves(&self) -> bool {
        sends(&self.steps, "RETR")
    }

    /// Whether it sends DELE anywhere, in any letter case, also cut over several
    /// steps. Errs on the side of the mail: a DELE that is only an argument
    /// counts too.
    #[must_use]
    pub fn deletes(&self) -> bool {
        sends(&self.steps, "DELE")
    }

    /// Whether it takes room that others may need, by connections that it leaves, or
    /// by reading slowly, or measures time, of which others take some. Such a scenario is
    /// played by itself, behind the others.
    #[must_use]
    pub fn plays_alone(&self) -> bool {
        let mut alone = false;
        self.for_each_step(|step| match &step.verb {
            Verb::Open(opening) => alone |= opening.window.is_some(),
            Verb::Close(how) => alone |= *how == CloseHow::Leave,
            Verb::Reply(reply) => alone |= reply.took.is_some(),
            Verb::Sentinel(sentinel) => alone |= sentinel.expect.took.is_some(),
            Verb::OneOf(alternatives) => {
                let timed =
                    |event: &AlternativeEvent| matches!(event, AlternativeEvent::Reply(reply) if reply.took.is_some());
                alone |= alternatives.iter().any(|alternative| timed(&alternative.event));
            }
            _ => {}
        });
        alone
    }

    /// Whether it can pass on a refusal: it expects `-ERR`, silence, a lost
    /// connection or a failed handshake somewhere. An `eof` right after QUIT is
    /// no refusal. Such a scenario proves something only beside a positive control.
    /// With these rulings: a choice may turn a refusal that counted against the
    /// target into one that does not.
    #[must_use]
    pub fn is_negative(&self, rulings: &Chosen) -> bool {
        let mut quitting = BTreeSet::new();
        is_negative(&self.steps, rulings, &mut quitting)
    }

    /// The names of its sessions; empty string for the one without a name.
    #[must_use]
    pub fn sessions(&self) -> BTreeSet<String> {
        let mut sessions = BTreeSet::new();
        self.for_each_step(|step| {
            let talks = !matches!(
                step.verb,
                Verb::Check(_)
                    | Verb::Parallel(_)
                    | Verb::Barrier(_)
                    | Verb::Hook(_)
                    | Verb::Wait(_)
                    | Verb::Retry(_)
                    | Verb::Foreach(_)
                    | Verb::When(_)
                    | Verb::Use(_)
            );
            if talks {
                sessions.insert(step.session.clone().unwrap_or_default());
            }
        });
        sessions
    }
}

/// Whether the word is sent in any session.
fn sends(steps: &[Step], word: &str) -> bool {
    let mut sent: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut values: Vec<u8> = Vec::new();
    crate::walk::every(steps, &mut |step| {
        let stream = sent.entry(step.session.clone().unwrap_or_default()).or_default();
        match &step.verb {
            Verb::Command(text) => line(text, stream),
            Verb::Sentinel(sentinel) => line(&sentinel.command, stream),
            Verb::Send(payload) => {
                match &payload.content {
                    PayloadContent::Raw(text) => stream.extend(text.skeleton()),
                    PayloadContent::Octets(octets) => stream.extend_from_slice(octets),
                }
                stream.extend(payload.then.iter().flat_map(Template::skeleton));
            }
            Verb::Open(_) => stream.push(b'\n'),
            Verb::Use(used) => used.with.iter().for_each(|(_, text)| line(text, &mut values)),
            Verb::Foreach(foreach) => {
                if let ForeachValues::Listed(texts) = &foreach.values {
                    texts.iter().for_each(|text| line(text, &mut values));
                }
            }
            _ => {}
        }
    });
    sent.values().chain(std::iter::once(&values)).any(|octets| has_word(octets, word))
}

fn line(text: &Template, stream: &mut Vec<u8>) {
    stream.extend(text.skeleton());
    stream.extend_from_slice(b"\r\n");
}

/// Whether the word stands in the octets between octets that are no letters or
/// digits, in any letter case.
fn has_word(octets: &[u8], word: &str) -> bool {
    octets.split(|octet| !octet.is_ascii_alphanumeric()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

fn refuses(status: Status) -> bool {
    status == Status::Err
}

/// `quitting` holds the sessions whose last command was QUIT.
fn is_negative(steps: &[Step], rulings: &Chosen, quitting: &mut BTreeSet<Option<String>>) -> bool {
    steps.iter().any(|step| {
        let here = match &step.verb {
            Verb::Command(text) => {
                if text.skeleton().trim_ascii().eq_ignore_ascii_case(b"QUIT") {
                    quitting.insert(step.session.clone());
                } else {
                    quitting.remove(&step.session);
                }
                false
            }
            Verb::Send(_) | Verb::Open(_) | Verb::AuthAny(_) => {
                quitting.remove(&step.session);
                false
            }
            Verb::Auth(auth) => {
                quitting.remove(&step.session);
                auth.expect == AuthOutcome::Err
            }
            Verb::Reply(reply) => refuses(reply.status),
            Verb::Sentinel(sentinel) => refuses(sentinel.expect.status),
            Verb::Eof(_) => !quitting.contains(&step.session),
            Verb::Silent(_) => true,
            Verb::Tls(tls) => tls.outcome != TlsOutcome::Ok,
            Verb::OneOf(alternatives) => alternatives.iter().any(|alternative| {
                let reading = alternative.ruling.as_ref().and_then(|id| rulings.reading(id));
                let verdict = alternative.verdict.read_as(reading);
                let accepted = !matches!(verdict, Verdict::Fail | Verdict::Warn | Verdict::Inconclusive);
                accepted
                    && match &alternative.event {
                        AlternativeEvent::Reply(reply) => refuses(reply.status),
                        AlternativeEvent::Eof(_) => !quitting.contains(&step.session),
                        AlternativeEvent::Silent(_) => true,
                        AlternativeEvent::Tls(outcome) => *outcome != TlsOutcome::Ok,
                    }
            }),
            _ => false,
        };
        let mut inside = false;
        crate::walk::inner(step, &mut |steps| inside |= is_negative(steps, rulings, quitting));
        here || inside
    })
}

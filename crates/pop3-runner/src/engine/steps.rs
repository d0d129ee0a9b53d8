//! What each verb does.

use std::time::Duration;

use pop3_proto::apop;
use pop3_proto::escape::escape;
use pop3_scenario::scenario::{
    Check, Chunking, EofExpectation, Hook, Payload, PayloadContent, SilentExpectation, Step, Use, Verb, Wait,
};
use pop3_scenario::source::Span;
use pop3_scenario::value::{Captures, Value};

use super::auth::Judged;
use super::expect::closed_words;
use super::{Broken, Engine, Played, Scope, Stop, last_command};
use crate::connection::{Arrival, Connection, Taken};
use crate::matching;

/// The captures of APOP: the digest, the same in capitals, and what comes out where
/// the timestamp is taken without its angle brackets.
const DIGESTS: [&str; 3] = ["apop", "apop_capitals", "apop_bare"];

impl Engine<'_> {
    /// Plays one step.
    pub(super) async fn step(&self, step: &Step, scope: &Scope) -> Played {
        let session = Self::session_of(step, scope);
        if waits(&step.verb) {
            self.release(scope).await?;
        }
        match &step.verb {
            Verb::Command(text) => {
                self.know_digest(&session).await;
                let mut line = self.resolve(|captures| text.resolve(|name| captures.octets(name)))?;
                line.extend_from_slice(b"\r\n");
                self.send(&session, &line, scope).await
            }
            Verb::Send(payload) => {
                self.know_digest(&session).await;
                let octets = self.payload(payload)?;
                match payload.chunking {
                    // Cut by the scenario: then so is what goes before it.
                    Some(chunking) => {
                        self.release(scope).await?;
                        self.send_now(&session, &octets, chunking).await
                    }
                    None => self.send(&session, &octets, scope).await,
                }
            }
            Verb::Reply(expectation) => self.expect_reply(&session, expectation, &step.span, None).await,
            // Boxed, so that steps inside steps take little of the stack.
            Verb::Auth(auth) => Box::pin(self.auth(&session, auth, Judged::Exchange, &step.span)).await,
            Verb::AuthAny(any) => Box::pin(self.auth_any(&session, any, &step.span)).await,
            Verb::Sentinel(sentinel) => {
                self.know_digest(&session).await;
                let command = self.resolve(|captures| sentinel.command.resolve(|name| captures.octets(name)))?;
                let line = [command.as_slice(), b"\r\n"].concat();
                self.send(&session, &line, scope).await?;
                self.release(scope).await?;
                self.expect_reply(&session, &sentinel.expect, &step.span, Some(&command)).await
            }
            Verb::Open(connect) => self.open(&session, connect, &step.span).await,
            Verb::Close(how) => self.close(&session, *how).await,
            Verb::Eof(expectation) => self.expect_eof(&session, expectation, &step.span).await,
            Verb::Silent(expectation) => self.expect_silence(&session, expectation, &step.span).await,
            Verb::Wait(wait) => self.wait(wait).await,
            Verb::Tls(expectation) => self.expect_tls(&session, expectation, &step.span).await,
            Verb::OneOf(alternatives) => self.one_of(&session, alternatives, &step.span, scope).await,
            Verb::Check(check) => self.check(check, &step.span, &session),
            Verb::Parallel(branches) => self.parallel(branches, scope).await,
            Verb::Barrier(name) => self.barrier(name, scope).await,
            Verb::Retry(retry) => self.retry(retry, scope).await,
            Verb::Foreach(foreach) => {
                self.know_digest(&session).await;
                self.foreach(foreach, scope).await
            }
            Verb::When(when) => self.when(when, scope).await,
            Verb::Use(used) => {
                self.know_digest(&session).await;
                let scope = Scope { session, ..scope.clone() };
                self.fragment(used, &scope).await
            }
            Verb::Hook(hook) => {
                let acted = (self.act)(*hook).await.map_err(Stop::Inconclusive);
                if matches!(hook, Hook::Kill | Hook::Restart) {
                    // Nobody is at the other end any more.
                    self.hang_up().await;
                }
                acted
            }
        }
    }

    /// Plays a fragment. The values of `with` hold inside it only.
    async fn fragment(&self, used: &Use, scope: &Scope) -> Played {
        let mut names = Vec::new();
        for (name, text) in &used.with {
            let value = self.resolve(|captures| text.resolve(|name| captures.octets(name)))?;
            names.push((name.clone(), Value::Octets(value)));
        }
        self.steps_with(names, &used.steps, scope).await
    }

    /// Makes `${apop}` and its kin the digests for this connection's greeting. Sessions
    /// share captures, so this comes right before each use.
    pub(super) async fn know_digest(&self, session: &str) {
        let Ok(connection) = self.connection(session) else { return };
        let connection = connection.lock().await;
        let mut captures = self.captures.borrow_mut();
        let stamp = connection.greeting().and_then(apop::timestamp);
        let Some((stamp, secret)) = stamp.zip(captures.octets("password")) else {
            DIGESTS.iter().for_each(|name| drop(captures.values.remove(*name)));
            return;
        };
        let digest = apop::digest(stamp, &secret);
        let bare = stamp.get(1..stamp.len().saturating_sub(1)).unwrap_or_default();
        let digests = [digest.clone(), digest.to_uppercase(), apop::digest(bare, &secret)];
        for (name, digest) in DIGESTS.into_iter().zip(digests) {
            captures.set(name, Value::Octets(digest.into_bytes()));
        }
    }

    /// Works something out from the captures made so far.
    pub(super) fn resolve<T>(&self, work: impl FnOnce(&Captures) -> Result<T, String>) -> Result<T, Stop> {
        work(&self.captures.borrow()).map_err(|why| self.cannot(why))
    }

    fn payload(&self, payload: &Payload) -> Result<Vec<u8>, Stop> {
        let content = match &payload.content {
            PayloadContent::Raw(text) => self.resolve(|captures| text.resolve(|name| captures.octets(name)))?,
            PayloadContent::Octets(octets) => octets.clone(),
        };
        let mut octets = content.repeat(payload.repeat.max(1));
        if let Some(then) = &payload.then {
            octets.extend(self.resolve(|captures| then.resolve(|name| captures.octets(name)))?);
        }
        Ok(octets)
    }

    /// Sends octets as the run delivers them: now, or held back for what follows.
    async fn send(&self, session: &str, octets: &[u8], scope: &Scope) -> Played {
        if !self.coalesces {
            return self.send_now(session, octets, self.chunking).await;
        }
        self.connection(session)?.lock().await.hold(octets);
        let mut holding = scope.holding.borrow_mut();
        if !holding.iter().any(|held| held == session) {
            holding.push(session.to_owned());
        }
        Ok(())
    }

    pub(super) async fn send_now(&self, session: &str, octets: &[u8], chunking: Chunking) -> Played {
        let taken = self.connection(session)?.lock().await.send(octets, chunking).await;
        self.taken(taken)
    }

    /// Sends what is held back in these steps. Each session's is one write.
    pub(super) async fn release(&self, scope: &Scope) -> Played {
        match scope.holding.take() {
            holding if holding.is_empty() => Ok(()),
            // Boxed, so that steps inside steps take little of the stack.
            holding => Box::pin(self.release_each(holding)).await,
        }
    }

    async fn release_each(&self, sessions: Vec<String>) -> Played {
        for session in sessions {
            // A session that was opened anew has sent it when it was closed.
            let Ok(connection) = self.connection(&session) else { continue };
            let taken = connection.lock().await.release().await;
            self.taken(taken)?;
        }
        Ok(())
    }

    fn taken(&self, taken: Taken) -> Played {
        match taken {
            Taken::All => Ok(()),
            Taken::Stalled => {
                let waited = self.access.patience.whole.as_millis();
                Err(Stop::Inconclusive(format!("the target took no more of what was sent within {waited} ms")))
            }
        }
    }

    pub(super) async fn expect_eof(&self, session: &str, expected: &EofExpectation, span: &Span) -> Played {
        let connection = self.connection(session)?;
        let mut connection = connection.lock().await;
        let within = expected.within.map_or(self.access.patience.silence, |within| self.deadline(within));
        let broken = |connection: &Connection, summary: String, actual: String| {
            self.broken(Broken {
                span,
                session,
                level: expected.level,
                requirement: expected.requirement.as_deref(),
                ruling: None,
                summary,
                command: last_command(connection),
                expected: if expected.close_notify {
                    "close_notify, and then the end of the connection".to_owned()
                } else {
                    "the target closes the connection".to_owned()
                },
                actual,
                advice: None,
            })
        };
        // Where there was no TLS, there is nothing that could be said.
        let lacks_alert = |connection: &Connection| expected.close_notify && connection.said_farewell() == Some(false);
        if connection.state() == pop3_proto::state::State::Handshake {
            // What comes here is TLS, at best: an alert before the end is in order.
            return match connection.closed_within(within).await {
                Some(_) => Ok(()),
                None => broken(&connection, "the connection is not closed".to_owned(), "it is still open".to_owned()),
            };
        }
        match connection.reply_within(within, within).await {
            Arrival::Closed(by) => match connection.unfinished() {
                None if lacks_alert(&connection) => {
                    let summary = "the connection ended without the close alert of TLS".to_owned();
                    broken(&connection, summary, closed_words(by).to_owned())
                }
                None => Ok(()),
                Some(octets) => {
                    let summary = "the connection was closed in the middle of a reply".to_owned();
                    broken(&connection, summary, escape(octets.get(..400).unwrap_or(&octets)))
                }
            },
            Arrival::Reply(reply) => {
                let summary = "a reply came where the connection should be closed".to_owned();
                broken(&connection, summary, matching::describe(&reply))
            }
            Arrival::Silence(_) => {
                let actual = format!("it is still open after {} ms", within.as_millis());
                broken(&connection, "the connection is not closed".to_owned(), actual)
            }
            Arrival::Endless(error) => broken(&connection, "octets without end came".to_owned(), error.to_string()),
        }
    }

    pub(super) async fn expect_silence(&self, session: &str, expected: &SilentExpectation, span: &Span) -> Played {
        let connection = self.connection(session)?;
        let mut connection = connection.lock().await;
        let during = self.scaled(expected.during);
        if connection.is_silent_for(during).await {
            return Ok(());
        }
        let actual = match connection.pending_octets() {
            [] => "the connection was closed".to_owned(),
            octets => escape(octets.get(..400).unwrap_or(octets)),
        };
        self.broken(Broken {
            span,
            session,
            level: expected.level,
            requirement: expected.requirement.as_deref(),
            ruling: None,
            summary: "something came where nothing may".to_owned(),
            command: last_command(&connection),
            expected: format!("nothing for {} ms", during.as_millis()),
            actual,
            advice: None,
        })
    }

    /// Lets time go by. The loader has seen to it that only slow scenarios do.
    async fn wait(&self, wait: &Wait) -> Played {
        let time = match wait {
            Wait::For(time) => *time,
            Wait::Seconds(seconds) => {
                let seconds = self.resolve(|captures| seconds.number(captures).map_err(|error| error.to_string()))?;
                match u64::try_from(seconds.max(0)) {
                    Ok(seconds) if seconds <= Wait::MOST_SECONDS => Duration::from_secs(seconds),
                    _ => return Err(Stop::Inconclusive(format!("{seconds} s is longer than anybody waits for"))),
                }
            }
        };
        tokio::time::sleep(self.scaled(time)).await;
        Ok(())
    }

    fn check(&self, check: &Check, span: &Span, session: &str) -> Played {
        let captures = self.captures.borrow().clone();
        let truth = check.that.truth(&captures).map_err(|error| self.cannot(error.to_string()))?;
        if truth {
            return Ok(());
        }
        let mut values = Vec::new();
        for name in check.that.uses() {
            let value = captures.get(name).map(ToString::to_string).unwrap_or_default();
            let value: String = value.chars().take(400).collect();
            let line = format!("{name} = {value}");
            if !values.contains(&line) {
                values.push(line);
            }
        }
        self.broken(Broken {
            span,
            session,
            level: check.level,
            requirement: check.requirement.as_deref(),
            ruling: check.ruling.as_deref(),
            summary: check.note.clone().unwrap_or_else(|| format!("`{}` does not hold", check.text)),
            command: self.connection(session).ok().and_then(|found| last_command(&*found.try_lock().ok()?)),
            expected: check.text.clone(),
            actual: values.join("\n"),
            advice: None,
        })
    }
}

/// Whether a step waits for something or acts beside the dialogue, so that nothing may
/// be held back behind it. Steps within steps decide for themselves.
fn waits(verb: &Verb) -> bool {
    match verb {
        Verb::Command(_) | Verb::Send(_) | Verb::Sentinel(_) | Verb::Check(_) => false,
        Verb::Retry(_) | Verb::Foreach(_) | Verb::When(_) | Verb::Use(_) => false,
        Verb::Reply(_) | Verb::Eof(_) | Verb::Silent(_) | Verb::Tls(_) | Verb::OneOf(_) => true,
        Verb::Auth(_) | Verb::AuthAny(_) | Verb::Open(_) | Verb::Close(_) | Verb::Hook(_) => true,
        Verb::Parallel(_) | Verb::Barrier(_) | Verb::Wait(_) => true,
    }
}

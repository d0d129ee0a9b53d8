//! Replies: what was expected, what came, and what silence means.

use std::time::Duration;

use pop3_proto::client::ObservedReply;
use pop3_proto::escape::escape;
use pop3_proto::state::State;
use pop3_scenario::event::Choice;
use pop3_scenario::scenario::{Alternative, AlternativeEvent, ReplyExpectation, Status, TlsOutcome};
use pop3_scenario::source::Span;
use pop3_scenario::value::{Captures, Value};
use pop3_scenario::verdict::Level;
use pop3_spec::transcript::ClosedBy;

use super::tls::tls_words;
use super::{Broken, Engine, Played, Scope, Stop, clauses, last_command};
use crate::connection::{Arrival, Connection};
use crate::matching::{self, MatchError, match_reply};

/// The one event by which a `one_of` is decided.
enum Event {
    Arrival(Arrival, Duration),
    Tls(TlsOutcome, String),
}

impl Engine<'_> {
    /// Reads one reply and holds it against the expectation. `sentinel` is the
    /// command whose reply it must be.
    pub(super) async fn expect_reply(
        &self,
        session: &str,
        expectation: &ReplyExpectation,
        span: &Span,
        sentinel: Option<&[u8]>,
    ) -> Played {
        let connection = self.connection(session)?;
        let mut connection = connection.lock().await;
        let command = last_command(&connection);
        let arrival = connection.reply().await;
        let mut requirement = expectation.requirement.as_deref().or_else(|| sentinel.map(|_| clauses::ONE_REPLY));
        let (summary, expected, actual, command) = match arrival {
            Arrival::Reply(reply) => {
                let matched = match_reply(expectation, &reply, &self.captures.borrow(), self.messages);
                match matched {
                    Ok(made) => {
                        self.learn(made);
                        self.learn_time(expectation, connection.took());
                        return Ok(());
                    }
                    Err(MatchError::Scenario(why)) => return Err(self.cannot(why)),
                    Err(MatchError::Mismatch(_)) if expectation.status == Status::Ok && wants_a_pause(&reply) => {
                        return Err(Stop::Inconclusive(format!(
                            "the target wants a pause between logins: {}; set its LOGIN-DELAY to 0 for the run",
                            matching::describe(&reply)
                        )));
                    }
                    Err(MatchError::Mismatch(mismatch)) => {
                        if reply.status.is_none() {
                            requirement = Some(clauses::STATUS_FIRST);
                        }
                        let line = pop3_spec::dialogue::command_of(&reply);
                        let command = if line.is_empty() { command } else { Some(escape(line)) };
                        let summary = match sentinel {
                            Some(sentinel) => format!(
                                "what answers {} is not its reply, so an earlier command had one reply too many or too few: {}",
                                escape(sentinel),
                                mismatch.summary
                            ),
                            None => mismatch.summary,
                        };
                        (summary, mismatch.expected, mismatch.actual, command)
                    }
                }
            }
            Arrival::Closed(by) => {
                let actual = closed_words(by).to_owned();
                (
                    "the target closed the connection instead of answering".to_owned(),
                    matching::wanted_line(expectation),
                    actual,
                    command,
                )
            }
            Arrival::Endless(error) => (
                "the target sends without end".to_owned(),
                matching::wanted_line(expectation),
                error.to_string(),
                command,
            ),
            Arrival::Silence(unfinished) => {
                let found = self.after_silence(&mut connection, unfinished, command.as_deref()).await?;
                (found.0, matching::wanted_line(expectation), found.1, command)
            }
        };
        self.broken(Broken {
            span,
            session,
            level: expectation.level,
            requirement,
            ruling: None,
            summary,
            command,
            expected,
            actual,
            advice: None,
        })
    }

    /// No reply came in time. Silence proves nothing by itself, so ask once more:
    /// if a NOOP is answered once and nothing else comes, then the command before
    /// it was passed over, which is a fact. Returns its summary and what came.
    async fn after_silence(
        &self,
        connection: &mut Connection,
        unfinished: Option<Vec<u8>>,
        command: Option<&str>,
    ) -> Result<(String, String), Stop> {
        let waited = self.access.patience.silence.as_millis();
        if let Some(octets) = unfinished {
            let end = octets.get(octets.len().saturating_sub(120)..).unwrap_or(&octets);
            return Err(Stop::Inconclusive(format!(
                "a reply was begun and not ended within {waited} ms; its last octets: {}",
                escape(end)
            )));
        }
        let command = command.unwrap_or("(nothing sent)");
        if connection.awaits_greeting() && !connection.has_sent() {
            return Err(Stop::Inconclusive(format!("no greeting within {waited} ms")));
        }
        // Behind half a line a NOOP would be the other half, and behind STLS no POP3.
        if connection.sent_half_a_line() || connection.state() == State::Handshake {
            return Err(Stop::Inconclusive(format!("no reply to `{command}` within {waited} ms")));
        }
        connection.send(b"NOOP\r\n", self.chunking).await;
        let first = connection.reply().await;
        let Arrival::Reply(first) = first else {
            return Err(Stop::Inconclusive(format!(
                "no reply to `{command}` within {waited} ms, nor to a NOOP behind it; the target may be slow (--deadline, --time-scale) or stuck"
            )));
        };
        // A slow target has taken up to two deadlines for the one, and may for the other.
        let patience = self.access.patience;
        match connection.reply_within(patience.silence * 2, patience.whole).await {
            // Closed: the reply may have been a late refusal, such as of a login
            // that waited for a lock, and the NOOP was never read.
            Arrival::Reply(_) | Arrival::Closed(_) => Err(Stop::Inconclusive(format!(
                "the reply to `{command}` took longer than {waited} ms; raise --deadline for a slow target"
            ))),
            Arrival::Endless(error) => Err(Stop::Inconclusive(error.to_string())),
            Arrival::Silence(Some(_)) => Err(Stop::Inconclusive(format!(
                "a reply to `{command}`, or to a NOOP behind it, was begun and not ended in time"
            ))),
            Arrival::Silence(None) => Ok((
                "the command was never answered".to_owned(),
                format!("no reply to `{command}`; a NOOP behind it was answered: {}", matching::describe(&first)),
            )),
        }
    }

    /// Waits for one event and takes the first alternative that it fits.
    pub(super) async fn one_of(
        &self,
        session: &str,
        alternatives: &[Alternative],
        span: &Span,
        scope: &Scope,
    ) -> Played {
        let connection = self.connection(session)?;
        let (event, command) = {
            let mut connection = connection.lock().await;
            let command = last_command(&connection);
            (self.one_event(&mut connection, alternatives).await?, command)
        };
        for alternative in alternatives {
            if !self.fits(alternative, &event)? {
                continue;
            }
            let verdict = self.graded(alternative.verdict, alternative.ruling.as_deref());
            self.outcome.borrow_mut().choices.push(Choice {
                line: span.line,
                step: scope.path.clone(),
                id: alternative.id.clone(),
                verdict,
                note: alternative.note.clone(),
                ruling: alternative.ruling.clone(),
            });
            let level = Level::broken_as(verdict).filter(|level| *level != Level::May);
            if let Some(level) = level {
                let summary =
                    alternative.note.clone().unwrap_or_else(|| format!("the target chose `{}`", alternative.id));
                let better =
                    alternatives.iter().filter(|other| self.graded(other.verdict, other.ruling.as_deref()) < verdict);
                self.broken(Broken {
                    span: &alternative.span,
                    session,
                    level: Some(level),
                    requirement: alternative.requirement.as_deref(),
                    ruling: alternative.ruling.as_deref(),
                    summary,
                    command,
                    expected: better.map(|other| words(&other.event)).collect::<Vec<_>>().join("\n"),
                    actual: event_words(&event),
                    advice: None,
                })?;
            }
            return self.steps(&alternative.then, &scope.within(&alternative.id)).await;
        }
        if let Event::Arrival(Arrival::Silence(unfinished), _) = event {
            let mut connection = connection.lock().await;
            let (summary, actual) = self.after_silence(&mut connection, unfinished, command.as_deref()).await?;
            return self.none_of(session, alternatives, span, command, summary, actual);
        }
        let summary = "none of the acceptable events".to_owned();
        self.none_of(session, alternatives, span, command, summary, event_words(&event))
    }

    fn none_of(
        &self,
        session: &str,
        alternatives: &[Alternative],
        span: &Span,
        command: Option<String>,
        summary: String,
        actual: String,
    ) -> Played {
        let expected: Vec<String> = alternatives.iter().map(|alternative| words(&alternative.event)).collect();
        self.broken(Broken {
            span,
            session,
            level: None,
            requirement: None,
            ruling: None,
            summary,
            command,
            expected: expected.join("\n"),
            actual,
            advice: None,
        })
    }

    /// Waits as long as the alternatives ask for one event.
    async fn one_event(&self, connection: &mut Connection, alternatives: &[Alternative]) -> Result<Event, Stop> {
        if alternatives.iter().any(|alternative| matches!(alternative.event, AlternativeEvent::Tls(_))) {
            let started = connection.start_tls(self.access.tls.clone(), self.access.tls_name.clone()).await;
            return match started {
                Ok(()) => Ok(Event::Tls(TlsOutcome::Ok, "the handshake completed".to_owned())),
                Err(failure) => match failure.outcome {
                    Some(outcome) => Ok(Event::Tls(outcome, failure.why)),
                    None => Err(Stop::Inconclusive(failure.why)),
                },
            };
        }
        let silences = alternatives.iter().filter_map(|alternative| match &alternative.event {
            AlternativeEvent::Silent(silent) => Some(self.scaled(silent.during)),
            _ => None,
        });
        let patience = self.access.patience;
        let silence = silences.max().unwrap_or(patience.silence);
        let arrival = connection.reply_within(silence, patience.whole.max(silence)).await;
        Ok(Event::Arrival(arrival, connection.took()))
    }

    /// Adds to its list how long a reply took that is as expected.
    fn learn_time(&self, expectation: &ReplyExpectation, took: Duration) {
        if let Some(list) = &expectation.took {
            let milliseconds = i128::try_from(took.as_millis()).unwrap_or(i128::MAX);
            let mut made = Captures::new();
            made.values.extend(
                self.captures.borrow().values.get_key_value(list).map(|(list, times)| (list.clone(), times.clone())),
            );
            made.add(list, Value::Number(milliseconds));
            self.learn(made);
        }
    }

    /// Whether an alternative is the event; its captures are then made.
    fn fits(&self, alternative: &Alternative, event: &Event) -> Result<bool, Stop> {
        match (&alternative.event, event) {
            (AlternativeEvent::Reply(expectation), Event::Arrival(Arrival::Reply(reply), took)) => {
                let matched = match_reply(expectation, reply, &self.captures.borrow(), self.messages);
                match matched {
                    Ok(made) => {
                        self.learn(made);
                        self.learn_time(expectation, *took);
                        Ok(true)
                    }
                    Err(MatchError::Mismatch(_)) => Ok(false),
                    Err(MatchError::Scenario(why)) => Err(self.cannot(why)),
                }
            }
            (AlternativeEvent::Eof(_), Event::Arrival(Arrival::Closed(_), _))
            | (AlternativeEvent::Silent(_), Event::Arrival(Arrival::Silence(None), _)) => Ok(true),
            (AlternativeEvent::Tls(wanted), Event::Tls(outcome, _)) => Ok(wanted.is_met_by(*outcome)),
            _ => Ok(false),
        }
    }
}

/// A login refused for coming too soon, which RFC 2449 section 6.5 allows and
/// which says nothing about what the scenario asks.
pub(super) fn wants_a_pause(reply: &ObservedReply) -> bool {
    let refused = reply.status == Some(pop3_proto::reply::Status::Err);
    refused && reply.response_code().is_some_and(|code| code.is_a("LOGIN-DELAY"))
}

pub(super) fn closed_words(by: ClosedBy) -> &'static str {
    match by {
        ClosedBy::Server => "the connection was closed",
        ClosedBy::Reset => "the connection was reset",
        ClosedBy::Client => "the connection was already closed by the scenario",
    }
}

fn words(event: &AlternativeEvent) -> String {
    match event {
        AlternativeEvent::Reply(expectation) => matching::wanted_line(expectation),
        AlternativeEvent::Eof(_) => "the target closes the connection".to_owned(),
        AlternativeEvent::Silent(silent) => format!("nothing for {} ms", silent.during.as_millis()),
        AlternativeEvent::Tls(outcome) => tls_words(*outcome).to_owned(),
    }
}

fn event_words(event: &Event) -> String {
    match event {
        Event::Arrival(Arrival::Reply(reply), _) => matching::describe(reply),
        Event::Arrival(Arrival::Closed(by), _) => closed_words(*by).to_owned(),
        Event::Arrival(Arrival::Silence(_), _) => "nothing came".to_owned(),
        Event::Arrival(Arrival::Endless(error), _) => error.to_string(),
        Event::Tls(_, why) => why.clone(),
    }
}

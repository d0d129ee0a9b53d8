//! `auth:`, a whole exchange.

use pop3_proto::client::ObservedReply;
use pop3_proto::escape::escape;
use pop3_proto::login::{
    Alteration, Binding, Failure, Identity, Login, LoginDeviation, Method, Said, Step as LoginStep, Surroundings,
};
use pop3_scenario::pattern::Template;
use pop3_scenario::scenario::{self, Auth, AuthOutcome, ChannelBinding};
use pop3_scenario::source::Span;
use pop3_scenario::verdict::Level;
use pop3_spec::transcript::ClosedBy;

use super::expect::{closed_words, wants_a_pause};
use super::{Broken, Engine, Played, Stop, clauses};
use crate::connection::{Arrival, Connection};
use crate::matching::has_code;
use crate::{channel, login};

/// What of an exchange is held against the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// All of it: the scenario is about the mechanism.
    Exchange,
    /// Whether it lets in: the scenario is about something else.
    Entry,
}

/// One thing that is off in an exchange.
struct Off<'a> {
    level: Option<Level>,
    requirement: Option<&'a str>,
    summary: String,
    expected: String,
}

impl Engine<'_> {
    /// Plays the exchange and holds what came against the mechanism and the
    /// expectation: first the departures in the order seen, then the outcome.
    pub(super) async fn auth(&self, session: &str, auth: &Auth, judged: Judged, span: &Span) -> Played {
        let connection = self.connection(session)?;
        let mut connection = connection.lock().await;
        let identity = self.identity(auth)?;
        let surroundings = Surroundings {
            greeting: Vec::new(),
            nonce: match &auth.nonce {
                Some(nonce) => self.octets_of(nonce).map(|octets| String::from_utf8_lossy(&octets).into_owned())?,
                None => login::nonce(),
            },
            binding: self.binding(auth, &connection)?,
            initial_response: auth.initial_response,
            alterations: self.alterations(auth)?,
            cancelled_at: auth.cancel,
        };
        let login = Login::new(Method::Auth(auth.mechanism), &identity, surroundings);
        let mut login = login.map_err(|unusable| self.cannot(format!("`auth` cannot be worked out: {unusable}")))?;
        let patience = (self.access.patience.silence, self.access.patience.whole);
        let story = login::drive(&mut connection, &mut login, self.chunking, patience).await;
        let mut found: Vec<Off<'_>> = match (judged, login.outcome()) {
            (Judged::Exchange, _) => login.deviations().iter().map(|each| self.departure(auth, *each)).collect(),
            (Judged::Entry, Some(LoginStep::Failed(Failure::Deviation(fatal)))) => {
                let requirement = clauses::of_opening(*fatal);
                vec![Off { requirement, ..self.departure(&Auth::new(auth.mechanism), *fatal) }]
            }
            (Judged::Entry, _) => Vec::new(),
        };
        let outcome = match &story.cut_short {
            Some(arrival) => self.cut_short(auth, judged, &login, arrival)?,
            None => self.outcome(auth, &login, story.reply.as_ref())?,
        };
        found.extend(outcome);
        if login.missed_alteration() {
            return Err(self.cannot(format!(
                "`alter` finds nothing to replace in what the client of {} says",
                auth.mechanism.name()
            )));
        }
        let dialogue = story.lines.join("\n");
        let mut played = Ok(());
        for off in found {
            let broken = self.broken(Broken {
                span,
                session,
                level: off.level,
                requirement: off.requirement,
                ruling: None,
                summary: off.summary,
                command: Some(story.last.clone()),
                expected: off.expected,
                actual: dialogue.clone(),
                advice: None,
            });
            played = played.and(broken);
        }
        played
    }

    fn octets_of(&self, text: &Template) -> Result<Vec<u8>, Stop> {
        self.resolve(|captures| text.resolve(|name| captures.octets(name)))
    }

    fn alterations(&self, auth: &Auth) -> Result<Vec<Alteration>, Stop> {
        let alteration = |change: &scenario::Alteration| {
            Ok(Alteration {
                message: change.message,
                replace: change.replace.as_ref().map(|text| self.octets_of(text)).transpose()?,
                with: self.octets_of(&change.with)?,
            })
        };
        auth.alter.iter().map(alteration).collect()
    }

    fn identity(&self, auth: &Auth) -> Result<Identity, Stop> {
        let usual = |name: &str| self.captures.borrow().octets(name).unwrap_or_default();
        let text = |octets: Vec<u8>| {
            let not_utf_8 = |_| self.cannot("names, passwords and tokens of `auth` must be UTF-8".to_owned());
            String::from_utf8(octets).map_err(not_utf_8)
        };
        let given = |template: &Option<Template>| match template {
            Some(template) => text(self.octets_of(template)?).map(Some),
            None => Ok(None),
        };
        let name = match given(&auth.user)? {
            Some(name) => name,
            None => text(usual("user"))?,
        };
        let password = match given(&auth.password)? {
            Some(password) => password,
            None => text(usual("password"))?,
        };
        Ok(Identity { name, password, authzid: given(&auth.authzid)?, token: given(&auth.token)? })
    }

    fn binding(&self, auth: &Auth, connection: &Connection) -> Result<Binding, Stop> {
        let name = auth.mechanism.name();
        let tls = || {
            let without = || self.cannot(format!("{name} binds to TLS, and there is none on this connection"));
            connection.tls().ok_or_else(without)
        };
        let kind = match (auth.channel_binding, auth.mechanism.binds_channel()) {
            (ChannelBinding::BelievedAbsent, _) => return Ok(Binding::BelievedUnsupported),
            (ChannelBinding::Usual, false) => return Ok(Binding::Absent),
            (ChannelBinding::Usual, true) => channel::usual(tls()?),
            (ChannelBinding::Bound(kind), _) => kind,
        };
        match channel::binding(tls()?, kind) {
            Some(channel) => Ok(Binding::Bound(channel)),
            None => Err(Stop::Inconclusive(format!("this TLS channel has no {kind} that could be worked out"))),
        }
    }

    fn departure<'a>(&self, auth: &'a Auth, deviation: LoginDeviation) -> Off<'a> {
        let level = auth.level.unwrap_or(self.scenario.level);
        Off {
            level: Some(if deviation.is_advice() && level == Level::Must { Level::Should } else { level }),
            requirement: clauses::of_opening(deviation).or(auth.requirement.as_deref()),
            summary: format!("in AUTH {}, {deviation}", auth.mechanism.name()),
            expected: format!("an exchange as {} has it", deviation.clause()),
        }
    }

    /// What is off in how the exchange ended, if anything is.
    fn outcome<'a>(
        &self,
        auth: &'a Auth,
        login: &Login,
        reply: Option<&ObservedReply>,
    ) -> Result<Option<Off<'a>>, Stop> {
        let method = login.method();
        let off = |summary: String, expected: &str| {
            let requirement = auth.requirement.as_deref();
            Ok(Some(Off { level: auth.level, requirement, summary, expected: expected.to_owned() }))
        };
        match (login.outcome(), auth.expect) {
            (Some(LoginStep::Done), AuthOutcome::Ok) => Ok(None),
            (Some(LoginStep::Done), AuthOutcome::Err) => {
                off(format!("{method} has let in whom it should refuse"), "-ERR …")
            }
            (Some(LoginStep::Refused), AuthOutcome::Ok) => {
                if let Some(pause) = reply.filter(|reply| wants_a_pause(reply)) {
                    return Err(Stop::Inconclusive(format!(
                        "the target wants a pause between logins: {}; set its LOGIN-DELAY to 0 for the run",
                        escape(&pause.line)
                    )));
                }
                off(format!("{method} is refused; -ERR answers {}", login.said()), "+OK …")
            }
            (Some(LoginStep::Refused), AuthOutcome::Err) if auth.cancel.is_some() && login.said() != Said::Cancel => {
                Err(Stop::Inconclusive(format!(
                    "{method} is refused before the client could cancel it; -ERR answers {}",
                    login.said()
                )))
            }
            (Some(LoginStep::Refused), AuthOutcome::Err) => {
                let Some(code) = &auth.code else { return Ok(None) };
                let has = reply.is_some_and(|reply| has_code(reply, code));
                if has {
                    Ok(None)
                } else {
                    off(format!("the refusal has no response code [{code}]"), &format!("-ERR [{code}] …"))
                }
            }
            // It is among the departures.
            (Some(LoginStep::Failed(Failure::Deviation(_))), _) => Ok(None),
            (Some(LoginStep::Failed(failure @ Failure::NoStatus)), _) => {
                off(format!("in {method}, behind {}, {failure}", login.said()), "+OK …, -ERR … or a challenge")
            }
            (Some(LoginStep::Failed(failure @ Failure::TooManyIterations { .. })), _) => {
                Err(Stop::Inconclusive(failure.to_string()))
            }
            (Some(LoginStep::Failed(Failure::NotAsked) | LoginStep::Send(_)) | None, _) => {
                Err(Stop::Ours(format!("{method} has come to no end; please report it")))
            }
        }
    }

    /// What the end of the connection, or of our patience, means.
    fn cut_short<'a>(
        &self,
        auth: &'a Auth,
        judged: Judged,
        login: &Login,
        arrival: &Arrival,
    ) -> Result<Option<Off<'a>>, Stop> {
        let waited = self.access.patience.silence.as_millis();
        let (said, method) = (login.said(), login.method());
        match arrival {
            Arrival::Closed(ClosedBy::Client) => {
                Err(self.cannot("the connection was already closed by the scenario".to_owned()))
            }
            Arrival::Closed(by) => Ok(Some(Off {
                level: auth.level.filter(|_| judged == Judged::Entry),
                requirement: auth.requirement.as_deref(),
                summary: format!("in {method}, {} in place of an answer to {said}", closed_words(*by)),
                expected: "+OK …, -ERR … or a challenge".to_owned(),
            })),
            Arrival::Endless(error) => Err(Stop::Inconclusive(format!("in {method}, behind {said}: {error}"))),
            Arrival::Silence(_) | Arrival::Reply(_) => {
                Err(Stop::Inconclusive(format!("in {method}, no answer to {said} within {waited} ms")))
            }
        }
    }
}

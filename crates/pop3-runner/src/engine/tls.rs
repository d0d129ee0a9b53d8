//! Connections and their handshakes.

use std::io::ErrorKind;
use std::sync::Arc;

use pop3_proto::reply::Status;
use pop3_scenario::scenario::{Chunking, Connect, OpenTls, TlsExpectation, TlsOffer, TlsOutcome};
use pop3_scenario::source::Span;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::sync::Mutex;

use super::{Broken, Engine, Opening, Played, Stop, last_command};
use crate::certificate::{self, Judged};
use crate::connection::{Arrival, Connection};
use crate::tls::{self, Trust};

/// What comes first on a connection.
enum Beginning {
    Clear,
    Handshake,
    Stls,
}

impl Engine<'_> {
    pub(super) async fn open(&self, session: &str, connect: &Connect, span: &Span) -> Played {
        self.retire(session).await;
        let (plain, implicit) = (self.access.plain, self.access.implicit);
        // A dialogue that does not ask for a port takes what there is: many servers
        // are found behind TLS only (RFC 8314 section 3).
        let (address, beginning) = match (connect.tls, plain) {
            (OpenTls::Usual, Some(plain)) if self.opening == Opening::Clear => (Some(plain), Beginning::Clear),
            (OpenTls::Usual, Some(plain)) if implicit.is_none() => (Some(plain), Beginning::Stls),
            (OpenTls::None, plain) => (plain, Beginning::Clear),
            (OpenTls::Usual | OpenTls::Implicit, _) => (implicit, Beginning::Handshake),
            (OpenTls::Later, _) => (implicit, Beginning::Clear),
        };
        let address = address.ok_or_else(|| Stop::Ours("the target has no such port".to_owned()))?;
        let (order, patience) = (self.order.clone(), self.access.patience);
        let mut connection = match Connection::open(address, session, self.clock, order, patience, connect.window).await
        {
            Ok(connection) => connection,
            Err(error) if connect.is_asserted() && error.kind() == ErrorKind::ConnectionRefused => {
                self.refused(session, connect, span)?;
                // Nothing can be said on a connection that is not there.
                return Err(Stop::Broken);
            }
            Err(error) => return Err(Stop::Inconclusive(format!("cannot connect to {address}: {error}"))),
        };
        let begun = match beginning {
            Beginning::Clear => Ok(()),
            Beginning::Handshake => self.handshake(&mut connection).await,
            Beginning::Stls => self.stls(&mut connection).await,
        };
        if let Err(why) = begun {
            self.outcome.borrow_mut().transcript.push(std::mem::take(&mut connection.transcript));
            return Err(Stop::Inconclusive(format!("no TLS on {address}: {why}")));
        }
        self.connections.borrow_mut().insert(session.to_owned(), Mutex::new(connection).into());
        Ok(())
    }

    async fn handshake(&self, connection: &mut Connection) -> Result<(), String> {
        let started = connection.start_tls(self.access.tls.clone(), self.access.tls_name.clone()).await;
        started.map_err(|failure| failure.why)
    }

    /// Upgrades a connection. The greeting came before it, and is still to be read by the steps.
    async fn stls(&self, connection: &mut Connection) -> Result<(), String> {
        let Arrival::Reply(greeting) = connection.reply().await else { return Err("no greeting came".to_owned()) };
        let took = connection.took();
        connection.send(b"STLS\r\n", Chunking::Whole).await;
        match connection.reply().await {
            Arrival::Reply(reply) if reply.status == Some(Status::Ok) => {}
            _ => return Err("STLS was not accepted".to_owned()),
        }
        self.handshake(connection).await?;
        connection.keep_greeting(*greeting, took);
        Ok(())
    }

    pub(super) async fn expect_tls(&self, session: &str, expected: &TlsExpectation, span: &Span) -> Played {
        let connection = self.connection(session)?;
        let mut connection = connection.lock().await;
        let command = last_command(&connection);
        let broken = |summary: &str, expected_words: String, actual: String| {
            self.broken(Broken {
                span,
                session,
                level: expected.level,
                requirement: expected.requirement.as_deref(),
                ruling: None,
                summary: summary.to_owned(),
                command,
                expected: expected_words,
                actual,
                advice: None,
            })
        };
        let (outcome, actual) = self.outcome_of(&mut connection, expected).await?;
        // Whether there is a handshake at all is asked elsewhere.
        if expected.certificate.is_some() && outcome != TlsOutcome::Ok {
            return Err(Stop::Inconclusive(format!("no certificate was seen: {actual}")));
        }
        if !expected.outcome.is_met_by(outcome) {
            return broken("the TLS handshake came out otherwise", tls_words(expected.outcome).to_owned(), actual);
        }
        let Some(fact) = expected.certificate else { return Ok(()) };
        let presented = connection.tls().and_then(|tls| tls.peer_certificates()).unwrap_or_default();
        match certificate::judge(fact, presented, &self.access.tls_name, &self.access.trust) {
            Judged::Holds => Ok(()),
            Judged::CannotTell(why) => Err(Stop::Unsupported(why)),
            Judged::Broken(why) => {
                let wanted = format!("for {}: {}", name_words(&self.access.tls_name), fact_words(fact));
                broken("the certificate is not as it must be", wanted, why)
            }
        }
    }

    async fn outcome_of(
        &self,
        connection: &mut Connection,
        expected: &TlsExpectation,
    ) -> Result<(TlsOutcome, String), Stop> {
        let offer = expected.offer;
        if let Some(version) = offer.version.filter(|version| version.is_old()) {
            let name = match &self.access.tls_name {
                ServerName::DnsName(name) if !offer.nameless => Some(name.as_ref()),
                _ => None,
            };
            return match connection.say_old_hello(version, name).await {
                // No TLS at all says nothing about its versions.
                Ok((TlsOutcome::Garbage, why)) => Err(Stop::Inconclusive(why)),
                answered => answered.map_err(|failure| Stop::Inconclusive(failure.why)),
            };
        }
        let config = self.config_for(expected)?;
        match connection.start_tls(config, self.access.tls_name.clone()).await {
            Ok(()) => Ok((TlsOutcome::Ok, "the handshake completed".to_owned())),
            Err(failure) => match failure.outcome {
                Some(outcome) => Ok((outcome, format!("the handshake failed: {}", failure.why))),
                None => Err(Stop::Inconclusive(failure.why)),
            },
        }
    }

    fn config_for(&self, expected: &TlsExpectation) -> Result<Arc<ClientConfig>, Stop> {
        // A certificate that is the question must not end the handshake before it is looked at.
        let trust = if expected.certificate.is_some() { &Trust::Anybody } else { &self.access.trust };
        if expected.offer == TlsOffer::default() && expected.certificate.is_none() {
            return Ok(self.access.tls.clone());
        }
        tls::client_config_for(trust, expected.offer).map_err(Stop::Ours)
    }
}

fn name_words(name: &ServerName<'_>) -> String {
    match name {
        ServerName::DnsName(name) => name.as_ref().to_owned(),
        other => format!("{other:?}"),
    }
}

fn fact_words(fact: pop3_scenario::scenario::CertificateFact) -> &'static str {
    use pop3_scenario::scenario::CertificateFact;
    match fact {
        CertificateFact::Identifier => {
            "a certificate with a host name, an address, a service or a URI in its subjectAltName"
        }
        CertificateFact::HostName => "a certificate with this host name as a dNSName in its subjectAltName",
        CertificateFact::Valid => "a certificate with this name that holds today and leads to a trusted authority",
    }
}

pub(super) fn tls_words(outcome: TlsOutcome) -> &'static str {
    match outcome {
        TlsOutcome::Ok => "the handshake completes",
        TlsOutcome::Refused => "the handshake is refused, by an alert or by the end of the connection",
        TlsOutcome::Alert => "the handshake is refused by an alert",
        TlsOutcome::Closed => "the target closes the connection",
        TlsOutcome::Garbage => "plaintext comes where a TLS record belongs",
    }
}

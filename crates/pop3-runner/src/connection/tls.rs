//! What a connection does with TLS: its handshake, that of an old version, and its end.

use std::io;
use std::sync::Arc;

use pop3_proto::escape::escape;
use pop3_scenario::scenario::{TlsOutcome, TlsVersion};
use pop3_spec::transcript::{ClosedBy, What};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::{Connection, Stream, send_now};
use crate::hello;

/// The words for the end of TLS by our own will.
pub(crate) const LEFT: &str = "the client has ended TLS";

/// The first octet of a TLS record that holds an alert (RFC 8446 section 5.1).
const TLS_ALERT: u8 = 21;

/// Octets of the answer to a ClientHello that are shown.
const SHOWN: usize = 16;

/// Why a handshake did not complete.
#[derive(Debug)]
pub(crate) struct TlsFailure {
    /// What kind of failure; `None` when time ran out, or when it was we who refused.
    pub(crate) outcome: Option<TlsOutcome>,
    /// In words.
    pub(crate) why: String,
}

impl Connection {
    /// Runs the TLS handshake as a client.
    ///
    /// # Errors
    /// How it failed. Afterwards the connection is of no use.
    pub(crate) async fn start_tls(
        &mut self,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> Result<(), TlsFailure> {
        self.release().await;
        if let Some(octet) = self.input.first() {
            // An alert may come before our first record, to what came before that.
            let (outcome, why) = match *octet {
                TLS_ALERT => (TlsOutcome::Alert, "an alert came before the handshake began"),
                _ => (TlsOutcome::Garbage, "plaintext came where a TLS record belongs"),
            };
            self.note(What::TlsFailed(why.to_owned()));
            return Err(TlsFailure { outcome: Some(outcome), why: why.to_owned() });
        }
        let Stream::Plain(stream) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return Err(TlsFailure { outcome: None, why: "there is no plain connection to start TLS on".to_owned() });
        };
        let connector = tokio_rustls::TlsConnector::from(config);
        let failure = match timeout(self.patience.whole, connector.connect(name, stream)).await {
            Ok(Ok(stream)) => {
                let version = stream.get_ref().1.protocol_version();
                let version = version.map_or_else(|| "TLS".to_owned(), |version| format!("{version:?}"));
                self.stream = Stream::Tls(Box::pin(stream));
                self.session.handshake_done();
                self.sent_at = self.clock.elapsed();
                self.note(What::TlsEstablished(version));
                return Ok(());
            }
            Ok(Err(error)) => TlsFailure { outcome: outcome(&error), why: error.to_string() },
            Err(_) => TlsFailure { outcome: None, why: "the handshake did not end in time".to_owned() },
        };
        self.note(What::TlsFailed(failure.why.clone()));
        self.closed = Some(ClosedBy::Client);
        Err(failure)
    }

    /// Sends the ClientHello of an old version and reads the first answer. Afterwards
    /// the connection is of no use.
    ///
    /// # Errors
    /// No answer came, or this version has no hello here.
    pub(crate) async fn say_old_hello(
        &mut self,
        version: TlsVersion,
        name: Option<&str>,
    ) -> Result<(TlsOutcome, String), TlsFailure> {
        self.release().await;
        let failed = |why: &str| TlsFailure { outcome: None, why: why.to_owned() };
        let (Stream::Plain(stream), Some(octets)) = (&mut self.stream, hello::client_hello(version, name)) else {
            return Err(failed("there is no plain connection for such a ClientHello"));
        };
        let before = self.transcript.entries.len();
        // A target that has closed already says so when it is read from.
        let _ = timeout(self.patience.whole, send_now(stream, &octets)).await;
        let outcome = loop {
            if let Some(outcome) = hello::answer(version, &self.input) {
                break Some(outcome);
            }
            if self.closed.is_some() {
                break Some(TlsOutcome::Closed);
            }
            if !self.fill(self.patience.silence).await {
                break None;
            }
        };
        let why = match outcome {
            Some(TlsOutcome::Ok) => "the target went along with this version",
            Some(TlsOutcome::Alert) => "an alert answered the ClientHello",
            Some(TlsOutcome::Closed) => "the connection was closed",
            Some(_) => "plaintext came where a TLS record belongs",
            None => "nothing answered the ClientHello in time",
        };
        // What answers a ClientHello is no POP3, and must not be watched as such.
        self.transcript.entries.truncate(before);
        let first = escape(self.input.get(..SHOWN).unwrap_or(&self.input));
        self.note(What::TlsFailed(if first.is_empty() { why.to_owned() } else { format!("{why}: {first} \u{2026}") }));
        self.input.clear();
        self.end();
        outcome.map(|outcome| (outcome, why.to_owned())).ok_or_else(|| failed(why))
    }

    /// Ends TLS by its close alert, and leaves TCP as it is: what follows is in the clear.
    pub(super) async fn leave_tls(&mut self) {
        let Stream::Tls(stream) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return self.end();
        };
        let (mut socket, mut tls) = (*std::pin::Pin::into_inner(stream)).into_inner();
        tls.send_close_notify();
        let mut alert = Vec::new();
        while tls.wants_write() && tls.write_tls(&mut alert).is_ok() {}
        let _ = timeout(self.patience.silence, socket.write_all(&alert)).await;
        self.stream = Stream::Plain(socket);
        self.left_tls = true;
        // What comes now is judged by the scenario alone: whoever ends TLS has ended the dialogue.
        self.note(What::TlsFailed(LEFT.to_owned()));
    }

    /// Whether the close alert of TLS came before the end; `None` where there was no TLS.
    #[must_use]
    pub(crate) fn said_farewell(&self) -> Option<bool> {
        let under_tls = self.transcript.entries.iter().any(|entry| matches!(entry.what, What::TlsEstablished(_)));
        under_tls.then_some(self.farewell && self.closed == Some(ClosedBy::Server))
    }
}

/// What kind of failure a handshake error is; `None` where it was we who refused,
/// which is no outcome of the target's: a certificate that we are not told to trust,
/// or TLS that we do not speak.
fn outcome(error: &io::Error) -> Option<TlsOutcome> {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::AlertReceived(_)) => Some(TlsOutcome::Alert),
        Some(
            rustls::Error::InvalidMessage(_)
            | rustls::Error::InappropriateMessage { .. }
            | rustls::Error::InappropriateHandshakeMessage { .. }
            | rustls::Error::PeerMisbehaved(_)
            | rustls::Error::DecryptError,
        ) => Some(TlsOutcome::Garbage),
        Some(_) => None,
        None => Some(TlsOutcome::Closed),
    }
}

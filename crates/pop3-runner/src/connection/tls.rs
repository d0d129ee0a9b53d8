//! What a connection does with TLS beside a handshake of today.

use pop3_scenario::scenario::{TlsOutcome, TlsVersion};
use pop3_spec::transcript::{ClosedBy, What};
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::{Connection, Stream, TlsFailure, send_now};
use crate::hello;

/// The words for the end of TLS by our own will.
pub(crate) const LEFT: &str = "the client has ended TLS";

impl Connection {
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
        self.note(What::TlsFailed(why.to_owned()));
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

//! What comes from the target: replies, silence, and the end.

use std::io;
use std::time::Duration;

use pop3_proto::client::{ClientError, ObservedReply};
use pop3_proto::state::State;
use pop3_spec::transcript::{ClosedBy, What};
use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

use super::{Connection, Stream};
use crate::hello;

/// What came instead of, or as, a reply.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// A reply.
    Reply(Box<ObservedReply>),
    /// The target closed the connection.
    Closed(ClosedBy),
    /// Time ran out; with the octets of an unfinished reply, if any.
    Silence(Option<Vec<u8>>),
    /// The target sends without end.
    Endless(ClientError),
}

/// Octets behind the last reply that are kept: enough to show them, and no more
/// than memory holds while a server sends without end.
const PASSED_OVER: usize = 64 * 1024;

impl Connection {
    /// Reads the next reply.
    pub(crate) async fn reply(&mut self) -> Arrival {
        self.reply_within(self.patience.silence, self.patience.whole).await
    }

    /// Reads the next reply; `silence` is the longest wait for any octet.
    pub(crate) async fn reply_within(&mut self, silence: Duration, whole: Duration) -> Arrival {
        if let Some((reply, took)) = self.kept.take() {
            self.took = took;
            return Arrival::Reply(reply);
        }
        let started = self.clock.elapsed();
        loop {
            let mut rest = self.input.as_slice();
            let read = self.session.receive(&mut rest);
            let taken = self.input.len() - rest.len();
            self.input.drain(..taken);
            match read {
                Ok(Some(reply)) => {
                    self.took = self.came_at.saturating_sub(self.sent_at);
                    return Arrival::Reply(Box::new(reply));
                }
                Ok(None) => {}
                Err(error) => return Arrival::Endless(error),
            }
            if let Some(by) = self.closed {
                return Arrival::Closed(by);
            }
            let left = whole.saturating_sub(self.clock.elapsed().saturating_sub(started));
            if left.is_zero() || !self.fill(silence.min(left)).await {
                return Arrival::Silence(self.session.unfinished());
            }
        }
    }

    /// How long the last reply took: from the moment when the last octet before it was sent, or
    /// when the connection was there, to the moment when it was complete. Nothing, where it came
    /// before more was sent.
    #[must_use]
    pub(crate) fn took(&self) -> Duration {
        self.took
    }

    /// Keeps a greeting that was read already, and how long it took, so that it is the next reply.
    pub(crate) fn keep_greeting(&mut self, greeting: ObservedReply, took: Duration) {
        self.kept = Some((Box::new(greeting), took));
    }

    /// Waits for the target to close, passing over octets of any kind. Returns
    /// how it closed, or `None` when time ran out.
    pub(crate) async fn closed_within(&mut self, within: Duration) -> Option<ClosedBy> {
        let started = self.clock.elapsed();
        while self.closed.is_none() {
            let left = within.saturating_sub(self.clock.elapsed().saturating_sub(started));
            if left.is_zero() || !self.fill(left).await {
                return None;
            }
            self.passed_over += self.input.len();
            self.input.clear();
        }
        self.closed
    }

    /// Whether any octet, or the end, comes within the time.
    pub(crate) async fn is_silent_for(&mut self, during: Duration) -> bool {
        self.kept.is_none() && self.input.is_empty() && self.closed.is_none() && !self.fill(during).await
    }

    /// Octets that came and are no reply yet.
    #[must_use]
    pub(crate) fn pending_octets(&self) -> &[u8] {
        &self.input
    }

    /// Waits for octets or the end; `false` when time runs out.
    pub(super) async fn fill(&mut self, within: Duration) -> bool {
        self.release().await;
        // On the heap, since steps inside steps hold this future on the stack.
        let mut buffer = vec![0_u8; 16 * 1024];
        let read = async {
            match &mut self.stream {
                Stream::Plain(stream) => stream.read(&mut buffer).await,
                Stream::Tls(stream) => stream.read(&mut buffer).await,
                Stream::Gone => Ok(0),
            }
        };
        match timeout(within, read).await {
            Err(_) => {
                // Behind QUIT it matters that somebody waited for the end.
                if self.session.state() == State::Ended {
                    self.note(What::Waited(u64::try_from(within.as_millis()).unwrap_or(u64::MAX)));
                }
                return false;
            }
            Ok(Ok(0)) => {
                self.farewell = matches!(self.stream, Stream::Tls(_));
                self.closed_by(ClosedBy::Server);
            }
            Ok(Ok(octets)) => {
                self.came_at = self.clock.elapsed();
                let octets = buffer.get(..octets).unwrap_or_default();
                let octets = if self.left_tls { hello::behind_records(octets) } else { octets };
                self.input.extend_from_slice(octets);
                if self.passed_over <= PASSED_OVER && !octets.is_empty() {
                    self.note(What::Received(octets.to_vec()));
                }
            }
            // A server that closes TCP without the TLS farewell has closed all the same.
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => self.closed_by(ClosedBy::Server),
            Ok(Err(_)) => self.closed_by(ClosedBy::Reset),
        }
        true
    }

    fn closed_by(&mut self, by: ClosedBy) {
        if self.closed.is_none() {
            self.closed = Some(by);
            self.note(What::Closed(by));
        }
    }
}

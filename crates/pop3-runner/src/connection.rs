//! One connection: octets in and out with deadlines, and a transcript of both.

mod cut;
mod dial;
mod reading;
mod tls;

pub(crate) use reading::Arrival;
pub(crate) use tls::LEFT;

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use pop3_proto::client::{ClientSession, Limits, ObservedReply};
use pop3_proto::state::State;
use pop3_scenario::scenario::{Chunking, CloseHow};
use pop3_spec::transcript::{self, ClosedBy, Entry, Record, What};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::clock::Clock;

/// How long to wait, and how much to take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// The longest silence where octets are due.
    pub(crate) silence: Duration,
    /// The longest time for one whole reply.
    pub(crate) whole: Duration,
    /// How much is read.
    pub(crate) limits: Limits,
}

/// Numbers what happens, over all connections of a play.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order(Rc<Cell<u64>>);

impl Order {
    fn next(&self) -> u64 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

/// What became of octets sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The system has them, or the connection is no more.
    All,
    /// The target reads no more, so that it has not seen all of them.
    Stalled,
}

enum Stream {
    Plain(TcpStream),
    Tls(Pin<Box<tokio_rustls::client::TlsStream<TcpStream>>>),
    Gone,
}

/// A connection to the target.
pub(crate) struct Connection {
    stream: Stream,
    session: ClientSession,
    /// Octets received and not yet read as replies.
    input: Vec<u8>,
    closed: Option<ClosedBy>,
    half_closed: bool,
    /// Whether the close alert of TLS has come.
    farewell: bool,
    /// The greeting of a connection that was put under TLS behind it.
    kept: Option<(Box<ObservedReply>, Duration)>,
    /// Whether we have ended TLS, and its records may still come.
    left_tls: bool,
    /// Octets that wait for those behind them, to go out in one write.
    held: Vec<u8>,
    clock: Clock,
    /// When the last octets were sent; before any were, when the connection was there.
    sent_at: Duration,
    /// When the last octets came.
    came_at: Duration,
    /// How long the last reply took.
    took: Duration,
    patience: Patience,
    /// Octets passed over while waiting for the end.
    passed_over: usize,
    order: Order,
    /// What happened.
    pub(crate) transcript: transcript::Connection,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("session", &self.session)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// Connects. The system is asked to hold `window` octets for us while we do not read.
    ///
    /// # Errors
    /// The system's error, or `TimedOut`.
    pub(crate) async fn open(
        address: SocketAddr,
        name: &str,
        clock: Clock,
        order: Order,
        patience: Patience,
        window: Option<u32>,
    ) -> io::Result<Self> {
        let stream = timeout(patience.silence, dial::dial(address, window))
            .await
            .map_err(|_elapsed| io::Error::from(io::ErrorKind::TimedOut))??;
        let mut connection = Self {
            stream: Stream::Plain(stream),
            session: ClientSession::new(patience.limits),
            input: Vec::new(),
            closed: None,
            half_closed: false,
            farewell: false,
            kept: None,
            left_tls: false,
            held: Vec::new(),
            clock,
            sent_at: clock.elapsed(),
            came_at: Duration::ZERO,
            took: Duration::ZERO,
            patience,
            passed_over: 0,
            order,
            transcript: transcript::Connection { session: name.to_owned(), entries: Vec::new(), record: Record::Exact },
        };
        connection.note(What::Opened(format!("connected to {address}")));
        Ok(connection)
    }

    /// The state that the dialogue has come to.
    #[must_use]
    pub(crate) fn state(&self) -> State {
        self.session.state()
    }

    /// Whether the target, or we, have closed it.
    #[must_use]
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Whether we have ended our direction only.
    #[must_use]
    pub(crate) fn is_half_closed(&self) -> bool {
        self.half_closed
    }

    /// Whether the greeting is still to come.
    #[must_use]
    pub(crate) fn awaits_greeting(&self) -> bool {
        self.session.awaits_greeting() || self.kept.is_some()
    }

    /// Whether anything was sent.
    #[must_use]
    pub(crate) fn has_sent(&self) -> bool {
        self.last_sent().is_some()
    }

    /// Whether the octets sent last do not end a line.
    #[must_use]
    pub(crate) fn sent_half_a_line(&self) -> bool {
        self.last_sent().is_some_and(|octets| !octets.ends_with(b"\r\n"))
    }

    /// The greeting, without its line end, once it has come.
    #[must_use]
    pub(crate) fn greeting(&self) -> Option<&[u8]> {
        let first = self.transcript.entries.iter().find_map(|entry| match &entry.what {
            What::Received(octets) => Some(octets.as_slice()),
            _ => None,
        })?;
        first.split_inclusive(|octet| *octet == b'\n').next().filter(|line| line.ends_with(b"\n"))
    }

    /// The TLS of the connection, once the handshake is done.
    #[must_use]
    pub(crate) fn tls(&self) -> Option<&rustls::ClientConnection> {
        match &self.stream {
            Stream::Tls(stream) => Some(stream.get_ref().1),
            Stream::Plain(_) | Stream::Gone => None,
        }
    }

    /// What was sent last.
    #[must_use]
    pub(crate) fn last_sent(&self) -> Option<&[u8]> {
        self.transcript.entries.iter().rev().find_map(|entry| match &entry.what {
            What::Sent(octets) => Some(octets.as_slice()),
            _ => None,
        })
    }

    /// Octets of a reply that is not complete.
    #[must_use]
    pub(crate) fn unfinished(&self) -> Option<Vec<u8>> {
        self.session.unfinished()
    }

    /// Holds octets back until something else is sent, or waited for.
    pub(crate) fn hold(&mut self, octets: &[u8]) {
        self.held.extend_from_slice(octets);
    }

    /// Sends what is held back, in one write.
    pub(crate) async fn release(&mut self) -> Taken {
        match std::mem::take(&mut self.held) {
            held if held.is_empty() => Taken::All,
            // Boxed, so that whoever might have to do this takes little of the stack.
            held => Box::pin(self.write(&held, Chunking::Whole)).await,
        }
    }

    /// Sends octets, cut as asked, behind those held back. An error of the system is
    /// no verdict: the target may have closed, which the next read finds out.
    pub(crate) async fn send(&mut self, octets: &[u8], chunking: Chunking) -> Taken {
        match self.release().await {
            Taken::All => self.write(octets, chunking).await,
            Taken::Stalled => Taken::Stalled,
        }
    }

    /// Each piece is handed to TCP by itself, under TLS as a record of its own, and
    /// nothing is sent behind it before the system has it; TCP_NODELAY is set.
    async fn write(&mut self, octets: &[u8], chunking: Chunking) -> Taken {
        self.session.sent(octets);
        self.note(What::Sent(octets.to_vec()));
        for chunk in cut::cut(octets, chunking) {
            let sent = async {
                match &mut self.stream {
                    Stream::Plain(stream) => send_now(stream, chunk).await,
                    Stream::Tls(stream) => send_now(stream, chunk).await,
                    Stream::Gone => Ok(()),
                }
            };
            match timeout(self.patience.whole, sent).await {
                Ok(Ok(())) => {
                    self.sent_at = self.clock.elapsed();
                    tokio::task::yield_now().await;
                }
                Ok(Err(_)) => return Taken::All,
                Err(_) => return Taken::Stalled,
            }
        }
        Taken::All
    }

    /// Ends our side.
    pub(crate) async fn close(&mut self, how: CloseHow) {
        self.release().await;
        match how {
            CloseHow::Half => {
                self.half_closed = true;
                self.note(What::Closed(ClosedBy::Client));
                self.shut_down().await;
            }
            CloseHow::Tls => self.leave_tls().await,
            CloseHow::Fin => {
                self.shut_down().await;
                self.end();
            }
            CloseHow::Rst => {
                let socket = match &self.stream {
                    Stream::Plain(stream) => Some(stream),
                    Stream::Tls(stream) => Some(stream.get_ref().0),
                    Stream::Gone => None,
                };
                // Zero linger makes the system send RST when the socket is dropped.
                let _ = socket.map(TcpStream::set_zero_linger);
                self.end();
            }
            CloseHow::Leave => {}
        }
    }

    /// Ends our direction. The farewell of TLS waits behind what the target has
    /// not read yet, and a target that reads no more must not hold us.
    async fn shut_down(&mut self) {
        let ended = async {
            match &mut self.stream {
                Stream::Plain(stream) => stream.shutdown().await,
                Stream::Tls(stream) => stream.shutdown().await,
                Stream::Gone => Ok(()),
            }
        };
        let _ = timeout(self.patience.silence, ended).await;
    }

    fn end(&mut self) {
        self.stream = Stream::Gone;
        if self.closed.is_none() {
            self.closed = Some(ClosedBy::Client);
            self.note(What::Closed(ClosedBy::Client));
        }
    }

    /// Adds to the transcript; octets that follow octets of the same side join them.
    fn note(&mut self, what: What) {
        let (at_ms, order) = (self.clock.elapsed_ms(), self.order.next());
        let last = self.transcript.entries.last_mut();
        match (last.map(|entry| (&mut entry.what, &mut entry.order)), &what) {
            (Some((What::Sent(before), _)), What::Sent(more)) => before.extend_from_slice(more),
            (Some((What::Received(before), came)), What::Received(more)) => {
                before.extend_from_slice(more);
                *came = order;
            }
            _ => self.transcript.entries.push(Entry { at_ms, order, line: 0, what }),
        }
    }
}

async fn send_now<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, octets: &[u8]) -> io::Result<()> {
    stream.write_all(octets).await?;
    stream.flush().await
}

//! The loop of a connection whose server has faults. It buffers whole lines and
//! whole replies, which the honest loop does not.

use std::time::Duration;

use pop3_proto::line::{Frame, LineFramer};
use pop3_proto::server::Next;
use pop3_proto::state::State;

use super::connection::{Conversation, Pause};
use super::wire::{self, READ, Stopped, Stream};
use crate::fault::{Before, Closing, CommandLine, Faults, Heard, Pieces, View};
use crate::transcript::Line;

/// The longest line that faults see whole. The session has a lower limit.
const LONGEST: usize = 64 * 1024;

/// Octets of a reply that are written one by one where that is asked for, and how
/// many at once behind them.
const ONE_BY_ONE: usize = 1000;
const ODD: usize = 4093;

/// How long the input must be idle before kept replies are sent.
const IDLE: Duration = Duration::from_millis(10);

/// How faults work on one connection.
pub(super) struct Faulty {
    pub(super) faults: Faults,
    pub(super) number: u64,
    framer: LineFramer,
    /// Octets that are heard before any that are read.
    injected: Vec<u8>,
}

/// What a line leads to.
enum Then {
    GoOn,
    Break,
    Next(Next),
}

impl Faulty {
    pub(super) fn new(faults: Faults, number: u64, bare_lf: pop3_proto::line::BareLf) -> Self {
        Self { faults, number, framer: LineFramer::new(LONGEST, bare_lf), injected: Vec::new() }
    }

    /// The octets that were read behind STLS.
    fn start_tls(&mut self, rest: &[u8]) {
        self.framer.discard();
        self.injected = self.faults.on_stls(rest);
    }
}

impl Conversation {
    pub(super) async fn talk_faultily(
        &mut self,
        faulty: &mut Faulty,
        stream: &mut impl Stream,
    ) -> Result<Pause, Stopped> {
        let mut buffer = vec![0; READ];
        let pieces = faulty.faults.pieces();
        if !faulty.faults.greets_late() {
            self.send_in(pieces, stream).await?;
        }
        loop {
            let mut octets = std::mem::take(&mut faulty.injected);
            if octets.is_empty() {
                let ends_at = faulty.faults.ends_at();
                let count = self.receive_or_send(pieces, ends_at, &mut buffer, stream).await?;
                octets.extend_from_slice(buffer.get(..count).unwrap_or_default());
                faulty.faults.each().for_each(|filter| filter.on_read(&mut octets));
            }
            self.send_in(pieces, stream).await?;
            let mut input = octets.as_slice();
            while let Some(line) = next_line(&mut faulty.framer, &mut input) {
                match self.hear(faulty, &line, stream).await? {
                    Then::GoOn => {}
                    Then::Break => {
                        self.send(stream).await?;
                        return Err(Stopped::Gone);
                    }
                    Then::Next(Next::StartTls) => {
                        self.send(stream).await?;
                        faulty.start_tls(input);
                        return Ok(Pause::StartTls);
                    }
                    Then::Next(Next::Close(ending)) => {
                        self.send(stream).await?;
                        self.linger(faulty, input, stream).await;
                        return Ok(Pause::Ended(ending));
                    }
                    Then::Next(Next::Again | Next::Read) => {}
                }
            }
        }
    }

    /// Hears one line, its line end included, and sends the reply.
    async fn hear(&mut self, faulty: &mut Faulty, line: &[u8], stream: &mut impl Stream) -> Result<Then, Stopped> {
        let now = self.settings.clock.now();
        let state = self.session.state();
        if let Some(recorder) = &mut self.recorder {
            recorder.client(line, state, Line::Whole, now);
        }
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let command = CommandLine::new(text);
        let view = self.view(faulty.number);
        let before = if state == State::Exchange {
            faulty.faults.before_response(&command, &view)
        } else {
            faulty.faults.before_line(&command, &view)
        };
        let mut next = Next::Read;
        let mut reply = Vec::new();
        match before {
            Before::Pass => next = self.drive(line, &mut reply),
            Before::Instead(lines) => {
                for (octets, heard) in lines {
                    let mut out = Vec::new();
                    next = self.drive(&[octets.as_slice(), b"\r\n"].concat(), &mut out);
                    if heard == Heard::Yes {
                        reply.extend(out);
                    }
                }
            }
            Before::Answer(answer) => reply = answer,
            Before::AnswerThenTls(answer) => {
                reply = answer;
                next = Next::StartTls;
            }
            Before::Swallow => return Ok(Then::GoOn),
            Before::Close => return Ok(Then::Break),
        }
        let view = self.view(faulty.number);
        faulty.faults.each().for_each(|filter| filter.after_reply(&command, &mut reply, &view));
        // No condition to wait for: that the reply comes late is what departs here.
        if let Some(late) = faulty.faults.late() {
            tokio::time::sleep(late).await;
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.server(&reply, self.settings.clock.now());
        }
        self.out.append(&mut reply);
        self.send_in(faulty.faults.pieces(), stream).await?;
        if faulty.faults.breaks_off() {
            return Ok(Then::Break);
        }
        Ok(Then::Next(next))
    }

    fn view(&self, number: u64) -> View<'_> {
        let memory = &self.settings.departures.memory;
        View { session: &self.session, host: &self.host, tls: self.tls, number, memory }
    }

    /// Sends what is to be sent, or keeps it.
    async fn send_in(&mut self, pieces: Pieces, stream: &mut impl Stream) -> Result<(), Stopped> {
        let ends = match pieces {
            Pieces::Replies => return self.send(stream).await,
            Pieces::WhenIdle => return Ok(()),
            Pieces::InTurn => {
                let turn = self.settings.departures.memory.turn();
                let _turn = turn.lock().await;
                return self.send(stream).await;
            }
            Pieces::Octets => (1..ONE_BY_ONE).chain((ONE_BY_ONE..self.out.len()).step_by(ODD)).collect(),
            Pieces::CutInCrlf => memchr::memchr_iter(b'\n', &self.out).collect::<Vec<usize>>(),
        };
        let all = std::mem::take(&mut self.out);
        let mut start = 0;
        for end in ends.into_iter().take_while(|end| *end < all.len()).chain([all.len()]) {
            self.out.extend_from_slice(all.get(start..end).unwrap_or_default());
            self.send(stream).await?;
            // The peer may look at what has come so far.
            tokio::task::yield_now().await;
            start = end;
        }
        Ok(())
    }

    /// Reads; sends first what was kept, when nothing comes.
    async fn receive_or_send(
        &mut self,
        pieces: Pieces,
        ends_at: Option<Duration>,
        buffer: &mut [u8],
        stream: &mut impl Stream,
    ) -> Result<usize, Stopped> {
        let deadline = match ends_at {
            Some(ends_at) => self.deadline().min(self.settings.clock.instant(ends_at)),
            None => self.deadline(),
        };
        if pieces == Pieces::WhenIdle && !self.out.is_empty() {
            let idle = tokio::time::Instant::now() + IDLE;
            match wire::receive(stream, buffer, idle.min(deadline)).await {
                Err(Stopped::Deadline) => self.send(stream).await?,
                received => return received,
            }
        }
        wire::receive(stream, buffer, deadline).await
    }

    /// Lets the session hear a line and collects its whole reply.
    fn drive(&mut self, mut line: &[u8], reply: &mut Vec<u8>) -> Next {
        loop {
            let now = self.settings.clock.now();
            match self.session.advance(&mut line, now, &mut self.host, reply) {
                Next::Again => {}
                next => return next,
            }
        }
    }

    /// What a faulty server does behind QUIT.
    async fn linger(&mut self, faulty: &mut Faulty, rest: &[u8], stream: &mut impl Stream) {
        match faulty.faults.at_close() {
            Closing::Now => {}
            Closing::AfterAnswers => {
                let mut input = rest;
                while let Some(line) = next_line(&mut faulty.framer, &mut input) {
                    if self.hear(faulty, &line, stream).await.is_err() {
                        return;
                    }
                }
            }
            Closing::Never => {
                let mut buffer = vec![0; READ];
                while wire::receive(stream, &mut buffer, self.deadline()).await.is_ok() {}
            }
        }
    }
}

/// The next line with its line end; of one that is too long, its beginning.
fn next_line(framer: &mut LineFramer, input: &mut &[u8]) -> Option<Vec<u8>> {
    Some(match framer.next(input)? {
        Frame::Line { octets, end: pop3_proto::line::LineEnd::BareLf } => [octets, b"\n"].concat(),
        Frame::Line { octets, .. } => [octets, b"\r\n"].concat(),
        Frame::TooLong { beginning, .. } => [beginning, b"\r\n"].concat(),
    })
}

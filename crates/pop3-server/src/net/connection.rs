//! One connection: moves octets between a stream and a session.

use std::sync::Arc;
use std::time::Duration;

use pop3_proto::server::{Ending, Next, ServerSession, Tls};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::fault::{Fault, Faults, View, old_versions_answered};
use crate::host::StoreHost;
use crate::net::clock;
use crate::net::faulty::Faulty;
use crate::net::wire::{self, KEPT, READ, Stopped, Stream, WRITE};
use crate::sasl::Channel;
use crate::settings::Settings;
use crate::transcript::{Line, Recorder, Transcript};

/// How long a client may take for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long the reply to a client that is one too many may take to go out.
const FAREWELL: Duration = Duration::from_secs(1);

/// How a connection begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// In clear.
    Clear,
    /// With a TLS handshake (RFC 8314).
    Handshake,
}

/// Runs a session from greeting to close.
pub(crate) async fn serve(mut stream: impl Stream, beginning: Beginning, settings: Arc<Settings>) -> Ending {
    match beginning {
        Beginning::Handshake if !settings.departures.has(Fault::TlsPortInClear) => {
            Box::pin(admitted(settings, stream)).await
        }
        Beginning::Clear | Beginning::Handshake => {
            let tls = if settings.stls && settings.tls.is_some() { Tls::Available } else { Tls::Unavailable };
            let mut conversation = Conversation::new(settings, tls, Channel::default());
            match conversation.run(&mut stream).await {
                Pause::Ended(ending) => conversation.end(ending, &mut stream).await,
                // In a box, so that a connection in clear has no room for what TLS needs.
                Pause::StartTls => Box::pin(conversation.start_tls(stream)).await,
            }
        }
    }
}

/// A session that begins with a handshake, unless a fault keeps it from that.
async fn admitted(settings: Arc<Settings>, stream: impl Stream) -> Ending {
    if !settings.departures.has(Fault::OldVersionsAnswered) {
        return under_tls(settings, stream).await;
    }
    match old_versions_answered(stream).await {
        Some(stream) => under_tls(settings, stream).await,
        None => Ending::Disconnected,
    }
}

/// A session that begins with a handshake.
async fn under_tls(settings: Arc<Settings>, stream: impl Stream) -> Ending {
    match handshake(&settings, stream).await {
        Some((mut stream, channel)) => {
            let ending = Conversation::new(Arc::clone(&settings), Tls::Active, channel).secured(&mut stream).await;
            if ending == Ending::Disconnected && settings.departures.has(Fault::ClearTextBehindTls) {
                let (mut inner, _) = stream.into_inner();
                let mut conversation = Conversation::new(settings, Tls::Unavailable, Channel::default());
                conversation.out.clear();
                conversation.run(&mut inner).await;
            }
            ending
        }
        None => Ending::Disconnected,
    }
}

/// Tells a client that it is one connection too many, under TLS where it expects
/// TLS (RFC 3206 section 4: trying again later may help).
pub(crate) async fn turn_away(mut stream: impl Stream, beginning: Beginning, settings: Arc<Settings>) {
    match beginning {
        Beginning::Clear => tell_too_many(&mut stream, Tls::Unavailable, &settings).await,
        Beginning::Handshake => {
            if let Some((mut stream, _)) = Box::pin(handshake(&settings, stream)).await {
                tell_too_many(&mut stream, Tls::Active, &settings).await;
            }
        }
    }
}

async fn tell_too_many(stream: &mut impl Stream, tls: Tls, settings: &Settings) {
    let code = if settings.session.resp_codes.is_there(tls) { "[SYS/TEMP] " } else { "" };
    let mut out = format!("-ERR {code}too many connections\r\n").into_bytes();
    let deadline = settings.clock.instant(settings.clock.now() + FAREWELL);
    if wire::send(stream, &mut out, deadline).await.is_ok() {
        wire::close(stream).await;
    }
}

/// Makes a handshake; the stream and what it shows, or nothing, and then the
/// connection is closed.
async fn handshake<S: Stream>(settings: &Settings, stream: S) -> Option<(TlsStream<S>, Channel)> {
    let tls = settings.tls.as_ref()?;
    let accepting = TlsAcceptor::from(Arc::clone(tls.config())).accept(stream).into_fallible();
    match timeout(HANDSHAKE, accepting).await.ok()? {
        Ok(stream) => {
            let channel = tls.channel(stream.get_ref().1);
            Some((stream, channel))
        }
        Err((_, mut stream)) => {
            // The alert is on its way, and must not be overtaken by a reset.
            wire::close(&mut stream).await;
            None
        }
    }
}

/// Why a conversation stands still.
pub(super) enum Pause {
    StartTls,
    Ended(Ending),
}

/// A session with everything it needs but the stream.
pub(super) struct Conversation {
    pub(super) settings: Arc<Settings>,
    pub(super) session: ServerSession,
    pub(super) host: StoreHost,
    pub(super) tls: Tls,
    pub(super) recorder: Option<Recorder>,
    pub(super) out: Vec<u8>,
    /// `None` for an honest server.
    faulty: Option<Faulty>,
}

impl Conversation {
    fn new(settings: Arc<Settings>, tls: Tls, channel: Channel) -> Self {
        let mut config = settings.session.clone();
        let offered = settings.apop.is_there(tls);
        let number = settings.number_session();
        config.timestamp = offered.then(|| settings.timestamp(number, clock::seconds()));
        config.tls = tls;
        let policies = settings.store.announced();
        config.login_delay = config.login_delay.or(policies.login_delay);
        config.expire = config.expire.or(policies.expire);
        let (mut out, now) = (Vec::new(), settings.clock.now());
        let bare_lf = config.bare_lf;
        let mut faults = Faults::new(&settings.departures, number);
        let mut sasl = Arc::clone(&settings.sasl);
        faults.iter_mut().flat_map(Faults::each).for_each(|filter| filter.on_mechanisms(&mut sasl));
        let mut host = StoreHost::with_sasl(settings.store.clone(), sasl);
        host.set_channel(channel);
        config.mechanisms = host.mechanisms();
        faults.iter_mut().flat_map(Faults::each).for_each(|filter| filter.on_connect(&mut config));
        let session = ServerSession::new(config, now, &mut out);
        faults.iter_mut().flat_map(Faults::each).for_each(|filter| filter.greeting(&mut out));
        let mut recorder = settings.transcript.as_ref().map(Transcript::open);
        if let Some(recorder) = &mut recorder {
            if tls == Tls::Active {
                recorder.tls_started(now);
            }
            recorder.server(&out, now);
        }
        Self {
            session,
            host,
            recorder,
            settings,
            tls,
            out,
            faulty: faults.map(|faults| Faulty::new(faults, number, bare_lf)),
        }
    }

    /// Talks until the session ends or wants TLS.
    async fn run(&mut self, stream: &mut impl Stream) -> Pause {
        let talked = match self.faulty.take() {
            None => self.talk(stream).await,
            Some(mut faulty) => {
                let talked = Box::pin(self.talk_faultily(&mut faulty, stream)).await;
                self.faulty = Some(faulty);
                talked
            }
        };
        match talked {
            Ok(pause) => pause,
            Err(Stopped::Deadline) => {
                self.tell_faults_of_autologout(stream).await;
                self.tell_faults();
                let ending = self.session.tick(self.settings.clock.now(), &mut self.host);
                Pause::Ended(ending.unwrap_or_else(|| self.disconnect()))
            }
            Err(Stopped::Gone) => Pause::Ended(self.disconnect()),
        }
    }

    async fn talk(&mut self, stream: &mut impl Stream) -> Result<Pause, Stopped> {
        let mut buffer = vec![0; READ];
        self.send(stream).await?;
        loop {
            self.out.shrink_to(KEPT);
            let octets = wire::receive(stream, &mut buffer, self.deadline()).await?;
            let mut input = buffer.get(..octets).unwrap_or_default();
            loop {
                let next = self.step(&mut input);
                if next != Next::Again || self.out.len() >= WRITE {
                    self.send(stream).await?;
                }
                match next {
                    Next::Again => {}
                    Next::Read => break,
                    Next::StartTls => return Ok(Pause::StartTls),
                    Next::Close(ending) => return Ok(Pause::Ended(ending)),
                }
            }
        }
    }

    fn step(&mut self, input: &mut &[u8]) -> Next {
        let now = self.settings.clock.now();
        let (before, state, sent) = (*input, self.session.state(), self.out.len());
        let next = self.session.advance(input, now, &mut self.host, &mut self.out);
        if let Some(recorder) = &mut self.recorder {
            let taken = before.get(..before.len() - input.len()).unwrap_or_default();
            let line = if next == Next::Read { Line::Unfinished } else { Line::Whole };
            recorder.client(taken, state, line, now);
            recorder.server(self.out.get(sent..).unwrap_or_default(), now);
        }
        next
    }

    /// The handshake behind STLS, and the rest of the session.
    async fn start_tls(mut self, stream: impl Stream) -> Ending {
        match handshake(&self.settings, stream).await {
            Some((mut stream, channel)) => {
                self.handshake_done(channel);
                self.secured(&mut stream).await
            }
            // A failed handshake ends the connection (RFC 2595 section 4): nothing
            // may be said in clear any more.
            None => self.abandon(),
        }
    }

    /// The rest of a session, from the moment that TLS protects it.
    async fn secured(&mut self, stream: &mut impl Stream) -> Ending {
        match self.run(stream).await {
            Pause::Ended(ending) => self.end(ending, stream).await,
            // The session never asks for TLS under TLS.
            Pause::StartTls => self.abandon(),
        }
    }

    fn handshake_done(&mut self, channel: Channel) {
        let now = self.settings.clock.now();
        self.session.handshake_done(now);
        self.host.set_channel(channel);
        self.session.set_mechanisms(self.host.mechanisms());
        self.tls = Tls::Active;
        if let Some(recorder) = &mut self.recorder {
            recorder.tls_started(now);
        }
    }

    async fn end(&mut self, ending: Ending, stream: &mut impl Stream) -> Ending {
        self.record_end(ending);
        let under_tls = self.tls == Tls::Active;
        let departs = |fault| under_tls && self.settings.departures.has(fault);
        if departs(Fault::NoCloseAlert) || (ending == Ending::Disconnected && departs(Fault::ClearTextBehindTls)) {
            return ending;
        }
        wire::close(stream).await;
        ending
    }

    /// Ends a session whose stream is lost.
    fn abandon(&mut self) -> Ending {
        let ending = self.disconnect();
        self.record_end(ending);
        ending
    }

    fn record_end(&mut self, ending: Ending) {
        if let Some(recorder) = &mut self.recorder {
            recorder.ended(ending, self.settings.clock.now());
        }
    }

    fn disconnect(&mut self) -> Ending {
        self.tell_faults();
        self.session.disconnect(&mut self.host);
        Ending::Disconnected
    }

    /// Faults may do something before a maildrop is released without UPDATE.
    fn tell_faults(&mut self) {
        if let Some(Faulty { faults, number, .. }) = &mut self.faulty {
            let memory = &self.settings.departures.memory;
            let view = View { session: &self.session, host: &self.host, tls: self.tls, number: *number, memory };
            faults.each().for_each(|filter| filter.on_disconnect(&view));
        }
    }

    /// Faults may say something when the timer runs out.
    async fn tell_faults_of_autologout(&mut self, stream: &mut impl Stream) {
        let Some(Faulty { faults, number, .. }) = &mut self.faulty else { return };
        let memory = &self.settings.departures.memory;
        let view = View { session: &self.session, host: &self.host, tls: self.tls, number: *number, memory };
        let mut out = Vec::new();
        faults.each().for_each(|filter| filter.on_autologout(&mut out, &view));
        if !out.is_empty() {
            let now = self.settings.clock.now();
            if let Some(recorder) = &mut self.recorder {
                recorder.server(&out, now);
            }
            // Whoever does not take it has not been there for a long time.
            let _ = wire::send(stream, &mut out, self.settings.clock.instant(now + FAREWELL)).await;
        }
    }

    pub(super) async fn send(&mut self, stream: &mut impl Stream) -> Result<(), Stopped> {
        let deadline = self.deadline();
        wire::send(stream, &mut self.out, deadline).await
    }

    pub(super) fn deadline(&self) -> Instant {
        self.settings.clock.instant(self.session.deadline())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Server;

    #[test]
    fn a_connection_in_clear_is_small() {
        let server = Server::builder().build().unwrap();
        let (stream, _) = tokio::io::duplex(1);
        let connection = serve(stream, Beginning::Clear, Arc::clone(&server.settings));
        let octets = size_of_val(&connection);
        assert!(octets <= 2500, "{octets} octets; box what only some connections need");
    }
}

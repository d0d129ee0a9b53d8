//! Starting and stopping a server.

use std::net::SocketAddr;
use std::sync::Arc;

use pop3_proto::server::Ending;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::builder::{ServerBuilder, StartError};
use crate::net::connection::{Beginning, serve};
use crate::net::listener::{Door, listen};
use crate::net::wire::Stream;
use crate::settings::{Limits, Settings};
use crate::store::Store;
use crate::transcript::Transcript;

/// A server that is built and listens nowhere yet.
#[derive(Clone, Debug)]
pub struct Server {
    pub(crate) settings: Arc<Settings>,
    pub(crate) addresses: Addresses,
    pub(crate) limits: Limits,
    pub(crate) ca_pem: Option<String>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    pub(crate) plain: Option<SocketAddr>,
    pub(crate) tls: Option<SocketAddr>,
}

impl Server {
    /// A server with an empty store, on a free port of the loopback address,
    /// that offers everything it can in clear.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::new()
    }

    /// The mail store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.settings.store
    }

    /// The transcript, if the builder was told to keep one.
    #[must_use]
    pub fn transcript(&self) -> Option<&Transcript> {
        self.settings.transcript.as_ref()
    }

    /// The certificate to trust, if the server made its own.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Whether STLS is there on connections in clear.
    #[must_use]
    pub fn offers_stls(&self) -> bool {
        self.settings.stls && self.settings.tls.is_some()
    }

    /// The same server, on the same store, that will listen at these addresses.
    #[must_use]
    pub fn at(&self, plain: Option<SocketAddr>, tls: Option<SocketAddr>) -> Self {
        Self { addresses: Addresses { plain, tls }, ..self.clone() }
    }

    /// Runs one session in clear over any stream, such as one end of a
    /// `tokio::io::duplex`; STLS works if it is on. Says how the session ended.
    pub async fn serve_stream(&self, stream: impl Stream) -> Ending {
        serve(stream, Beginning::Clear, Arc::clone(&self.settings)).await
    }

    /// Listens and serves, until the returned handle is stopped or dropped.
    ///
    /// # Errors
    /// An address cannot be listened on, or there is none.
    pub async fn start(self) -> Result<RunningServer, StartError> {
        if self.addresses.plain.is_none() && self.addresses.tls.is_none() {
            return Err(StartError::NoAddress);
        }
        let door = Door::new(self.limits);
        let plain = self.listen_on(self.addresses.plain, Beginning::Clear, &door).await?;
        let tls = self.listen_on(self.addresses.tls, Beginning::Handshake, &door).await?;
        Ok(RunningServer { server: self, plain, tls })
    }

    async fn listen_on(
        &self,
        address: Option<SocketAddr>,
        beginning: Beginning,
        door: &Door,
    ) -> Result<Option<Listening>, StartError> {
        let Some(address) = address else { return Ok(None) };
        let failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(listen(listener, beginning, Arc::clone(&self.settings), door.clone(), stopped));
        Ok(Some(Listening { address, task, stop: Some(stop) }))
    }
}

/// A server that listens. Dropping it ends it at once: no session goes through
/// UPDATE.
#[derive(Debug)]
pub struct RunningServer {
    server: Server,
    plain: Option<Listening>,
    tls: Option<Listening>,
}

impl RunningServer {
    /// Where it listens in clear.
    #[must_use]
    pub fn plain_address(&self) -> Option<SocketAddr> {
        self.plain.as_ref().map(|listening| listening.address)
    }

    /// Where it listens with TLS.
    #[must_use]
    pub fn tls_address(&self) -> Option<SocketAddr> {
        self.tls.as_ref().map(|listening| listening.address)
    }

    /// The certificate to trust, if the server made its own.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.server.ca_pem()
    }

    /// The mail store.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.server.store()
    }

    /// The transcript, if the builder was told to keep one.
    #[must_use]
    pub fn transcript(&self) -> Option<&Transcript> {
        self.server.transcript()
    }

    /// The server itself, for instance to serve a stream beside the ports.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Closes the ports and all connections, without UPDATE, and waits until
    /// that is done.
    pub async fn stop(mut self) {
        for mut listening in [self.plain.take(), self.tls.take()].into_iter().flatten() {
            listening.stop = None;
            let _ = (&mut listening.task).await;
        }
    }
}

/// A listener's task; dropping this ends it and the sessions it holds.
#[derive(Debug)]
struct Listening {
    address: SocketAddr,
    task: JoinHandle<()>,
    /// Dropping it asks the task to end in order.
    stop: Option<oneshot::Sender<()>>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

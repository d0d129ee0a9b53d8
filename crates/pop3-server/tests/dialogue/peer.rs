//! A client that is simple enough to be believed.

use std::sync::Arc;
use std::time::Duration;

use pop3_server::{RunningServer, Server, Stream};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Nothing here takes longer, unless something hangs.
const DEADLINE: Duration = Duration::from_secs(3600);

pub(crate) struct Peer<S> {
    stream: S,
    received: Vec<u8>,
}

/// A session over a duplex stream, in a task of its own.
pub(crate) fn duplex(server: &Server) -> Peer<DuplexStream> {
    let (client, end) = tokio::io::duplex(64 * 1024);
    let server = server.clone();
    tokio::spawn(async move { server.serve_stream(end).await });
    Peer::new(client)
}

/// Connects in clear and takes the greeting.
pub(crate) async fn connect(server: &RunningServer) -> Peer<TcpStream> {
    let mut peer = Peer::tcp(server).await;
    assert!(peer.line().await.starts_with("+OK"));
    peer
}

/// Connects with TLS and takes the greeting.
pub(crate) async fn connect_tls(server: &RunningServer) -> Peer<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(server.tls_address().unwrap()).await.unwrap();
    let mut peer = Peer::new(stream).start_tls(server).await;
    assert!(peer.line().await.starts_with("+OK"));
    peer
}

/// Waits for a condition.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let met = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), met).await.expect("the condition is never met");
}

impl Peer<TcpStream> {
    pub(crate) async fn tcp(server: &RunningServer) -> Self {
        Self::new(TcpStream::connect(server.plain_address().unwrap()).await.unwrap())
    }
}

impl<S: Stream> Peer<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, received: Vec::new() }
    }

    /// Sends a line.
    pub(crate) async fn send(&mut self, line: &str) {
        self.raw(format!("{line}\r\n").as_bytes()).await;
    }

    /// Sends octets. That the server is gone shows when reading.
    pub(crate) async fn raw(&mut self, octets: &[u8]) {
        let _ = self.stream.write_all(octets).await;
        let _ = self.stream.flush().await;
    }

    /// The next line, or what there is of one at the end.
    pub(crate) async fn line(&mut self) -> String {
        self.until("\r\n").await
    }

    /// Everything up to and with `end`.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        let mut from = 0;
        loop {
            let found = self.received[from..].windows(end.len()).position(|octets| octets == end.as_bytes());
            if let Some(at) = found {
                let rest = self.received.split_off(from + at + end.len());
                return String::from_utf8(std::mem::replace(&mut self.received, rest)).unwrap();
            }
            from = self.received.len().saturating_sub(end.len());
            if self.more().await == 0 {
                return String::from_utf8(std::mem::take(&mut self.received)).unwrap();
            }
        }
    }

    /// So many octets, or what there is of them at the end.
    pub(crate) async fn octets(&mut self, count: usize) -> Vec<u8> {
        while self.received.len() < count && self.more().await > 0 {}
        let rest = self.received.split_off(count.min(self.received.len()));
        std::mem::replace(&mut self.received, rest)
    }

    /// Gives the stream back, to speak otherwise on it.
    pub(crate) fn into_stream(self) -> S {
        assert!(self.received.is_empty(), "octets that nobody has taken");
        self.stream
    }

    /// Everything up to the end of the stream.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        while self.more().await > 0 {}
        std::mem::take(&mut self.received)
    }

    async fn more(&mut self) -> usize {
        let mut chunk = [0; 4096];
        let read = tokio::time::timeout(DEADLINE, self.stream.read(&mut chunk)).await;
        let octets = read.expect("the server answers in time").unwrap_or(0);
        self.received.extend_from_slice(&chunk[..octets]);
        octets
    }

    pub(crate) fn stream(&self) -> &S {
        &self.stream
    }

    pub(crate) async fn log_in(&mut self) {
        self.send("USER alice").await;
        assert!(self.line().await.starts_with("+OK"));
        self.send("PASS secret").await;
        let reply = self.line().await;
        assert!(reply.starts_with("+OK"), "{reply}");
    }

    pub(crate) async fn start_tls(self, server: &RunningServer) -> Peer<TlsStream<S>> {
        assert!(self.received.is_empty(), "octets in clear behind the reply to STLS");
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(server.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        Peer::new(TlsConnector::from(Arc::new(config)).connect(name, self.stream).await.unwrap())
    }
}

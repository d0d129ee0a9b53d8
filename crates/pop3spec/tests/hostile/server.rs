//! Servers that no client should trust.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// What a hostile server does with a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    /// Accepts, reads, and says nothing.
    Silent,
    /// Says this at once, whatever it is asked, and then only listens.
    Says(&'static [u8]),
    /// Sends these octets for ever.
    Endless(&'static [u8]),
    /// Sends one octet a second, never a line end.
    Drips,
    /// Resets the connection at once.
    Resets,
    /// Greets and takes every command; what the function gives for a command is
    /// the answer.
    Answers { greeting: &'static [u8], answer: fn(&str) -> Answer },
}

/// An answer to one command.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Octets(Vec<u8>),
    /// These octets, then the others for ever.
    Endless(&'static [u8], &'static [u8]),
}

/// A running hostile server; gone when dropped.
#[derive(Debug)]
pub(crate) struct Hostile {
    address: SocketAddr,
    sent: Arc<AtomicU64>,
    runtime: Option<Runtime>,
}

impl Hostile {
    pub(crate) fn start(manner: Manner) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let sent = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&sent);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manner, Arc::clone(&count)));
            }
        });
        Self { address, sent, runtime: Some(runtime) }
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Octets that it has sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Serves one connection until the client has gone.
async fn serve(mut stream: TcpStream, manner: Manner, sent: Arc<AtomicU64>) -> std::io::Result<()> {
    match manner {
        Manner::Silent => swallow(&mut stream).await,
        Manner::Says(octets) => {
            stream.write_all(octets).await?;
            swallow(&mut stream).await
        }
        Manner::Endless(octets) => flood(&mut stream, octets, &sent).await,
        Manner::Drips => {
            let mut second = tokio::time::interval(Duration::from_secs(1));
            loop {
                second.tick().await;
                stream.write_all(b"+").await?;
            }
        }
        Manner::Resets => stream.set_zero_linger(),
        Manner::Answers { greeting, answer } => {
            stream.write_all(greeting).await?;
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while stream.read_until(b'\n', &mut line).await? > 0 {
                match answer(String::from_utf8_lossy(&line).trim_end()) {
                    Answer::Octets(octets) => stream.write_all(&octets).await?,
                    Answer::Endless(first, octets) => {
                        stream.write_all(first).await?;
                        return flood(stream.get_mut(), octets, &sent).await;
                    }
                }
                line.clear();
            }
            Ok(())
        }
    }
}

async fn swallow(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut octets = [0; 4096];
    while stream.read(&mut octets).await? > 0 {}
    Ok(())
}

async fn flood(stream: &mut TcpStream, octets: &[u8], sent: &AtomicU64) -> std::io::Result<()> {
    let octets = octets.repeat(64 * 1024 / octets.len());
    loop {
        let written = stream.write(&octets).await?;
        sent.fetch_add(written as u64, Ordering::Relaxed);
    }
}

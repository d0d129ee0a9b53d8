//! Readers that are slow.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use pop3_server::Server;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

use crate::peer::Peer;

/// A stream that notes the most octets that were ever waiting to be written.
struct Watched {
    stream: DuplexStream,
    most: Arc<AtomicUsize>,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.most.fetch_max(buf.len(), Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[tokio::test]
async fn a_slow_reader_holds_little() {
    // Lines that byte-stuffing makes as long as it can.
    let lines = 300_000;
    let server = Server::builder().account("alice", "secret").message("alice", ".\r\n".repeat(lines)).build().unwrap();
    let (client, stream) = tokio::io::duplex(512);
    let most = Arc::new(AtomicUsize::new(0));
    let watched = Watched { stream, most: Arc::clone(&most) };
    let session = tokio::spawn(async move { server.serve_stream(watched).await });
    let mut peer = Peer::new(client);
    peer.line().await;
    peer.log_in().await;
    peer.raw(&b"RETR 1\r\n".repeat(3)).await;
    peer.raw(b"QUIT\r\n").await;
    let got = peer.rest().await;
    assert_eq!(got.len(), 3 * ("+OK 900000 octets\r\n".len() + lines * 4 + 3) + "+OK bye\r\n".len());
    session.await.unwrap();
    let most = most.load(Ordering::Relaxed);
    assert!((64 * 1024..130 * 1024).contains(&most), "{most} octets waited at once");
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_is_logged_out() {
    let server = Server::builder().account("alice", "secret").message("alice", "x".repeat(1_000_000)).build().unwrap();
    let (client, stream) = tokio::io::duplex(512);
    let store = server.store().clone();
    let session = tokio::spawn(async move { server.serve_stream(stream).await });
    let mut peer = Peer::new(client);
    peer.line().await;
    peer.log_in().await;
    peer.send("RETR 1").await;
    assert_eq!(peer.line().await, "+OK 1000002 octets\r\n");
    let start = tokio::time::Instant::now();
    session.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 601, "the autologout timer, and a second to close");
    assert!(!store.is_locked("alice").unwrap());
}

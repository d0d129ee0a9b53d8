//! Writing, reading and closing one stream, each with its deadline.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, timeout, timeout_at};

/// What a stream must be able to do.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Octets read at once at most.
pub(crate) const READ: usize = 4 * 1024;

/// Waiting output from which on it is sent before the session goes on. With one
/// chunk of a message behind it, stuffing included, it stays below 130 KiB.
pub(crate) const WRITE: usize = 32 * 1024;

/// Room for output in octets that a connection keeps while it waits for a command.
pub(crate) const KEPT: usize = 4 * 1024;

/// How long a peer may take to close its side after we closed ours, and how many
/// octets it may still send.
const DRAIN: Duration = Duration::from_secs(1);
const DRAIN_OCTETS: usize = 1024 * 1024;

/// Why reading or writing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The peer closed or the connection broke.
    Gone,
    /// The deadline passed.
    Deadline,
}

/// Writes all of `out` and empties it.
pub(crate) async fn send(stream: &mut impl Stream, out: &mut Vec<u8>, deadline: Instant) -> Result<(), Stopped> {
    if out.is_empty() {
        return Ok(());
    }
    let all = async {
        stream.write_all(out).await?;
        stream.flush().await
    };
    let sent = timeout_at(deadline, all).await;
    out.clear();
    done(sent)
}

/// Reads what there is; at least one octet.
pub(crate) async fn receive(stream: &mut impl Stream, buffer: &mut [u8], deadline: Instant) -> Result<usize, Stopped> {
    match done(timeout_at(deadline, stream.read(buffer)).await)? {
        0 => Err(Stopped::Gone),
        octets => Ok(octets),
    }
}

/// Closes our side, then reads until the peer closes its own. Closing with octets
/// unread would make the kernel send a reset, and a reset may destroy the last
/// reply before the peer has read it.
pub(crate) async fn close(stream: &mut impl Stream) {
    let closing = async {
        if stream.shutdown().await.is_err() {
            return;
        }
        let mut scrap = [0; 256];
        let mut octets = 0;
        while octets < DRAIN_OCTETS {
            match stream.read(&mut scrap).await {
                Ok(0) | Err(_) => return,
                Ok(more) => octets += more,
            }
        }
    };
    let _ = timeout(DRAIN, closing).await;
}

fn done<T>(result: Result<io::Result<T>, tokio::time::error::Elapsed>) -> Result<T, Stopped> {
    result.map_err(|_| Stopped::Deadline)?.map_err(|_| Stopped::Gone)
}

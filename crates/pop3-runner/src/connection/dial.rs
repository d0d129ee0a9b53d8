//! Connecting, with as much room for what comes as is asked for.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpSocket, TcpStream};

/// Connects. With a `window`, the system is asked for a receive buffer of so many
/// octets; it may round up. It must be asked before the connection is made, since the
/// scale of the window is settled then (RFC 7323 section 2.2).
///
/// # Errors
/// The system's.
pub(super) async fn dial(address: SocketAddr, window: Option<u32>) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(window) = window {
        socket.set_recv_buffer_size(window)?;
    }
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// How much a sender gets rid of while we read nothing.
    async fn taken(window: Option<u32>) -> usize {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = dial(listener.local_addr().unwrap(), window).await.unwrap();
        let (mut sender, _) = listener.accept().unwrap();
        sender.set_nonblocking(true).unwrap();
        let mut octets = 0;
        while let Ok(more) = sender.write(&[b'x'; 64 * 1024]) {
            octets += more;
        }
        drop(stream);
        octets
    }

    #[tokio::test]
    async fn a_small_window_makes_a_sender_wait_sooner() {
        let (small, usual) = (taken(Some(1024)).await, taken(None).await);
        assert!(small < usual, "{small} {usual}");
    }
}

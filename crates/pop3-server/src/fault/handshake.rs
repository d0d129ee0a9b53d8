//! Faults below POP3: of handshakes, of certificates and of the end of TLS.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Departures, Fault, Filter};
use crate::net::wire::{self, Stream};
use crate::tls::{TlsError, TlsIdentity};

/// A fault that is not one of lines and replies; those who make connections ask for it.
pub(super) struct BelowPop3;

impl Filter for BelowPop3 {}

/// The octets of a ClientHello up to its version (RFC 8446 section 5.1 and section 4).
const UP_TO_VERSION: usize = 11;

/// As much of a ServerHello of SSL 2.0 as tells what it is.
const SSL2_SERVER_HELLO: &[u8] = b"\x80\x0b\x04\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00";

/// As much of a ServerHello of TLS 1.0 as tells what it is.
const TLS10_SERVER_HELLO: &[u8] = b"\x16\x03\x01\x00\x06\x02\x00\x00\x02\x03\x01";

impl Departures {
    /// Whether a fault is planted in all sessions.
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.faults.iter().any(|planted| planted.fault == fault && planted.session.is_none())
    }

    /// The identity to present in place of the one that was given.
    pub(crate) fn identity(&self) -> Result<Option<TlsIdentity>, TlsError> {
        if self.has(Fault::CertificateForAnotherName) {
            return TlsIdentity::self_made(&["elsewhere.invalid"]).map(Some);
        }
        if self.has(Fault::CertificateWithoutNames) {
            return TlsIdentity::self_made(&[]).map(Some);
        }
        if self.has(Fault::CertificateExpired) {
            return TlsIdentity::expired(&["localhost", "127.0.0.1"]).map(Some);
        }
        Ok(None)
    }
}

/// Answers the hello of an old version as if it were known here; the stream with all its
/// octets where the hello is another one.
pub(crate) async fn old_versions_answered<S: Stream>(mut stream: S) -> Option<impl Stream> {
    let mut hello = [0; UP_TO_VERSION];
    stream.read_exact(&mut hello).await.ok()?;
    let answer = match hello {
        [22, _, _, _, _, _, _, _, _, 3, 0..=2] => TLS10_SERVER_HELLO,
        [first, ..] if first & 0x80 != 0 => SSL2_SERVER_HELLO,
        _ => {
            let (read, write) = tokio::io::split(stream);
            return Some(tokio::io::join(std::io::Cursor::new(hello).chain(read), write));
        }
    };
    let _ = stream.write_all(answer).await;
    wire::close(&mut stream).await;
    None
}

//! What happened on a connection, octet by octet.

/// One connection from its opening to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// The name of the session in its scenario; empty for the only one.
    pub session: String,
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Milliseconds since the scenario began.
    pub at_ms: u64,
    /// What it was.
    pub what: What,
}

/// A thing that happens on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The connection was opened; the words say how.
    Opened(String),
    /// The client sent octets.
    Sent(Vec<u8>),
    /// The server sent octets.
    Received(Vec<u8>),
    /// The TLS handshake is complete; the words say with what.
    TlsEstablished(String),
    /// The TLS handshake failed; the words say how.
    TlsFailed(String),
    /// The connection ended.
    Closed(ClosedBy),
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The client closed it, or reset it.
    Client,
    /// The server closed it in good order.
    Server,
    /// The connection was reset by the server's side.
    Reset,
}

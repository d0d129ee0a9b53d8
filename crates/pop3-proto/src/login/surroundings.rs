//! What a login needs from outside.

use std::fmt;

use super::alteration::Alteration;

/// What a login needs from outside. What its method does not need is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The greeting of this connection, for APOP.
    pub greeting: Vec<u8>,
    /// The client's nonce, for SCRAM: printable ASCII without commas, and another
    /// for each login (RFC 5802 section 5.1).
    pub nonce: String,
    /// Channel binding, for SCRAM.
    pub binding: Binding,
    /// Whether the first message goes into the AUTH command.
    pub initial_response: InitialResponse,
    /// Changes to the messages of an AUTH exchange, to see what a server does about them.
    /// A client that means to log in has none.
    pub alterations: Vec<Alteration>,
    /// The message of the client, from 1, in place of which it cancels the exchange
    /// (RFC 5034 section 4), to see what a server does about it.
    pub cancelled_at: Option<usize>,
}

/// Whether the first message goes into the AUTH command (RFC 5034 section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InitialResponse {
    /// When the mechanism has one and the line stays within 255 octets.
    #[default]
    IfItFits,
    /// Always; where that is not possible, there is no login.
    Required,
    /// Never: wait for the empty challenge. A client that has not seen the SASL
    /// capability must do so (RFC 5034 section 3).
    Never,
}

/// What a SCRAM client says of channel binding (RFC 5802 section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// `n`: this client has none.
    #[default]
    Absent,
    /// `y`: this client has it and believes that the server has not.
    BelievedUnsupported,
    /// `p`: bind to this channel. The `-PLUS` mechanisms need it; the others may
    /// not be used with it.
    Bound(ChannelBinding),
}

/// A type of channel binding and the channel's data.
#[derive(Clone, PartialEq, Eq)]
pub struct ChannelBinding {
    /// The type.
    pub kind: BindingKind,
    /// The data; not empty.
    pub data: Vec<u8>,
}

impl fmt::Debug for ChannelBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} octets)", self.kind, self.data.len())
    }
}

/// A type of channel binding for TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BindingKind {
    /// The exporter of TLS 1.3 (RFC 9266).
    TlsExporter,
    /// The hash of the server's certificate (RFC 5929 section 4).
    TlsServerEndPoint,
    /// The first Finished message, not defined for TLS 1.3 (RFC 5929 section 3).
    TlsUnique,
}

impl BindingKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::TlsExporter, Self::TlsServerEndPoint, Self::TlsUnique];

    /// Its registered name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TlsExporter => "tls-exporter",
            Self::TlsServerEndPoint => "tls-server-end-point",
            Self::TlsUnique => "tls-unique",
        }
    }
}

impl fmt::Display for BindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

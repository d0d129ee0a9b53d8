//! What mechanisms know of the connection below them.

/// What the connection below a session shows, as plain data: nothing in clear,
/// and under TLS what was found when the handshake was over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Channel {
    /// What SCRAM can be bound to.
    pub(crate) bindings: Vec<(BindingType, Vec<u8>)>,
    /// The names in the client's certificate, if it showed one that was verified.
    pub(crate) client: Option<Vec<String>>,
}

/// A type of channel binding, by its registered name. RFC 5802 section 6.1 wants
/// `tls-unique` too, and does not get it: rustls tells nobody the Finished
/// messages, TLS 1.3 has no such binding (RFC 9266 section 3), and under TLS 1.2
/// without the extended master secret it binds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BindingType {
    /// RFC 9266, of TLS 1.3: 32 octets of exported keying material.
    TlsExporter,
    /// RFC 5929 section 4: the hash of the server's certificate.
    TlsServerEndPoint,
}

impl BindingType {
    fn name(self) -> &'static str {
        match self {
            Self::TlsExporter => "tls-exporter",
            Self::TlsServerEndPoint => "tls-server-end-point",
        }
    }
}

impl Channel {
    /// The binding data of this type, if the channel has any. Names are compared
    /// as they are: RFC 5802 section 7 has them case-sensitive.
    pub(super) fn binding(&self, name: &str) -> Option<&[u8]> {
        self.bindings.iter().find(|(kind, _)| kind.name() == name).map(|(_, data)| data.as_slice())
    }

    /// Whether SCRAM can be bound to it.
    pub(super) fn can_be_bound_to(&self) -> bool {
        !self.bindings.is_empty()
    }
}

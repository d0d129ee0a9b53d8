//! Handshakes of TLS, and what is expected of them.

use crate::verdict::Level;

/// `tls:` and its expected outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsExpectation {
    /// The outcome.
    pub outcome: TlsOutcome,
    /// What the handshake offers.
    pub offer: TlsOffer,
    /// What the certificate must be; `None` for what every handshake needs.
    pub certificate: Option<CertificateFact>,
    /// Level; `None` for the scenario's.
    pub level: Option<Level>,
    /// Requirement; `None` for the scenario's first.
    pub requirement: Option<String>,
}

/// What a handshake offers to the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TlsOffer {
    /// This version alone; `None` for 1.2 and 1.3.
    pub version: Option<TlsVersion>,
    /// Only cipher suites that RFC 9325 section 4.2 recommends, and those of TLS 1.3.
    pub recommended_suites: bool,
    /// Leaves out the name of the target (server name indication).
    pub nameless: bool,
}

/// A version of TLS or of what came before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// SSL 2.0. Of this and of the next three only the first answer is looked at.
    Ssl2,
    /// SSL 3.0.
    Ssl3,
    /// TLS 1.0.
    Tls10,
    /// TLS 1.1.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

impl TlsVersion {
    /// Whether no handshake can be made by today's libraries, so that there is only a first answer.
    #[must_use]
    pub fn is_old(self) -> bool {
        self < Self::Tls12
    }
}

/// What a certificate must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFact {
    /// It has a name of a kind that clients compare: a host name, an address, a service or a URI.
    Identifier,
    /// It has a host name (DNS-ID) that is the target's.
    HostName,
    /// It holds today, and leads to an authority that the run trusts.
    Valid,
}

/// The outcome of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsOutcome {
    /// Completed; of an old version, begun by the target too.
    Ok,
    /// Refused in one way or the other: by an alert, or by the end of the connection.
    Refused,
    /// Refused by an alert.
    Alert,
    /// The target closed the connection.
    Closed,
    /// Plaintext came where a record belongs.
    Garbage,
}

impl TlsOutcome {
    /// Whether what happened is what was expected.
    #[must_use]
    pub fn is_met_by(self, happened: Self) -> bool {
        self == happened || (self == Self::Refused && matches!(happened, Self::Alert | Self::Closed))
    }
}

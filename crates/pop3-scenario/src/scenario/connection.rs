//! How a connection begins and ends, and silence on it.

use std::time::Duration;

use crate::verdict::Level;

/// `open: {tls, window}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connect {
    /// Which port.
    pub tls: OpenTls,
    /// Octets that the system is asked to hold for us while we do not read;
    /// `None` for what it holds by itself.
    pub window: Option<u32>,
    /// Level of the assertion that the target accepts the connection. With neither
    /// level nor requirement there is no such assertion.
    pub level: Option<Level>,
    /// Requirement of that assertion.
    pub requirement: Option<String>,
}

impl Connect {
    /// Whether a refused connection breaks an assertion.
    #[must_use]
    pub fn is_asserted(&self) -> bool {
        self.level.is_some() || self.requirement.is_some()
    }
}

/// TLS at the opening of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenTls {
    /// As the target takes logins: in the clear, or else with TLS.
    #[default]
    Usual,
    /// The plain port, and no TLS whatever the target takes.
    None,
    /// The port with TLS from the first octet.
    Implicit,
    /// The same port; the handshake is left to a step `tls`.
    Later,
}

/// How our side ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseHow {
    /// Close both directions in good order.
    Fin,
    /// Reset.
    Rst,
    /// Close our sending direction only.
    Half,
    /// End TLS in good order and go on in the clear.
    Tls,
    /// Nothing is ended: the connection stays open, unattended, to the end of the scenario.
    Leave,
}

/// `eof: {within}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EofExpectation {
    /// The longest wait; `None` for the runner's deadline.
    pub within: Option<Duration>,
    /// Whether the close alert of TLS must come before the end.
    pub close_notify: bool,
    /// Level; `None` for the scenario's.
    pub level: Option<Level>,
    /// Requirement; `None` for the scenario's first.
    pub requirement: Option<String>,
}

/// `silent: 3s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilentExpectation {
    /// How long nothing may come.
    pub during: Duration,
    /// Level; `None` for the scenario's.
    pub level: Option<Level>,
    /// Requirement; `None` for the scenario's first.
    pub requirement: Option<String>,
}

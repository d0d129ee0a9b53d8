//! The axes of the table, and a cell of it.

use std::fmt;

use super::client::Client;

/// How a client reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Plain,
    Stls,
    Implicit,
}

impl Wire {
    pub(super) const ALL: [Self; 3] = [Self::Plain, Self::Stls, Self::Implicit];
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::Stls => "STLS",
            Self::Implicit => "implicit TLS",
        })
    }
}

/// What a client does with mail that it has fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mail {
    Keep,
    Delete,
}

impl Mail {
    pub(super) const ALL: [Self; 2] = [Self::Keep, Self::Delete];
}

impl fmt::Display for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "keep",
            Self::Delete => "delete",
        })
    }
}

/// How a client shows whose maildrop it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WayIn {
    UserPass,
    Apop,
    Plain,
    Login,
    CramMd5,
    ScramSha1,
    ScramSha256,
}

impl WayIn {
    pub(super) const ALL: [Self; 7] =
        [Self::UserPass, Self::Apop, Self::Plain, Self::Login, Self::CramMd5, Self::ScramSha1, Self::ScramSha256];

    /// The name of the mechanism, if it is one of AUTH (RFC 5034).
    pub(super) fn mechanism(self) -> Option<&'static str> {
        match self {
            Self::UserPass | Self::Apop => None,
            Self::Plain => Some("PLAIN"),
            Self::Login => Some("LOGIN"),
            Self::CramMd5 => Some("CRAM-MD5"),
            Self::ScramSha1 => Some("SCRAM-SHA-1"),
            Self::ScramSha256 => Some("SCRAM-SHA-256"),
        }
    }
}

impl fmt::Display for WayIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UserPass => "USER/PASS",
            Self::Apop => "APOP",
            other => other.mechanism().unwrap_or_default(),
        })
    }
}

/// One cell: a client and how it is set up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) client: &'static Client,
    pub(super) wire: Wire,
    pub(super) mail: Mail,
    pub(super) login: WayIn,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {}, {}", self.client.name, self.wire, self.mail, self.login)
    }
}

/// Every cell, in the order of the page.
pub(super) fn all(clients: &'static [Client]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for client in clients {
        for wire in Wire::ALL {
            for mail in Mail::ALL {
                cells.extend(WayIn::ALL.map(|login| Cell { client, wire, mail, login }));
            }
        }
    }
    cells
}

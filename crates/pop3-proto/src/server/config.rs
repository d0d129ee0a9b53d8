//! What a session offers.

use std::time::Duration;

use crate::command::LINE_LIMIT;
use crate::line::BareLf;

/// What a session offers.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Text of the greeting behind `+OK `.
    pub greeting: String,
    /// The timestamp of this session's greeting, brackets included, new for every
    /// session; `None` for a server without APOP.
    pub timestamp: Option<String>,
    /// USER and PASS.
    pub user: Availability,
    /// Names of the AUTH mechanisms announced, upper case.
    pub mechanisms: Vec<String>,
    /// Whether CAPA exists.
    pub capa: Availability,
    /// Whether TOP exists.
    pub top: Availability,
    /// Whether UIDL exists.
    pub uidl: Availability,
    /// TLS on this connection at its beginning.
    pub tls: Tls,
    /// Text of IMPLEMENTATION; `None` to leave it out.
    pub implementation: Option<String>,
    /// What an LF without CR means in commands.
    pub bare_lf: BareLf,
    /// The longest command line in octets, line end included.
    pub line_limit: usize,
    /// The longest line of an AUTH exchange in octets, line end included.
    pub exchange_line_limit: usize,
    /// The autologout timer; RFC 1939 section 3 asks for ten minutes or more.
    pub autologout: Duration,
    /// Bad commands in a row after which the session is closed.
    pub bad_commands: u32,
}

/// Whether something is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It is there and announced.
    Offered,
    /// Only under TLS.
    UnderTls,
    /// It is not there.
    Absent,
}

/// TLS on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// STLS may start it.
    Available,
    /// It protects the connection.
    Active,
    /// There is none.
    Unavailable,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            greeting: "POP3 ready".to_owned(),
            timestamp: None,
            user: Availability::Offered,
            mechanisms: Vec::new(),
            capa: Availability::Offered,
            top: Availability::Offered,
            uidl: Availability::Offered,
            tls: Tls::Unavailable,
            implementation: None,
            bare_lf: BareLf::IsData,
            line_limit: LINE_LIMIT,
            exchange_line_limit: 16 * 1024,
            autologout: Duration::from_secs(600),
            bad_commands: 100,
        }
    }
}

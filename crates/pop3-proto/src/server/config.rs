//! What a session offers.

use std::time::Duration;

use crate::capability::Retention;
use crate::command::LINE_LIMIT;
use crate::language::Language;
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
    /// The AUTH mechanisms.
    pub mechanisms: Vec<OfferedMechanism>,
    /// Whether CAPA exists.
    pub capa: Availability,
    /// Whether TOP exists.
    pub top: Availability,
    /// Whether UIDL exists.
    pub uidl: Availability,
    /// TLS on this connection at its beginning.
    pub tls: Tls,
    /// Response codes at all (RFC 2449 section 8). Where they are not there, none
    /// are sent; where they are withheld, all are.
    pub resp_codes: Availability,
    /// The response code AUTH (RFC 3206 section 6). Where it is not there, it is not
    /// sent.
    pub auth_resp_code: Availability,
    /// Announces PIPELINING; commands that come early are heard in any case.
    pub pipelining: Availability,
    /// UTF8 (RFC 6856 section 2).
    pub utf8: Availability,
    /// Whether names and passwords may be UTF-8 where UTF8 is there.
    pub utf8_user: bool,
    /// LANG (RFC 6856 section 3).
    pub lang: Availability,
    /// What `LANG *` selects. Before any LANG, texts are English in ASCII.
    pub preferred_language: Language,
    /// LOGIN-DELAY as announced before a login.
    pub login_delay: Option<Announced<u64>>,
    /// EXPIRE as announced before a login.
    pub expire: Option<Announced<Retention>>,
    /// Text of IMPLEMENTATION; `None` to leave it out.
    pub implementation: Option<String>,
    /// Leaves IMPLEMENTATION out before a login (RFC 2449 section 6.9).
    pub implementation_after_login: bool,
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
    /// Failed logins after which the session is closed, exchanges that the client
    /// broke off among them.
    pub failed_logins: u32,
}

/// Whether something is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It is there and announced.
    Offered,
    /// Only under TLS.
    UnderTls,
    /// It is there, and CAPA does not tell.
    Withheld,
    /// It is not there.
    Absent,
}

impl Availability {
    /// Whether it is there.
    #[must_use]
    pub fn is_there(self, tls: Tls) -> bool {
        self == Self::Withheld || self.is_announced(tls)
    }

    /// Whether it is there and CAPA tells.
    #[must_use]
    pub fn is_announced(self, tls: Tls) -> bool {
        match self {
            Self::Offered => true,
            Self::UnderTls => tls == Tls::Active,
            Self::Withheld | Self::Absent => false,
        }
    }
}

/// An AUTH mechanism that a session offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedMechanism {
    /// Its name, upper case.
    pub name: String,
    /// Whether it is there, and announced.
    pub availability: Availability,
}

impl From<&str> for OfferedMechanism {
    /// Offered without condition.
    fn from(name: &str) -> Self {
        Self { name: name.to_ascii_uppercase(), availability: Availability::Offered }
    }
}

/// A policy that may differ from user to user, as CAPA tells it before a login
/// (RFC 2449 sections 6.5 and 6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced<T> {
    /// The strictest value that any user may have.
    pub strictest: T,
    /// Whether users differ: appends `USER`.
    pub per_user: bool,
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
            resp_codes: Availability::Offered,
            auth_resp_code: Availability::Offered,
            pipelining: Availability::Offered,
            utf8: Availability::Absent,
            utf8_user: false,
            lang: Availability::Absent,
            preferred_language: Language::English,
            login_delay: None,
            expire: None,
            implementation: None,
            implementation_after_login: false,
            bare_lf: BareLf::IsData,
            line_limit: LINE_LIMIT,
            exchange_line_limit: 16 * 1024,
            autologout: Duration::from_secs(600),
            bad_commands: 100,
            failed_logins: 20,
        }
    }
}

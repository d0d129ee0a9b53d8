//! SASL mechanisms (RFC 4422), one file each. A further mechanism is one more
//! variant here and one file beside `plain.rs`.

pub(crate) mod plain;

/// A mechanism, by its registered name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 4616
    Plain,
}

impl Mechanism {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Plain];

    /// Its name, upper case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
        }
    }

    /// The mechanism of this name, in any letter case (RFC 5034 section 4).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mechanism| mechanism.name().eq_ignore_ascii_case(name))
    }

    /// What the server says when the client sent no initial response.
    pub(crate) fn first_challenge(self) -> &'static [u8] {
        match self {
            Self::Plain => b"",
        }
    }

    /// What a response of the client amounts to.
    pub(crate) fn step(self, response: &[u8]) -> Step<'_> {
        match self {
            Self::Plain => match plain::Message::parse(response) {
                Some(message) => Step::Password { name: message.name, password: message.password },
                None => Step::Refuse,
            },
        }
    }
}

/// A step of a mechanism.
#[derive(PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// Let the store compare name and password.
    Password { name: &'a str, password: &'a str },
    /// The response is not in the mechanism's form.
    Refuse,
}

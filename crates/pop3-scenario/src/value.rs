//! Values taken from replies, by name.

use std::collections::BTreeMap;

/// A captured value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Octets, as they came.
    Octets(Vec<u8>),
    /// A whole number.
    Number(i128),
    /// Values gathered from the lines of a multi-line response, or the times of replies.
    List(Vec<Self>),
}

impl Value {
    /// The octets to write where the value is used in a text: octets as they
    /// are, a number in decimal. `None` for a list, which has no such form.
    #[must_use]
    pub fn to_octets(&self) -> Option<Vec<u8>> {
        match self {
            Self::Octets(octets) => Some(octets.clone()),
            Self::Number(number) => Some(number.to_string().into_bytes()),
            Self::List(_) => None,
        }
    }

    /// The number to calculate with: a number, or octets that are 1 to 38
    /// decimal digits and nothing else. `None` for anything else.
    #[must_use]
    pub fn to_number(&self) -> Option<i128> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Octets(octets) => decimal(octets),
            Self::List(_) => None,
        }
    }

    /// What kind of value it is, in words for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Octets(_) => "octets",
            Self::Number(_) => "a number",
            Self::List(_) => "a list",
        }
    }
}

impl std::fmt::Display for Value {
    /// Readable, with octets outside printable ASCII escaped.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Octets(octets) => write!(f, "\"{}\"", octets.escape_ascii()),
            Self::Number(number) => write!(f, "{number}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
        }
    }
}

/// The number written by 1 to 38 decimal digits (leading zeros not counted).
pub(crate) fn decimal(octets: &[u8]) -> Option<i128> {
    if octets.is_empty() || !octets.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(octets).ok()?.parse().ok()
}

/// Captures by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures {
    /// The values; the name of a list gathered by `into: list` is `list.n`.
    pub values: BTreeMap<String, Value>,
}

/// The captures that every scenario may use without making them: the account
/// (`user`, `password`), a name without an account (`nobody`), a password that
/// is not the account's (`wrong`), the word that marks this run (`nonce`), and the
/// digest of APOP for the greeting of the session in which it is sent (`apop`), the
/// same in capital letters (`apop_capitals`), and a wrong one, made of the timestamp
/// without its angle brackets (`apop_bare`), the account's bearer token, where the
/// target has tokens (`token`), and name and password as responses of a SASL exchange
/// (`user_base64`, `password_base64`).
pub const BUILT_IN: [&str; 11] = [
    "user",
    "password",
    "nobody",
    "wrong",
    "nonce",
    "apop",
    "apop_capitals",
    "apop_bare",
    "token",
    "user_base64",
    "password_base64",
];

/// The word of `needs.profile` for a target whose accounts have bearer tokens.
pub const OAUTH: &str = "oauth";

/// The captures of a scenario with `needs: {neighbour: true}` besides: a second
/// account, in whose maildrop is one message with the word `nonce` in its subject.
pub const OF_NEIGHBOUR: [&str; 2] = ["neighbour", "neighbour_password"];

impl Captures {
    /// No captures.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value, and forgets the earlier one of the same name.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.values.insert(name.into(), value);
    }

    /// Adds a value to the list of this name, and begins it where there is none.
    pub fn add(&mut self, name: &str, value: Value) {
        match self.values.get_mut(name) {
            Some(Value::List(items)) => items.push(value),
            _ => self.set(name, Value::List(vec![value])),
        }
    }

    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// The value of this name as the octets to write; `None` when there is none
    /// or it is a list.
    #[must_use]
    pub fn octets(&self, name: &str) -> Option<Vec<u8>> {
        self.get(name).and_then(Value::to_octets)
    }

    /// Takes over all values of `other`.
    pub fn extend(&mut self, other: Self) {
        self.values.extend(other.values);
    }
}

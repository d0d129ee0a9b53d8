//! A fault, and the sessions that have it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{Fault, UnknownFault};

/// A fault, in all sessions or in one: written `SLUG`, or `SLUG@N` for the Nth
/// session that the server begins, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Planted {
    /// What is wrong.
    pub fault: Fault,
    /// The only session in which it is; `None` for all.
    pub session: Option<u64>,
}

impl Planted {
    /// Whether it is at work in this session.
    #[must_use]
    pub fn is_in(self, session: u64) -> bool {
        self.session.is_none_or(|only| only == session)
    }
}

impl From<Fault> for Planted {
    fn from(fault: Fault) -> Self {
        Self { fault, session: None }
    }
}

impl fmt::Display for Planted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.session {
            None => write!(f, "{}", self.fault),
            Some(session) => write!(f, "{}@{session}", self.fault),
        }
    }
}

/// What is written is no fault in a session. Whoever wrote it is at fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotPlanted {
    /// No fault has this slug.
    #[error(transparent)]
    Fault(#[from] UnknownFault),
    /// Behind `@` stands no number of a session.
    #[error("`{text}` names no session: behind `@` comes the number of a session, from 1, such as `no-lock@2`")]
    Session {
        /// As written.
        text: String,
    },
}

impl FromStr for Planted {
    type Err = NotPlanted;

    fn from_str(text: &str) -> Result<Self, NotPlanted> {
        let Some((slug, number)) = text.split_once('@') else { return Ok(text.parse::<Fault>()?.into()) };
        let fault = slug.parse()?;
        let session = number.parse().ok().filter(|number| *number > 0);
        let session = session.ok_or_else(|| NotPlanted::Session { text: text.to_owned() })?;
        Ok(Self { fault, session: Some(session) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read() {
        let check = |text: &str, want: Result<Planted, &str>| {
            let read = text.parse::<Planted>();
            assert_eq!(
                read.as_ref().map_err(|error| error.to_string().contains(want.unwrap_err())),
                match &want {
                    Ok(planted) => Ok(planted),
                    Err(_) => Err(true),
                }
            );
            if let Ok(planted) = read {
                assert_eq!(planted.to_string(), text);
            }
        };
        check("no-lock@", Err("names no session"));
        check("no-lock@0", Err("names no session"));
        check("no-lock@b", Err("names no session"));
        check("nothing@1", Err("no fault is called"));
        check("no-lock", Ok(Planted { fault: Fault::NoLock, session: None }));
        check("no-lock@2", Ok(Planted { fault: Fault::NoLock, session: Some(2) }));
    }
}

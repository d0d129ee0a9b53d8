//! Deliberate defects. A conformance suite is believed when it finds each of them
//! and nothing in the server without one.
//!
//! A [`Fault`] is a filter beside the honest session: it sees each line before
//! the session does and each reply before the client does. No honest line of code
//! knows that faults exist, but for those below POP3 (`handshake`), which are asked for
//! where connections are made.

mod announcing;
mod body;
mod codes;
mod deleting;
mod digest;
mod filter;
mod framing;
mod greeting;
mod half_in;
mod handshake;
mod hostile;
mod language;
mod lateness;
mod line;
mod list;
mod listing;
mod lock;
mod login;
mod loose;
mod marking;
mod mechanism;
mod memory;
mod message;
mod number;
mod oauth;
mod odd_mail;
mod pipeline;
mod planted;
mod reading;
mod refusing;
mod robustness;
mod sabotage;
mod sasl;
mod scan;
mod segment;
mod sessions;
mod sizes;
#[cfg(test)]
pub(crate) mod tests;
mod timer;
mod tls;
mod top;
mod unicode;
mod unique_id;
mod update;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub(crate) use filter::{
    Before, Closing, Departures, Faults, Filter, Heard, MakeFilter, OnLine, OnReply, Pieces, View, rewrite,
};
pub(crate) use handshake::old_versions_answered;
pub(crate) use lateness::all_refused_late;
pub(crate) use line::CommandLine;
pub use list::Fault;
pub(crate) use listing::resize;
pub use planted::{NotPlanted, Planted};
pub use sabotage::{Sabotage, Spoiled, Tally};
pub(crate) use unique_id::change_uidl;

impl Fault {
    /// The fault of this slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.slug() == slug)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// No fault has this slug. Whoever wrote it is at fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no fault is called {slug:?}; there are: {}", known())]
pub struct UnknownFault {
    /// The slug as written.
    pub slug: String,
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(slug: &str) -> Result<Self, UnknownFault> {
        Self::from_slug(slug).ok_or_else(|| UnknownFault { slug: slug.to_owned() })
    }
}

fn known() -> String {
    let mut slugs: Vec<&str> = Fault::ALL.iter().map(|fault| fault.slug()).collect();
    slugs.sort_unstable();
    slugs.join(", ")
}

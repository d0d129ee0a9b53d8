//! Legal variations: a server that differs from the honest one in what the RFCs
//! leave open.
//!
//! A conformance suite is believed when it stays silent on each of them. A
//! [`Variation`] is a function from one way to build a server to another; where
//! an option of the builder does not say it, it puts a filter beside the honest
//! session, as a fault does.

mod capabilities;
mod codes;
mod delivery;
mod farewell;
mod greeting;
mod lenient;
mod list;
mod login;
mod maildrop;
mod strict;
#[cfg(test)]
mod tests;
mod text;
mod unique_id;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::fault::{Before, CommandLine, Filter, OnLine, View};

pub use list::Variation;

impl Variation {
    /// The variation of this slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|variation| variation.slug() == slug)
    }
}

impl fmt::Display for Variation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// No variation has this slug. Whoever wrote it is at fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no legal variation is called {slug:?}; there are: {}", known())]
pub struct UnknownVariation {
    /// The slug as written.
    pub slug: String,
}

impl FromStr for Variation {
    type Err = UnknownVariation;

    fn from_str(slug: &str) -> Result<Self, UnknownVariation> {
        Self::from_slug(slug).ok_or_else(|| UnknownVariation { slug: slug.to_owned() })
    }
}

/// A filter that changes what the session hears.
fn on_line(change: fn(&CommandLine<'_>, &View<'_>) -> Before) -> Box<dyn Filter> {
    Box::new(OnLine(change))
}

fn known() -> String {
    let mut slugs: Vec<&str> = Variation::ALL.iter().map(|variation| variation.slug()).collect();
    slugs.sort_unstable();
    slugs.join(", ")
}

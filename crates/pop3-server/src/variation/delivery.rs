//! How TCP brings replies. None of it has a meaning (RFC 1939 section 3).

use crate::fault::{Filter, Pieces};

struct Writes(Pieces);

impl Filter for Writes {
    fn pieces(&self) -> Pieces {
        self.0
    }
}

pub(super) fn bytewise() -> Box<dyn Filter> {
    Box::new(Writes(Pieces::Octets))
}

pub(super) fn cut_in_crlf() -> Box<dyn Filter> {
    Box::new(Writes(Pieces::CutInCrlf))
}

pub(super) fn when_idle() -> Box<dyn Filter> {
    Box::new(Writes(Pieces::WhenIdle))
}

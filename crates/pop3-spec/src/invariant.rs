//! Always-on checks: what must hold in every dialogue, whatever it was about.
//!
//! One invariant is one file; [`ALL`] is the registry from which help, reports
//! and counts are made.

use std::fmt;

use pop3_proto::client::{Limits, ObservedReply};
use pop3_proto::deviation::Deviation;

use crate::dialogue::{Dialogue, command_of};
use crate::requirement::Strength;
use crate::transcript::Connection;

mod byte_stuffing;
mod challenge_form;
mod crlf;
mod first_line_length;
mod listing_form;
mod multi_line_termination;
mod numbers_stable;
mod one_reply_per_command;
mod printable;
mod retr_octets_equal_list;
mod stat_equals_list;
mod status_indicator;
mod status_upper_case;
mod unique_id_form;

/// An always-on check.
#[derive(Clone, Copy)]
pub struct Invariant {
    /// Its id, such as `always/crlf`; never reused.
    pub id: &'static str,
    /// What it watches, in one sentence.
    pub title: &'static str,
    /// The requirement it rests on.
    pub requirement: &'static str,
    /// How strongly it binds.
    pub binding: Strength,
    watch: fn(&Dialogue) -> Vec<Breach>,
}

impl fmt::Debug for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// One place where an invariant does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The line answered; empty for the greeting.
    pub command: Vec<u8>,
    /// Offset in the server's octets of the connection, from 0.
    pub octet: u64,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: Vec<u8>,
}

impl Breach {
    fn new(reply: &ObservedReply, octet: u64, expected: impl Into<String>, actual: &[u8]) -> Self {
        Self { command: command_of(reply).to_vec(), octet, expected: expected.into(), actual: actual.to_vec() }
    }
}

/// All invariants, in order of id.
pub const ALL: &[Invariant] = &[
    byte_stuffing::INVARIANT,
    challenge_form::INVARIANT,
    crlf::INVARIANT,
    first_line_length::INVARIANT,
    listing_form::INVARIANT,
    multi_line_termination::INVARIANT,
    numbers_stable::INVARIANT,
    one_reply_per_command::INVARIANT,
    printable::INVARIANT,
    retr_octets_equal_list::INVARIANT,
    stat_equals_list::INVARIANT,
    status_indicator::INVARIANT,
    status_upper_case::INVARIANT,
    unique_id_form::INVARIANT,
];

/// Holds a connection against every invariant; the breaches with their invariants.
#[must_use]
pub fn check(connection: &Connection, limits: Limits) -> Vec<(&'static Invariant, Breach)> {
    let dialogue = Dialogue::read(connection, limits);
    let breaches = ALL
        .iter()
        .flat_map(|invariant| (invariant.watch)(&dialogue).into_iter().map(move |breach| (invariant, breach)));
    breaches.collect()
}

/// Breaches that the observing reader has already noted.
fn noted(dialogue: &Dialogue, deviations: &[Deviation], expected: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        for seen in reply.deviations.iter().filter(|seen| deviations.contains(&seen.deviation)) {
            breaches.push(Breach::new(reply, seen.at, expected, &reply.line));
        }
    }
    breaches
}

#[cfg(test)]
mod tests;

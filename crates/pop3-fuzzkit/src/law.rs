//! The laws. Each takes any octets at all.

mod client;
mod command;
mod framing;
pub(crate) mod server;
mod stuffing;

pub use client::client_reads_any_octets;
pub use command::command_round_trip;
pub use framing::framing_split_invariance;
pub use server::{server_dialogue, server_session};
pub use stuffing::stuffing_round_trip;

use crate::Broken;

/// A law: any octets, and whether it holds for them.
pub type Law = fn(&[u8]) -> Result<(), Broken>;

/// Every law with the name of its fuzz target.
pub const ALL: [(&str, Law); 6] = [
    ("client_reads", client_reads_any_octets),
    ("command_round_trip", command_round_trip),
    ("framing_split", framing_split_invariance),
    ("server_dialogue", server_dialogue),
    ("server_session", server_session),
    ("stuffing_round_trip", stuffing_round_trip),
];

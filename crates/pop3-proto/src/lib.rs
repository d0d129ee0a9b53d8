//! POP3 as octets and states, without sockets, clocks, threads or randomness.
//!
//! Two readers of the same grammar live here. The *strict* one serves servers:
//! it takes a command or says in one named variant why not. The *observing* one
//! serves testers: it returns what it understood **and** the list of everything
//! that was off, and never stops at the first fault.
//!
//! | to | use |
//! |---|---|
//! | find lines in a stream | [`line::LineFramer`] |
//! | read and print commands | [`command::Command`] |
//! | send and receive message bodies | [`stuffing::Stuffer`], [`stuffing::Unstuffer`] |
//! | know which step is legal when | [`state::TABLE`] |
//! | be a server | [`server::ServerSession`] |
//! | watch or drive a server | [`client::ClientSession`] |
//! | log in as a client | [`login::Login`] |
//!
#![doc = include_str!("../doc/states.md")]
#![warn(clippy::indexing_slicing, clippy::string_slice)]

pub mod apop;
pub mod auth;
pub mod capability;
pub mod client;
pub mod command;
pub mod deviation;
pub mod escape;
pub mod language;
pub mod line;
pub mod listing;
pub mod login;
pub mod message_number;
pub mod reply;
pub mod server;
pub mod state;
pub mod stuffing;
pub mod unique_id;

//! Replays scenarios against a server and says what happened as events.
//!
//! The runner never renders: it hands [`pop3_scenario::event::Event`]s to whoever
//! asked, and reports are made from those alone.

pub mod account;
mod certificate;
mod channel;
pub mod clock;
mod connection;
mod course;
mod engine;
pub mod error;
mod hello;
mod invariants;
mod login;
mod matching;
pub mod plan;
mod preflight;
pub mod run;
pub mod self_test;
mod session;
mod slow;
pub mod target;
pub mod tls;
mod transcript;

pub use error::RunError;
pub use run::{Options, QUICK_SLOW_TIER, run, run_in_turn};

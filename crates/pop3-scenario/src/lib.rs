//! The format `pop3-scenario/1`: POP3 dialogues written in YAML, loaded with the
//! place of every value, and the events and verdicts of a run.
//!
//! This crate never holds sockets: it says what to ask, `pop3-runner` asks.
#![warn(clippy::indexing_slicing, clippy::string_slice)]

pub mod catalogue;
pub mod coverage;
pub mod delivery;
pub mod diagnostic;
pub mod event;
pub mod expression;
pub mod fixture;
pub mod lint;
pub mod matrix;
pub mod pattern;
pub mod scenario;
pub mod schema;
pub mod slow;
pub mod source;
pub mod value;
pub mod verdict;
pub mod write;

mod check;
mod decode;
mod effects;
mod walk;
mod yaml;

pub use catalogue::Catalogue;
pub use walk::GradeByRuling;

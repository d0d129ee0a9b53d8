//! Renders the event log of a run. The log *is* the run: every report here is a
//! pure function of it, today or in a year.
//!
//! This crate never holds the runner, a socket or a clock, and never decides
//! about colour: the caller says so in [`style::Style`].
#![warn(clippy::indexing_slicing, clippy::string_slice)]

pub mod coverage;
pub mod delays;
pub mod diff;
pub mod format;
pub mod html;
pub mod json;
pub mod junit;
pub mod log;
pub mod markdown;
pub mod matrix;
mod page;
pub mod progress;
pub mod self_test;
pub mod style;
mod tally;
pub mod terminal;
mod told;
mod visible;

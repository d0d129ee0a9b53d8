//! What the POP3 RFCs require, and checks that hold any transcript against it.
//!
//! Nothing here does I/O, and nothing here knows the reference server: judge and
//! judged share only the grammar.

pub mod dialogue;
pub mod invariant;
pub mod model;
pub mod registry;
pub mod requirement;
pub mod ruling;
pub mod session;
pub mod transcript;

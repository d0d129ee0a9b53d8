//! pop3-spec
pub mod registry;
pub mod requirement;

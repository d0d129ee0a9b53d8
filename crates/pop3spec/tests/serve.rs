//! `pop3spec serve`: what its options change on the wire, what it says of wrong
//! ones, how it ends, and that a crowd does it no harm.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "serve/client.rs"]
mod client;
#[path = "serve/ends.rs"]
mod ends;
#[path = "serve/options.rs"]
mod options;
#[path = "serve/overload.rs"]
mod overload;
mod program;
#[path = "serve/tls.rs"]
mod tls;
#[path = "serve/usage.rs"]
mod usage;

//! Sockets and the clock: the only part of this crate that touches the world.

pub(crate) mod clock;
pub(crate) mod connection;
mod faulty;
pub(crate) mod listener;
pub(crate) mod random;
pub(crate) mod wire;

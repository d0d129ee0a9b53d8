//! The only place of this crate that asks the system for secret random octets.

/// Fills the octets; whether the system could.
pub(crate) fn fill(octets: &mut [u8]) -> bool {
    getrandom::fill(octets).is_ok()
}

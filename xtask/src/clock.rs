//! How long something takes. What is built, checked or tested never depends on it.

use std::time::Instant;

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "how long a chore takes is told, nothing depends on it")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

//! The only place of this crate that asks what time it is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Time since a store was made. Follows tokio's clock, which tests may pause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now() }
    }

    pub(crate) fn now(self) -> Duration {
        self.start.elapsed()
    }

    /// The instant at a time; some thirty years ahead when that is never.
    pub(crate) fn instant(self, at: Duration) -> Instant {
        const FAR: Duration = Duration::from_secs(1 << 30);
        self.start + at.min(FAR)
    }
}

/// A time by a factor; the longest there is where that is too long, or the factor makes no
/// sense.
pub(crate) fn scaled(time: Duration, factor: f64) -> Duration {
    if factor == 1.0 {
        return time;
    }
    Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

/// Seconds since 1970, for the timestamp of a greeting.
#[expect(clippy::disallowed_methods, reason = "a greeting's timestamp is made from the time (RFC 1939 section 7)")]
pub(crate) fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

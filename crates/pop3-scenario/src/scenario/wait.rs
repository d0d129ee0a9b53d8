//! `wait:`, for scenarios of tier slow.

use std::time::Duration;

use crate::expression::Expression;

/// How long a scenario of tier slow lets time go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// So long.
    For(Duration),
    /// So many seconds, worked out from what the target has said.
    Seconds(Expression),
}

impl Wait {
    /// The longest time that is waited for a number of the target's, in seconds.
    pub const MOST_SECONDS: u64 = 3600;
}

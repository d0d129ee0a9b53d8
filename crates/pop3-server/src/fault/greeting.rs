//! Faults of the greeting (RFC 1939 sections 3, 4 and 7).

use pop3_proto::server::ServerConfig;

use super::Filter;

pub(super) struct NoGreetingUntilSpokenTo;

impl Filter for NoGreetingUntilSpokenTo {
    fn greets_late(&self) -> bool {
        true
    }
}

pub(super) struct NegativeGreeting;

impl Filter for NegativeGreeting {
    fn greeting(&mut self, greeting: &mut Vec<u8>) {
        if let Some(rest) = greeting.strip_prefix(b"+OK") {
            *greeting = [b"-ERR", rest].concat();
        }
    }
}

pub(super) struct SameTimestamp;

impl Filter for SameTimestamp {
    fn on_connect(&mut self, config: &mut ServerConfig) {
        if let Some(timestamp) = &mut config.timestamp {
            "<1896.697170952@localhost>".clone_into(timestamp);
        }
    }
}

pub(super) struct TimestampWithoutAt;

impl Filter for TimestampWithoutAt {
    fn on_connect(&mut self, config: &mut ServerConfig) {
        if let Some(timestamp) = &mut config.timestamp {
            *timestamp = timestamp.replace('@', ".");
        }
    }
}

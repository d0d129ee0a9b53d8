//! Faults of the greeting (RFC 1939 sections 3, 4 and 7).

use pop3_proto::server::{ServerConfig, Tls};

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

fn before_line_end(greeting: &mut Vec<u8>, text: &[u8]) {
    if let Some(end) = greeting.windows(2).position(|pair| pair == b"\r\n") {
        greeting.splice(end..end, text.iter().copied());
    }
}

/// What takes TLS off in front of the server has a greeting of its own.
#[derive(Default)]
pub(super) struct GreetingOfTwoLines {
    under_tls: bool,
}

impl Filter for GreetingOfTwoLines {
    fn on_connect(&mut self, config: &mut ServerConfig) {
        self.under_tls = config.tls == Tls::Active;
    }

    fn greeting(&mut self, greeting: &mut Vec<u8>) {
        if self.under_tls {
            greeting.extend_from_slice(b"+OK the mail of others is none of your business\r\n");
        }
    }
}

pub(super) struct GreetingTooLong;

impl Filter for GreetingTooLong {
    fn greeting(&mut self, greeting: &mut Vec<u8>) {
        before_line_end(greeting, &[b" ".as_slice(), &[b'-'; 600]].concat());
    }
}

pub(super) struct AngleBracketsInGreeting;

impl Filter for AngleBracketsInGreeting {
    fn greeting(&mut self, greeting: &mut Vec<u8>) {
        if let Some(rest) = greeting.strip_prefix(b"+OK ") {
            *greeting = [b"+OK <localhost> ", rest].concat();
        }
    }
}

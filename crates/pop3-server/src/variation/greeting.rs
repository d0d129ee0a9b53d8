//! Greetings (RFC 1939 sections 4 and 7).

use pop3_proto::reply::STATUS_LINE_LIMIT;
use pop3_proto::server::ServerConfig;

use super::text::{first_line, set_first_line};
use crate::fault::Filter;

/// Changes the greeting as it is sent.
struct Greets(fn(&[u8]) -> Vec<u8>);

impl Filter for Greets {
    fn greeting(&mut self, greeting: &mut Vec<u8>) {
        let line = (self.0)(first_line(greeting));
        set_first_line(greeting, &line);
    }
}

pub(super) fn bare() -> Box<dyn Filter> {
    Box::new(Greets(|_| b"+OK".to_vec()))
}

pub(super) fn brackets() -> Box<dyn Filter> {
    Box::new(Greets(|_| b"+OK ready <nobody here knows RFC 2449>".to_vec()))
}

/// Text and timestamp of a greeting.
fn parts(line: &[u8]) -> (&[u8], &[u8]) {
    let at = line.iter().position(|octet| *octet == b'<').unwrap_or(line.len());
    let (text, timestamp) = line.split_at_checked(at).unwrap_or((line, b""));
    (text.strip_prefix(b"+OK").unwrap_or(text).trim_ascii(), timestamp)
}

pub(super) fn timestamp_first() -> Box<dyn Filter> {
    Box::new(Greets(|line| {
        let (text, timestamp) = parts(line);
        [b"+OK ", timestamp, b" ", text].concat()
    }))
}

pub(super) fn long() -> Box<dyn Filter> {
    Box::new(Greets(|line| {
        let (text, timestamp) = parts(line);
        let around = b"+OK  ".len() + timestamp.len() + b"\r\n".len();
        let room = STATUS_LINE_LIMIT.saturating_sub(around);
        let filler = b", a server with much to say: ".iter().chain(b"x".iter().cycle());
        let text: Vec<u8> = text.iter().chain(filler).copied().take(room).collect();
        [b"+OK ", text.as_slice(), b" ", timestamp].concat()
    }))
}

/// RFC 822 has these characters in an atom, and a domain literal behind the `@`.
struct OddTimestamp;

impl Filter for OddTimestamp {
    fn on_connect(&mut self, config: &mut ServerConfig) {
        if let Some(timestamp) = &mut config.timestamp {
            let local = timestamp.trim_start_matches('<').split('@').next().unwrap_or_default();
            *timestamp = format!("<!#$%&'*+-/=?^_`{{|}}~.{local}.==@[127.0.0.1]>");
        }
    }
}

pub(super) fn odd_timestamp() -> Box<dyn Filter> {
    Box::new(OddTimestamp)
}

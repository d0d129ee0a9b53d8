//! Faults that take the pieces in which TCP brings a command for something
//! (RFC 1939 section 3, RFC 2449 section 6.6).

use pop3_proto::command::Keyword;

use super::{CommandLine, Filter};

/// Of the lines that came in one read only the first is heard.
pub(super) struct OnlyFirstOfPipeline;

impl Filter for OnlyFirstOfPipeline {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        if let Some(at) = octets.windows(2).position(|pair| pair == b"\r\n") {
            octets.truncate(at + 2);
        }
    }
}

/// Whatever comes in one read ends there.
pub(super) struct SegmentIsCommand;

impl Filter for SegmentIsCommand {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        if !octets.ends_with(b"\n") {
            octets.extend_from_slice(b"\r\n");
        }
    }
}

/// A CR ends a command at once, and an LF that comes later ends another one.
#[derive(Default)]
pub(super) struct CrEndsCommand {
    after_cr: bool,
}

impl Filter for CrEndsCommand {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        let mut lines = Vec::with_capacity(octets.len() + 2);
        let mut rest = octets.iter().copied().peekable();
        if self.after_cr && rest.peek() == Some(&b'\n') {
            lines.push(b'\r');
        }
        self.after_cr = octets.ends_with(b"\r");
        while let Some(octet) = rest.next() {
            lines.push(octet);
            if octet == b'\r' && rest.peek() != Some(&b'\n') {
                lines.push(b'\n');
            }
        }
        *octets = lines;
    }
}

/// What comes in one read with RETR or TOP, behind it, is lost.
pub(super) struct InputDroppedWhileSending;

impl Filter for InputDroppedWhileSending {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        let mut end = 0;
        for line in octets.split_inclusive(|octet| *octet == b'\n') {
            end += line.len();
            if matches!(CommandLine::new(line).keyword(), Some(Keyword::Retr | Keyword::Top)) {
                break;
            }
        }
        octets.truncate(end);
    }
}

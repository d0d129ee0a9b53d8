//! Faults that clumsy and hostile clients meet.

use super::number::{Which, reread};
use super::{Before, CommandLine, Filter, Pieces, View, rewrite};

/// LF ends a line, and from the first one without a CR on, CR ends one too.
#[derive(Default)]
pub(super) struct CrlfCountsTwice {
    before: u8,
    lf_alone: bool,
}

impl Filter for CrlfCountsTwice {
    fn on_read(&mut self, octets: &mut Vec<u8>) {
        let mut lines = Vec::with_capacity(octets.len() + 2);
        for octet in octets.drain(..) {
            match octet {
                b'\n' if self.before != b'\r' => {
                    self.lf_alone = true;
                    lines.extend_from_slice(b"\r\n");
                }
                b'\n' if self.lf_alone => lines.extend_from_slice(b"\n\r\n"),
                _ => lines.push(octet),
            }
            self.before = octet;
        }
        *octets = lines;
    }
}

/// What typed-in backspaces and deletes leave of the line.
pub(super) fn backspace_edits_line(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    let edits = |octet: &u8| matches!(octet, 0x08 | 0x7F);
    if !line.octets.iter().any(edits) {
        return Before::Pass;
    }
    let mut edited = Vec::new();
    for octet in line.octets {
        match edits(octet) {
            true => edited.truncate(edited.len().saturating_sub(1)),
            false => edited.push(*octet),
        }
    }
    rewrite(edited)
}

/// Digits as the library of a language that knows Unicode reads them.
pub(super) fn digits_of_other_scripts(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let digit = |character: char| match character {
        '0'..='9' => Some(character),
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(character) - 0x660, 10),
        '\u{FF10}'..='\u{FF19}' => char::from_digit(u32::from(character) - 0xFF10, 10),
        _ => None,
    };
    reread(line, view, |text, which| {
        let other = !text.is_ascii() && which == Which::Message;
        other.then(|| text.chars().map(digit).collect()).flatten()
    })
}

/// The longest line that is answered.
const ANSWERED: usize = 1000;

pub(super) fn long_line_unanswered(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.octets.len() > ANSWERED { Before::Swallow } else { Before::Pass }
}

/// One thread writes to all clients, and waits for each.
pub(super) struct SlowReaderBlocksOthers;

impl Filter for SlowReaderBlocksOthers {
    fn pieces(&self) -> Pieces {
        Pieces::InTurn
    }
}

//! LIST gives the size that RETR has.

use std::collections::BTreeMap;

use pop3_proto::command::Keyword;
use pop3_proto::listing::ScanListing;
use pop3_proto::message_number::decimal;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/retr-octets-equal-list",
    title: "The size in a scan listing is the number of octets that RETR sends, byte-stuffing not counted.",
    requirements: &["rfc1939-5-scan-listing-exact-size"],
    binding: Strength::Must,
    ruling: Some("a-08"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut listed: BTreeMap<u64, u64> = BTreeMap::new();
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        match reply.granted() {
            Some((Keyword::List, _)) => {
                let lines = reply.listing();
                listed.extend(lines.into_iter().filter_map(ScanListing::parse).map(|scan| (scan.number, scan.octets)));
            }
            Some((Keyword::Retr, Some(argument))) if reply.whole => {
                let (Ok(number), Some(body)) = (decimal(argument), &reply.body) else { continue };
                let Some(&octets) = listed.get(&number) else { continue };
                let excused = || lacks_added_line_end(octets, body) || is_surrogate(body);
                if octets != body.len() as u64 && !excused() {
                    let expected = format!("{octets} octets, as LIST said of message {number}");
                    let actual = format!("{} octets", body.len());
                    breaches.push(Breach::new(reply, reply.octets.start, expected, actual.as_bytes()));
                }
            }
            _ => {}
        }
    }
    breaches
}

/// Whether it is a message that carries another one, which UTF-8 is the form of (RFC 6532):
/// of such a surrogate LIST only should tell the size (RFC 6856 section 2.1).
fn is_surrogate(body: &[u8]) -> bool {
    const CARRIED: &[u8] = b"message/global";
    body.windows(CARRIED.len()).any(|octets| octets.eq_ignore_ascii_case(CARRIED))
}

/// Ruling a-07: a server that adds the CRLF which a stored message lacks may
/// count it or not. Then the last line is not empty.
fn lacks_added_line_end(octets: u64, body: &[u8]) -> bool {
    octets + 2 == body.len() as u64 && body.ends_with(b"\r\n") && !body.ends_with(b"\r\n\r\n")
}

//! STAT and LIST speak of the same messages.

use pop3_proto::command::Keyword;
use pop3_proto::listing::{DropListing, ScanListing};

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::model::counted;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/stat-equals-list",
    title: "STAT gives the number and the sum of sizes of the messages that LIST lists.",
    requirements: &["rfc1939-5-stat-size-of-maildrop"],
    binding: Strength::Must,
    ruling: Some("a-08"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut stat = None;
    let mut list = None;
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        match reply.granted() {
            Some((Keyword::Stat, _)) => {
                stat = DropListing::parse(reply.text()).map(|drop| (drop.messages, u128::from(drop.octets)));
            }
            Some((Keyword::List, None)) => {
                let scans = reply.lines().map(ScanListing::parse).collect::<Option<Vec<_>>>();
                list = scans
                    .filter(|_| reply.whole)
                    .map(|scans| (scans.len() as u64, scans.iter().map(|scan| u128::from(scan.octets)).sum::<u128>()));
            }
            // These change what both may say; what was heard before is void.
            Some((Keyword::Dele | Keyword::Rset, _)) => (stat, list) = (None, None),
            _ => continue,
        }
        let (Some(stat), Some(list)) = (stat, list) else { continue };
        if stat != list {
            let expected = format!("{} of {} octets in all, as LIST lists them", counted(list.0, "message"), list.1);
            let actual = format!("STAT: {} of {} octets", counted(stat.0, "message"), stat.1);
            breaches.push(Breach::new(reply, reply.octets.start, expected, actual.as_bytes()));
        }
    }
    breaches
}

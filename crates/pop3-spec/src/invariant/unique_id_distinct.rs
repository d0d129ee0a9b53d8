//! Different messages have different unique-ids.

use std::collections::{BTreeMap, BTreeSet};

use pop3_proto::command::Keyword;
use pop3_proto::listing::{ScanListing, UniqueIdListing};
use pop3_proto::message_number::decimal;

use super::{Breach, Invariant, Watch};
use crate::dialogue::{Dialogue, Turn};
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/unique-id-distinct",
    title: "Two messages have the same unique-id only where they are the same.",
    requirements: &["rfc1939-7-unique-id-distinct"],
    binding: Strength::Must,
    ruling: Some("a-29"),
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
    let mut bodies: BTreeMap<u64, &[u8]> = BTreeMap::new();
    let mut ids: BTreeMap<&[u8], BTreeSet<u64>> = BTreeMap::new();
    let mut where_listed: BTreeMap<&[u8], &Turn> = BTreeMap::new();
    for turn in dialogue.replies.iter().filter(|turn| turn.whole) {
        match turn.granted() {
            Some((Keyword::List, _)) => {
                let scans = turn.listing().into_iter().filter_map(ScanListing::parse);
                sizes.extend(scans.map(|scan| (scan.number, scan.octets)));
            }
            Some((Keyword::Uidl, _)) => {
                for line in turn.listing().into_iter().filter_map(UniqueIdListing::parse) {
                    ids.entry(line.unique_id).or_default().insert(line.number);
                    where_listed.insert(line.unique_id, turn);
                }
            }
            Some((Keyword::Retr, Some(argument))) => {
                if let (Ok(number), Some(body)) = (decimal(argument), &turn.body) {
                    bodies.insert(number, body);
                }
            }
            _ => {}
        }
    }
    let mut breaches = Vec::new();
    for (id, numbers) in ids.iter().filter(|(_, numbers)| numbers.len() > 1) {
        let sizes: BTreeSet<u64> = numbers.iter().filter_map(|number| sizes.get(number).copied()).collect();
        let bodies: BTreeSet<&[u8]> = numbers.iter().filter_map(|number| bodies.get(number).copied()).collect();
        let Some(turn) = where_listed.get(id).filter(|_| sizes.len() > 1 || bodies.len() > 1) else { continue };
        let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let expected = format!("unique-ids of their own for messages {}, which differ", numbers.join(", "));
        breaches.push(Breach::new(turn, turn.octets.start, expected, id));
    }
    breaches
}

//! Unique-ids: 1 to 70 characters from 0x21 to 0x7E (RFC 1939 section 7).

use crate::fault::{Filter, OnReply, change_uidl};

/// FNV-1a.
fn hash(octets: &[u8]) -> u64 {
    octets.iter().fold(0xCBF2_9CE4_8422_2325, |hash, octet| (hash ^ u64::from(*octet)).wrapping_mul(0x100_0000_01B3))
}

pub(super) fn of_content() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        let content = |number| view.message(number).map(|message| hash(message.octets())).unwrap_or_default();
        change_uidl(line, reply, view, |number, _| format!("{number} {:016x}", content(number)));
    }))
}

pub(super) fn long() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        change_uidl(line, reply, view, |number, listed| format!("{number} {:.<70}", listed.unique_id.as_str()));
    }))
}

/// The hexadecimal digits of an id as characters that no id of this store has.
const ODD: [char; 16] = ['!', '"', '#', '$', '%', '&', '\'', '(', ')', '*', '+', ',', '/', '<', '>', '~'];

pub(super) fn odd() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        change_uidl(line, reply, view, |number, listed| {
            let id = listed.unique_id.as_str();
            let odd: String = id.chars().filter_map(|c| Some(ODD[c.to_digit(16)? as usize])).collect();
            // The number of a message in its store is behind the dash.
            let last = id.rsplit('-').next().unwrap_or_default();
            format!("{number} .{odd};:=?@[\\]^_`{{|}}-{last}")
        });
    }))
}

pub(super) fn digits() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        change_uidl(line, reply, view, |number, listed| {
            format!("{number} {}", hash(listed.unique_id.as_str().as_bytes()))
        });
    }))
}

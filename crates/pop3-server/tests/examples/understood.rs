//! What the reader makes of a reply in an example: numbers, unique-ids,
//! capabilities, codes and the timestamp, against the words as they stand there.

use std::str::FromStr;

use pop3_proto::apop;
use pop3_proto::capability::Capability;
use pop3_proto::client::ObservedReply;
use pop3_proto::listing::{DropListing, ScanListing, UniqueIdListing};
use pop3_proto::unique_id::UniqueId;

use crate::dialogue::Sent;

/// Holds what is understood against the words of the reply.
pub(crate) fn check(sent: &Sent, reply: &ObservedReply) -> Result<(), String> {
    let first = text(reply.text());
    let code = first.strip_prefix('[').and_then(|inner| inner.split_once(']')).map(|(code, _)| code);
    if reply.response_code().map(|code| code.as_str().to_owned()).as_deref() != code {
        return Err(format!("the response code is read as {:?}", reply.response_code()));
    }
    if *sent == Sent::Nothing {
        let stamp = first.find('<').map(|at| &first.as_bytes()[at..]);
        return if apop::timestamp(reply.text()) == stamp {
            Ok(())
        } else {
            Err("the timestamp is not found".to_owned())
        };
    }
    let Sent::Line(line) = sent else { return Ok(()) };
    if !reply.line.starts_with(b"+OK") {
        return Ok(());
    }
    let words: Vec<&str> = line.split(' ').collect();
    match words[..] {
        ["STAT"] => understood(&first, drop_listing),
        ["LIST", _] => understood(&first, scan_listing),
        ["UIDL", _] => understood(&first, unique_id_listing),
        ["LIST"] => each(reply, scan_listing),
        ["UIDL"] => each(reply, unique_id_listing),
        ["CAPA"] => each(reply, capability),
        _ => Ok(()),
    }
}

fn each(reply: &ObservedReply, way: fn(&str) -> Option<bool>) -> Result<(), String> {
    reply.lines().try_for_each(|line| understood(&text(line), way))
}

fn understood(line: &str, way: fn(&str) -> Option<bool>) -> Result<(), String> {
    if way(line) == Some(true) { Ok(()) } else { Err(format!("{line:?} is not understood as it stands")) }
}

fn drop_listing(line: &str) -> Option<bool> {
    let read = DropListing::parse(line.as_bytes())?;
    Some((read.messages, read.octets) == pair(line)?)
}

fn scan_listing(line: &str) -> Option<bool> {
    let read = ScanListing::parse(line.as_bytes())?;
    Some((read.number, read.octets) == pair(line)?)
}

fn unique_id_listing(line: &str) -> Option<bool> {
    let read = UniqueIdListing::parse(line.as_bytes())?;
    UniqueId::new(read.unique_id).ok()?;
    Some((read.number, text(read.unique_id)) == pair(line)?)
}

/// Every capability in the examples is known, and prints as it stands there.
fn capability(line: &str) -> Option<bool> {
    let read = Capability::parse(line.as_bytes())?;
    Some(!matches!(read, Capability::Other { .. }) && read.to_string() == line)
}

fn pair<T: FromStr>(line: &str) -> Option<(u64, T)> {
    let (first, second) = line.split_once(' ')?;
    Some((first.parse().ok()?, second.parse().ok()?))
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

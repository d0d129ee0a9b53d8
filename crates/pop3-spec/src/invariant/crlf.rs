//! Every line of a reply ends in CRLF.

use pop3_proto::command::Keyword;
use pop3_proto::deviation::Deviation;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/crlf",
    title: "Every line of a reply ends in CRLF.",
    requirements: &["rfc1939-3-response-ends-with-crlf"],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

const EXPECTED: &str = "a line that ends in CRLF";

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        if let Some(seen) = reply.deviations.iter().find(|seen| seen.deviation == Deviation::BareLfLineEnd) {
            let line = [&reply.line, b"\n".as_slice()].concat();
            breaches.push(Breach::new(reply, seen.at, EXPECTED, &line));
            continue;
        }
        // In a message an LF may be what the message holds; in a listing it is a line end.
        let listing = matches!(reply.granted(), Some((Keyword::List | Keyword::Uidl | Keyword::Capa, _)));
        let body = reply.body.as_deref().filter(|_| listing && reply.whole).unwrap_or_default();
        let bare = body.split_inclusive(|octet| *octet == b'\n').find(|line| !line.ends_with(b"\r\n"));
        if let Some(line) = bare {
            breaches.push(Breach::new(reply, reply.octets.start, EXPECTED, line));
        }
    }
    breaches
}

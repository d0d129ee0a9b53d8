//! What is said behind status indicators.

use pop3_proto::command::Keyword;

use crate::fault::{CommandLine, Filter, OnReply, View};

/// Commands whose replies bear no meaning in their text.
const MEANINGLESS: [Keyword; 8] = [
    Keyword::User,
    Keyword::Pass,
    Keyword::Noop,
    Keyword::Rset,
    Keyword::Dele,
    Keyword::Quit,
    Keyword::Retr,
    Keyword::Top,
];

pub(super) fn bare_status() -> Box<dyn Filter> {
    Box::new(OnReply(without_text))
}

fn without_text(line: &CommandLine<'_>, reply: &mut Vec<u8>, _view: &View<'_>) {
    let end = reply.windows(2).position(|pair| pair == b"\r\n").unwrap_or(reply.len());
    if line.keyword().is_some_and(|keyword| MEANINGLESS.contains(&keyword)) && reply.starts_with(b"+OK") {
        reply.splice(..end, b"+OK".iter().copied());
    }
}

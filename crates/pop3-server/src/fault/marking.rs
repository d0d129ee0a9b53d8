//! Faults of DELE, RSET and NOOP that need more than one command to show (RFC 1939
//! section 5).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;

use super::listing::stat;
use super::sessions::NewMailVisibleInSession;
use super::{Before, CommandLine, Filter, Heard, View};

/// The line, behind a RSET and the marks of these messages; the client hears of
/// the line only.
fn with_marks(line: &CommandLine<'_>, marked: impl IntoIterator<Item = MessageNumber>) -> Before {
    let quietly = |line: String| (line.into_bytes(), Heard::No);
    let marks = marked.into_iter().map(|number| quietly(format!("DELE {number}")));
    let line = (line.octets.to_vec(), Heard::Yes);
    Before::Instead([quietly("RSET".to_owned())].into_iter().chain(marks).chain([line]).collect())
}

pub(super) fn dele_of_last_unmarks_first(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let (Some(first), Some((last, _))) = (MessageNumber::new(1), view.listed().last()) else { return Before::Pass };
    let is_last = line.is_for_one(Keyword::Dele) && line.number() == Some(last) && view.in_transaction();
    if is_last && last != first && view.is_marked(first) && !view.is_marked(last) {
        with_marks(line, view.marked().into_iter().filter(|number| *number != first))
    } else {
        Before::Pass
    }
}

pub(super) fn noop_unmarks_one(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let mut marked = view.marked();
    if line.is_for_all(Keyword::Noop) && view.in_transaction() && marked.pop().is_some() {
        with_marks(line, marked)
    } else {
        Before::Pass
    }
}

/// RSET counts what was done since login, and gives up when that is much.
#[derive(Default)]
pub(super) struct RsetForgetsAfterTwoRetr {
    fetched: usize,
}

impl Filter for RsetForgetsAfterTwoRetr {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let tired = self.fetched >= 2 && line.is_for_all(Keyword::Rset) && view.in_transaction();
        if tired { Before::Answer(b"+OK\r\n".to_vec()) } else { Before::Pass }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if line.is(Keyword::Retr) && reply.starts_with(b"+OK") {
            self.fetched += 1;
        }
    }
}

/// The totals are kept, and RSET leaves them as they are.
#[derive(Default)]
pub(super) struct StatStaleAfterRset {
    totals: Option<(usize, u64)>,
}

impl Filter for StatStaleAfterRset {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if line.is_for_all(Keyword::Rset) && view.in_transaction() {
            let left = view.listed().filter(|(number, _)| !view.is_marked(*number));
            let octets = |sum: (usize, u64), octets: u64| (sum.0 + 1, sum.1 + octets);
            self.totals = Some(left.fold((0, 0), |sum, (_, listed)| octets(sum, listed.octets)));
        } else if line.is_for_one(Keyword::Dele) {
            self.totals = None;
        }
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        if let Some((messages, octets)) =
            self.totals.filter(|_| line.is_for_all(Keyword::Stat) && view.in_transaction())
        {
            *reply = stat(messages, octets);
        }
    }
}

/// RSET opens the maildrop again.
#[derive(Default)]
pub(super) struct RsetShowsNewMail {
    since_reset: Option<NewMailVisibleInSession>,
}

impl Filter for RsetShowsNewMail {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if line.is_for_all(Keyword::Rset) && view.in_transaction() {
            self.since_reset = Some(NewMailVisibleInSession);
        }
        self.since_reset.as_mut().map_or(Before::Pass, |new_mail| new_mail.before_line(line, view))
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        if let Some(new_mail) = &mut self.since_reset {
            new_mail.after_reply(line, reply, view);
        }
    }
}

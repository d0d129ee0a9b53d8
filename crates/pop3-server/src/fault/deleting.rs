//! Faults of DELE, RSET, QUIT and the UPDATE state (RFC 1939 sections 5 and 6).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::state::State;

use super::{Before, Closing, CommandLine, Filter, Heard, View};

pub(super) fn dele_twice_accepted(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match line.number() {
        Some(number) if line.is_for_one(Keyword::Dele) && view.is_marked(number) => {
            Before::Answer(format!("+OK message {number} deleted\r\n").into_bytes())
        }
        _ => Before::Pass,
    }
}

pub(super) fn quit_does_not_delete(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Quit) && view.in_transaction() { forget_and_quit() } else { Before::Pass }
}

/// QUIT without what the honest session would remove.
pub(super) fn forget_and_quit() -> Before {
    Before::Instead(vec![(b"RSET".to_vec(), Heard::No), (b"QUIT".to_vec(), Heard::Yes)])
}

pub(super) fn rset_does_nothing(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Rset) && view.in_transaction() {
        Before::Answer(b"+OK\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn retr_deletes(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    deletes(Keyword::Retr, line, view)
}

pub(super) fn top_deletes(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    deletes(Keyword::Top, line, view)
}

fn deletes(keyword: Keyword, line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match line.number() {
        Some(number) if line.is(keyword) && view.in_transaction() => Before::Instead(vec![
            (line.octets.to_vec(), Heard::Yes),
            (format!("DELE {number}").into_bytes(), Heard::No),
        ]),
        _ => Before::Pass,
    }
}

/// A session that ends in any way goes through UPDATE.
pub(super) struct DeleteOnDisconnect;

impl Filter for DeleteOnDisconnect {
    fn on_disconnect(&mut self, view: &View<'_>) {
        if let Some(name) = view.host.name() {
            let marked = view.marked().into_iter().filter_map(|number| view.message(number));
            let unique_ids: Vec<_> = marked.map(|message| message.unique_id().clone()).collect();
            view.store().remove(name, &unique_ids);
        }
    }
}

pub(super) struct QuitKeepsOpen;

impl Filter for QuitKeepsOpen {
    fn at_close(&mut self) -> Closing {
        Closing::Never
    }
}

pub(super) struct AnswersAfterQuit;

impl Filter for AnswersAfterQuit {
    fn at_close(&mut self) -> Closing {
        Closing::AfterAnswers
    }

    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        match view.state() {
            State::Ended if line.is(Keyword::Stat) => Before::Answer(b"+OK 0 0\r\n".to_vec()),
            State::Ended => Before::Answer(b"+OK\r\n".to_vec()),
            _ => Before::Pass,
        }
    }
}

/// A line with others around it that the client knows nothing of.
pub(super) fn around(before: &[&str], line: &CommandLine<'_>, behind: impl IntoIterator<Item = String>) -> Before {
    let quietly = |line: String| (line.into_bytes(), Heard::No);
    let before = before.iter().map(|line| quietly((*line).to_owned()));
    let line = (line.octets.to_vec(), Heard::Yes);
    Before::Instead(before.chain([line]).chain(behind.into_iter().map(quietly)).collect())
}

fn dele(number: MessageNumber) -> String {
    format!("DELE {number}")
}

pub(super) fn noop_refused(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Noop) && view.in_transaction() {
        Before::Answer(b"-ERR nothing to do\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn capa_unmarks(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Capa) && view.in_transaction() { around(&["RSET"], line, []) } else { Before::Pass }
}

pub(super) fn rset_needs_marks(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Rset) && view.in_transaction() && view.marked().is_empty() {
        Before::Answer(b"-ERR nothing to unmark\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn rset_unmarks_one(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Rset) && view.in_transaction() {
        around(&[], line, view.marked().into_iter().skip(1).map(dele))
    } else {
        Before::Pass
    }
}

pub(super) fn refused_dele_marks_another(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let asked = line.number().filter(|_| line.is_for_one(Keyword::Dele) && view.in_transaction());
    match (asked, view.unmarked().last()) {
        (Some(number), Some(last)) if view.message(number).is_none() => around(&[], line, [dele(*last)]),
        _ => Before::Pass,
    }
}

pub(super) fn deleted_still_retrieved(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    use Keyword as K;
    let reads = matches!(line.keyword(), Some(K::Retr | K::Top | K::List | K::Uidl));
    match line.number() {
        Some(number) if reads && view.in_transaction() && view.is_marked(number) => {
            around(&["RSET"], line, view.marked().into_iter().map(dele))
        }
        _ => Before::Pass,
    }
}

pub(super) fn quit_without_reply(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if line.is(Keyword::Quit) && view.state() == State::Ended && !view.marked().is_empty() {
        reply.clear();
    }
}

/// QUIT behind USER removes a message of whoever was named.
#[derive(Default)]
pub(super) struct QuitBeforeLoginDeletes {
    name: Option<String>,
}

impl Filter for QuitBeforeLoginDeletes {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if line.is_for_one(Keyword::User) {
            self.name = Some(line.text().to_owned());
        }
        if line.is_for_all(Keyword::Quit)
            && view.state() == State::Named
            && let (Some(name), Some(first)) = (&self.name, MessageNumber::new(1))
        {
            view.store().remove_numbers(name, &[first]);
        }
        Before::Pass
    }
}

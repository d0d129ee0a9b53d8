//! Faults of DELE, RSET, QUIT and the UPDATE state (RFC 1939 sections 5 and 6).

use pop3_proto::command::Keyword;
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
    match line.number() {
        Some(number) if line.is_for_one(Keyword::Retr) && view.in_transaction() => Before::Instead(vec![
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

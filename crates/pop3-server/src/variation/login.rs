//! Names, passwords and what stands between them (RFC 1939 section 7).

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::on_line;
use crate::fault::{Before, CommandLine, Filter, Heard, View};

/// Under TLS too: who asks for names learns them.
pub(super) fn unknown_user_refused() -> Box<dyn Filter> {
    on_line(|line, view| {
        let known = || view.store().names().iter().any(|name| name == line.text());
        let asks = line.is_for_one(Keyword::User) && !view.in_transaction() && !line.word(1).is_empty();
        if asks && !known() { Before::Answer(b"-ERR there is no such mailbox\r\n".to_vec()) } else { Before::Pass }
    })
}

/// CAPA makes the honest session forget the name that waits.
pub(super) fn second_user_replaces_first() -> Box<dyn Filter> {
    on_line(|line, view| {
        if line.is(Keyword::User) && view.state() == State::Named {
            Before::Instead(vec![(b"CAPA".to_vec(), Heard::No), (line.octets.to_vec(), Heard::Yes)])
        } else {
            Before::Pass
        }
    })
}

/// A name that waits for its password.
#[derive(Default)]
struct NameOutlivesCapa {
    name: Option<Vec<u8>>,
}

impl Filter for NameOutlivesCapa {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        match (&self.name, line.keyword()) {
            (Some(name), Some(Keyword::Pass)) if view.state() == State::Authorization => {
                let user = [b"USER ", name.as_slice()].concat();
                Before::Instead(vec![(user, Heard::No), (line.octets.to_vec(), Heard::Yes)])
            }
            _ => Before::Pass,
        }
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        match line.keyword() {
            Some(Keyword::User) if reply.starts_with(b"+OK") => self.name = Some(line.word(1).to_vec()),
            // A login that was tried, or another session, is the end of it.
            Some(Keyword::User | Keyword::Pass | Keyword::Apop | Keyword::Auth | Keyword::Stls | Keyword::Quit) => {
                self.name = None;
            }
            _ => {}
        }
    }
}

pub(super) fn name_outlives_capa() -> Box<dyn Filter> {
    Box::new(NameOutlivesCapa::default())
}

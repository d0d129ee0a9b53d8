//! Commands are granted in the states that have them only.

use pop3_proto::command::Keyword;
use pop3_proto::state::State;

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/wrong-state",
    title: "Commands of the TRANSACTION state are refused before login, and those of the AUTHORIZATION state behind it.",
    requirements: &[
        "rfc1939-3-wrong-state-negative",
        "rfc2595-4-stls-not-after-login",
        "rfc5034-4-second-auth-refused",
        "rfc6856-2-utf8-command-only-in-authorization",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        let Some((keyword, argument)) = turn.granted() else { continue };
        let requirement = match (turn.state, keyword) {
            (
                State::Authorization | State::Named,
                Keyword::Dele
                | Keyword::List
                | Keyword::Noop
                | Keyword::Retr
                | Keyword::Rset
                | Keyword::Stat
                | Keyword::Top
                | Keyword::Uidl,
            )
            | (State::Transaction, Keyword::Apop | Keyword::Pass | Keyword::User) => "rfc1939-3-wrong-state-negative",
            // Without an argument it may be the older listing of mechanisms.
            (State::Transaction, Keyword::Auth) if argument.is_some() => "rfc5034-4-second-auth-refused",
            (State::Transaction, Keyword::Utf8) => "rfc6856-2-utf8-command-only-in-authorization",
            (State::Transaction, Keyword::Stls) => "rfc2595-4-stls-not-after-login",
            _ => continue,
        };
        let expected = format!("-ERR: {keyword} is no command of the {} state", turn.state.name());
        breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement));
    }
    breaches
}

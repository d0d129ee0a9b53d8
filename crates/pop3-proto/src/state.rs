//! The one table of states and legal steps. Server session, client session,
//! state diagram and exhaustive test are all made from it.

use std::fmt;

use crate::command::Keyword;

/// The state of a session. RFC 1939 names AUTHORIZATION, TRANSACTION and UPDATE;
/// the finer ones follow from restrictions in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// AUTHORIZATION, nobody named (RFC 1939 section 4).
    Authorization,
    /// AUTHORIZATION, right behind a successful USER: PASS may follow
    /// (RFC 1939 section 7).
    Named,
    /// AUTHORIZATION, within an AUTH exchange (RFC 5034 section 4).
    Exchange,
    /// AUTHORIZATION, between the `+OK` to STLS and the end of the handshake
    /// (RFC 2595 section 4).
    Handshake,
    /// TRANSACTION (RFC 1939 section 5).
    Transaction,
    /// The session has ended; whether through UPDATE, the last step says.
    Ended,
}

impl State {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Authorization, Self::Named, Self::Exchange, Self::Handshake, Self::Transaction, Self::Ended];

    /// The state as RFC 1939 names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorization | Self::Named | Self::Exchange | Self::Handshake => "AUTHORIZATION",
            Self::Transaction => "TRANSACTION",
            Self::Ended => "UPDATE",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authorization => "AUTHORIZATION",
            Self::Named => "AUTHORIZATION (named)",
            Self::Exchange => "AUTHORIZATION (AUTH exchange)",
            Self::Handshake => "AUTHORIZATION (TLS handshake)",
            Self::Transaction => "TRANSACTION",
            Self::Ended => "ended",
        })
    }
}

/// What moves a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// A well-formed command.
    Command(Keyword),
    /// A client's line within an AUTH exchange.
    ExchangeLine,
    /// The TLS handshake is complete.
    HandshakeDone,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(keyword) => keyword.fmt(f),
            Self::ExchangeLine => f.write_str("response"),
            Self::HandshakeDone => f.write_str("handshake done"),
        }
    }
}

/// How a step came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// `+OK`
    Positive,
    /// `-ERR`
    Negative,
    /// `+`, a challenge
    Challenge,
    /// Nothing is sent.
    Silent,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Positive => "+OK",
            Self::Negative => "-ERR",
            Self::Challenge => "+",
            Self::Silent => "-",
        })
    }
}

/// A legal step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The state before.
    pub from: State,
    /// What moves it.
    pub input: Input,
    /// How it came out.
    pub outcome: Outcome,
    /// The state behind.
    pub to: State,
    /// Where the RFCs say so.
    pub clause: &'static str,
}

const fn step(from: State, input: Input, outcome: Outcome, to: State, clause: &'static str) -> Step {
    Step { from, input, outcome, to, clause }
}

use Input::Command as C;
use Keyword as K;
use Outcome::{Challenge, Negative, Positive, Silent};
use State as S;

/// Every legal step. A command that has no row for the present state is answered
/// `-ERR` and changes nothing (RFC 1939 section 3), except that behind a
/// successful USER anything but PASS ends the chance to give it: see [`refused`].
pub const TABLE: &[Step] = &[
    step(S::Authorization, C(K::User), Positive, S::Named, "RFC 1939 section 7"),
    step(S::Authorization, C(K::User), Negative, S::Authorization, "RFC 1939 section 7"),
    step(S::Authorization, C(K::Apop), Positive, S::Transaction, "RFC 1939 section 7"),
    step(S::Authorization, C(K::Apop), Negative, S::Authorization, "RFC 1939 section 7"),
    step(S::Authorization, C(K::Auth), Challenge, S::Exchange, "RFC 5034 section 4"),
    step(S::Authorization, C(K::Auth), Positive, S::Transaction, "RFC 5034 section 4"),
    step(S::Authorization, C(K::Auth), Negative, S::Authorization, "RFC 5034 section 4"),
    step(S::Authorization, C(K::Capa), Positive, S::Authorization, "RFC 2449 section 5"),
    step(S::Authorization, C(K::Stls), Positive, S::Handshake, "RFC 2595 section 4"),
    step(S::Authorization, C(K::Stls), Negative, S::Authorization, "RFC 2595 section 4"),
    step(S::Authorization, C(K::Utf8), Positive, S::Authorization, "RFC 6856 section 2.1"),
    step(S::Authorization, C(K::Utf8), Negative, S::Authorization, "RFC 6856 section 2.1"),
    step(S::Authorization, C(K::Lang), Positive, S::Authorization, "RFC 6856 section 3"),
    step(S::Authorization, C(K::Lang), Negative, S::Authorization, "RFC 6856 section 3"),
    step(S::Authorization, C(K::Quit), Positive, S::Ended, "RFC 1939 section 4"),
    step(S::Named, C(K::Pass), Positive, S::Transaction, "RFC 1939 section 7"),
    step(S::Named, C(K::Pass), Negative, S::Authorization, "RFC 1939 section 7"),
    step(S::Named, C(K::Capa), Positive, S::Authorization, "RFC 2449 section 5"),
    step(S::Named, C(K::Stls), Positive, S::Handshake, "RFC 2595 section 4"),
    step(S::Named, C(K::Stls), Negative, S::Authorization, "RFC 2595 section 4"),
    step(S::Named, C(K::Utf8), Positive, S::Authorization, "RFC 6856 section 2.1"),
    step(S::Named, C(K::Utf8), Negative, S::Authorization, "RFC 6856 section 2.1"),
    step(S::Named, C(K::Lang), Positive, S::Authorization, "RFC 6856 section 3"),
    step(S::Named, C(K::Lang), Negative, S::Authorization, "RFC 6856 section 3"),
    step(S::Named, C(K::Quit), Positive, S::Ended, "RFC 1939 section 4"),
    step(S::Exchange, Input::ExchangeLine, Challenge, S::Exchange, "RFC 5034 section 4"),
    step(S::Exchange, Input::ExchangeLine, Positive, S::Transaction, "RFC 5034 section 4"),
    step(S::Exchange, Input::ExchangeLine, Negative, S::Authorization, "RFC 5034 section 4"),
    step(S::Handshake, Input::HandshakeDone, Silent, S::Authorization, "RFC 2595 section 4"),
    step(S::Transaction, C(K::Stat), Positive, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::List), Positive, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::List), Negative, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::Retr), Positive, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::Retr), Negative, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::Dele), Positive, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::Dele), Negative, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::Noop), Positive, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::Rset), Positive, S::Transaction, "RFC 1939 section 5"),
    step(S::Transaction, C(K::Top), Positive, S::Transaction, "RFC 1939 section 7"),
    step(S::Transaction, C(K::Top), Negative, S::Transaction, "RFC 1939 section 7"),
    step(S::Transaction, C(K::Uidl), Positive, S::Transaction, "RFC 1939 section 7"),
    step(S::Transaction, C(K::Uidl), Negative, S::Transaction, "RFC 1939 section 7"),
    step(S::Transaction, C(K::Capa), Positive, S::Transaction, "RFC 2449 section 5"),
    step(S::Transaction, C(K::Lang), Positive, S::Transaction, "RFC 6856 section 3"),
    step(S::Transaction, C(K::Lang), Negative, S::Transaction, "RFC 6856 section 3"),
    step(S::Transaction, C(K::Quit), Positive, S::Ended, "RFC 1939 section 6"),
    step(S::Transaction, C(K::Quit), Negative, S::Ended, "RFC 1939 section 6"),
];

/// Whether the input has a row in this state, however it may come out.
#[must_use]
pub fn is_legal(from: State, input: Input) -> bool {
    TABLE.iter().any(|row| row.from == from && row.input == input)
}

/// The state behind a legal step; `None` when the table has no such row.
#[must_use]
pub fn next(from: State, input: Input, outcome: Outcome) -> Option<State> {
    TABLE.iter().find(|row| row.from == from && row.input == input && row.outcome == outcome).map(|row| row.to)
}

/// The state behind a refused line: the same, but PASS must come *immediately*
/// behind a successful USER (RFC 1939 section 7), so a name is forgotten.
#[must_use]
pub fn refused(from: State) -> State {
    if from == State::Named { State::Authorization } else { from }
}

/// The table as a Mermaid state diagram, for the documentation.
#[must_use]
pub fn diagram() -> String {
    use fmt::Write as _;
    let id = |state: State| format!("{state:?}");
    let mut text = String::from("stateDiagram-v2\n");
    for state in State::ALL {
        let _ = writeln!(text, "    {} : {state}", id(state));
    }
    let _ = writeln!(text, "    [*] --> {} : greeting", id(State::Authorization));
    for from in State::ALL {
        for to in State::ALL {
            let labels: Vec<String> = TABLE
                .iter()
                .filter(|row| row.from == from && row.to == to)
                .map(|row| format!("{} {}", row.input, row.outcome))
                .collect();
            if !labels.is_empty() {
                let _ = writeln!(text, "    {} --> {} : {}", id(from), id(to), labels.join(", "));
            }
        }
    }
    let _ = writeln!(text, "    {} --> [*]", id(State::Ended));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_outcome_state() {
        for (index, row) in TABLE.iter().enumerate() {
            let twin = TABLE
                .iter()
                .skip(index + 1)
                .find(|other| (other.from, other.input, other.outcome) == (row.from, row.input, row.outcome));
            assert_eq!(twin, None, "{row:?}");
        }
    }

    #[test]
    fn only_a_login_enters_transaction_and_nothing_leaves_the_end() {
        let logins = [C(K::Pass), C(K::Apop), C(K::Auth), Input::ExchangeLine];
        for row in TABLE {
            assert_ne!(row.from, State::Ended, "{row:?}");
            if row.to == State::Transaction && row.from != State::Transaction {
                assert!(logins.contains(&row.input) && row.outcome == Positive, "{row:?}");
            }
        }
    }

    #[test]
    fn restrictions_of_the_text() {
        let check = |from, keyword, legal| assert_eq!(is_legal(from, C(keyword)), legal, "{from} {keyword}");
        for keyword in [K::Stat, K::List, K::Retr, K::Dele, K::Noop, K::Rset, K::Top, K::Uidl] {
            check(State::Authorization, keyword, false);
            check(State::Named, keyword, false);
            check(State::Transaction, keyword, true);
        }
        for keyword in [K::User, K::Pass, K::Apop, K::Auth, K::Stls, K::Utf8] {
            check(State::Transaction, keyword, false);
        }
        check(State::Authorization, K::Pass, false);
        check(State::Named, K::User, false);
        for state in [State::Authorization, State::Named, State::Transaction] {
            check(state, K::Quit, true);
            check(state, K::Capa, true);
            check(state, K::Lang, true);
        }
    }
}

//! The naive model of a session: what STAT, LIST, UIDL, RETR, DELE, RSET and NOOP
//! may answer after all that was seen.
//!
//! It knows no more than the dialogue and RFC 1939 sections 4 and 5, and shares no
//! code with any server. It names definite contradictions only: a refusal with a
//! response code, or with the end of the connection behind it, may have reasons of
//! its own, and behind a contradiction the model knows nothing until RSET.

use std::collections::{BTreeMap, BTreeSet};

use pop3_proto::command::Keyword;
use pop3_proto::listing::{DropListing, ScanListing, UniqueIdListing};
use pop3_proto::message_number::decimal;
use pop3_proto::reply::Status;
use pop3_proto::state::State;

use crate::dialogue::{Dialogue, Turn};

/// An answer that cannot be, after what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What it is about.
    pub rule: Rule,
    /// The position of the reply in the dialogue.
    pub turn: usize,
    /// The requirement broken.
    pub requirement: &'static str,
    /// What had to be answered, and why.
    pub expected: String,
}

/// What an answer contradicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// What a listing has to hold.
    Listing,
    /// That a number without a message is refused.
    NumberBad,
    /// That the number of a message is good.
    NumberGood,
    /// That a command cannot fail.
    Positive,
    /// What STAT has to count.
    Totals,
}

/// Follows a dialogue; all contradictions, in order.
#[must_use]
pub fn contradictions(dialogue: &Dialogue) -> Vec<Contradiction> {
    let mut model = Model::default();
    let mut found = Vec::new();
    for (turn, reply) in dialogue.replies.iter().enumerate() {
        if reply.state != State::Transaction {
            continue;
        }
        let Some((keyword, words)) = reply.words() else { continue };
        let contradiction = match reply.status {
            Some(Status::Ok) => model.granted(keyword, &words, reply),
            Some(Status::Err) if reply.refused() && !dialogue.is_last_word(reply) => model.refused(keyword, &words),
            // Whether this one marked or unmarked something is open.
            None if matches!(keyword, Keyword::Dele | Keyword::Rset) => {
                model.lost = true;
                None
            }
            _ => None,
        };
        if let Some(Wrong(rule, requirement, expected)) = contradiction {
            model.lost |= rule != Rule::Positive;
            found.push(Contradiction { rule, turn, requirement, expected });
        }
    }
    found
}

struct Wrong(Rule, &'static str, String);

/// What is known of the maildrop.
#[derive(Default)]
struct Model {
    /// Messages that were seen, with their sizes where LIST gave them.
    sizes: BTreeMap<u64, Option<u64>>,
    /// How many messages there are, marked ones included, and when that was learnt.
    total: Option<(u64, Source)>,
    /// The octets that STAT gave, and what was marked then.
    octets: Option<(u64, BTreeSet<u64>)>,
    /// Messages marked as deleted.
    marks: BTreeSet<u64>,
    /// How often marks have changed.
    changes: u32,
    /// Set when marks are unknown.
    lost: bool,
    /// Whether UIDL was granted, so that the server has it.
    has_uidl: bool,
}

/// Which listing the total is from, and how often marks had changed.
type Source = (Keyword, u32);

impl Model {
    fn granted(&mut self, keyword: Keyword, words: &[&[u8]], reply: &Turn) -> Option<Wrong> {
        self.has_uidl |= keyword == Keyword::Uidl;
        let numbers: Option<Vec<u64>> = words.iter().map(|word| number(word)).collect();
        if keyword == Keyword::Rset && words.is_empty() {
            self.marks.clear();
            self.changes += 1;
            if std::mem::take(&mut self.lost) {
                *self = Self { has_uidl: self.has_uidl, ..Self::default() };
            }
            return None;
        }
        if self.lost {
            return None;
        }
        match (keyword, numbers.as_deref()) {
            (Keyword::Dele, Some([number])) => {
                let wrong =
                    self.bad(*number, "rfc1939-5-dele-twice-negative", "rfc1939-5-dele-unknown-number-negative");
                self.marks.insert(*number);
                self.sizes.entry(*number).or_insert(None);
                self.changes += 1;
                wrong
            }
            // Which message that was is the server's secret.
            (Keyword::Dele, _) => {
                self.lost = true;
                None
            }
            (Keyword::Stat, Some([])) => self.totals(DropListing::parse(reply.text())?),
            (Keyword::List, Some([])) => {
                let lines: Option<Vec<_>> = reply.lines().map(ScanListing::parse).collect();
                let lines: Vec<_> = lines?.iter().map(|line| (line.number, Some(line.octets))).collect();
                reply.whole.then(|| self.listing(keyword, &lines)).flatten()
            }
            (Keyword::Uidl, Some([])) => {
                let lines: Option<Vec<_>> = reply.lines().map(UniqueIdListing::parse).collect();
                let lines: Vec<_> = lines?.iter().map(|line| (line.number, None)).collect();
                reply.whole.then(|| self.listing(keyword, &lines)).flatten()
            }
            (Keyword::List, Some([number])) => {
                let marked = "rfc1939-5-list-marked-message-negative";
                let wrong = self.bad(*number, marked, "rfc1939-5-list-unknown-number-negative");
                let told = ScanListing::parse(reply.text()).map(|scan| (scan.number, Some(scan.octets)));
                wrong.or_else(|| self.one(*number, told, "rfc1939-5-list-one-equals-list-all"))
            }
            (Keyword::Uidl, Some([number])) => {
                let marked = "rfc1939-7-uidl-marked-or-unknown-negative";
                let told = UniqueIdListing::parse(reply.text()).map(|listing| (listing.number, None));
                let wrong = self.bad(*number, marked, marked);
                wrong.or_else(|| self.one(*number, told, "rfc1939-7-uidl-one-equals-uidl-all"))
            }
            (Keyword::Retr, Some([number])) => {
                self.bad(*number, "rfc1939-5-retr-marked-message-negative", "rfc1939-5-retr-unknown-number-negative")
            }
            (Keyword::Top, Some([number, _])) => {
                let requirement = "rfc1939-7-top-marked-or-unknown-negative";
                self.bad(*number, requirement, requirement)
            }
            _ => None,
        }
    }

    fn refused(&mut self, keyword: Keyword, words: &[&[u8]]) -> Option<Wrong> {
        let positive = |requirement, why: &str| Some(Wrong(Rule::Positive, requirement, format!("+OK: {why}")));
        match (keyword, words) {
            (Keyword::Noop, []) => positive("rfc1939-5-noop-positive-no-effect", "NOOP has no other answer"),
            (Keyword::Stat, []) => positive("rfc1939-5-stat-always-positive", "STAT has no other answer"),
            (Keyword::Rset, []) if self.marks.is_empty() && !self.lost => {
                positive("rfc1939-5-rset-without-marks-positive", "RSET has no other answer")
            }
            (Keyword::Rset, []) => positive("rfc1939-5-rset-unmarks-all", "RSET has no other answer"),
            (Keyword::List, []) if matches!(self.total, Some((0, _))) => {
                positive("rfc1939-5-list-empty-maildrop", "an empty maildrop has an empty listing")
            }
            (Keyword::List, []) => positive("rfc1939-5-list-all-one-line-each", "LIST alone names no message"),
            (_, [word]) => {
                let number = number(word).filter(|number| !self.lost && self.is_message(*number))?;
                let requirement = match keyword {
                    Keyword::Dele => "rfc1939-5-dele-marks-message",
                    Keyword::List => "rfc1939-5-list-one-single-line",
                    Keyword::Retr => "rfc1939-5-retr-whole-message",
                    Keyword::Uidl if self.has_uidl => "rfc1939-7-uidl-single-or-multi-line",
                    _ => return None,
                };
                let expected = format!("+OK: message {number} is there and not marked as deleted");
                Some(Wrong(Rule::NumberGood, requirement, expected))
            }
            _ => None,
        }
    }

    /// Whether there is such a message, not marked.
    fn is_message(&self, number: u64) -> bool {
        let counted = self.total.is_some_and(|(total, _)| (1..=total).contains(&number));
        (counted || self.sizes.contains_key(&number)) && !self.marks.contains(&number)
    }

    /// A number that was granted and names no message.
    fn bad(&self, number: u64, marked: &'static str, unknown: &'static str) -> Option<Wrong> {
        if self.marks.contains(&number) {
            return Some(Wrong(Rule::NumberBad, marked, format!("-ERR: message {number} is marked as deleted")));
        }
        let total = self.total.map(|(total, _)| total);
        if number == 0 {
            return Some(Wrong(Rule::NumberBad, unknown, "-ERR: message-numbers begin with 1".to_owned()));
        }
        let total = total.filter(|total| number > *total)?;
        Some(Wrong(Rule::NumberBad, unknown, format!("-ERR: the maildrop has {}", counted(total, "message"))))
    }

    /// A listing of one message, with its size where it has one; it must be the
    /// message that was asked for.
    fn one(&mut self, asked: u64, told: Option<(u64, Option<u64>)>, requirement: &'static str) -> Option<Wrong> {
        let (number, size) = told?;
        if number != asked {
            return Some(Wrong(Rule::Listing, requirement, format!("the listing of message {asked}")));
        }
        let known = self.sizes.entry(asked).or_insert(None);
        *known = size.or(*known);
        None
    }

    fn totals(&mut self, stat: DropListing<'_>) -> Option<Wrong> {
        let marked = self.marks.len() as u64;
        let source = (Keyword::Stat, self.changes);
        // Beside a LIST of the same moment there is a check of its own.
        let beside = self.total.is_some_and(|(_, learnt)| learnt == (Keyword::List, self.changes));
        if let Some((total, _)) = self.total.filter(|_| !beside) {
            let left = total.saturating_sub(marked);
            if stat.messages != left {
                let requirement = match stat.messages > left {
                    true if marked > 0 => "rfc1939-5-stat-omits-marked-messages",
                    true => "rfc1939-8-new-mail-not-visible",
                    false => "rfc1939-5-stat-count-of-messages",
                };
                let expected = format!("{}: {total} before, {marked} marked as deleted", counted(left, "message"));
                return Some(Wrong(Rule::Totals, requirement, expected));
            }
            if let Some(octets) = self.octets_left().filter(|octets| *octets != u128::from(stat.octets)) {
                let requirement = "rfc1939-5-stat-size-of-maildrop";
                return Some(Wrong(Rule::Totals, requirement, format!("{octets} octets, after what was seen before")));
            }
        }
        if !beside {
            self.total = Some((stat.messages.saturating_add(marked), source));
        }
        self.octets = Some((stat.octets, self.marks.clone()));
        None
    }

    /// The octets that STAT has to give, if sizes tell.
    fn octets_left(&self) -> Option<u128> {
        let size = |number: &u64| self.sizes.get(number).copied().flatten().map(u128::from);
        let (octets, marked_then) = self.octets.as_ref()?;
        let gone: Option<Vec<u128>> = self.marks.difference(marked_then).map(size).collect();
        let back: Option<Vec<u128>> = marked_then.difference(&self.marks).map(size).collect();
        (u128::from(*octets) + back?.iter().sum::<u128>()).checked_sub(gone?.iter().sum())
    }

    /// A listing of all messages.
    fn listing(&mut self, keyword: Keyword, lines: &[(u64, Option<u64>)]) -> Option<Wrong> {
        let [omits_marked, one_line_each] = match keyword {
            Keyword::List => ["rfc1939-5-list-omits-marked-messages", "rfc1939-5-list-all-one-line-each"],
            _ => ["rfc1939-7-uidl-omits-marked-messages", "rfc1939-7-uidl-single-or-multi-line"],
        };
        let wrong = |requirement, expected| Some(Wrong(Rule::Listing, requirement, expected));
        let numbers: BTreeSet<u64> = lines.iter().map(|(number, _)| *number).collect();
        if numbers.len() < lines.len() {
            return wrong(one_line_each, "each message on one line".to_owned());
        }
        if let Some(marked) = numbers.intersection(&self.marks).next() {
            return wrong(omits_marked, format!("no line for message {marked}, which is marked as deleted"));
        }
        let beside =
            self.total.is_some_and(|(_, (source, changes))| source == Keyword::Stat && changes == self.changes)
                && keyword == Keyword::List;
        let unmarked = |number: &&u64| !self.marks.contains(*number) && !numbers.contains(*number);
        if let Some(missing) = self.sizes.keys().find(unmarked) {
            return wrong(one_line_each, format!("a line for message {missing}, which is not marked as deleted"));
        }
        if let Some((total, _)) = self.total.filter(|_| !beside) {
            if let Some(number) = numbers.iter().find(|number| **number > total) {
                let expected =
                    format!("{} at most, as before in this session, and no number {number}", counted(total, "message"));
                return wrong("rfc1939-8-new-mail-not-visible", expected);
            }
            let left = total.saturating_sub(self.marks.len() as u64);
            if (numbers.len() as u64) < left {
                return wrong(
                    one_line_each,
                    format!("{}, one for each message not marked as deleted", counted(left, "line")),
                );
            }
        }
        let all = numbers.len() as u64 + self.marks.len() as u64;
        if numbers.first() == Some(&0) || numbers.last().is_some_and(|last| *last > all) {
            return wrong(
                "rfc1939-4-message-numbers-from-one",
                format!("the numbers 1 to {all}, those marked left out"),
            );
        }
        for (number, size) in lines {
            let known = self.sizes.entry(*number).or_insert(None);
            *known = size.or(*known);
        }
        self.total = Some((all, (keyword, self.changes)));
        None
    }
}

/// A number without leading zeros, which rulings a-02 and a-03 leave alone. Too
/// large a number is larger than any.
fn number(word: &[u8]) -> Option<u64> {
    match word {
        b"0" => Some(0),
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => Some(decimal(word).unwrap_or(u64::MAX)),
        _ => None,
    }
}

/// A number and its noun: `1 message`, `2 messages`.
pub(crate) fn counted(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        let check = |n: u64, want: &str| assert_eq!(counted(n, "message"), want);
        check(0, "0 messages");
        check(1, "1 message");
        check(2, "2 messages");
    }
}

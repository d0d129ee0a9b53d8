//! What belongs to one branch of a `parallel` and must not show in another.
//!
//! Branches share captures and findings and take turns at every wait. So what
//! holds in some steps only is put in place before each turn of theirs, and taken
//! away behind it.

use std::future::poll_fn;

use pop3_scenario::event::{Choice, Finding};
use pop3_scenario::scenario::Step;
use pop3_scenario::value::{Captures, Value};

use super::{Engine, Played, Scope};

/// What one round of a `retry` found, chose and captured.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) findings: Vec<Finding>,
    choices: Vec<Choice>,
    /// Names captured, with the values that they had before.
    learned: Vec<(String, Option<Value>)>,
}

impl Engine<'_> {
    /// Takes over captures. Within a `retry` the earlier values are kept, so that
    /// the round can be forgotten.
    pub(super) fn learn(&self, made: Captures) {
        let mut captures = self.captures.borrow_mut();
        for (name, value) in made.values {
            let before = captures.values.insert(name.clone(), value);
            if self.rounds.get() > 0 {
                self.learned.borrow_mut().push((name, before));
            }
        }
    }

    /// Plays steps with names that hold inside them only.
    pub(super) async fn steps_with(&self, names: Vec<(String, Value)>, steps: &[Step], scope: &Scope) -> Played {
        let mut held: Vec<(String, Option<Value>)> =
            names.into_iter().map(|(name, value)| (name, Some(value))).collect();
        let mut play = self.steps(steps, scope);
        poll_fn(|turn| {
            let learned = self.learned.borrow().len();
            self.exchange(&mut held);
            let played = play.as_mut().poll(turn);
            self.exchange(&mut held);
            // What happened to these names is nobody's business outside.
            let mut journal = self.learned.borrow_mut();
            let from = learned.min(journal.len());
            let fresh = journal.split_off(from);
            journal.extend(fresh.into_iter().filter(|(name, _)| !held.iter().any(|(hidden, _)| hidden == name)));
            played
        })
        .await
    }

    /// Gives the names their other values, and keeps those that they had.
    fn exchange(&self, held: &mut [(String, Option<Value>)]) {
        let values = &mut self.captures.borrow_mut().values;
        for (name, value) in held {
            *value = match value.take() {
                Some(value) => values.insert(name.clone(), value),
                None => values.remove(name),
            };
        }
    }

    /// Plays one round of a `retry`. What comes of it is handed out, to be kept
    /// or to be forgotten.
    pub(super) async fn round(&self, steps: &[Step], scope: &Scope) -> (Played, Round) {
        let mut round = Round::default();
        let mut play = self.steps(steps, scope);
        let played = poll_fn(|turn| {
            let (findings, choices, learned) = {
                let outcome = self.outcome.borrow();
                (outcome.findings.len(), outcome.choices.len(), self.learned.borrow().len())
            };
            self.rounds.set(self.rounds.get() + 1);
            self.keep(std::mem::take(&mut round));
            let played = play.as_mut().poll(turn);
            let mut outcome = self.outcome.borrow_mut();
            round.findings = outcome.findings.split_off(findings);
            round.choices = outcome.choices.split_off(choices);
            round.learned = self.learned.borrow_mut().split_off(learned);
            self.rounds.set(self.rounds.get() - 1);
            played
        })
        .await;
        (played, round)
    }

    /// Adds a round to what the scenario has come to.
    pub(super) fn keep(&self, round: Round) {
        let mut outcome = self.outcome.borrow_mut();
        outcome.findings.extend(round.findings);
        outcome.choices.extend(round.choices);
        if self.rounds.get() > 0 {
            self.learned.borrow_mut().extend(round.learned);
        }
    }

    /// Takes the captures of a round back.
    pub(super) fn forget(&self, round: Round) {
        let values = &mut self.captures.borrow_mut().values;
        for (name, before) in round.learned.into_iter().rev() {
            match before {
                Some(value) => drop(values.insert(name, value)),
                None => drop(values.remove(&name)),
            }
        }
    }
}

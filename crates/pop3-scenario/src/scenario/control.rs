//! Steps that hold other steps.

use std::time::Duration;

use super::Step;
use crate::expression::Expression;
use crate::pattern::Template;

/// One branch of `parallel`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its name, which is also the default session of its steps.
    pub name: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// `retry: {within, steps}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// When to give up.
    pub within: Duration,
    /// The steps that must all hold in one round. A round begins with no open
    /// connection in the sessions that it opens.
    pub steps: Vec<Step>,
}

/// `foreach: {var, in, at_once, steps}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreach {
    /// The name bound to each value in turn.
    pub var: String,
    /// The values.
    pub values: ForeachValues,
    /// How many rounds are played side by side; 1 for one after the other.
    pub at_once: usize,
    /// The steps.
    pub steps: Vec<Step>,
}

/// The values of a `foreach`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForeachValues {
    /// Written in the file.
    Listed(Vec<Template>),
    /// A captured list.
    Captured(String),
    /// The whole numbers from the first to the second, both included.
    Range(Expression, Expression),
}

/// `when: {…, steps}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The condition.
    pub condition: Condition,
    /// The steps.
    pub steps: Vec<Step>,
}

/// The condition of a `when`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The target announces (or claims) this capability, upper case.
    Capa(String),
    /// The target does not.
    NotCapa(String),
    /// An expression over captures is true.
    Check(Expression),
}

/// `use: fragment`, or `use: {fragment: name, with: {…}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The fragment's name.
    pub fragment: String,
    /// Captures set before its steps.
    pub with: Vec<(String, Template)>,
    /// The fragment's steps, with sessions filled in.
    pub steps: Vec<Step>,
}

//! The options of `pop3spec coverage`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pop3_scenario::coverage::State;

use super::RequirementFilter;

#[derive(Args, Debug)]
#[command(
    after_help = "Without a selection it counts, and exits with 1 if a requirement is neither asked nor has a reason.\n\
    Examples:\n  pop3spec coverage\n  pop3spec coverage --rfc 1939\n  pop3spec coverage --state unasked --level must"
)]
pub(crate) struct CoverageArguments {
    #[command(flatten)]
    pub(crate) filter: RequirementFilter,
    /// Only requirements in this state
    #[arg(long, help_heading = "Requirements")]
    pub(crate) state: Vec<StateArgument>,
    /// How to show it
    #[arg(long, value_enum, default_value_t = CoverageFormat::Terminal)]
    pub(crate) format: CoverageFormat,
    /// Add scenarios of your own from this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) scenarios: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CoverageFormat {
    Terminal,
    Json,
}

/// A state by its word, with hyphens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateArgument(pub(crate) State);

impl ValueEnum for StateArgument {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(State::Asked), Self(State::Watched), Self(State::AskedAs), Self(State::Unasked), Self(State::Missing)]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(match self.0 {
            State::AskedAs => clap::builder::PossibleValue::new("asked-as"),
            state => clap::builder::PossibleValue::new(state.as_str()),
        })
    }
}

//! Which requirements `pop3spec list requirements` shows.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use pop3_spec::requirement::{Class, Level, Requirement, Side};

/// The options; what is not given lets all pass.
#[derive(Args, Debug)]
pub(crate) struct RequirementFilter {
    /// Only requirements of this RFC
    #[arg(long, value_name = "NUMBER", help_heading = "Requirements")]
    rfc: Option<u32>,

    /// Only requirements that bind this strongly, whether by keyword or by prose; `implied`: those by prose
    #[arg(long, value_parser = word(Level::ALL, Level::as_str), help_heading = "Requirements")]
    level: Option<Level>,

    /// Only requirements on this side
    #[arg(long, value_parser = word(Side::ALL, Side::as_str), help_heading = "Requirements")]
    side: Option<Side>,

    /// Only requirements that take this to be seen
    #[arg(long, value_parser = word(Class::ALL, Class::as_str), help_heading = "Requirements")]
    class: Option<Class>,
}

impl RequirementFilter {
    /// Whether no option is given.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { rfc, level, side, class } = self;
        rfc.is_none() && level.is_none() && side.is_none() && class.is_none()
    }

    /// Whether the requirement is one of those asked for.
    pub(crate) fn lets_pass(&self, requirement: &Requirement) -> bool {
        let level = |level: Level| match level {
            Level::Implied => requirement.level == level,
            _ => requirement.binding().as_str() == level.as_str(),
        };
        self.rfc.is_none_or(|rfc| requirement.rfc == rfc)
            && self.level.is_none_or(level)
            && self.side.is_none_or(|side| requirement.side == side)
            && self.class.is_none_or(|class| requirement.class.contains(&class))
    }
}

/// Takes the words that requirement files take.
pub(super) fn word<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let names = all.iter().map(|each| name(*each));
    PossibleValuesParser::new(names).try_map(move |word| {
        let found = all.iter().copied().find(|each| name(*each) == word);
        found.ok_or_else(|| format!("{word} is not one of them"))
    })
}

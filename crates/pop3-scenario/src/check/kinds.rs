//! What kind of value each capture holds, as far as it is known before a run.

use std::collections::BTreeMap;

use crate::expression::{Comparison, Expression};
use crate::pattern::HoleType;

/// The kind of a captured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Octets,
    NumberList,
    OctetsList,
}

impl Kind {
    pub(super) fn of(hole: HoleType) -> Self {
        if hole.is_number() { Self::Number } else { Self::Octets }
    }

    pub(super) fn list(self) -> Self {
        match self {
            Self::Number | Self::NumberList => Self::NumberList,
            Self::Octets | Self::OctetsList => Self::OctetsList,
        }
    }

    pub(super) fn item(self) -> Option<Self> {
        match self {
            Self::NumberList => Some(Self::Number),
            Self::OctetsList => Some(Self::Octets),
            Self::Number | Self::Octets => None,
        }
    }

    pub(super) fn is_list(self) -> bool {
        self.item().is_some()
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Octets => "octets",
            Self::NumberList => "a list of numbers",
            Self::OctetsList => "a list of octets",
        }
    }
}

/// The kind of an expression whose captures are all known; an error names the
/// part that cannot be what it must be. `None` for a condition.
pub(super) fn infer(expression: &Expression, known: &BTreeMap<String, Kind>) -> Result<Option<Kind>, String> {
    let refuse =
        |part: &Expression, found: &str, wanted: &str| Err(format!("`{part}` is {found}, and {wanted} is needed here"));
    match expression {
        Expression::Number(_) => Ok(Some(Kind::Number)),
        Expression::Capture(name) => Ok(known.get(name).copied()),
        Expression::Add(a, b) | Expression::Subtract(a, b) => {
            for part in [a, b] {
                if let Some(kind) = infer(part, known)?.filter(|kind| kind.is_list()) {
                    return refuse(part, kind.name(), "a number");
                }
            }
            Ok(Some(Kind::Number))
        }
        Expression::Len(a) => match infer(a, known)? {
            Some(Kind::Number) => refuse(a, "a number", "a list or octets"),
            _ => Ok(Some(Kind::Number)),
        },
        Expression::Sum(a) | Expression::Min(a) | Expression::Max(a) | Expression::Unique(a) => {
            match infer(a, known)? {
                Some(kind) if !kind.is_list() => refuse(a, kind.name(), "a list"),
                _ => Ok((!expression.is_condition()).then_some(Kind::Number)),
            }
        }
        Expression::Compare(a, how, b) => {
            let sides = [(a, infer(a, known)?), (b, infer(b, known)?)];
            if matches!(how, Comparison::Less | Comparison::LessOrEqual) {
                for (part, kind) in sides {
                    if let Some(kind) = kind.filter(|kind| kind.is_list()) {
                        return refuse(part, kind.name(), "a number");
                    }
                }
            } else if let [(part, Some(left)), (_, Some(right))] = sides
                && left.is_list() != right.is_list()
            {
                return refuse(part, left.name(), if right.is_list() { "a list" } else { "a single value" });
            }
            Ok(None)
        }
    }
}

//! Closed arithmetic over captures: `count == len(list.n)`.

mod evaluate;
mod parse;

pub use evaluate::{Evaluated, EvaluationError};
pub use parse::MAX_NODES;

/// An expression. Numbers are whole and wide enough for sums of sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A number.
    Number(i128),
    /// A capture by name, such as `count` or `list.octets`.
    Capture(String),
    /// `a + b`
    Add(Box<Self>, Box<Self>),
    /// `a - b`
    Subtract(Box<Self>, Box<Self>),
    /// `len(list)`: how many items a list has, or octets a body.
    Len(Box<Self>),
    /// `sum(list)`: the sum of a list of numbers.
    Sum(Box<Self>),
    /// `min(list)`: the smallest of a list of numbers.
    Min(Box<Self>),
    /// `max(list)`: the largest of a list of numbers.
    Max(Box<Self>),
    /// `unique(list)`: true when no two items are equal.
    Unique(Box<Self>),
    /// A comparison; true or false.
    Compare(Box<Self>, Comparison, Box<Self>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Comparison {
    /// The sign used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }
}

impl Expression {
    /// The names of the captures used, in order.
    #[must_use]
    pub fn uses(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.gather(&mut names);
        names
    }

    fn gather<'e>(&'e self, names: &mut Vec<&'e str>) {
        match self {
            Self::Number(_) => {}
            Self::Capture(name) => names.push(name),
            Self::Add(a, b) | Self::Subtract(a, b) | Self::Compare(a, _, b) => {
                a.gather(names);
                b.gather(names);
            }
            Self::Len(a) | Self::Sum(a) | Self::Min(a) | Self::Max(a) | Self::Unique(a) => a.gather(names),
        }
    }

    /// Whether it says true or false, and not how many.
    #[must_use]
    pub fn is_condition(&self) -> bool {
        matches!(self, Self::Compare(..) | Self::Unique(_))
    }
}

impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Capture(name) => f.write_str(name),
            Self::Add(a, b) => write!(f, "{a} + {}", Operand(b)),
            Self::Subtract(a, b) => write!(f, "{a} - {}", Operand(b)),
            Self::Len(a) => write!(f, "len({a})"),
            Self::Sum(a) => write!(f, "sum({a})"),
            Self::Min(a) => write!(f, "min({a})"),
            Self::Max(a) => write!(f, "max({a})"),
            Self::Unique(a) => write!(f, "unique({a})"),
            Self::Compare(a, how, b) => write!(f, "{a} {} {b}", how.as_str()),
        }
    }
}

/// The right side of a sum, in parentheses where it is a sum itself.
struct Operand<'e>(&'e Expression);

impl std::fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Expression::Add(..) | Expression::Subtract(..) => write!(f, "({})", self.0),
            other => write!(f, "{other}"),
        }
    }
}

//! Closed arithmetic over captures: `count == len(list.n)`.

/// An expression. Numbers are whole and wide enough for sums of sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A number.
    Number(i128),
    /// A capture by name, such as `count` or `list.octets`.
    Capture(String),
    /// `a + b`
    Add(Box<Expression>, Box<Expression>),
    /// `a - b`
    Subtract(Box<Expression>, Box<Expression>),
    /// `len(list)`: how many items a list has, or octets a body.
    Len(Box<Expression>),
    /// `sum(list)`: the sum of a list of numbers.
    Sum(Box<Expression>),
    /// `unique(list)`: true when no two items are equal.
    Unique(Box<Expression>),
    /// A comparison; true or false.
    Compare(Box<Expression>, Comparison, Box<Expression>),
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

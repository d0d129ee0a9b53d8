//! Evaluating expressions over captures. Every step is checked: a bad value is
//! an error with a sentence, never a panic.

use super::{Comparison, Expression};
use crate::value::{Captures, Value};

/// What an expression says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluated {
    /// How many, or what.
    Value(Value),
    /// Whether.
    Truth(bool),
}

impl std::fmt::Display for Evaluated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Truth(truth) => write!(f, "{truth}"),
        }
    }
}

/// Why an expression says nothing. All but the overflow are the fault of the
/// scenario, or of a branch that made no capture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// No capture of this name was made.
    #[error("nothing was captured as `{0}`")]
    Missing(String),
    /// A number beyond 127 bits.
    #[error("the result of `{0}` is too large")]
    Overflow(String),
    /// A value of the wrong kind.
    #[error("`{expression}` is {found}, and {wanted} is needed here")]
    Kind {
        /// The part of the expression.
        expression: String,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: &'static str,
    },
}

impl Expression {
    /// Evaluates the expression.
    ///
    /// Octets that are decimal digits count as a number where one is needed.
    /// Two values are equal when both have a number and the numbers are equal,
    /// or when they are of one kind and equal octet by octet or item by item;
    /// values of different kinds are not equal.
    ///
    /// # Errors
    /// A capture that is missing or of the wrong kind, or an overflow.
    pub fn evaluate(&self, captures: &Captures) -> Result<Evaluated, EvaluationError> {
        let value = match self {
            Self::Number(number) => Value::Number(*number),
            Self::Capture(name) => captures.get(name).cloned().ok_or_else(|| EvaluationError::Missing(name.clone()))?,
            Self::Add(a, b) => self.arithmetic(a, b, i128::checked_add, captures)?,
            Self::Subtract(a, b) => self.arithmetic(a, b, i128::checked_sub, captures)?,
            Self::Len(a) => Value::Number(match a.value(captures)? {
                Value::List(items) => count(items.len()),
                Value::Octets(octets) => count(octets.len()),
                Value::Number(_) => return Err(a.kind_error("a list or octets", "a number")),
            }),
            Self::Sum(a) => {
                let mut sum = 0_i128;
                for number in a.numbers(captures)? {
                    sum = sum.checked_add(number).ok_or_else(|| EvaluationError::Overflow(self.to_string()))?;
                }
                Value::Number(sum)
            }
            Self::Min(a) => a.of_numbers(captures, Iterator::min)?,
            Self::Max(a) => a.of_numbers(captures, Iterator::max)?,
            Self::Unique(a) => {
                let items = a.list(captures)?;
                let mut sorted: Vec<_> = items.iter().map(ToString::to_string).collect();
                sorted.sort_unstable();
                return Ok(Evaluated::Truth(sorted.windows(2).all(|pair| pair.first() != pair.last())));
            }
            Self::Compare(a, how, b) => return compare(a, *how, b, captures).map(Evaluated::Truth),
        };
        Ok(Evaluated::Value(value))
    }

    /// Evaluates an expression that says how many.
    ///
    /// # Errors
    /// As [`Expression::evaluate`], and a value that is no number.
    pub fn number(&self, captures: &Captures) -> Result<i128, EvaluationError> {
        let value = self.value(captures)?;
        value.to_number().ok_or_else(|| self.kind_error("a number", value.kind()))
    }

    /// Evaluates an expression that says whether.
    ///
    /// # Errors
    /// As [`Expression::evaluate`], and a value that is not true or false.
    pub fn truth(&self, captures: &Captures) -> Result<bool, EvaluationError> {
        match self.evaluate(captures)? {
            Evaluated::Truth(truth) => Ok(truth),
            Evaluated::Value(value) => Err(self.kind_error("a condition", value.kind())),
        }
    }

    fn value(&self, captures: &Captures) -> Result<Value, EvaluationError> {
        match self.evaluate(captures)? {
            Evaluated::Value(value) => Ok(value),
            Evaluated::Truth(_) => Err(self.kind_error("a value", "a condition")),
        }
    }

    fn list(&self, captures: &Captures) -> Result<Vec<Value>, EvaluationError> {
        match self.value(captures)? {
            Value::List(items) => Ok(items),
            other => Err(self.kind_error("a list", other.kind())),
        }
    }

    fn numbers(&self, captures: &Captures) -> Result<Vec<i128>, EvaluationError> {
        let numbers: Option<_> = self.list(captures)?.iter().map(Value::to_number).collect();
        numbers.ok_or_else(|| self.kind_error("a list of numbers", "a list of other values"))
    }

    fn of_numbers(
        &self,
        captures: &Captures,
        choose: fn(std::vec::IntoIter<i128>) -> Option<i128>,
    ) -> Result<Value, EvaluationError> {
        let chosen = choose(self.numbers(captures)?.into_iter());
        chosen.map(Value::Number).ok_or_else(|| self.kind_error("a list of one number or more", "an empty list"))
    }

    fn arithmetic(
        &self,
        a: &Self,
        b: &Self,
        operation: fn(i128, i128) -> Option<i128>,
        captures: &Captures,
    ) -> Result<Value, EvaluationError> {
        let result = operation(a.number(captures)?, b.number(captures)?);
        result.map(Value::Number).ok_or_else(|| EvaluationError::Overflow(self.to_string()))
    }

    fn kind_error(&self, wanted: &'static str, found: &'static str) -> EvaluationError {
        EvaluationError::Kind { expression: self.to_string(), wanted, found }
    }
}

fn count(length: usize) -> i128 {
    i128::try_from(length).unwrap_or(i128::MAX)
}

fn compare(a: &Expression, how: Comparison, b: &Expression, captures: &Captures) -> Result<bool, EvaluationError> {
    Ok(match how {
        Comparison::Equal => equal(&a.value(captures)?, &b.value(captures)?),
        Comparison::NotEqual => !equal(&a.value(captures)?, &b.value(captures)?),
        Comparison::Less => a.number(captures)? < b.number(captures)?,
        Comparison::LessOrEqual => a.number(captures)? <= b.number(captures)?,
    })
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Octets(a), Value::Octets(b)) => a == b,
        (a, b) => matches!((a.to_number(), b.to_number()), (Some(a), Some(b)) if a == b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures() -> Captures {
        let numbers = |numbers: &[i128]| Value::List(numbers.iter().copied().map(Value::Number).collect());
        let mut captures = Captures::new();
        captures.set("count", Value::Number(3));
        captures.set("big", Value::Number(i128::MAX));
        captures.set("word", Value::Octets(b"abc".to_vec()));
        captures.set("digits", Value::Octets(b"003".to_vec()));
        captures.set("list.n", numbers(&[1, 2, 3]));
        captures.set("none", numbers(&[]));
        captures.set("twice", numbers(&[1, 2, 1]));
        captures
    }

    #[test]
    fn truths() {
        let check = |text: &str, want: bool| {
            assert_eq!(Expression::parse(text).unwrap().truth(&captures()), Ok(want), "{text}")
        };
        check("count == len(list.n)", true);
        check("sum(list.n) == 6", true);
        check("sum(list.n) < 6", false);
        check("min(list.n) == 1", true);
        check("max(list.n) == 3", true);
        check("max(twice) - min(twice) < 1", false);
        check("count <= 3", true);
        check("count + 1 - 2 != 2", false);
        check("unique(list.n)", true);
        check("unique(twice)", false);
        check("list.n == twice", false);
        check("list.n == list.n", true);
        check("word == word", true);
        check("len(word) == 3", true);
        check("digits == count", true);
        check("word == count", false);
        check("list.n == count", false);
    }

    #[test]
    fn errors_are_sentences() {
        let check = |text: &str, want: &str| {
            assert_eq!(Expression::parse(text).unwrap().truth(&captures()).unwrap_err().to_string(), want, "{text}");
        };
        check("nothing == 1", "nothing was captured as `nothing`");
        check("big + 1 == 0", "the result of `big + 1` is too large");
        check("0 - big - 2 == 0", "the result of `0 - big - 2` is too large");
        check("word < 1", "`word` is octets, and a number is needed here");
        check("sum(count) == 1", "`count` is a number, and a list is needed here");
        check("min(none) == 1", "`none` is an empty list, and a list of one number or more is needed here");
        check("max(word) == 1", "`word` is octets, and a list is needed here");
        check("len(count) == 1", "`count` is a number, and a list or octets is needed here");
        check("count", "`count` is a number, and a condition is needed here");
        assert!(Expression::parse("unique(twice)").unwrap().number(&captures()).is_err());
    }
}

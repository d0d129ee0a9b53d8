//! Reading expressions from their text.

use super::{Comparison, Expression};
use crate::pattern::TextError;

/// The most numbers, names and operators in one expression.
pub const MAX_NODES: usize = 100;

impl Expression {
    /// Reads an expression: whole numbers, names of captures (without `${}`),
    /// `+ -`, `len()`, `sum()`, `min()`, `max()`, `unique()`, parentheses, and at
    /// most one of `== != < <=`.
    ///
    /// # Errors
    /// What is wrong and where, in characters from 0.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let tokens = tokens(text)?;
        if tokens.len() > MAX_NODES {
            return Err(error(0, "the expression is too long", "split it into several checks"));
        }
        let mut parser = Parser { tokens: &tokens, at: 0, end: text.chars().count() };
        let left = parser.sum()?;
        let how = match parser.peek() {
            Some(Token::Compare(how)) => *how,
            Some(_) => return Err(parser.unexpected("a comparison or the end")),
            None => return Ok(left),
        };
        parser.at += 1;
        let right = parser.sum()?;
        if parser.peek().is_some() {
            return Err(parser.unexpected("the end; an expression has one comparison"));
        }
        if left.is_condition() || right.is_condition() {
            return Err(error(
                0,
                "`unique()` is true or false and cannot be compared",
                "write `unique(list)` by itself",
            ));
        }
        Ok(Self::Compare(Box::new(left), how, Box::new(right)))
    }
}

fn error(at: usize, message: impl Into<String>, help: &str) -> TextError {
    TextError { at, message: message.into(), help: Some(help.to_owned()) }
}

#[derive(Debug, PartialEq)]
enum Token {
    Number(i128),
    Name(String),
    Compare(Comparison),
    Plus,
    Minus,
    Open,
    Close,
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, TextError> {
    let mut chars = text.chars().enumerate().peekable();
    let mut tokens = Vec::new();
    while let Some((at, c)) = chars.next() {
        let mut word = |first: char, goes_on: fn(char) -> bool| {
            let mut word = String::from(first);
            while let Some((_, c)) = chars.next_if(|(_, c)| goes_on(*c)) {
                word.push(c);
            }
            word
        };
        let token = match c {
            ' ' => continue,
            '+' => Token::Plus,
            '-' => Token::Minus,
            '(' => Token::Open,
            ')' => Token::Close,
            c if c.is_ascii_digit() => {
                let digits = word(c, |c| c.is_ascii_digit());
                Token::Number(digits.parse().map_err(|_| error(at, "the number is too large", "use a smaller number"))?)
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let name = word(c, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
                if !name.split('.').all(crate::pattern::is_name) {
                    return Err(error(at, format!("`{name}` cannot name a capture"), "a list's part is `list.part`"));
                }
                Token::Name(name)
            }
            '=' | '!' | '<' | '>' => match word(c, |c| c == '=').as_str() {
                "==" => Token::Compare(Comparison::Equal),
                "!=" => Token::Compare(Comparison::NotEqual),
                "<" => Token::Compare(Comparison::Less),
                "<=" => Token::Compare(Comparison::LessOrEqual),
                sign => {
                    return Err(error(
                        at,
                        format!("`{sign}` is not an operator here"),
                        "the comparisons are == != < <=; for `a > b` write `b < a`",
                    ));
                }
            },
            '$' => return Err(error(at, "an expression names a capture without `$`", "write `count`, not `${count}`")),
            c => {
                return Err(error(
                    at,
                    format!("`{c}` has no meaning in an expression"),
                    "expressions have numbers, names, + - == != < <= len() sum() min() max() unique() and parentheses",
                ));
            }
        };
        tokens.push((at, token));
    }
    Ok(tokens)
}

struct Parser<'t> {
    tokens: &'t [(usize, Token)],
    at: usize,
    end: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn eat(&mut self, want: &Token) -> bool {
        let here = self.peek() == Some(want);
        self.at += usize::from(here);
        here
    }

    fn unexpected(&self, wanted: &str) -> TextError {
        let at = self.tokens.get(self.at).map_or(self.end, |(at, _)| *at);
        error(at, format!("expected {wanted}"), "an expression looks like `count == len(list.n)`")
    }

    fn sum(&mut self) -> Result<Expression, TextError> {
        let mut left = self.operand()?;
        loop {
            let make: fn(Box<Expression>, Box<Expression>) -> Expression = match self.peek() {
                Some(Token::Plus) => Expression::Add,
                Some(Token::Minus) => Expression::Subtract,
                _ => return Ok(left),
            };
            let sign = self.tokens.get(self.at).map_or(0, |(at, _)| *at);
            self.at += 1;
            let right = self.operand()?;
            if left.is_condition() || right.is_condition() {
                return Err(error(
                    sign,
                    "`unique()` is true or false and cannot be added",
                    "write `unique(list)` by itself",
                ));
            }
            left = make(Box::new(left), Box::new(right));
        }
    }

    fn operand(&mut self) -> Result<Expression, TextError> {
        let expression = match self.peek() {
            Some(Token::Number(number)) => Expression::Number(*number),
            Some(Token::Name(name)) => {
                self.at += 1;
                return self.name(name);
            }
            Some(Token::Open) => {
                self.at += 1;
                let inside = self.sum()?;
                return self.close(inside);
            }
            _ => return Err(self.unexpected("a number, a capture or a function")),
        };
        self.at += 1;
        Ok(expression)
    }

    fn name(&mut self, name: &str) -> Result<Expression, TextError> {
        if !self.eat(&Token::Open) {
            return Ok(Expression::Capture(name.to_owned()));
        }
        let make: fn(Box<Expression>) -> Expression = match name {
            "len" => Expression::Len,
            "sum" => Expression::Sum,
            "min" => Expression::Min,
            "max" => Expression::Max,
            "unique" => Expression::Unique,
            _ => {
                self.at = self.at.saturating_sub(2);
                return Err(self.unexpected("one of the functions len, sum, min, max, unique"));
            }
        };
        let inside = self.sum()?;
        if inside.is_condition() {
            return Err(self.unexpected("a list in the function, not a condition"));
        }
        self.close(make(Box::new(inside)))
    }

    fn close(&mut self, inside: Expression) -> Result<Expression, TextError> {
        if self.eat(&Token::Close) { Ok(inside) } else { Err(self.unexpected("`)`")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_print_as_they_were_read() {
        for text in [
            "1",
            "count",
            "count == len(list.n)",
            "sum(list.octets) <= a + b - 2",
            "unique(u.id)",
            "a - (b - c) != 0",
            "len(body) < 5",
            "min(a) <= max(b) + (max(b) - min(b))",
        ] {
            assert_eq!(Expression::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Expression::parse("(a)+( 1 )").unwrap().to_string(), "a + 1");
    }

    #[test]
    fn bad_expressions_say_where() {
        let check = |text: &str, at: usize| {
            let error = Expression::parse(text).unwrap_err();
            assert_eq!(error.at, at, "{text}: {error}");
        };
        check("", 0);
        check("a >= b", 2);
        check("a = b", 2);
        check("a == b == c", 7);
        check("${a}", 0);
        check("most(a)", 0);
        check("max(unique(a))", 13);
        check("len(a", 5);
        check("a b", 2);
        check("a..b", 0);
        check("a * b", 2);
        check("unique(a) == 1", 0);
        check("99999999999999999999999999999999999999999999", 0);
        check(&"(".repeat(10_000), 0);
        check(&"1+".repeat(10_000), 0);
    }
}

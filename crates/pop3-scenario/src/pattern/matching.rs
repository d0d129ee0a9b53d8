//! Holding octets against a pattern: one pass, no backtracking.

use super::{HoleType, Pattern, PatternPiece};
use crate::value::{Captures, Value, decimal};

/// What a pattern found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match<'o> {
    /// The values of the named holes.
    pub captures: Captures,
    /// The octets behind the pattern.
    pub rest: &'o [u8],
}

/// Why octets do not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Offset in octets of the first octet that is wrong.
    pub at: usize,
    /// What belongs there, in words.
    pub expected: String,
    /// What is there: up to 40 octets, none at the end of the line.
    pub found: Vec<u8>,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at octet {}: expected {}, found ", self.at, self.expected)?;
        if self.found.is_empty() { f.write_str("the end") } else { write!(f, "\"{}\"", self.found.escape_ascii()) }
    }
}

impl std::error::Error for Mismatch {}

const SHOWN: usize = 40;

impl Pattern {
    /// Matches the beginning of `octets` (a line without its CRLF). `lookup`
    /// gives the octets of an earlier capture.
    ///
    /// Every hole takes as much as its type allows and gives nothing back, so
    /// the time is linear in the octets taken.
    ///
    /// # Errors
    /// The first octet that differs, what was expected there and what came.
    pub fn match_prefix<'o>(
        &self,
        octets: &'o [u8],
        lookup: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Match<'o>, Mismatch> {
        let mut reader = Reader { octets, at: 0 };
        let mut captures = Captures::new();
        for piece in &self.pieces {
            match piece {
                PatternPiece::Literal(literal) => {
                    reader.literal(literal, || format!("\"{}\"", literal.escape_ascii()))?
                }
                PatternPiece::Use(name) => {
                    let Some(value) = lookup(name) else {
                        return Err(reader.mismatch(format!("the value of `{name}`, which was never captured")));
                    };
                    reader.literal(&value, || format!("\"{}\" (the value of `{name}`)", value.escape_ascii()))?;
                }
                PatternPiece::Hole(name, hole) => {
                    let value = reader.hole(*hole)?;
                    if !name.is_empty() {
                        captures.set(name.clone(), value);
                    }
                }
            }
        }
        Ok(Match { captures, rest: reader.rest() })
    }

    /// Matches all of `octets`.
    ///
    /// # Errors
    /// As [`Pattern::match_prefix`], and octets left behind the pattern.
    pub fn match_whole(&self, octets: &[u8], lookup: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Captures, Mismatch> {
        let found = self.match_prefix(octets, lookup)?;
        if found.rest.is_empty() {
            return Ok(found.captures);
        }
        let reader = Reader { octets, at: octets.len() - found.rest.len() };
        Err(reader.mismatch("the end of the line".to_owned()))
    }
}

struct Reader<'o> {
    octets: &'o [u8],
    at: usize,
}

impl<'o> Reader<'o> {
    fn rest(&self) -> &'o [u8] {
        self.octets.get(self.at..).unwrap_or_default()
    }

    fn mismatch(&self, expected: String) -> Mismatch {
        Mismatch { at: self.at, expected, found: self.rest().iter().take(SHOWN).copied().collect() }
    }

    fn literal(&mut self, want: &[u8], expected: impl Fn() -> String) -> Result<(), Mismatch> {
        if self.rest().starts_with(want) {
            self.at += want.len();
            return Ok(());
        }
        let same = self.rest().iter().zip(want).take_while(|(came, want)| came == want).count();
        let mut mismatch = self.mismatch(expected());
        mismatch.at += same;
        mismatch.found = self.rest().iter().skip(same).take(SHOWN).copied().collect();
        Err(mismatch)
    }

    fn hole(&mut self, hole: HoleType) -> Result<Value, Mismatch> {
        let rest = self.rest();
        let length = match hole {
            HoleType::Timestamp => timestamp(rest),
            _ => Some(rest.iter().take_while(|octet| hole.takes(**octet)).count()),
        };
        let may_be_empty = matches!(hole, HoleType::Base64 | HoleType::Rest | HoleType::Utf8);
        let taken = length.filter(|length| *length > 0 || may_be_empty).and_then(|length| rest.get(..length));
        let value = taken.and_then(|taken| match hole {
            HoleType::Uint | HoleType::Octets => decimal(taken).map(Value::Number),
            HoleType::Uid if taken.len() > 70 => None,
            HoleType::Base64 if !is_base64(taken) => None,
            HoleType::Utf8 if std::str::from_utf8(taken).is_err() => None,
            HoleType::Mechanisms if !are_mechanisms(taken) => None,
            _ => Some(Value::Octets(taken.to_vec())),
        });
        let Some(value) = value else {
            return Err(self.mismatch(hole.description().to_owned()));
        };
        self.at += taken.map_or(0, <[u8]>::len);
        Ok(value)
    }
}

/// The length of `<` … `@` … `>` at the very beginning; RFC 1939 section 7
/// gives it the form of a msg-id of RFC 822, so it holds no blank.
fn timestamp(octets: &[u8]) -> Option<usize> {
    if octets.first() != Some(&b'<') {
        return None;
    }
    let end = octets.iter().position(|octet| *octet == b'>')?;
    let inside = octets.get(1..end)?;
    let orderly = inside.iter().all(|octet| octet.is_ascii_graphic() && *octet != b'<');
    let at = inside.iter().position(|octet| *octet == b'@')?;
    (orderly && at > 0 && at + 1 < inside.len()).then_some(end + 1)
}

/// Padding only at the end, at most two.
fn is_base64(octets: &[u8]) -> bool {
    let padding = octets.iter().rev().take_while(|octet| **octet == b'=').count();
    padding <= 2 && octets.len().is_multiple_of(4) && !octets.iter().rev().skip(padding).any(|octet| *octet == b'=')
}

/// Names of 1 to 20 characters with one space between each two.
fn are_mechanisms(octets: &[u8]) -> bool {
    octets.split(|octet| *octet == b' ').all(|name| (1..=20).contains(&name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, octets: &str, want: Result<(&str, &str), usize>) {
        let found = Pattern::parse(pattern).unwrap();
        let found = found.match_prefix(octets.as_bytes(), |name| (name == "user").then(|| b"alice".to_vec()));
        let got = found.map(|found| {
            let captures: Vec<String> =
                found.captures.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
            (captures.join(" "), String::from_utf8(found.rest.to_vec()).unwrap())
        });
        let got = got.as_ref().map(|(captures, rest)| (captures.as_str(), rest.as_str()));
        assert_eq!(got.map_err(|mismatch| mismatch.at), want, "{pattern} on {octets}");
    }

    #[test]
    fn matches() {
        check("", "x", Ok(("", "x")));
        check("ready", "ready now", Ok(("", " now")));
        check("ready", "reads", Err(4));
        check("{n:uint} {o:octets}", "2 320", Ok(("n=2 o=320", "")));
        check("{n:uint} {o:octets}", "2 320 more", Ok(("n=2 o=320", " more")));
        check("{n:uint}", "x", Err(0));
        check("{n:uint}", "", Err(0));
        check("{n:uint}", "0000000000000000000000000000000000000000000007", Ok(("n=7", "")));
        check("{n:uint}", "999999999999999999999999999999999999999999", Err(0));
        check("{:uint} {w:word}", "1 a.b-c d", Ok(("w=\"a.b-c\"", " d")));
        check("{u:uid}", &"u".repeat(70), Ok((&format!("u=\"{}\"", "u".repeat(70)), "")));
        check("{u:uid}", &"u".repeat(71), Err(0));
        check("hi {t:timestamp}", "hi <1.2@a>!", Ok(("t=\"<1.2@a>\"", "!")));
        check("{t:timestamp}", "<1.2>", Err(0));
        check("{t:timestamp}", "<1 2@a>", Err(0));
        check("{b:base64}", "QUJD", Ok(("b=\"QUJD\"", "")));
        check("{b:base64}", "", Ok(("b=\"\"", "")));
        check("{b:base64}", "QUJ", Err(0));
        check("{r:rest}", " anything ", Ok(("r=\" anything \"", "")));
        check("{t:utf8}", " gr\u{FC}n ", Ok((r#"t=" gr\xc3\xbcn ""#, "")));
        check("{t:utf8}", "", Ok(("t=\"\"", "")));
        check("hello ${user}!", "hello alice!", Ok(("", "")));
        check("hello ${user}", "hello alina", Err(9));
        check("${nothing}", "x", Err(0));
    }

    #[test]
    fn utf8_is_well_formed() {
        let takes = |octets: &[u8]| Pattern::parse("x{:utf8}").unwrap().match_whole(octets, |_| None).is_ok();
        assert!(takes(b"x gr\xC3\xBCn"));
        assert!(!takes(b"x gr\xFCn"));
        assert!(!takes(b"x\xC3"));
    }

    #[test]
    fn the_whole_line_has_no_tail() {
        let pattern = Pattern::parse("{n:uint}").unwrap();
        assert!(pattern.match_whole(b"12", |_| None).is_ok());
        let mismatch = pattern.match_whole(b"12 \xff", |_| None).unwrap_err();
        assert_eq!(mismatch.to_string(), r#"at octet 2: expected the end of the line, found " \xff""#);
    }
}

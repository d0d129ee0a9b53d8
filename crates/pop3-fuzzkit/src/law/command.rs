//! Commands: reading and printing are each other's reverse.

use pop3_proto::command::{Command, CommandError, Keyword};

use crate::Broken;

const LAW: &str = "command_round_trip";

/// A reader of commands, and what it prints.
type Reader = fn(&[u8]) -> Result<(Keyword, String), CommandError>;

/// A naive reading of the grammar.
type Oracle = fn(&[u8]) -> bool;

/// The octets as one command line without its line end:
///
/// - it is taken exactly if a naive reading of the grammar takes it;
/// - what is printed of it reads as the same command, and prints the same again;
/// - the letter case of the keyword does not matter (RFC 1939 section 3);
/// - an error points at the octet that it names;
/// - `Debug` shows no password.
///
/// # Errors
/// The law is broken.
pub fn command_round_trip(line: &[u8]) -> Result<(), Broken> {
    let reader: Reader = |line| Command::parse(line).map(|command| (command.keyword(), command.to_line()));
    round_trip_of(reader, is_command, line)?;
    let reader: Reader = |line| Command::parse_utf8(line).map(|command| (command.keyword(), command.to_line()));
    round_trip_of(reader, is_command_or_utf8, line)?;
    let broken = |sentence: &str| Broken::new(LAW, sentence).with("C", line);
    match Command::parse(line) {
        Ok(command @ Command::Pass(_)) if format!("{command:?}") != "PASS ********" => {
            Err(broken("Debug shows a password"))
        }
        Err(CommandError::NotPrintable { at, octet }) if line.get(at) != Some(&octet) => {
            Err(broken("the error points at another octet than it names"))
        }
        Err(CommandError::EmptyArgument { at } | CommandError::NotANumber { at }) if at > line.len() => {
            Err(broken("the error points behind the line"))
        }
        _ => Ok(()),
    }
}

fn round_trip_of(read: Reader, oracle: Oracle, line: &[u8]) -> Result<(), Broken> {
    let broken = |sentence: String| Err(Broken::new(LAW, sentence).with("C", line));
    let result = read(line);
    if result.is_ok() != oracle(line) {
        return broken(format!("the reader says {result:?}, the naive reading of the grammar the contrary"));
    }
    for case in [<[u8]>::to_ascii_uppercase, <[u8]>::to_ascii_lowercase] {
        let keyword = line.iter().take_while(|octet| **octet != b' ').count();
        let (keyword, arguments) = line.split_at(keyword);
        let other = [case(keyword), arguments.to_vec()].concat();
        if read(&other) != result {
            return broken(format!("in another letter case it reads {:?}, not {result:?}", read(&other)));
        }
    }
    if let Ok((keyword, printed)) = &result
        && read(printed.as_bytes()) != result
    {
        return broken(format!("a {keyword} prints as {printed:?} and reads back differently"));
    }
    Ok(())
}

/// The same where names and passwords may be UTF-8 (RFC 6856 section 2.2): a line
/// with an `x` for every character beyond ASCII is a command, and they stand
/// where a name or password does.
fn is_command_or_utf8(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let replaced: String = text.chars().map(|character| if character.is_ascii() { character } else { 'x' }).collect();
    let words: Vec<&str> = text.split(' ').collect();
    let keyword = words.first().map(|word| word.to_ascii_uppercase()).unwrap_or_default();
    let may_hold = |index: usize| match keyword.as_str() {
        "PASS" => index >= 1,
        "USER" | "APOP" => index == 1,
        _ => false,
    };
    let in_place = words.iter().enumerate().all(|(index, word)| word.is_ascii() || may_hold(index));
    is_command(replaced.as_bytes()) && in_place && !text.contains(char::is_control)
}

/// The grammar of RFC 1939 section 3, RFC 5034 section 4 and RFC 6856 sections 2 and
/// 3, as slow as it is plain.
fn is_command(line: &[u8]) -> bool {
    if !line.iter().all(|octet| (0x20..=0x7E).contains(octet)) {
        return false;
    }
    let words: Vec<&[u8]> = line.split(|octet| *octet == b' ').collect();
    let keyword = words.first().map(|word| word.to_ascii_uppercase()).unwrap_or_default();
    let arguments = words.get(1..).unwrap_or_default();
    if keyword == b"PASS" {
        return line.len() > b"PASS ".len() && !arguments.is_empty();
    }
    if arguments.iter().any(|argument| argument.is_empty()) {
        return false;
    }
    let value = |word: &[u8]| {
        let digits = word.iter().all(u8::is_ascii_digit);
        let significant = word.iter().position(|digit| *digit != b'0').and_then(|from| word.get(from..));
        digits.then(|| std::str::from_utf8(significant.unwrap_or(b"0")).ok()?.parse::<u128>().ok()).flatten()
    };
    let number = |word: &[u8]| value(word).is_some_and(|value| value <= u128::from(u64::MAX));
    let message = |word: &[u8]| value(word).is_some_and(|value| (1..=u128::from(u32::MAX)).contains(&value));
    match (keyword.as_slice(), arguments) {
        (b"CAPA" | b"NOOP" | b"QUIT" | b"RSET" | b"STAT" | b"STLS" | b"UTF8", [])
        | (b"LANG" | b"LIST" | b"UIDL", [])
        | (b"USER" | b"AUTH" | b"LANG", [_])
        | (b"APOP" | b"AUTH", [_, _]) => true,
        (b"DELE" | b"RETR" | b"LIST" | b"UIDL", [number]) => message(number),
        (b"TOP", [first, second]) => message(first) && number(second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line() -> impl Strategy<Value = Vec<u8>> {
        let word = prop_oneof![
            "(?i)(apop|auth|capa|dele|lang|list|noop|pass|quit|retr|rset|stat|stls|top|uidl|user|utf8|xtnd|tops)",
            "0{0,3}[0-9]{0,21}",
            "[ -~]{0,4}",
            "[ -~é\u{85}]{0,4}",
            Just(String::new()),
        ];
        prop_oneof![
            proptest::collection::vec(word, 0..4).prop_map(|words| words.join(" ").into_bytes()),
            proptest::collection::vec(any::<u8>(), 0..20),
        ]
    }

    proptest! {
        #[test]
        fn holds(line in line()) {
            command_round_trip(&line)?;
        }
    }

    #[test]
    fn wrong_readers_are_caught() {
        let check = |wrong: Reader, line: &str, sentence: &str| {
            command_round_trip(line.as_bytes()).unwrap();
            let broken = round_trip_of(wrong, is_command, line.as_bytes()).unwrap_err();
            assert!(broken.sentence().contains(sentence), "{broken}");
        };
        let pass = |line: &[u8]| Command::parse(line).map(|command| (command.keyword(), command.to_line()));
        // Takes what has a space too many.
        check(|line| Ok((Keyword::Noop, String::from_utf8_lossy(line).into())), "NOOP ", "the contrary");
        // Knows upper case only.
        check(
            |line| match line {
                b"QUIT" => Ok((Keyword::Quit, "QUIT".into())),
                _ => Err(CommandError::UnknownKeyword),
            },
            "QUIT",
            "letter case",
        );
        // Cuts a password at its first space.
        check(
            |line| {
                let (keyword, printed) = Command::parse(line).map(|command| (command.keyword(), command.to_line()))?;
                let words: Vec<&str> = printed.splitn(3, ' ').take(2).collect();
                Ok((keyword, if words.len() == 2 { words.join("  ") } else { printed.clone() }))
            },
            "PASS a b",
            "reads back differently",
        );
        assert!(pass(b"PASS a b").is_ok());
    }
}

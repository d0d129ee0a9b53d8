//! Commands with arguments in UTF-8 (RFC 6856 section 2.2).

use super::{Command, CommandError, Keyword, not_printable};

/// Reads a line that has octets above 127.
pub(super) fn parse(line: &[u8]) -> Result<Command<'_>, CommandError> {
    let text = std::str::from_utf8(line).map_err(|error| CommandError::NotUtf8 { at: error.valid_up_to() })?;
    // Control characters are none of a name: SASLprep prohibits them all (RFC 4013
    // section 2.3), C1 among them.
    if let Some((at, control)) = text.char_indices().find(|(_, character)| character.is_control()) {
        return Err(CommandError::NotPrintable { at, octet: u8::try_from(control).unwrap_or(0x80) });
    }
    let elsewhere = || not_printable(line).unwrap_or(CommandError::UnknownKeyword);
    let (word, arguments) = text.split_once(' ').ok_or_else(elsewhere)?;
    let keyword = Keyword::from_word(word.as_bytes());
    match keyword.ok_or_else(elsewhere)? {
        Keyword::Pass => Ok(Command::Pass(arguments)),
        keyword @ Keyword::User => {
            let [name] = words(keyword, word.len() + 1, arguments)?;
            Ok(Command::User(name))
        }
        keyword @ Keyword::Apop => {
            let [name, digest] = words(keyword, word.len() + 1, arguments)?;
            if digest.is_ascii() { Ok(Command::Apop { name, digest }) } else { Err(elsewhere()) }
        }
        _ => Err(elsewhere()),
    }
}

/// Exactly so many arguments, each behind a single space.
fn words<const N: usize>(keyword: Keyword, at: usize, arguments: &str) -> Result<[&str; N], CommandError> {
    let words: Vec<&str> = arguments.split(' ').collect();
    let mut offset = at;
    for word in &words {
        if word.is_empty() {
            return Err(CommandError::EmptyArgument { at: offset });
        }
        offset += word.len() + 1;
    }
    let too_many = words.len() > N;
    words.try_into().map_err(|_| {
        if too_many { CommandError::TooManyArguments { keyword } } else { CommandError::MissingArgument { keyword } }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_passwords_may_be_utf8() {
        let check = |line: &[u8], want: Result<Command<'_>, CommandError>| {
            assert_eq!(Command::parse_utf8(line), want, "{}", String::from_utf8_lossy(line));
        };
        let digest = "c4c9334bac560ecc979e58001b3e22fb";
        check("USER jürgen".as_bytes(), Ok(Command::User("jürgen")));
        check("user Ω".as_bytes(), Ok(Command::User("Ω")));
        check("PASS größe 1 ".as_bytes(), Ok(Command::Pass("größe 1 ")));
        check(format!("APOP é {digest}").as_bytes(), Ok(Command::Apop { name: "é", digest }));
        check(b"USER plain", Ok(Command::User("plain")));
        check("USER é b".as_bytes(), Err(CommandError::TooManyArguments { keyword: Keyword::User }));
        check("APOP é".as_bytes(), Err(CommandError::MissingArgument { keyword: Keyword::Apop }));
        check("USER é ".as_bytes(), Err(CommandError::EmptyArgument { at: 8 }));
        check("USER  é".as_bytes(), Err(CommandError::EmptyArgument { at: 5 }));
        check(b"USER j\xFCrgen", Err(CommandError::NotUtf8 { at: 6 }));
        check(b"USER \xC0\xAF", Err(CommandError::NotUtf8 { at: 5 }));
        check(b"USER \xED\xA0\x80", Err(CommandError::NotUtf8 { at: 5 }));
        check("PASS é\u{85}".as_bytes(), Err(CommandError::NotPrintable { at: 7, octet: 0x85 }));
        check("PASS é\0".as_bytes(), Err(CommandError::NotPrintable { at: 7, octet: 0 }));
        // Everything else stays printable ASCII.
        check("RETR １".as_bytes(), Err(CommandError::NotPrintable { at: 5, octet: 0xEF }));
        check("USÉR a".as_bytes(), Err(CommandError::NotPrintable { at: 2, octet: 0xC3 }));
        check("É".as_bytes(), Err(CommandError::NotPrintable { at: 0, octet: 0xC3 }));
        check(format!("APOP a {digest}é").as_bytes(), Err(CommandError::NotPrintable { at: 39, octet: 0xC3 }));
        assert_eq!(
            Command::parse("USER jürgen".as_bytes()),
            Err(CommandError::NotPrintable { at: 6, octet: 0xC3 }),
            "without the capability"
        );
    }
}

use super::*;
use proptest::prelude::*;

#[inline]
fn number(n: u32) -> MessageNumber {
    MessageNumber::new(n).unwrap()
}

#[test]
fn every_command_reads_and_prints() {
    let check = |line: &str, want: Command<'_>| {
        assert_eq!(Command::parse(line.as_bytes()), Ok(want), "{line}");
        assert_eq!(want.to_line(), line);
        let (keyword, arguments) = line.split_at(want.keyword().as_str().len());
        let lower = keyword.to_lowercase() + arguments;
        assert_eq!(Command::parse(lower.as_bytes()), Ok(want), "{lower}");
    };
    let digest = "c4c9334bac560ecc979e58001b3e22fb";
    check(&format!("APOP mrose {digest}"), Command::Apop { name: "mrose", digest });
    check("AUTH PLAIN", Command::Auth { mechanism: "PLAIN", initial_response: None });
    check("AUTH PLAIN =", Command::Auth { mechanism: "PLAIN", initial_response: Some("=") });
    check("CAPA", Command::Capa);
    check("DELE 1", Command::Dele(number(1)));
    check("LANG", Command::Lang(None));
    check("LANG *", Command::Lang(Some("*")));
    check("LANG en-boont", Command::Lang(Some("en-boont")));
    check("LIST", Command::List(None));
    check("LIST 2", Command::List(Some(number(2))));
    check("NOOP", Command::Noop);
    check("PASS secret", Command::Pass("secret"));
    check("PASS  two words ", Command::Pass(" two words "));
    check("QUIT", Command::Quit);
    check("RETR 4294967295", Command::Retr(number(u32::MAX)));
    check("RSET", Command::Rset);
    check("STAT", Command::Stat);
    check("STLS", Command::Stls);
    check("TOP 1 0", Command::Top { message: number(1), lines: 0 });
    let more = "18446744073709551616999999999";
    let all = Command::Top { message: number(1), lines: u64::MAX };
    assert_eq!(Command::parse(format!("TOP 1 {more}").as_bytes()), Ok(all));
    check("UIDL", Command::Uidl(None));
    check("UIDL 3", Command::Uidl(Some(number(3))));
    check("USER mrose", Command::User("mrose"));
    check("UTF8", Command::Utf8);
}

#[test]
fn every_departure_has_its_name() {
    let check = |line: &[u8], want| assert_eq!(Command::parse(line), Err(want), "{line:?}");
    check(b"", CommandError::Empty);
    check(b" STAT", CommandError::EmptyArgument { at: 0 });
    check(b"STAT ", CommandError::EmptyArgument { at: 5 });
    check(b"LIST  1", CommandError::EmptyArgument { at: 5 });
    check(b"LIST 1 ", CommandError::EmptyArgument { at: 7 });
    check(b"PASS ", CommandError::EmptyArgument { at: 5 });
    check(b"LIST\t1", CommandError::NotPrintable { at: 4, octet: b'\t' });
    check(b"USER \xff", CommandError::NotPrintable { at: 5, octet: 0xFF });
    check(b"NOOP\nNOOP", CommandError::NotPrintable { at: 4, octet: b'\n' });
    check(b"NO", CommandError::UnknownKeyword);
    check(b"NOOPX", CommandError::UnknownKeyword);
    check(b"UTF", CommandError::UnknownKeyword);
    check(b"UTFX", CommandError::UnknownKeyword);
    check(b"UTF\x18", CommandError::NotPrintable { at: 3, octet: 0x18 });
    check(b"UTF8 USER", CommandError::TooManyArguments { keyword: Keyword::Utf8 });
    check(b"LANG en es", CommandError::TooManyArguments { keyword: Keyword::Lang });
    check(b"TOP\0", CommandError::NotPrintable { at: 3, octet: 0 });
    check(b"XYZZ 1 2", CommandError::UnknownKeyword);
    check(b"RETR", CommandError::MissingArgument { keyword: Keyword::Retr });
    check(b"TOP 1", CommandError::MissingArgument { keyword: Keyword::Top });
    check(b"APOP u", CommandError::MissingArgument { keyword: Keyword::Apop });
    check(b"STAT 1", CommandError::TooManyArguments { keyword: Keyword::Stat });
    check(b"RETR 1 2", CommandError::TooManyArguments { keyword: Keyword::Retr });
    check(b"USER a b", CommandError::TooManyArguments { keyword: Keyword::User });
    check(b"DELE -1", CommandError::NotANumber { at: 5 });
    check(b"DELE 1x", CommandError::NotANumber { at: 5 });
    check(b"TOP 1 -1", CommandError::NotANumber { at: 6 });
    check(b"RETR 0", CommandError::NoSuchNumber);
    check(b"RETR 4294967297", CommandError::NoSuchNumber);
    check(b"RETR 18446744073709551617", CommandError::NoSuchNumber);
}

#[test]
fn passwords_do_not_print() {
    assert_eq!(format!("{:?}", Command::Pass("secret")), "PASS ********");
    assert!(!format!("{:?}", Command::parse(b"AUTH PLAIN AGEAYg==")).contains("AGEAYg"));
}

proptest! {
    #[test]
    fn parse_print_parse(line in "(?i)(RETR|LIST|TOP|USER|PASS|AUTH|UIDL|DELE|STAT|QUIT)( [0-9a-z]{0,3}){0,3}") {
        if let Ok(command) = Command::parse(line.as_bytes()) {
            let printed = command.to_line();
            prop_assert_eq!(Command::parse(printed.as_bytes()), Ok(command));
        }
    }

    #[test]
    fn any_octets_have_an_answer(line: Vec<u8>) {
        let _ = Command::parse(&line);
    }
}

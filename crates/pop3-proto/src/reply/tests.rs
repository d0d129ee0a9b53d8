use super::*;

#[test]
fn reads_on_after_a_fault() {
    use Deviation as D;
    let check = |line: &[u8], want: Option<(Status, &[u8])>, off: &[(usize, Deviation)]| {
        let mut deviations = Vec::new();
        let got = StatusLine::observe(line, Challenge::Possible, Charset::Ascii, &mut deviations);
        assert_eq!(got.map(|line| (line.status, line.text)), want, "{line:?}");
        assert_eq!(deviations, off, "{line:?}");
    };
    check(b"+OK", Some((Status::Ok, b"")), &[]);
    check(b"+OK ", Some((Status::Ok, b"")), &[]);
    check(b"+OK 2 320", Some((Status::Ok, b"2 320")), &[]);
    check(b"-ERR no", Some((Status::Err, b"no")), &[]);
    check(b"+ ", Some((Status::Continue, b"")), &[]);
    check(b"+", Some((Status::Continue, b"")), &[(1, D::ChallengeWithoutSpace)]);
    check(b"+ go on", Some((Status::Continue, b"go on")), &[(2, D::ChallengeNotBase64)]);
    check(b"+ok 1", Some((Status::Ok, b"1")), &[(0, D::StatusNotUpperCase)]);
    check(
        b"-Err\t1",
        Some((Status::Err, b"\t1")),
        &[(4, D::NotPrintable), (0, D::StatusNotUpperCase), (4, D::StatusNotSeparated)],
    );
    check(b"+OKAY", Some((Status::Ok, b"AY")), &[(3, D::StatusNotSeparated)]);
    check(b"+ERR x", None, &[(0, D::NoStatusIndicator)]);
    check(b"", None, &[(0, D::NoStatusIndicator)]);
    check(b"* OK IMAP4", None, &[(0, D::NoStatusIndicator)]);
}

#[test]
fn a_challenge_stands_only_in_auth() {
    let mut deviations = Vec::new();
    assert_eq!(StatusLine::observe(b"+ ", Challenge::Impossible, Charset::Ascii, &mut deviations), None);
    assert_eq!(deviations, [(0, Deviation::NoStatusIndicator)]);
}

#[test]
fn response_codes_are_hierarchical() {
    let check = |text: &str, want: Option<&str>| {
        assert_eq!(ResponseCode::parse(text.as_bytes()).map(ResponseCode::as_str), want, "{text}");
    };
    check("[IN-USE] busy", Some("IN-USE"));
    check("[SYS/TEMP]", Some("SYS/TEMP"));
    check("[a[b] x", Some("a[b"));
    check("[sorry you] x", None);
    check("[] x", None);
    check("[A/] x", None);
    check("busy [IN-USE]", None);
    let temporary = ResponseCode::new("sys/TEMP").unwrap();
    assert!(
        temporary.is_a("SYS") && temporary.is_a("SYS/TEMP") && !temporary.is_a("SYS/PERM") && !temporary.is_a("SY")
    );
}

#[test]
fn the_command_gives_the_shape() {
    let check = |line: &str, want| assert_eq!(ReplyShape::of(line.as_bytes()), want, "{line}");
    for line in ["LIST", "list", "UIDL", "LIST ", "RETR 1", "TOP 1 0", "CAPA", "AUTH", "retr", "LANG", "lang "] {
        check(line, ReplyShape::MultiLine);
    }
    for line in ["LIST 1", "UIDL 1", "STAT", "", "XYZZ", "AUTH PLAIN", "LISTS", "DELE 1", "LANG en", "UTF8"] {
        check(line, ReplyShape::SingleLine);
    }
}

#[test]
fn what_we_print_is_never_broken() {
    let check = |text: &str, charset, want: &[u8]| {
        let mut out = Vec::new();
        write_status(Status::Err, ResponseCode::new("AUTH"), text, charset, &mut out);
        assert_eq!(out, want);
    };
    check("no", Charset::Ascii, b"-ERR [AUTH] no\r\n");
    check("", Charset::Ascii, b"-ERR [AUTH]\r\n");
    check("a\r\nb\x1bü", Charset::Ascii, b"-ERR [AUTH] ab\r\n");
    check("a\r\nb\x1bü\u{85}", Charset::Utf8, "-ERR [AUTH] abü\r\n".as_bytes());
    let length = |text: &str, charset| {
        let mut out = b"before".to_vec();
        write_status(Status::Ok, None, text, charset, &mut out);
        assert!(out.ends_with(b"\r\n") && std::str::from_utf8(&out).is_ok());
        out.len() - "before".len()
    };
    assert_eq!(length(&"x".repeat(600), Charset::Ascii), STATUS_LINE_LIMIT);
    assert_eq!(length(&"ü".repeat(600), Charset::Utf8), STATUS_LINE_LIMIT);
    assert_eq!(length(&format!("x{}", "ü".repeat(600)), Charset::Utf8), STATUS_LINE_LIMIT - 1);
}

#[test]
fn registered_codes_and_their_details() {
    let check = |code: &str, want| assert_eq!(ResponseCode::new(code).unwrap().registered(), want, "{code}");
    for code in RegisteredCode::ALL {
        check(code.as_str(), Some(code));
        check(&code.as_str().to_lowercase(), Some(code));
        check(&format!("{}/MORE", code.as_str()), Some(code));
    }
    check("SYS", None);
    check("AUTHX", None);
    check("X-OURS", None);
}

#[test]
fn text_in_utf8_where_it_was_agreed_on() {
    let check = |line: &[u8], charset: Charset, want| assert_eq!(charset.first_outside(line), want, "{line:?}");
    let accented = "+OK acción".as_bytes();
    check(b"+OK plain", Charset::Ascii, None);
    check(b"+OK plain", Charset::Utf8, None);
    check(accented, Charset::Ascii, Some(8));
    check(accented, Charset::Utf8, None);
    check(b"+OK \xE1", Charset::Utf8, Some(4));
    check(b"+OK \xC3\xA1\x1b\xE1", Charset::Utf8, Some(6));
    check("+OK \u{9b}2J".as_bytes(), Charset::Utf8, Some(4));
}

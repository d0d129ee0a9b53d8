//! What is announced, what it is worth, and which codes replies bear.

use super::*;

#[test]
fn utf8_and_languages() {
    let check = |input: &str, want: &str| {
        let mut host = TestHost::new(&["Subject: größer\r\n\r\n".as_bytes(), b"a: b\r\n\r\n\xFF\r\n"]);
        let (output, _) = talk(unicode(), &mut host, input.as_bytes());
        assert_eq!(output, want, "{input}");
    };
    check("UTF8\r\nUTF8\r\n", "+OK UTF-8 mode is on\r\n+OK UTF-8 mode was on already\r\n");
    check("UTF8\r\nSTLS\r\n", "+OK UTF-8 mode is on\r\n-ERR STLS may not follow UTF8\r\n");
    check("LANG\r\n", "+OK language listing follows\r\nen English\r\nde Deutsch\r\nes Español\r\n.\r\n");
    check("LANG MUL\r\n", "-ERR no such language\r\n");
    check("LANG en_US\r\n", "-ERR no such language\r\n");
    check("LANG es\r\nLANG uga\r\n", "+OK es idioma cambiado\r\n-ERR idioma no conocido\r\n");
    check("LANG DE\r\nLANG *\r\n", "+OK de Sprache gewechselt\r\n+OK en language changed\r\n");
    check("LANG es\r\nQUIT\r\n", "+OK es idioma cambiado\r\n+OK adiós\r\n");
    check(
        "USER u\r\nLANG de\r\nPASS p\r\n",
        "+OK now the password\r\n+OK de Sprache gewechselt\r\n-ERR PASS gilt nicht im Zustand AUTHORIZATION\r\n",
    );
    let greeted = "+OK now the password\r\n+OK maildrop has 2 messages (32 octets)\r\n";
    let needs = "-ERR [UTF8] message needs UTF-8 mode\r\n";
    check(&format!("{LOGIN}RETR 1\r\nTOP 1 0\r\n"), &format!("{greeted}{needs}{needs}"));
    check(&format!("{LOGIN}LIST 1\r\n"), &format!("{greeted}+OK 1 21\r\n"));
    check(
        &format!("UTF8\r\n{LOGIN}RETR 1\r\n"),
        &format!("+OK UTF-8 mode is on\r\n{greeted}+OK 21 octets\r\nSubject: größer\r\n\r\n.\r\n"),
    );
    check(&format!("{LOGIN}UTF8\r\n"), &format!("{greeted}-ERR UTF8 is not valid in the TRANSACTION state\r\n"));
}

#[test]
fn a_message_with_an_8_bit_body_needs_no_mode() {
    let mut host = TestHost::new(&[b"a: b\r\n\r\n\xFF\r\n"]);
    let mut out = Vec::new();
    let mut session = ServerSession::new(unicode(), Duration::ZERO, &mut out);
    let input = format!("{LOGIN}RETR 1\r\n").into_bytes();
    let mut rest = input.as_slice();
    while session.advance(&mut rest, Duration::ZERO, &mut host, &mut out) == Next::Again {}
    assert!(out.ends_with(b"+OK 11 octets\r\na: b\r\n\r\n\xFF\r\n.\r\n"), "{out:?}");
}

#[test]
fn what_is_announced_before_and_behind_a_login() {
    let check = |config: ServerConfig, host: &mut TestHost, want: [&str; 2]| {
        let (output, _) = talk(config, host, format!("CAPA\r\n{LOGIN}CAPA\r\n").as_bytes());
        let lists: Vec<String> = output
            .split("+OK capability list follows\r\n")
            .skip(1)
            .map(|list| list.split("\r\n.\r\n").next().unwrap().replace("\r\n", ", "))
            .collect();
        assert_eq!(lists, want);
    };
    let both = "TOP, UIDL, RESP-CODES, AUTH-RESP-CODE, PIPELINING, USER";
    check(config(), &mut TestHost::new(&[]), [&format!("{both}, SASL PLAIN, STLS"), &format!("{both}, SASL PLAIN")]);
    let policies = ServerConfig {
        login_delay: Some(Announced { strictest: 900, per_user: true }),
        expire: Some(Announced { strictest: Retention::Days(5), per_user: true }),
        implementation: Some("Test".to_owned()),
        implementation_after_login: true,
        mechanisms: vec![
            OfferedMechanism { name: "PLAIN".to_owned(), availability: Availability::UnderTls },
            OfferedMechanism { name: "X".to_owned(), availability: Availability::Withheld },
        ],
        tls: Tls::Unavailable,
        ..unicode()
    };
    let both = "TOP, UIDL, RESP-CODES, AUTH-RESP-CODE, PIPELINING, UTF8 USER, LANG, USER";
    let mut host = TestHost::new(&[]);
    (host.login_delay, host.expire) = (Some(60), Some(Retention::Days(30)));
    let before = format!("{both}, LOGIN-DELAY 900 USER, EXPIRE 5 USER");
    check(policies.clone(), &mut host, [&before, &format!("{both}, LOGIN-DELAY 60, EXPIRE 30, IMPLEMENTATION Test")]);
    let none = &mut TestHost::new(&[]);
    check(policies, none, [&before, &format!("{both}, LOGIN-DELAY 0, EXPIRE NEVER, IMPLEMENTATION Test")]);
    let bare = ServerConfig {
        top: Availability::Withheld,
        uidl: Availability::Absent,
        resp_codes: Availability::Absent,
        pipelining: Availability::Absent,
        mechanisms: Vec::new(),
        tls: Tls::Unavailable,
        ..config()
    };
    check(bare, &mut TestHost::new(&[]), ["USER", "USER"]);
}

#[test]
fn refusals_bear_the_codes_that_are_announced() {
    let check = |config: ServerConfig, refusal: Refusal, want: &str| {
        let mut host = TestHost::new(&[]);
        host.refusal = Some(refusal);
        let (output, _) = talk(config, &mut host, LOGIN.as_bytes());
        assert_eq!(output.lines().last(), Some(want));
    };
    check(config(), Refusal::Credentials, "-ERR [AUTH] name or password is wrong");
    check(config(), Refusal::InUse, "-ERR [IN-USE] maildrop already locked");
    check(config(), Refusal::TooSoon, "-ERR [LOGIN-DELAY] too soon after the last login");
    check(config(), Refusal::Temporarily, "-ERR [SYS/TEMP] maildrop cannot be opened now");
    check(config(), Refusal::Permanently, "-ERR [SYS/PERM] maildrop cannot be opened");
    let no_auth = ServerConfig { auth_resp_code: Availability::Absent, ..config() };
    check(no_auth.clone(), Refusal::Credentials, "-ERR name or password is wrong");
    check(no_auth, Refusal::InUse, "-ERR [IN-USE] maildrop already locked");
    let no_codes = ServerConfig { resp_codes: Availability::Absent, ..config() };
    check(no_codes.clone(), Refusal::Credentials, "-ERR name or password is wrong");
    check(no_codes, Refusal::InUse, "-ERR maildrop already locked");
}

#[test]
fn what_is_only_there_under_tls_is_refused_alike_for_right_and_wrong() {
    let in_clear = ServerConfig {
        user: Availability::UnderTls,
        mechanisms: vec![OfferedMechanism { name: "PLAIN".to_owned(), availability: Availability::UnderTls }],
        ..config()
    };
    for input in ["USER u\r\n", "USER x\r\n", "AUTH PLAIN AHUAcA==\r\n", "AUTH PLAIN AHUAeA==\r\n", "AUTH PLAIN\r\n"] {
        let mut host = TestHost::new(&[]);
        let (output, _) = talk(in_clear.clone(), &mut host, input.as_bytes());
        assert_eq!(output, "-ERR start TLS first\r\n", "{input}");
    }
    for input in ["USER u\r\nPASS p\r\n", "AUTH PLAIN AHUAcA==\r\n"] {
        let under_tls = ServerConfig { tls: Tls::Active, ..in_clear.clone() };
        let (output, _) = talk(under_tls, &mut TestHost::new(&[]), input.as_bytes());
        assert!(output.ends_with("+OK maildrop has 0 messages (0 octets)\r\n"), "{output}");
    }
}

#[test]
fn under_expire_0_what_was_retrieved_does_not_stay() {
    let check = |expire, input: &str, want: &str| {
        let mut host = TestHost::new(&[b"a: 1\r\n\r\n", b"a: 2\r\n\r\n", b"a: 3\r\n\r\n"]);
        host.expire = expire;
        let announced = Announced { strictest: Retention::Days(0), per_user: true };
        let config = ServerConfig { expire: Some(announced), ..config() };
        let _ = talk(config, &mut host, format!("{LOGIN}{input}").as_bytes());
        assert_eq!(host.log, [want], "{input}");
    };
    let at_once = Some(Retention::Days(0));
    check(at_once, "RETR 2\r\nRETR 2\r\nDELE 1\r\nQUIT\r\n", "update [MessageNumber(1), MessageNumber(2)]");
    check(at_once, "TOP 2 100\r\nLIST\r\nQUIT\r\n", "update []");
    check(at_once, "RETR 2\r\nRSET\r\nQUIT\r\n", "update [MessageNumber(2)]");
    check(Some(Retention::Days(1)), "RETR 2\r\nQUIT\r\n", "update []");
    check(Some(Retention::Never), "RETR 2\r\nQUIT\r\n", "update []");
    check(None, "RETR 2\r\nQUIT\r\n", "update []");
}

/// Nothing goes that is not marked, unless CAPA says so (RFC 1939 section 6).
#[test]
fn what_is_not_announced_removes_nothing() {
    let announced = Some(Announced { strictest: Retention::Days(0), per_user: false });
    let check = |config: ServerConfig, want: &str| {
        let mut host = TestHost::new(&[b"a: 1\r\n\r\n"]);
        host.expire = Some(Retention::Days(0));
        let _ = talk(config, &mut host, format!("{LOGIN}RETR 1\r\nQUIT\r\n").as_bytes());
        assert_eq!(host.log, [want]);
    };
    check(ServerConfig { expire: announced, ..config() }, "update [MessageNumber(1)]");
    check(config(), "update []");
    check(ServerConfig { expire: announced, capa: Availability::Absent, ..config() }, "update []");
}

#[test]
fn the_greeting_keeps_its_timestamp() {
    let check = |greeting: &str, timestamp: Option<&str>, want: &str| {
        let timestamp = timestamp.map(str::to_owned);
        let config = ServerConfig { greeting: greeting.to_owned(), timestamp, ..config() };
        let mut out = Vec::new();
        let _ = ServerSession::new(config, Duration::ZERO, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), want);
    };
    check("hello", Some("<1@h>"), "+OK hello <1@h>\r\n");
    check("mail for <all@example>", Some("<1@h>"), "+OK mail for all@example> <1@h>\r\n");
    check("mail <a@b>", None, "+OK mail a@b>\r\n");
    check(&"ä".repeat(600), Some("<1@h>"), "+OK  <1@h>\r\n");
    check(&"x".repeat(600), Some("<1@h>"), &format!("+OK {} <1@h>\r\n", "x".repeat(500)));
}

/// Where its command is permitted (RFC 2595 section 4).
#[test]
fn stls_is_announced_where_it_is_permitted() {
    let check = |input: &str, want| {
        let (output, _) = talk(unicode(), &mut TestHost::new(&[]), format!("{input}CAPA\r\n").as_bytes());
        assert_eq!(output.contains("STLS\r\n"), want, "{input}");
    };
    check("", true);
    check("USER u\r\n", true);
    check("LANG es\r\n", true);
    check("UTF8\r\n", false);
    check(LOGIN, false);
}

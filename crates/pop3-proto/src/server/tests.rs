//! Dialogues against a host of two accounts; every state, every command.

use std::sync::Arc;

use super::transfer::CHUNK;
use super::*;
use crate::apop;
use crate::capability::{Capability, Retention};
use crate::command::Keyword;
use crate::unique_id::UniqueId;

mod laws;

/// One account `u`, password `p`, and a log of what was asked.
struct TestHost {
    messages: Vec<&'static [u8]>,
    log: Vec<String>,
    expire: Option<Retention>,
    login_delay: Option<u64>,
    refusal: Option<Refusal>,
}

impl TestHost {
    fn new(messages: &[&'static [u8]]) -> Self {
        Self { messages: messages.to_vec(), log: Vec::new(), expire: None, login_delay: None, refusal: None }
    }

    fn open(&self) -> Result<Admission, Refusal> {
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        let listed = self.messages.iter().enumerate().map(|(index, message)| Listed {
            octets: message.len() as u64,
            unique_id: UniqueId::new(format!("id{}", index + 1).as_bytes()).unwrap(),
        });
        Ok(Admission {
            expire: self.expire,
            login_delay: self.login_delay,
            ..Admission::new(listed.collect::<Vec<_>>())
        })
    }
}

impl Host for TestHost {
    fn log_in(&mut self, credentials: Credentials<'_>, _now: Duration) -> Result<Admission, Refusal> {
        let right = match credentials {
            Credentials::Password { name, password } => name == "u" && password == "p",
            Credentials::Digest { name, timestamp, digest } => {
                name == "u" && digest == apop::digest(timestamp.as_bytes(), b"p")
            }
        };
        if right { self.open() } else { Err(Refusal::Credentials) }
    }

    fn begin_exchange(
        &mut self,
        mechanism: &str,
        initial_response: Option<&[u8]>,
        now: Duration,
    ) -> Option<ExchangeStep> {
        (mechanism == "PLAIN").then(|| match initial_response {
            Some(response) => self.continue_exchange(response, now),
            None => ExchangeStep::Challenge(Vec::new()),
        })
    }

    fn continue_exchange(&mut self, response: &[u8], _now: Duration) -> ExchangeStep {
        ExchangeStep::Done(if response == b"\0u\0p" { self.open() } else { Err(Refusal::Credentials) })
    }

    fn cancel_exchange(&mut self) {
        self.log.push("cancel".to_owned());
    }

    fn message(&mut self, number: MessageNumber) -> Option<Arc<[u8]>> {
        self.messages.get(number.index()).map(|message| Arc::from(*message))
    }

    fn update(&mut self, marked: &[MessageNumber]) -> Result<(), UpdateFailed> {
        self.log.push(format!("update {marked:?}"));
        Ok(())
    }

    fn release(&mut self) {
        self.log.push("release".to_owned());
    }
}

fn config() -> ServerConfig {
    ServerConfig {
        timestamp: Some("<1.2@test>".to_owned()),
        mechanisms: vec!["PLAIN".into()],
        tls: Tls::Available,
        ..ServerConfig::default()
    }
}

/// Runs input through a session until it wants more; returns the output behind
/// the greeting and the last word.
fn talk(config: ServerConfig, host: &mut TestHost, input: &[u8]) -> (String, Next) {
    let mut out = Vec::new();
    let mut session = ServerSession::new(config, Duration::ZERO, &mut out);
    let mut input = input;
    for _ in 0..10_000 {
        match session.advance(&mut input, Duration::ZERO, host, &mut out) {
            Next::Again => {}
            Next::StartTls if !input.is_empty() => panic!("input kept over STLS"),
            next => {
                let text = String::from_utf8(out).unwrap();
                return (text.split_once("\r\n").unwrap().1.to_owned(), next);
            }
        }
    }
    panic!("the session does not come to rest");
}

/// The statuses of a dialogue's replies, one character each.
fn statuses(output: &str) -> String {
    let mut body = false;
    let mut statuses = String::new();
    for line in output.lines() {
        if body {
            body = line != ".";
            continue;
        }
        statuses.push(line.chars().next().unwrap());
        body =
            line.ends_with("follows") || line.ends_with("octets") || line.ends_with("octets)") && !line.contains("has");
    }
    statuses
}

const LOGIN: &str = "USER u\r\nPASS p\r\n";

#[test]
fn dialogues() {
    let check = |input: &str, want: &str, next: Next| {
        let mut host = TestHost::new(&[b"a: b\r\n\r\n1\r\n.2\r\n3\r\n", b".\r\n"]);
        let (output, got) = talk(config(), &mut host, input.as_bytes());
        assert_eq!((output.as_str(), got), (want, next), "{input}");
    };
    let (read, bye) = (Next::Read, "+OK bye\r\n");
    check("STAT\r\n", "-ERR STAT is not valid in the AUTHORIZATION state\r\n", read);
    check("QUIT\r\nSTAT\r\n", bye, Next::Close(Ending::Quit));
    check("NOO", "", read);
    check("\r\n", "-ERR empty line\r\n", read);
    let greeted = "+OK now the password\r\n+OK maildrop has 2 messages (21 octets)\r\n";
    let logged_in =
        |input: &str, want: &str, next| check(&format!("{LOGIN}{input}"), &format!("{greeted}{want}"), next);
    logged_in("stat\r\n", "+OK 2 21\r\n", read);
    logged_in("LIST\r\n", "+OK 2 messages (21 octets)\r\n1 18\r\n2 3\r\n.\r\n", read);
    logged_in("LIST 2\r\nUIDL 2\r\n", "+OK 2 3\r\n+OK 2 id2\r\n", read);
    logged_in("RETR 2\r\n", "+OK 3 octets\r\n..\r\n.\r\n", read);
    logged_in("TOP 1 0\r\n", "+OK top of message follows\r\na: b\r\n\r\n.\r\n", read);
    logged_in("TOP 1 2\r\n", "+OK top of message follows\r\na: b\r\n\r\n1\r\n..2\r\n.\r\n", read);
    logged_in("TOP 2 0\r\n", "+OK top of message follows\r\n..\r\n.\r\n", read);
    logged_in("DELE 1\r\nLIST\r\n", "+OK message 1 deleted\r\n+OK 1 messages (3 octets)\r\n2 3\r\n.\r\n", read);
    logged_in("DELE 1\r\nDELE 1\r\n", "+OK message 1 deleted\r\n-ERR no such message\r\n", read);
    logged_in(
        "DELE 2\r\nRSET\r\nSTAT\r\n",
        "+OK message 2 deleted\r\n+OK maildrop has 2 messages (21 octets)\r\n+OK 2 21\r\n",
        read,
    );
    logged_in("QUIT\r\nNOOP\r\n", bye, Next::Close(Ending::Update));
}

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

#[test]
fn totals_follow_the_marks() {
    let messages: [&'static [u8]; 3] = [b"a\r\n", b"bb\r\n", b"ccc\r\n"];
    let input = "DELE 2\r\nDELE 2\r\nSTAT\r\nDELE 1\r\nSTAT\r\nRSET\r\nSTAT\r\nDELE 3\r\nSTAT\r\n";
    let (output, _) = talk(config(), &mut TestHost::new(&messages), format!("{LOGIN}{input}").as_bytes());
    let stats: Vec<&str> = output.lines().filter(|line| line.len() <= 8).collect();
    assert_eq!(stats, ["+OK 2 8", "+OK 1 5", "+OK 3 12", "+OK 2 7"]);
}

#[test]
fn failed_logins_end_a_session() {
    let mut host = TestHost::new(&[]);
    let config = ServerConfig { failed_logins: 3, ..config() };
    let wrong = "USER u\r\nPASS x\r\n";
    let (output, next) =
        talk(config.clone(), &mut host, format!("{wrong}{wrong}AUTH PLAIN AHUAeA==\r\n{wrong}").as_bytes());
    assert_eq!((statuses(&output).as_str(), next), ("+-+--", Next::Close(Ending::FailedLogins)));
    assert_eq!(host.log, ["release"]);
    let (output, next) = talk(config, &mut TestHost::new(&[]), format!("{wrong}{wrong}{LOGIN}").as_bytes());
    assert_eq!((statuses(&output).as_str(), next), ("+-+-++", Next::Read));
}

#[test]
fn a_listing_goes_out_in_pieces() {
    let messages: Vec<&'static [u8]> = vec![b"a: 1\r\n\r\n"; 20_000];
    let mut host = TestHost::new(&messages);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let input = format!("{LOGIN}DELE 1\r\nLIST\r\nNOOP\r\n").into_bytes();
    let mut rest = input.as_slice();
    let mut listing = Vec::new();
    loop {
        let next = session.advance(&mut rest, Duration::ZERO, &mut host, &mut out);
        assert!(out.len() <= CHUNK + 1024);
        if next != Next::Again {
            break;
        }
        listing.append(&mut out);
    }
    let listing = String::from_utf8(listing).unwrap();
    let lines: String = (2..=20_000).map(|number| format!("{number} 8\r\n")).collect();
    assert!(listing.ends_with(&format!("+OK 19999 messages (159992 octets)\r\n{lines}.\r\n+OK\r\n")));
}

#[test]
fn what_comes_of_each_line() {
    let check = |input: &str, want: &str, log: &[&str]| {
        let mut host = TestHost::new(&[b"a\r\n", b"b\r\n"]);
        let (output, _) = talk(config(), &mut host, input.as_bytes());
        assert_eq!(statuses(&output), want, "{input}\n{output}");
        assert_eq!(host.log, log, "{input}");
    };
    check("PASS p\r\n", "-", &[]);
    check("USER u\r\nPASS x\r\nPASS p\r\nSTAT\r\n", "+---", &[]);
    check("USER u\r\nUSER u\r\nUSER u\r\nPASS p\r\n", "+-++", &[]);
    check("USER u\r\nXYZZ\r\nPASS p\r\n", "+--", &[]);
    check("USER u\r\nCAPA\r\nPASS p\r\n", "++-", &[]);
    check("USER u\r\nSTAT\r\nPASS p\r\n", "+--", &[]);
    let apop = format!("APOP u {}\r\n", apop::digest(b"<1.2@test>", b"p"));
    check(&format!("{apop}STAT\r\nUSER u\r\n{apop}"), "++--", &[]);
    check(&apop.to_uppercase(), "-", &[]);
    check("AUTH PLAIN AHUAcA==\r\nNOOP\r\nAUTH PLAIN\r\n", "++-", &[]);
    check("auth plain\r\nAHUAcA==\r\nNOOP\r\n", "+++", &[]);
    check("AUTH PLAIN\r\n*\r\nUSER u\r\n", "+-+", &["cancel"]);
    check("AUTH PLAIN\r\n?\r\nNOOP\r\n", "+--", &["cancel"]);
    check("AUTH PLAIN =\r\nAUTH X\r\nAUTH\r\nUTF8\r\nLANG\r\n", "-----", &[]);
    check(&format!("{LOGIN}STLS\r\nUSER u\r\nPASS p\r\n"), "++---", &[]);
    check(&format!("{LOGIN}DELE 2\r\nDELE 1\r\nRSET\r\nDELE 2\r\nQUIT\r\n"), "+++++++", &["update [MessageNumber(2)]"]);
    check(&format!("{LOGIN}RETR 1\r\nRETR 3\r\nRETR 0\r\nRETR\r\nDELE 9\r\nQUIT\r\n"), "+++----+", &["update []"]);
    check("QUIT\r\n", "+", &["release"]);
    check(&format!("{}\r\nUSER u\r\n", "A".repeat(300)), "-+", &[]);
}

#[test]
fn starttls_forgets_what_was_said_in_clear() {
    let mut host = TestHost::new(&[]);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let now = Duration::ZERO;
    let mut clear = b"USER u\r\nSTLS\r\nCAPA\r\nUS".as_slice();
    while session.advance(&mut clear, now, &mut host, &mut out) == Next::Again {}
    assert_eq!(clear, b"");
    out.clear();
    session.handshake_done(now);
    let mut inside = b"ER u\r\nPASS p\r\nSTLS\r\nUSER u\r\nPASS p\r\n".as_slice();
    while session.advance(&mut inside, now, &mut host, &mut out) == Next::Again {}
    assert_eq!(statuses(&String::from_utf8(out).unwrap()), "---++");
    assert!(!session.capabilities().contains(&Capability::Stls));
}

#[test]
fn the_timer_ends_a_session_without_update_and_without_a_word() {
    let mut host = TestHost::new(&[b"a\r\n"]);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let minute = |n: u64| Duration::from_secs(60 * n);
    let mut input = format!("{LOGIN}DELE 1\r\n").into_bytes();
    let mut rest = input.as_slice();
    while session.advance(&mut rest, minute(1), &mut host, &mut out) == Next::Again {}
    assert_eq!(session.deadline(), minute(11));
    // Octets that are no command yet do not count; a command does, even a bad one.
    assert_eq!(session.advance(&mut b"XY".as_slice(), minute(5), &mut host, &mut out), Next::Read);
    assert_eq!(session.deadline(), minute(11));
    assert_eq!(session.tick(minute(10), &mut host), None);
    assert_eq!(session.advance(&mut b"ZZ\r\n".as_slice(), minute(10), &mut host, &mut out), Next::Again);
    assert_eq!(session.tick(minute(19), &mut host), None);
    out.clear();
    assert_eq!(session.tick(minute(20), &mut host), Some(Ending::Autologout));
    assert_eq!((out.as_slice(), host.log.as_slice()), (b"".as_slice(), ["release".to_owned()].as_slice()));
    // Failure is sticky.
    input.clear();
    assert_eq!(
        session.advance(&mut b"NOOP\r\n".as_slice(), minute(21), &mut host, &mut out),
        Next::Close(Ending::Autologout)
    );
}

#[test]
fn a_large_message_goes_out_in_pieces() {
    let message: &'static [u8] = Box::leak(b"x\r\n".repeat(100_000).into_boxed_slice());
    let mut host = TestHost::new(&[message]);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let input = format!("{LOGIN}RETR 1\r\nNOOP\r\n").into_bytes();
    let mut rest = input.as_slice();
    let mut total = 0;
    loop {
        let next = session.advance(&mut rest, Duration::ZERO, &mut host, &mut out);
        assert!(out.len() <= 2 * CHUNK + 1024);
        total += out.len();
        if next != Next::Again {
            break;
        }
        out.clear();
    }
    assert!(total > message.len());
}

#[test]
fn a_flood_of_bad_commands_ends() {
    let mut host = TestHost::new(&[]);
    let (output, next) = talk(config(), &mut host, "X\r\n".repeat(1000).as_bytes());
    assert_eq!((output.lines().count(), next), (100, Next::Close(Ending::BadCommands)));
}

/// UTF8 and LANG are there.
fn unicode() -> ServerConfig {
    ServerConfig { utf8: Availability::Offered, utf8_user: true, lang: Availability::Offered, ..config() }
}

/// Every command in every state that a client can reach by lines alone: what
/// the table allows is not refused for its state, everything else is.
#[test]
fn the_table_and_the_session_agree() {
    let lines = |keyword: Keyword| match keyword {
        Keyword::Apop => format!("APOP u {}", apop::digest(b"<1.2@test>", b"p")),
        Keyword::Auth => "AUTH PLAIN".to_owned(),
        Keyword::Pass => "PASS p".to_owned(),
        Keyword::User => "USER u".to_owned(),
        Keyword::Top => "TOP 1 0".to_owned(),
        Keyword::Dele | Keyword::Retr => format!("{keyword} 1"),
        keyword => keyword.to_string(),
    };
    for (state, before) in [(State::Authorization, ""), (State::Named, "USER u\r\n"), (State::Transaction, LOGIN)] {
        for keyword in Keyword::ALL {
            let mut host = TestHost::new(&[b"a\r\n"]);
            let input = format!("{before}{}\r\n", lines(keyword));
            let (output, _) = talk(unicode(), &mut host, input.as_bytes());
            let refused = statuses(&output).ends_with('-');
            assert_eq!(!refused, state::is_legal(state, Input::Command(keyword)), "{state} {keyword}\n{output}");
        }
    }
}

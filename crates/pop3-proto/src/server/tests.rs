//! Dialogues against a host of two accounts; every state, every command.

use std::sync::Arc;

use super::*;
use crate::apop;
use crate::capability::{Capability, Retention};
use crate::command::Keyword;
use crate::unique_id::UniqueId;

mod flow;
mod laws;
mod offer;

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
fn totals_follow_the_marks() {
    let messages: [&'static [u8]; 3] = [b"a\r\n", b"bb\r\n", b"ccc\r\n"];
    let input = "DELE 2\r\nDELE 2\r\nSTAT\r\nDELE 1\r\nSTAT\r\nRSET\r\nSTAT\r\nDELE 3\r\nSTAT\r\n";
    let (output, _) = talk(config(), &mut TestHost::new(&messages), format!("{LOGIN}{input}").as_bytes());
    let stats: Vec<&str> = output.lines().filter(|line| line.len() <= 8).collect();
    assert_eq!(stats, ["+OK 2 8", "+OK 1 5", "+OK 3 12", "+OK 2 7"]);
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

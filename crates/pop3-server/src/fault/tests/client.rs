//! The client that plays the script of a row, on a clock that is paused.

use std::time::Duration;

use pop3_proto::apop;
use pop3_proto::escape::escape;
use pop3_proto::server::{Availability, Ending};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::task::JoinHandle;

use super::{Fault, exchange};
use crate::account::Account;
use crate::sasl::Mechanism;
use crate::{Server, ServerBuilder, Stream};

mod tls;

pub(crate) struct Client {
    pub(super) server: Server,
    mail: Vec<String>,
    stream: Option<Box<dyn Stream>>,
    /// The server's side of `stream`.
    session: Option<JoinHandle<Ending>>,
    kept: Vec<(Box<dyn Stream>, JoinHandle<Ending>)>,
    shown: Vec<String>,
    show_greeting: bool,
    /// The timestamps of this connection and of the one before.
    stamps: [String; 2],
}

impl Client {
    pub(super) fn new(faults: &[Fault], mail: &[String]) -> Self {
        let mechanisms = [Mechanism::Login, Mechanism::CramMd5, Mechanism::ScramSha256, Mechanism::ScramSha256Plus];
        Self::of(
            |builder| {
                // Withheld, so that the capability lists of the tables are short.
                let builder = builder.session(|session| {
                    session.utf8 = Availability::Withheld;
                    session.lang = Availability::Withheld;
                });
                let builder = mechanisms
                    .into_iter()
                    .fold(builder, |builder, mechanism| builder.mechanism(mechanism, Availability::Withheld))
                    .mechanism(Mechanism::OauthBearer, Availability::UnderTls)
                    .mechanism(Mechanism::Xoauth2, Availability::UnderTls);
                faults.iter().fold(builder, |builder, fault| builder.fault(*fault))
            },
            mail,
        )
    }

    /// A client of a server that is built so, with this mail.
    pub(crate) fn of(change: impl FnOnce(ServerBuilder) -> ServerBuilder, mail: &[String]) -> Self {
        let store = crate::store::Store::with_id("s");
        store.add_account("alice", Account::new("secret").with_token("token"));
        let server = change(Server::builder().store(store.clone()).stls()).build().unwrap();
        for message in mail {
            store.deliver("alice", message.as_bytes()).unwrap();
        }
        let (mail, kept, shown) = (mail.to_vec(), Vec::new(), Vec::new());
        let stamps = Default::default();
        Self { server, mail, stream: None, session: None, kept, shown, show_greeting: false, stamps }
    }

    pub(super) async fn open(&mut self) {
        let (client, end): (DuplexStream, _) = tokio::io::duplex(1 << 20);
        let server = self.server.clone();
        let session = tokio::spawn(async move { server.serve_stream(end).await });
        let before = self.stream.replace(Box::new(client));
        self.kept.extend(before.zip(self.session.replace(session)));
        let greeting = self.hear().await;
        let stamp = apop::timestamp(greeting.as_bytes()).unwrap_or_default();
        self.stamps = [String::from_utf8_lossy(stamp).into_owned(), std::mem::take(&mut self.stamps[0])];
        if std::mem::take(&mut self.show_greeting) {
            self.shown.push(without_timestamp(greeting));
        }
    }

    /// Goes away, and waits until the server has taken note.
    pub(super) async fn leave(&mut self) {
        self.stream = None;
        if let Some(session) = self.session.take() {
            tokio::time::timeout(Duration::from_secs(5), session).await.expect("the session ends").unwrap();
        }
    }

    pub(crate) async fn run(mut self, script: &[&str]) -> String {
        for step in script {
            if *step == "greeting" {
                self.show_greeting = true;
                continue;
            }
            if *step == "port" {
                self.open_port();
                continue;
            }
            if *step == "implicit" {
                self.open_under_tls().await;
                continue;
            }
            if self.stream.is_none() {
                self.open().await;
            }
            if let Some(message) = step.strip_prefix("store ") {
                let octets = octets_of(message);
                self.server.store().replace_messages("alice", [octets]).unwrap();
                continue;
            }
            if let Some((name, secret)) = step.strip_prefix("account ").and_then(|words| words.split_once(' ')) {
                self.server.store().add_account(name, Account::new(secret));
                continue;
            }
            match *step {
                "empty" => self.server.store().replace_messages::<&[u8]>("alice", []).unwrap(),
                "open" => self.open().await,
                "back" => (self.stream, self.session) = self.kept.pop().unzip(),
                "drop" => {
                    self.leave().await;
                    self.open().await;
                }
                "login" => {
                    self.say("USER alice|").await;
                    self.say("PASS secret|").await;
                }
                "deliver" => {
                    let message = self.mail[0].clone();
                    self.server.store().deliver("alice", message.as_bytes()).unwrap();
                }
                "tls" => self.start_tls().await,
                "end tls" => self.end_tls().await,
                "tls version" => self.show_version(rustls::DEFAULT_VERSIONS).await,
                "tls 1.2" => self.show_version(&[&rustls::version::TLS12]).await,
                text if text.starts_with("wait ") => {
                    let seconds = text.trim_start_matches("wait ").parse().unwrap();
                    // Time is paused: the clock jumps, and nothing waits.
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    let heard = self.hear().await;
                    self.shown.push(heard);
                }
                text => {
                    let heard = match text.strip_prefix("auth ").filter(|words| !words.ends_with('|')) {
                        Some(words) => self.auth(words).await,
                        None => self.say(text).await,
                    };
                    self.shown.push(exchange::without_nonce(without_timestamp(heard)));
                }
            }
        }
        if self.stream.is_none() {
            self.open().await;
        }
        self.shown.retain(|heard| !heard.is_empty());
        self.shown.join(" / ")
    }

    fn with_digests(&self, text: &str) -> String {
        let digest = |stamp: &str| apop::digest(stamp.as_bytes(), b"secret");
        let [stamp, heard] = &self.stamps;
        let bare = stamp.trim_matches(['<', '>']);
        [("DIGEST", stamp.as_str()), ("BARE", bare), ("HEARD", heard)]
            .into_iter()
            .fold(text.to_owned(), |text, (word, stamp)| text.replace(word, &digest(stamp)))
    }

    pub(super) async fn say(&mut self, text: &str) -> String {
        self.try_say(text).await.unwrap()
    }

    pub(super) async fn try_say(&mut self, text: &str) -> std::io::Result<String> {
        let octets = octets_of(&self.with_digests(text));
        let stream = self.stream.as_mut().unwrap();
        stream.write_all(&octets).await?;
        stream.flush().await?;
        Ok(self.hear().await)
    }

    /// What comes until nothing comes any more; the paused clock moves on only
    /// when every task waits, so there is nothing to race with.
    async fn hear(&mut self) -> String {
        let (mut octets, mut chunk) = (Vec::new(), vec![0; 1 << 16]);
        let stream = self.stream.as_mut().unwrap();
        let mut end = "";
        while let Ok(read) = tokio::time::timeout(Duration::from_millis(100), stream.read(&mut chunk)).await {
            match read {
                Ok(0) => {
                    end = "EOF";
                    break;
                }
                Err(error) => {
                    end = if error.kind() == std::io::ErrorKind::UnexpectedEof { "CUT" } else { "EOF" };
                    break;
                }
                Ok(count) => octets.extend_from_slice(&chunk[..count]),
            }
        }
        shortened(&escape(&octets).replace("\\r\\n", "|")) + end
    }

    /// What each read brings behind these lines, sent at once.
    pub(crate) async fn reads(mut self, text: &str) -> Vec<String> {
        self.open().await;
        let stream = self.stream.as_mut().unwrap();
        stream.write_all(&octets_of(text)).await.unwrap();
        let (mut reads, mut chunk) = (Vec::new(), vec![0; 1 << 16]);
        while let Ok(Ok(count @ 1..)) = tokio::time::timeout(Duration::from_millis(100), stream.read(&mut chunk)).await
        {
            reads.push(escape(&chunk[..count]).replace("\\r\\n", "|"));
        }
        reads
    }
}

/// The octets of a step's text.
fn octets_of(text: &str) -> Vec<u8> {
    let text = text.replace('|', "\\r\\n").replace("NOOP*63", &"NOOP".repeat(63)).replace("x*1000", &"x".repeat(1000));
    let text = text.replace("x*70000", &"x".repeat(70_000));
    pop3_proto::escape::unescape(&text).unwrap()
}

/// Forty and more of one character as that character and how many.
fn shortened(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let runs = characters.chunk_by(|one, other| one == other);
    runs.map(|run| if run.len() < 40 { run.iter().collect() } else { format!("{}*{}", run[0], run.len()) }).collect()
}

/// The greeting with what is new in its timestamp masked.
fn without_timestamp(greeting: String) -> String {
    match greeting.split_once("<1.") {
        Some((before, rest)) if before.ends_with("POP3 ready ") => {
            let end = rest.find("localhost").unwrap();
            let join = &rest[end - 1..];
            format!("{before}<new{join}")
        }
        _ => greeting.split('.').map(without_randomness).collect::<Vec<_>>().join("."),
    }
}

/// A part of a timestamp, masked where it is random or the time.
fn without_randomness(part: &str) -> String {
    let (word, rest) = part.split_at(part.find('@').unwrap_or(part.len()));
    if word.len() == 16 && word.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        format!("random{rest}")
    } else if word.len() == 10 && word.bytes().all(|octet| octet.is_ascii_digit()) {
        format!("now{rest}")
    } else {
        part.to_owned()
    }
}

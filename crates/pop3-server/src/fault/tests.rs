//! Every fault beside the honest server: the same dialogue, both answers.

use std::sync::Arc;
use std::time::Duration;

use pop3_proto::apop;
use pop3_proto::escape::escape;
use pop3_proto::server::{Availability, Ending};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::*;
use crate::account::Account;
use crate::net::connection::{Beginning, serve};
use crate::sasl::Mechanism;
use crate::{Server, ServerBuilder, Stream};

mod announcing;
mod changes;
mod content;
mod dialogue;
mod exchange;
mod extensions;
mod handshake;
mod hostile;
mod listings;
mod mail;
mod mechanism;
mod reading;
mod refusing;
mod robustness;
mod sasl;
mod sending;
mod unicode;

/// Messages of 15, 11 and 4 octets; the second came without a line end.
pub(crate) const MAIL: [&str; 3] = ["S: 1\n\na\n.b\n", "S: 2\n\nc", ".c\n"];

/// A row of the table. A script is a list of steps: `greeting` shows the next
/// greeting; `login`; `auth` does an exchange; `tls` does the handshake, `tls version` shows what came
/// of it, also for a client with `tls 1.2`; `implicit` connects with TLS, and shows the greeting; `port` connects there
/// without a handshake, `end tls` makes one, ends TLS behind the greeting, and sends NOOP in clear; `deliver`;
/// `empty` and `store text` change the maildrop; `account name secret` adds one; `drop` goes away and
/// connects again; `open` connects again and keeps the old connection, `back`
/// returns to it; `wait 600` lets so many seconds go by; anything else is sent in one piece, `|` standing for CRLF. What the steps bring stands
/// with ` / ` between. In what is sent, `DIGEST` is that of APOP for the greeting of this connection, `BARE` the
/// one for its timestamp without angle brackets, `HEARD` that for the connection before.
struct Row {
    fault: Fault,
    script: &'static [&'static str],
    /// What the honest server answers, `|` standing for CRLF.
    honest: &'static str,
    /// What the faulty one answers.
    faulty: &'static str,
}

pub(crate) struct Client {
    server: Server,
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
    fn new(faults: &[Fault], mail: &[String]) -> Self {
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

    async fn open(&mut self) {
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
    async fn leave(&mut self) {
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

    async fn say(&mut self, text: &str) -> String {
        self.try_say(text).await.unwrap()
    }

    async fn try_say(&mut self, text: &str) -> std::io::Result<String> {
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

    async fn start_tls(&mut self) {
        if let Err(error) = self.handshake(rustls::DEFAULT_VERSIONS).await {
            panic!("no handshake: {error}, after {:?}", self.shown);
        }
        // What the server executes by itself.
        let heard = self.hear().await;
        self.shown.push(without_timestamp(heard));
    }

    /// The version of TLS that came of a handshake for which the client has these.
    async fn handshake(
        &mut self,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> std::io::Result<rustls::ProtocolVersion> {
        let stream = self.stream.take().unwrap();
        let stream = self.connector(versions).connect(host(), stream).await?;
        let version = stream.get_ref().1.protocol_version().unwrap();
        self.stream = Some(Box::new(stream));
        Ok(version)
    }

    fn connector(&self, versions: &[&'static rustls::SupportedProtocolVersion]) -> TlsConnector {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.server.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    async fn show_version(&mut self, versions: &[&'static rustls::SupportedProtocolVersion]) {
        let version = self.handshake(versions).await;
        self.shown.push(version.map_or_else(|_| "no handshake".to_owned(), |version| format!("{version:?}")));
    }

    /// Connects where TLS begins with the first octet, and shows the greeting.
    async fn open_under_tls(&mut self) {
        self.open_port();
        self.start_tls().await;
    }

    fn open_port(&mut self) {
        let (client, end): (DuplexStream, _) = tokio::io::duplex(1 << 20);
        let settings = Arc::clone(&self.server.settings);
        self.session = Some(tokio::spawn(serve(end, Beginning::Handshake, settings)));
        self.stream = Some(Box::new(client));
    }

    /// Makes a handshake, and ends TLS by its close alert behind the greeting, and not TCP.
    async fn end_tls(&mut self) {
        let stream = self.stream.take().unwrap();
        let mut stream = self.connector(rustls::DEFAULT_VERSIONS).connect(host(), stream).await.unwrap();
        let _ = stream.read(&mut [0; 512]).await.unwrap();
        let (mut inner, mut tls) = stream.into_inner();
        tls.send_close_notify();
        let mut alert = Vec::new();
        tls.write_tls(&mut alert).unwrap();
        inner.write_all(&alert).await.unwrap();
        self.stream = Some(inner);
        // The alert of the server, which is not POP3.
        self.hear().await;
        let heard = self.try_say("NOOP|").await.unwrap_or_default();
        self.shown.push(heard.split_once("-ERR").map_or("nothing in clear", |(_, text)| text).to_owned());
    }
}

fn host() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
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

fn rows() -> impl Iterator<Item = &'static Row> {
    let login =
        [dialogue::ROWS, announcing::ROWS, refusing::ROWS, sasl::ROWS, mechanism::ROWS, reading::ROWS, unicode::ROWS];
    let maildrop = [mail::ROWS, listings::ROWS, sending::ROWS, changes::ROWS, content::ROWS];
    let others = [extensions::ROWS, hostile::ROWS, handshake::ROWS, robustness::ROWS];
    login.into_iter().chain(maildrop).chain(others).flatten()
}

/// What is wrong with a row, with both answers in full.
async fn check(row: &Row, mail: &[String]) -> Option<String> {
    let honest = Client::new(&[], mail).run(row.script).await;
    let faulty = Client::new(&[row.fault], mail).run(row.script).await;
    let right = honest == row.honest && faulty == row.faulty && honest != faulty;
    (!right).then(|| format!("{:?}\n honest: {honest:?}\n faulty: {faulty:?}\n", row.fault))
}

/// What takes a dialogue that is too long for a row.
const ELSEWHERE: [Fault; 3] = [Fault::ManyCommandsClose, Fault::SlowReaderBlocksOthers, Fault::StuffingLostAtChunk];

#[tokio::test(start_paused = true)]
async fn many_commands_are_too_many() {
    for (commands, closes) in [(500, false), (700, true)] {
        let script = ["login", &*"NOOP|".repeat(commands)];
        let honest = Client::new(&[], &[]).run(&script).await;
        let faulty = Client::new(&[Fault::ManyCommandsClose], &[]).run(&script).await;
        assert_eq!(honest, "+OK|".repeat(commands));
        assert_eq!(faulty.ends_with("EOF"), closes, "{commands}: {faulty}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_fault_shows() {
    let mail = MAIL.map(str::to_owned);
    let mut wrong = String::new();
    for row in rows() {
        wrong.extend(check(row, &mail).await);
    }
    assert!(wrong.is_empty(), "these rows differ; the servers answer:\n{wrong}");
    let missing: Vec<&Fault> = Fault::ALL
        .iter()
        .filter(|fault| !ELSEWHERE.contains(fault) && !content::SHOWN_BY_LENGTH.contains(fault))
        .filter(|fault| !rows().any(|row| row.fault == **fault))
        .collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[tokio::test(start_paused = true)]
async fn stuffing_is_lost_where_a_chunk_ends() {
    // The dot is at octet `at` of the message.
    for (at, lost) in [(4095, false), (4096, true), (4097, true), (4098, false), (8192, true)] {
        let message = format!("{}\n.\n.z\n", "x".repeat(at - 2));
        let script = ["login", "RETR 1|"];
        let honest = Client::new(&[], std::slice::from_ref(&message)).run(&script).await;
        let faulty = Client::new(&[Fault::StuffingLostAtChunk], &[message]).run(&script).await;
        assert!(honest.ends_with("|..|..z|.|"), "{at}: {honest}");
        let want = if lost { honest.replace("|..|", "|.|") } else { honest };
        assert_eq!(faulty, want, "{at}");
    }
}

#[test]
fn the_list_is_in_order() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/requirements");
    let mut known = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            known += &std::fs::read_to_string(path).unwrap();
        }
    }
    for fault in Fault::ALL {
        let slug = fault.slug();
        assert_eq!(slug.parse(), Ok(*fault));
        assert!(
            slug.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-'),
            "{slug}"
        );
        for requirement in fault.requirements() {
            assert!(known.contains(&format!("- id: {requirement}\n")), "{slug}: {requirement}");
        }
        assert!(fault.symptom().ends_with('.') && fault.symptom().len() < 120, "{slug}");
        assert_eq!(Fault::ALL.iter().filter(|other| other.slug() == slug).count(), 1, "{slug}");
    }
    let error = "no-such".parse::<Fault>().unwrap_err().to_string();
    assert!(error.starts_with("no fault is called \"no-such\"; there are: angle-brackets-in-greeting, "), "{error}");
}

/// Whatever comes, a faulty server neither panics nor hangs nor leaves a maildrop
/// locked that it should not.
#[tokio::test(start_paused = true)]
async fn odd_lines_end_no_faulty_server() {
    let lines = [
        "",
        " ",
        "\\xFF\\x00",
        "RETR",
        "RETR  ",
        "RETR \\xFF",
        "TOP 1",
        "TOP 1 x 2",
        "LIST 99999999999999999999999999999999999999999",
        "DELE -",
        "DELE -1",
        "DELE 0",
        "UIDL 1 1",
        "PASS",
        "PASS ",
        "USER",
        "USER a b",
        "AUTH PLAIN !",
        "TOPX",
        "NOO",
        "APOP a",
        "1x",
    ];
    let long = format!("{}|", "RETR 1 ".repeat(12_000));
    for fault in Fault::ALL {
        let mut client = Client::new(&[*fault], &MAIL.map(str::to_owned));
        client.open().await;
        for round in 0..2 {
            for line in lines {
                let _ = client.try_say(&format!("{line}|")).await;
            }
            let _ = client.try_say(&long).await;
            let _ = client.try_say("\\r").await;
            let _ = client.try_say("|AUTH PLAIN|*|").await;
            if round == 0 {
                let _ = client.try_say("USER alice|").await;
                let _ = client.try_say("PASS secret|").await;
            }
        }
        let store = client.server.store().clone();
        client.leave().await;
        let locks = [Fault::LockKeptAfterDisconnect, Fault::LockKeptAfterRefusal].contains(fault);
        assert_eq!(store.is_locked("alice"), Ok(locks), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_faults_work_together() {
    let mail = MAIL.map(str::to_owned);
    let both = [Fault::StatusLowerCase, Fault::DeletedStillCounted];
    assert_eq!(Client::new(&both, &mail).run(&["login", "DELE 1|STAT|"]).await, "+ok message 1 deleted|+ok 3 30|");
}

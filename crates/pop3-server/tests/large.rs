//! Large mail: a hundred thousand messages, and one of a gigabyte. What a session
//! takes in memory is measured, and bounded.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io;

use pop3_server::{RunningServer, Server};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// Octets that a session may take beyond the mail itself.
const SESSION: u64 = 2 * 1024 * 1024;

struct Client(BufReader<TcpStream>);

impl Client {
    async fn log_in(server: &RunningServer) -> Self {
        let stream = TcpStream::connect(server.plain_address().unwrap()).await.unwrap();
        let mut client = Self(BufReader::with_capacity(256 * 1024, stream));
        client.line().await;
        client.ask("USER alice").await;
        let opened = client.ask("PASS secret").await;
        assert!(opened.starts_with("+OK"), "{opened}");
        client
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line
    }

    async fn ask(&mut self, command: &str) -> String {
        self.0.get_mut().write_all(format!("{command}\r\n").as_bytes()).await.unwrap();
        self.line().await
    }
}

/// The most memory that this process has had since the last call to
/// [`forget_peak`], in octets.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

fn forget_peak() -> io::Result<()> {
    std::fs::write("/proc/self/clear_refs", "5")
}

/// How much more memory than before something took at its peak.
async fn growth<T>(something: impl Future<Output = T>) -> (u64, T) {
    forget_peak().unwrap();
    let before = peak();
    let result = something.await;
    (peak() - before, result)
}

/// If the peak were not measured, the bounds below would hold for nothing.
#[tokio::test]
async fn the_peak_is_measured() {
    let (grown, _) = growth(async { vec![1_u8; 32 * 1024 * 1024].len() }).await;
    assert!(grown > 30 * 1024 * 1024, "{grown}");
}

#[tokio::test]
async fn a_hundred_thousand_messages() {
    const MESSAGES: usize = 100_000;
    let server = Server::builder().account("alice", "secret").start().await.unwrap();
    let octets = |number: usize| format!("Subject: {number}\r\n\r\n").len();
    for number in 1..=MESSAGES {
        server.store().deliver("alice", format!("Subject: {number}\r\n\r\n").as_bytes()).unwrap();
    }
    // The first login makes the listing that all share.
    let mut client = Client::log_in(&server).await;
    client.ask("QUIT").await;
    let (grown, mut client) = growth(async {
        let mut client = Client::log_in(&server).await;
        let total: usize = (1..=MESSAGES).map(octets).sum();
        assert_eq!(client.ask("STAT").await, format!("+OK {MESSAGES} {total}\r\n"));
        client.ask("LIST").await;
        for number in 1..=MESSAGES {
            assert_eq!(client.line().await, format!("{number} {}\r\n", octets(number)));
        }
        assert_eq!(client.line().await, ".\r\n");
        client.ask("UIDL").await;
        let mut last = String::new();
        for number in 1..=MESSAGES {
            let line = client.line().await;
            let unique_id = line.strip_prefix(&format!("{number} ")).unwrap();
            assert_ne!(unique_id, last);
            last = unique_id.to_owned();
        }
        assert_eq!(client.line().await, ".\r\n");
        client
    })
    .await;
    assert!(grown < SESSION, "{grown} octets for a session");
    // All but the last are deleted, the commands far ahead of the replies.
    let deletions: String = (1..MESSAGES).map(|number| format!("DELE {number}\r\n")).collect();
    let (read, mut write) = client.0.get_mut().split();
    let mut read = BufReader::new(read);
    let writing = async { write.write_all(deletions.as_bytes()).await.unwrap() };
    let reading = async {
        for number in 1..MESSAGES {
            let mut line = String::new();
            read.read_line(&mut line).await.unwrap();
            assert_eq!(line, format!("+OK message {number} deleted\r\n"));
        }
    };
    tokio::join!(writing, reading);
    assert_eq!(client.ask("QUIT").await, "+OK bye\r\n");
    assert_eq!(server.store().messages("alice").unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_gigabyte() {
    // Lines of 64 octets, with a dot at the beginning of every other.
    let line = |dot: &str| format!("{dot}{}\r\n", "x".repeat(62 - dot.len())).into_bytes();
    let pair = [line("."), line("")].concat();
    let pairs = (1 << 30) / pair.len();
    let message = [b"Subject: large\r\n\r\n".to_vec(), pair.repeat(pairs)].concat();
    let octets = message.len();
    let server = Server::builder().account("alice", "secret").message("alice", &message).start().await.unwrap();
    drop(message);
    let (grown, ()) = growth(async {
        let mut client = Client::log_in(&server).await;
        assert_eq!(client.ask("LIST 1").await, format!("+OK 1 {octets}\r\n"));
        assert_eq!(client.ask("RETR 1").await, format!("+OK {octets} octets\r\n"));
        for _ in 0..2 {
            client.line().await;
        }
        let sent = [b".".to_vec(), pair].concat();
        let batch = sent.repeat(1024);
        let mut got = vec![0; batch.len()];
        for _ in 0..pairs / 1024 {
            client.0.read_exact(&mut got).await.unwrap();
            assert!(got == batch, "octets differ");
        }
        assert_eq!(client.line().await, ".\r\n");
        assert_eq!(client.ask("TOP 1 0").await, "+OK top of message follows\r\n");
        for want in ["Subject: large\r\n", "\r\n", ".\r\n"] {
            assert_eq!(client.line().await, want);
        }
        assert_eq!(client.ask("QUIT").await, "+OK bye\r\n");
    })
    .await;
    assert!(grown < SESSION, "{grown} octets for a session");
    server.stop().await;
}

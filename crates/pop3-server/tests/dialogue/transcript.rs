//! What a transcript shows, and what it does not.

use pop3_proto::server::Ending;
use pop3_server::FREE_PORT;
use pop3_server::transcript::Event;

use crate::mail;
use crate::peer::{connect, connect_tls, duplex};

#[tokio::test]
async fn the_transcript_has_both_sides_and_no_secret() {
    let server = mail().transcript().session(|config| config.greeting = "hello".to_owned()).build().unwrap();
    let mut peer = duplex(&server);
    peer.raw(b"USER alice\r\nPA").await;
    peer.raw(b"SS secret\r\nNO").await;
    peer.raw(b"OP\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\nQUIT\r\n").await;
    peer.rest().await;
    let connections = server.transcript().unwrap().connections();
    let text = connections[0].to_string();
    assert!(!text.contains("secret") && !text.contains("AGFsaWNl"), "{text}");
    assert!(text.starts_with("S: +OK hello <"), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("C: ") || line.starts_with("--")).collect();
    let want = ["USER alice", "PASS ***", "NOOP", "AUTH PLAIN ***", "QUIT"].map(|line| format!("C: {line}\\r\\n"));
    assert_eq!(lines, [&want.each_ref().map(String::as_str)[..], &["-- ended: Update"]].concat());
    assert!(matches!(connections[0].entries.last().unwrap().event, Event::Ended(Ending::Update)));
}

#[tokio::test]
async fn the_transcript_shows_tls_from_the_first_octet_or_behind_stls() {
    let server = mail().implicit_tls(FREE_PORT).stls().transcript().start().await.unwrap();
    let mut peer = connect_tls(&server).await;
    peer.send("QUIT").await;
    peer.rest().await;
    let mut peer = connect(&server).await;
    peer.send("STLS").await;
    peer.line().await;
    let mut peer = peer.start_tls(&server).await;
    peer.send("QUIT").await;
    peer.rest().await;
    let check = |index: usize, want: &[&str]| {
        let text = server.transcript().unwrap().connections()[index].to_string();
        let lines: Vec<&str> = text.lines().map(|line| line.get(..5).unwrap_or(line)).collect();
        assert_eq!(lines, want, "{text}");
    };
    check(0, &["-- TL", "S: +O", "C: QU", "S: +O", "-- en"]);
    check(1, &["S: +O", "C: ST", "S: +O", "-- TL", "C: QU", "S: +O", "-- en"]);
}

#[tokio::test]
async fn the_transcript_hides_what_an_exchange_that_never_began_was_sent() {
    let server = mail().mechanisms(&[]).transcript().build().unwrap();
    let mut peer = duplex(&server);
    peer.raw(b"XYZ 1\r\nAUTH PLAIN\r\nAGFsaWNlAHNlY3JldA==\r\nAUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\n").await;
    peer.raw(b"CAPA\r\nXYZ 2\r\nQUIT\r\n").await;
    peer.rest().await;
    let text = server.transcript().unwrap().connections()[0].to_string();
    let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("C: ")?.strip_suffix("\\r\\n")).collect();
    assert_eq!(lines, ["XYZ 1", "AUTH PLAIN", "***", "AUTH LOGIN", "***", "***", "CAPA", "XYZ 2", "QUIT"]);
}

#[tokio::test]
async fn the_transcript_says_how_a_session_ended_when_the_server_stops() {
    for whole in [true, false] {
        let server = mail().transcript().start().await.unwrap();
        let transcript = server.transcript().unwrap().clone();
        let mut peer = connect(&server).await;
        peer.log_in().await;
        peer.raw(if whole { b"NOOP\r\n" } else { b"NOOP\r\nPASS sec" }).await;
        peer.line().await;
        server.stop().await;
        let entries = transcript.connections()[0].entries.clone();
        assert!(matches!(entries.last().unwrap().event, Event::Ended(Ending::Disconnected)), "{entries:?}");
    }
}

#[tokio::test]
async fn the_transcript_of_an_endless_line_has_an_end() {
    let server = mail().transcript().build().unwrap();
    let mut peer = duplex(&server);
    for _ in 0..100 {
        peer.raw(&[b'x'; 10_000]).await;
    }
    peer.raw(b"\r\nQUIT\r\n").await;
    let replies = String::from_utf8(peer.rest().await).unwrap();
    assert!(replies.ends_with("-ERR line too long\r\n+OK bye\r\n"), "{replies}");
    let text = server.transcript().unwrap().connections()[0].to_string();
    assert!(text.len() < 80_000, "{} octets", text.len());
    assert!(text.contains("xx[934466 octets more]\\\nS"), "{:?}", text.get(text.len() - 200..));
}

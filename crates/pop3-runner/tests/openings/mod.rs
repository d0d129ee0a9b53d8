//! How connections are opened, and left.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use super::*;

#[tokio::test]
async fn what_is_left_stays_open_to_the_end() {
    // Whoever is logged in keeps the others out.
    let again = "- use: greeting\n- C: USER ${user}\n- S: +OK\n- C: PASS ${password}\n- S: +OK\n";
    for (how, want) in [("leave", Fail), ("rst", Pass)] {
        let steps =
            format!("- use@a: login\n- close@a: {how}\n- retry:\n    within: 300ms\n    steps:\n{}", deeper(again));
        assert_verdict(&on_reference("", &steps).await, want, &steps);
    }
    // A session that was left is free, and nobody says QUIT for what was left.
    let crowd = "- foreach: {var: n, in: {from: 1, to: 40}, steps: [{use@idle: greeting}, {close@idle: leave}]}\n";
    let ran = on_reference("", &format!("{crowd}- use@idle: greeting\n- use@idle: quit\n")).await;
    assert_verdict(&ran, Pass, crowd);
    assert_eq!(ran.only().transcript.len(), 41);
    let quits = ran.only().transcript.iter().flat_map(|connection| &connection.entries);
    assert_eq!(quits.filter(|entry| entry.text == "QUIT\\r\\n").count(), 1);
}

fn deeper(steps: &str) -> String {
    steps.lines().map(|line| format!("    {line}\n")).collect()
}

#[tokio::test]
async fn a_refused_connection_is_a_finding_where_it_is_asserted() {
    let cases = [("level: must", Fail), ("requirement: r-2", Fail), ("level: should", Warn), ("", Inconclusive)];
    for (how, want) in cases {
        let die = format!("- use: greeting\n- C: XDIE\n- S: +OK\n- open@b: {{{how}}}\n- S@b: +OK\n");
        let ran = run_it(&at(mortal(), PASSWORD), &catalogue("", &die, &[])).await.unwrap();
        assert_verdict(&ran, want, how);
        let live = format!("- use: greeting\n- C: XLIVE\n- S: +OK\n- open@b: {{{how}}}\n- S@b: +OK\n");
        let ran = run_it(&at(mortal(), PASSWORD), &catalogue("", &live, &[])).await.unwrap();
        assert_verdict(&ran, Pass, how);
    }
}

/// A server that answers everything, and listens no more once it has answered XDIE.
fn mortal() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let dead = Arc::new(AtomicBool::new(false));
    let (gone, ended) = channel();
    let ended = Arc::new(Mutex::new(ended));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if dead.load(Ordering::SeqCst) {
                break;
            }
            let (dead, ended) = (Arc::clone(&dead), Arc::clone(&ended));
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                stream.write_all(b"+OK\r\n").unwrap();
                for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok) {
                    if line == "XDIE" {
                        dead.store(true, Ordering::SeqCst);
                        drop(TcpStream::connect(address).unwrap());
                        ended.lock().unwrap().recv().unwrap();
                    }
                    let _ = stream.write_all(if line == "CAPA" { b"+OK\r\n.\r\n" } else { b"+OK\r\n" });
                    if line == "QUIT" {
                        break;
                    }
                }
                let _ = stream.shutdown(Shutdown::Both);
            });
        }
        drop(listener);
        gone.send(()).unwrap();
    });
    address
}

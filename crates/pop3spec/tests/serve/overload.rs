//! More clients than the server was made for, and clients that mean no good.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::client::{Client, Server};
use crate::program::peak_kib;

const TOO_MANY: &str = "-ERR [SYS/TEMP] too many connections\r\n";

/// Memory that a crowd may cost. What it sends or asks for is many times as much.
const CROWD_KIB: u64 = 48 * 1024;

impl Server {
    /// Waits until there is room for one more.
    fn has_room(&self, connect: impl Fn(&Self) -> Client) -> Client {
        loop {
            let mut client = connect(self);
            match client.line().as_str() {
                line if line.starts_with("+OK") => return client,
                line => assert_eq!(line, TOO_MANY.trim_end()),
            }
        }
    }

    fn peak_kib(&self) -> u64 {
        peak_kib(self.program.child.id()).unwrap()
    }
}

#[test]
fn one_too_many_is_told_so() {
    let server = Server::start(&["--max-connections", "3"]);
    let mut inside: Vec<Client> = (0..3).map(|_| server.greeted()).collect();
    for _ in 0..100 {
        assert_eq!(server.connect().rest(), TOO_MANY);
    }
    // Those inside are served meanwhile, though two of them only sit there.
    inside[1].says("USER user", "+OK");
    inside[1].says("PASS secret", "+OK");
    inside[1].says("QUIT", "+OK");
    inside.remove(1);
    let mut next = server.has_room(Server::connect);
    next.says("USER user", "+OK");
    next.says("PASS secret", "+OK");
    assert_eq!(server.connect().rest(), TOO_MANY);
    // Also when one goes without a word.
    drop(inside);
    server.has_room(Server::connect).says("NOOP", "-ERR");
}

#[test]
fn one_too_many_from_one_address() {
    let server = Server::start(&["--max-connections-per-address", "2"]);
    let from = |last| Ipv4Addr::new(127, 0, 0, last).into();
    let mut inside: Vec<Client> = (0..2).map(|_| server.connect_from(from(2))).collect();
    inside.iter_mut().for_each(|client| assert!(client.line().starts_with("+OK ")));
    for _ in 0..20 {
        assert_eq!(server.connect_from(from(2)).rest(), TOO_MANY);
    }
    assert!(server.connect_from(from(3)).line().starts_with("+OK "));
    inside.pop();
    server.has_room(|server| server.connect_from(from(2)));
}

#[test]
fn passwords_are_not_guessed_for_long() {
    let server = Server::start(&["--failed-logins", "3"]);
    let guess = |client: &mut Client| {
        client.says("USER user", "+OK");
        client.asks("PASS wrong")
    };
    let mut client = server.greeted();
    for _ in 0..3 {
        let reply = guess(&mut client);
        assert!(reply.starts_with("-ERR [AUTH] "), "{reply}");
    }
    assert_eq!(client.rest(), "");
    let mut client = server.greeted();
    guess(&mut client);
    guess(&mut client);
    client.says("USER user", "+OK");
    client.says("PASS secret", "+OK");
}

#[test]
fn two_hundred_lines_without_end() {
    let server = Server::start(&[]);
    let mut clients: Vec<Client> = (0..200).map(|_| server.greeted()).collect();
    let before = server.peak_kib();
    let piece = [b'x'; 64 * 1024];
    for _ in 0..16 {
        clients.iter_mut().for_each(|client| client.send(&piece));
    }
    // The end of the line at last: the answer shows that all of it was read.
    for client in &mut clients {
        client.says("", "-ERR");
        client.says("USER user", "+OK");
    }
    let held = server.peak_kib() - before;
    assert!(held < CROWD_KIB, "200 MiB of lines made it hold {held} KiB more");
}

#[test]
fn clients_that_do_not_read() {
    let folder = tempfile::tempdir().unwrap();
    const CROWD: usize = 20;
    // As many lines as fit into a mebioctet, each to be stuffed.
    let message = format!("Subject: dots\n\n{}", ".\n".repeat(1 << 18));
    for number in 0..CROWD {
        let dir = folder.path().join(format!("u{number}"));
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("1.eml"), &message).unwrap();
    }
    let server = Server::start(&["--root", folder.path().to_str().unwrap(), "--account", "user:secret"]);
    let before = server.peak_kib();
    let mut deaf: Vec<Client> = (0..CROWD).map(|number| server.logged_in(&format!("u{number}"), "secret")).collect();
    for client in &mut deaf {
        // A hundred mebioctets for each, none of which is read.
        client.send("RETR 1\r\n".repeat(100).as_bytes());
        client.stream.get_mut().set_nonblocking(true).unwrap();
    }
    // They send more until nobody takes it: the server waits for them, it does not go on.
    let mut stuck = [false; CROWD];
    while stuck.contains(&false) {
        for (client, stuck) in deaf.iter_mut().zip(&mut stuck).filter(|(_, stuck)| !**stuck) {
            match client.stream.get_mut().write(&b"NOOP\r\n".repeat(10_000)) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => *stuck = true,
                result => assert!(result.unwrap() > 0),
            }
        }
    }
    // Others are served, one after another and beside each other.
    for _ in 0..3 {
        let mut client = server.logged_in("user", "secret");
        client.says("STAT", "+OK 0 0");
        client.says("QUIT", "+OK");
    }
    let held = server.peak_kib() - before;
    assert!(held < CROWD_KIB, "2000 MiB that nobody reads made it hold {held} KiB more");
    // Nothing was lost to those who take their time.
    let slow = deaf.first_mut().unwrap();
    slow.stream.get_mut().set_nonblocking(false).unwrap();
    slow.stream.get_mut().set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let size = message.len() + message.matches('\n').count();
    let mut want = format!("+OK {size} octets\r\nSubject: dots\r\n\r\n");
    want.push_str(&"..\r\n".repeat(1 << 18));
    want.push_str(".\r\n");
    let mut got = vec![0; want.len()];
    for _ in 0..2 {
        slow.stream.read_exact(&mut got).unwrap();
        assert!(got == want.as_bytes(), "it got something else");
    }
}

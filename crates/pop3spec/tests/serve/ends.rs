//! A signal ends the server and its sessions, and removes nothing.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::client::Server;

const SIGNALS: [Signal; 2] = [Signal::SIGINT, Signal::SIGTERM];

impl Server {
    /// Sends the signal and waits; the exit code.
    fn ends_by(&mut self, signal: Signal) -> Option<i32> {
        kill(Pid::from_raw(i32::try_from(self.program.child.id()).unwrap()), signal).unwrap();
        self.program.child.wait().unwrap().code()
    }
}

/// As soon as it has said that it listens.
#[test]
fn at_once_and_in_order() {
    for signal in SIGNALS {
        assert_eq!(Server::start(&[]).ends_by(signal), Some(0), "{signal}");
    }
}

#[test]
fn without_update_and_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new");
    for name in ["cur", "new", "tmp"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    for number in 1..=3 {
        std::fs::write(new.join(format!("{number}.1.host")), "Subject: x\n\ny\n").unwrap();
    }
    let mail = format!("alice={}", folder.path().display());
    for signal in SIGNALS {
        let mut server = Server::start(&["--account", "alice:pw", "--account", "bob:pw", "--mail", &mail, "--verbose"]);
        // QUIT does remove, for whoever comes next.
        let mut first = server.logged_in("alice", "pw");
        first.says("STAT", "+OK 3 ");
        first.says("DELE 1", "+OK");
        first.says("QUIT", "+OK");
        assert_eq!(first.rest(), "");

        let mut open = server.logged_in("alice", "pw");
        open.says("STAT", "+OK 2 ");
        open.says("DELE 1", "+OK");
        let mut beside = server.logged_in("bob", "pw");
        let mut before = server.greeted();
        assert_eq!(server.ends_by(signal), Some(0), "{signal}");
        for client in [&mut open, &mut beside, &mut before] {
            assert_eq!(client.rest(), "", "{signal}");
        }
        assert!(std::net::TcpStream::connect(server.address).is_err(), "{signal}: it still listens");
        assert_eq!(std::fs::read_dir(&new).unwrap().count(), 3, "{signal} removed files");
        // What was said is printed behind the end: one session through UPDATE, and only one.
        server.program.wait_until(|program| program.so_far.stdout.contains("connection 4"));
        let stdout = &server.program.so_far.stdout;
        assert_eq!(stdout.matches("QUIT").count(), 1, "{stdout}");
        assert_eq!(stdout.matches("DELE 1").count(), 2, "{stdout}");
    }
}

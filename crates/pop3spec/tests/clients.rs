//! Clients that people use, against `pop3spec serve`: what is in the files arrives
//! octet for octet, what is deleted is gone, and the files stay as they are.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{Program, pop3spec, run};

const PASSWORD: &str = "secret";

/// The messages of every account, as a mail system stores them.
const MESSAGES: [&[u8]; 3] = [
    b"Subject: dots\n\n.\n..\n.x\n\nFrom here on\n>From there\nend.\n.\n",
    b"Subject: caf\xe9\nX-Raw: \xff\xfe\n\ncaf\xc3\xa9 \x80\x01\n\ttab and blanks  \n",
    b"Subject: cut off\n\n.no line end at the end",
];

/// How a client connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    Plain,
    Stls,
    Implicit,
}

/// A server with one account for each kind of source.
struct Serving {
    program: Program,
    folder: tempfile::TempDir,
    before: BTreeMap<PathBuf, Vec<u8>>,
}

const ACCOUNTS: [(&str, &str); 3] = [("alice", "Maildir"), ("bob", "mail.mbox"), ("carol", "eml")];

impl Serving {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        write_sources(&source);
        let mut command = pop3spec(&["serve", "--stls", "--listen-tls", "127.0.0.1:0", "--ca-out"]);
        command.arg(folder.path().join("ca.pem"));
        for (name, file) in ACCOUNTS {
            let mail = format!("{name}={}", source.join(file).display());
            command.args(["--account", &format!("{name}:{PASSWORD}"), "--mail", &mail]);
        }
        let before = files(&source);
        let mut program = Program::start(&mut command);
        program.wait_until(|program| program.so_far.stdout.matches('\n').count() == 2);
        Self { program, folder, before }
    }

    fn port(&self, wire: Wire) -> &str {
        let scheme = if wire == Wire::Implicit { "pop3s://" } else { "pop3://" };
        let line = self.program.so_far.stdout.lines().find_map(|line| line.strip_prefix(scheme)).unwrap();
        line.rsplit_once(':').unwrap().1
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Asserts that nobody has touched the files.
    fn sources_are_unchanged(&self) {
        let after = files(&self.folder.path().join("source"));
        assert!(after.len() == 3 + 1 + 3 && after == self.before, "{:?} became {:?}", self.before, after);
    }
}

fn write_sources(source: &Path) {
    let maildir = source.join("Maildir");
    ["cur", "new", "tmp"].iter().for_each(|name| fs::create_dir_all(maildir.join(name)).unwrap());
    fs::create_dir_all(source.join("eml")).unwrap();
    let mut mbox = Vec::new();
    for (index, message) in MESSAGES.iter().enumerate() {
        let name = if index == 1 { "cur/1002.b.host:2,S".to_owned() } else { format!("new/100{}.a.host", index + 1) };
        fs::write(maildir.join(name), message).unwrap();
        fs::write(source.join(format!("eml/{index}.eml")), crlf(message)).unwrap();
        mbox.extend_from_slice(b"From somebody@example.org Sat Jan  1 00:00:00 2022\n");
        for line in message.split_inclusive(|octet| *octet == b'\n') {
            // As mboxrd quotes.
            let quotes = line.iter().take_while(|octet| **octet == b'>').count();
            mbox.extend_from_slice(if line[quotes..].starts_with(b"From ") { b">" } else { b"" });
            mbox.extend_from_slice(line);
        }
        if index + 1 < MESSAGES.len() {
            mbox.push(b'\n');
        }
    }
    fs::write(source.join("mail.mbox"), mbox).unwrap();
}

/// Every file below a folder, with what is in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

fn crlf(message: &[u8]) -> Vec<u8> {
    let mut octets = Vec::new();
    for octet in message {
        octets.extend_from_slice(if *octet == b'\n' { b"\r\n" } else { std::slice::from_ref(octet) });
    }
    octets
}

/// A message as POP3 sends it: lines end in CRLF, the last one too.
fn canonical(message: &[u8]) -> Vec<u8> {
    let mut octets = crlf(message);
    if !octets.ends_with(b"\r\n") {
        octets.extend_from_slice(b"\r\n");
    }
    octets
}

/// The lines of a scan listing, from this message on.
fn listing(from: usize) -> Vec<String> {
    let lines = MESSAGES.iter().skip(from).enumerate();
    lines.map(|(index, message)| format!("{} {}", index + 1, canonical(message).len())).collect()
}

/// The program, or what to do when it is not there.
fn installed(program: &str, package: &str) -> Command {
    if let Err(error) = Command::new(program).arg("--version").output() {
        panic!(
            "`{program}`: {error}; install the Debian package `{package}`: this test needs a client that people use"
        );
    }
    Command::new(program)
}

fn check_curl(wire: Wire) {
    let serving = Serving::start();
    let curl = |name: &str, path: &str, options: &[&str]| {
        let scheme = if wire == Wire::Implicit { "pop3s" } else { "pop3" };
        let address = format!("{scheme}://127.0.0.1:{}/{path}", serving.port(wire));
        let mut command = installed("curl", "curl");
        command.args(["--silent", "--show-error", "--noproxy", "*", "--cacert", &serving.path("ca.pem")]);
        command.args(["--user", &format!("{name}:{PASSWORD}"), &address]).args(options);
        if wire != Wire::Plain {
            command.arg("--ssl-reqd");
        }
        run(&mut command).exits(0).stdout
    };
    for (name, _) in ACCOUNTS {
        let list = || curl(name, "", &[]).lines().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(list(), listing(0), "{name}");
        for (index, message) in MESSAGES.iter().enumerate() {
            let file = serving.path("fetched");
            curl(name, &format!("{}", index + 1), &["--output", &file]);
            assert_eq!(fs::read(&file).unwrap(), canonical(message), "{name} {index}");
        }
        curl(name, "", &["--head", "--request", "DELE 1"]);
        assert_eq!(list(), listing(1), "{name}");
    }
    serving.sources_are_unchanged();
}

fn check_poplib(wire: Wire) {
    let serving = Serving::start();
    for (name, _) in ACCOUNTS {
        let folder = serving.path(&format!("fetched-{name}"));
        fs::create_dir(&folder).unwrap();
        let how = format!("{wire:?}").to_lowercase();
        let mut command = installed("python3", "python3");
        command.args(["-c", include_str!("clients/session.py")]);
        command.args([&how, serving.port(wire), &serving.path("ca.pem"), name, PASSWORD, &folder]);
        let said = run(&mut command).exits(0).stdout;
        assert_eq!(said, format!("{}\n{}\n", listing(0).join(", "), listing(1).join(", ")), "{name}");
        for (index, message) in MESSAGES.iter().enumerate() {
            let fetched = fs::read(Path::new(&folder).join((index + 1).to_string())).unwrap();
            assert_eq!(fetched, canonical(message), "{name} {index}");
        }
    }
    serving.sources_are_unchanged();
}

#[test]
fn curl_on_a_plain_connection() {
    check_curl(Wire::Plain);
}

#[test]
fn curl_by_stls() {
    check_curl(Wire::Stls);
}

#[test]
fn curl_by_implicit_tls() {
    check_curl(Wire::Implicit);
}

#[test]
fn poplib_on_a_plain_connection() {
    check_poplib(Wire::Plain);
}

#[test]
fn poplib_by_stls() {
    check_poplib(Wire::Stls);
}

#[test]
fn poplib_by_implicit_tls() {
    check_poplib(Wire::Implicit);
}

/// The control of the tests under TLS: a client that does not trust the
/// authority does not get in.
#[test]
fn curl_checks_the_certificate() {
    let serving = Serving::start();
    let address = format!("pop3s://127.0.0.1:{}/", serving.port(Wire::Implicit));
    let ended = run(installed("curl", "curl").args(["--silent", "--show-error", "--noproxy", "*", &address]));
    assert_eq!((ended.exits(60).complains(&["certificate"])).stdout, "");
}

//! The promise to whoever grades a server with somebody's mail in it: all of it
//! is there afterwards, octet for octet, on a real Dovecot.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, User};
use pop3_server::tls::TlsIdentity;
use program::{Program, pop3spec, run};
use serde_json::Value;

const PASSWORD: &str = "Tr0ub4dor-and-3";

/// Somebody's mail: one read, two not.
const MAIL: [(&str, &[u8]); 3] = [
    ("cur/1001.a.host:2,S", b"From: a@example.org\nSubject: read\n\n.dot\nFrom here\n"),
    ("new/1002.b.host", b"Subject: caf\xe9\n\n\xff\xfe\n"),
    ("new/1003.c.host", b"Subject: cut off\n\nno line end at the end"),
];

/// A Dovecot with one mailbox, by the settings of `scenarios/targets/dovecot`.
struct Dovecot {
    port: u16,
    group: Pid,
    /// Waited for when dropped, and only then the folder goes.
    _program: Program,
    folder: tempfile::TempDir,
}

impl Dovecot {
    fn start() -> Self {
        let dovecot = Path::new("/usr/sbin/dovecot");
        assert!(
            dovecot.exists() && Path::new("/usr/lib/dovecot/pop3").exists(),
            "Dovecot is missing: install the Debian package `dovecot-pop3d`; this test needs a server that people use"
        );
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().display().to_string();
        let port = free_port();
        // Dovecot refuses mail that belongs to root; without root it runs as we do.
        let own = User::from_uid(fs::metadata("/proc/self").unwrap().uid().into()).unwrap().unwrap();
        let is_root = own.uid.is_root();
        let user = if is_root { User::from_name("nobody").unwrap().unwrap() } else { own };
        let group = nix::unistd::Group::from_gid(user.gid).unwrap().unwrap().name;
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/targets/dovecot/dovecot.conf");
        let mut settings = fs::read_to_string(template).unwrap();
        let values = [
            ("account", user.name.clone()),
            ("group", group),
            ("uid", user.uid.to_string()),
            ("gid", user.gid.to_string()),
            ("port", port.to_string()),
            ("tls_port", free_port().to_string()),
            ("cert", format!("{dir}/cert.pem")),
            ("key", format!("{dir}/key.pem")),
            ("users", format!("{dir}/users")),
            ("dir", dir.clone()),
        ];
        for (name, value) in values {
            settings = settings.replace(&format!("${{{name}}}"), &value);
        }
        assert!(!settings.contains("${"), "a name without value: {settings}");
        // What it says, it says to us: we wait for it.
        let settings = settings.replace(&format!("{dir}/dovecot.log"), "/dev/stderr");
        let identity = TlsIdentity::self_made(&["localhost"]).unwrap();
        let maildir = folder.path().join("mail/me/Maildir");
        ["run", "state", "mail/me/Maildir/cur", "mail/me/Maildir/new", "mail/me/Maildir/tmp"]
            .iter()
            .for_each(|name| fs::create_dir_all(folder.path().join(name)).unwrap());
        let files = [
            ("dovecot.conf", settings),
            ("users", format!("me:{{PLAIN}}{PASSWORD}::::::\n")),
            ("cert.pem", identity.chain_pem().to_owned()),
            ("key.pem", identity.key_pem().to_owned()),
        ];
        files.into_iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
        MAIL.iter().for_each(|(name, octets)| fs::write(maildir.join(name), octets).unwrap());
        let mut command = Command::new(dovecot);
        command.args(["-F", "-c"]).arg(folder.path().join("dovecot.conf")).process_group(0);
        if is_root {
            give(folder.path(), &user);
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        let mut program = Program::start(&mut command);
        let group = Pid::from_raw(i32::try_from(program.child.id()).unwrap());
        program.wait_until(|program| program.so_far.stderr.contains("starting up"));
        Self { port, group, _program: program, folder }
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Every message in the mailbox.
    fn mail(&self) -> Vec<Vec<u8>> {
        let maildir = self.folder.path().join("mail/me/Maildir");
        let files = ["cur", "new", "tmp"].iter().flat_map(|name| fs::read_dir(maildir.join(name)).unwrap());
        let mut mail: Vec<Vec<u8>> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
        mail.sort();
        mail
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = killpg(self.group, Signal::SIGKILL);
    }
}

/// Gives a folder and what is in it to a user.
fn give(path: &Path, user: &User) {
    chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    if path.is_dir() {
        let entries: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.iter().for_each(|path| give(path, user));
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn mail() -> Vec<Vec<u8>> {
    let mut mail: Vec<Vec<u8>> = MAIL.iter().map(|(_, octets)| octets.to_vec()).collect();
    mail.sort();
    mail
}

#[test]
fn no_mail_is_lost() {
    let dovecot = Dovecot::start();
    let log = dovecot.folder.path().join("run.jsonl");
    let mut command = pop3spec(&["run", "--host", &dovecot.address(), "--user", "me", "--password-env", "PW"]);
    // Not the slow tier: with one account its scenarios follow one another for hours.
    command.arg("--log").arg(&log).args(["--insecure", "--tier", "full", "--time-scale", "4"]);
    let ended = run(command.env("PW", PASSWORD));
    assert_eq!(dovecot.mail(), mail());

    // What Dovecot breaks is not the question here; that it was graded is.
    let events = fs::read_to_string(&log).unwrap_or_else(|error| panic!("{error}: {}", ended.stderr));
    let events = events.lines().map(|line| serde_json::from_str(line).unwrap());
    let results: Vec<Value> = events.filter(|event: &Value| event["event"] == "scenario-finished").collect();
    let of = |verdict: &str| results.iter().filter(|result| result["verdict"] == verdict).collect::<Vec<_>>();
    assert!(of("pass").len() > 20, "{}{}", ended.stdout, ended.stderr);

    // Each scenario that is left out is named with the reason, and nothing else was sent.
    for result in of("skipped") {
        assert!(result["reason"].as_str().unwrap().contains(' '), "{result}");
        assert!(ended.stderr.contains(&format!("skipped       {} ", result["id"].as_str().unwrap())), "{result}");
    }
    let dele = results.iter().filter(|result| result["id"].as_str().unwrap().starts_with("rfc1939/dele/"));
    assert!(dele.clone().count() > 5 && dele.clone().all(|result| result["verdict"] == "skipped"));
    assert!(!results.iter().any(|result| result["transcript"].to_string().contains("\"DELE")));
    for words in ["Not run:", "this target's is somebody's", "it sends DELE, and the mail is somebody's"] {
        assert!(ended.stdout.contains(words), "{words:?} is not in\n{}", ended.stdout);
    }

    // A control: this mailbox can lose mail, and the test would see it.
    let mut client = TcpStream::connect(dovecot.address()).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    client.write_all(format!("USER me\r\nPASS {PASSWORD}\r\nDELE 2\r\nQUIT\r\n").as_bytes()).unwrap();
    let mut said = String::new();
    client.read_to_string(&mut said).unwrap();
    assert_eq!(dovecot.mail().len(), 2, "{said}");
}

#[test]
fn a_wrong_password_is_the_users_fault() {
    let dovecot = Dovecot::start();
    let mut command = pop3spec(&["run", "--host", &dovecot.address(), "--user", "me", "--password-env", "PW"]);
    let ended = run(command.env("PW", "not-the-right-one")).exits(3);
    let ended = ended.complains(&["login as `me` is refused at PASS: -ERR [AUTH]", "check --user and the password"]);
    assert!(!ended.stderr.contains("not-the-right-one"), "{}", ended.stderr);
    assert_eq!((ended.stdout.as_str(), dovecot.mail()), ("", mail()));
}

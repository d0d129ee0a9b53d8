//! A server that means no good can neither hang the program, nor fill memory, nor
//! write on the terminal, nor make it print the password.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "hostile/interrupt.rs"]
mod interrupt;
mod program;
#[path = "hostile/server.rs"]
mod server;

use program::{Ended, pop3spec, run};
use server::{Answer, Hostile, Manner};

const PASSWORD: &str = "Tr0ub4dor-and-3";

/// Memory that a run may hold, whatever the server sends.
const MEMORY_KIB: u64 = 300 * 1024;

/// Grades the server at an address, and holds what must be true of every run.
#[track_caller]
fn grade_at(address: &str, options: &[&str]) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let reports = [folder.path().join("run.jsonl"), folder.path().join("run.xml")];
    let mut command = pop3spec(&["run", "--host", address, "--user", "u", "--password-env", "PW"]);
    if !options.contains(&"--deadline") {
        command.args(["--deadline", "500"]);
    }
    command.arg("--log").arg(&reports[0]).arg("--junit").arg(&reports[1]).args(options).env("PW", PASSWORD);
    let ended = run(&mut command);
    assert!(ended.peak_kib > 0 && ended.peak_kib < MEMORY_KIB, "it held {} KiB", ended.peak_kib);
    let written = reports.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    for text in [ended.stdout.clone(), ended.stderr.clone()].into_iter().chain(written) {
        let control = text.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t');
        assert!(control.is_none(), "{control:?} is printed: {text:?}");
        assert!(!text.contains(PASSWORD), "the password is printed: {text}");
        assert!(!text.contains("panicked"), "{text}");
    }
    ended
}

#[track_caller]
fn grade(manner: Manner, options: &[&str]) -> Ended {
    grade_at(&Hostile::start(manner).address(), options)
}

/// Asserts that the target is refused before the first scenario, and why.
#[track_caller]
fn check(manner: Manner, options: &[&str], why: &[&str]) {
    let ended = grade(manner, options).exits(3).complains(why).complains(&["error: ", "\n  help: "]);
    assert_eq!(ended.stdout, "");
}

#[test]
fn servers_that_say_nothing() {
    check(Manner::Silent, &[], &["expected the greeting, got nothing within 500 ms", "--tls implicit"]);
    check(Manner::Silent, &["--tls", "implicit"], &["the handshake did not end in time"]);
}

#[test]
fn a_server_that_drips() {
    check(Manner::Drips, &[], &["the greeting does not end within 1000 ms; so far: +"]);
}

#[test]
fn a_server_that_resets() {
    // The reset may come while we connect, or while we wait for the greeting.
    check(Manner::Resets, &[], &["127.0.0.1:", "reset"]);
    check(Manner::Resets, &["--tls", "implicit"], &["127.0.0.1:", "reset"]);
}

#[test]
fn servers_of_other_protocols() {
    let check = |greeting, why| check(Manner::Says(greeting), &[], &["expected `+OK …`, got `", why]);
    check(b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "which is IMAP");
    check(b"220 mx.example.org ESMTP\r\n", "which looks like SMTP");
    check(b"SSH-2.0-OpenSSH_9.2p1\r\n", "which is SSH");
    check(b"HTTP/1.1 400 Bad Request\r\n\r\n", "which is HTTP");
    check(b"\x1b]0;owned\x07\x1b[2J\xff\xfe\r\n", "\\x1B]0;owned\\x07\\x1B[2J\\xFF\\xFE");
    check(b"ok\r\n", "`ok`");
}

#[test]
fn tls_garbage() {
    let check = |octets| {
        check(
            Manner::Says(octets),
            &["--tls", "implicit"],
            &["TLS at 127.0.0.1:", " fails: ", "TLS from the first octet"],
        )
    };
    check(b"+OK plain POP3 here\r\n");
    check(b"\x16\x03\x03\xff\xff\x1b[31mnot a record at all");
    check(b"\x15\x03\x03\x00\x02\x02\x28");
}

#[test]
fn servers_without_end() {
    let check = |manner, why: &str| {
        let hostile = Hostile::start(manner);
        let ended = grade_at(&hostile.address(), &[]).exits(3).complains(&[why, "\n  help: "]);
        assert_eq!(ended.stdout, "");
        assert!(hostile.sent() > 16 * 1024, "it has sent {} octets only, which shows nothing", hostile.sent());
    };
    check(Manner::Endless(b"x"), "a first line of more than 16384 octets");
    check(Manner::Endless(b"+OK "), "a first line of more than 16384 octets");
    // A negative greeting is told by its first words, and not read to the end.
    check(Manner::Endless(b"\r\n"), "the greeting is not POP3");
    let endless_capa = |command: &str| match command {
        "CAPA" => Answer::Endless(b"+OK\r\n", b"X-ENDLESS\r\n"),
        _ => Answer::Octets(b"+OK\r\n".to_vec()),
    };
    check(Manner::Answers { greeting: b"+OK\r\n", answer: endless_capa }, "the answer to CAPA does not end");
}

/// Logs everybody in; bodies, and what follows QUIT, never end.
fn endless_bodies(command: &str) -> Answer {
    match command {
        "CAPA" => Answer::Octets(b"-ERR\r\n".to_vec()),
        "LIST" => Answer::Endless(b"+OK\r\n", b"1 100\r\n"),
        "QUIT" => Answer::Endless(b"+OK\r\n", b"+OK and another thing\r\n"),
        _ => Answer::Octets(b"+OK 1 100\r\n".to_vec()),
    }
}

/// A scenario that works with anybody's mail.
fn scenario(slug: &str, steps: &str) -> String {
    format!(
        "format: pop3-scenario/1\nid: own/{slug}\nrev: 1\ntitle: A question of a test\n\
         requirements: [rfc1939-3-one-response-per-command]\nlevel: must\ntier: gate\nsteps:\n{steps}"
    )
}

#[test]
fn bodies_without_end_are_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    let check = |slug: &str, steps: &str, says: &str, at_least: u64| {
        std::fs::write(folder.path().join(format!("own/{slug}.yaml")), scenario(slug, steps)).unwrap();
        let hostile = Hostile::start(Manner::Answers { greeting: b"+OK\r\n", answer: endless_bodies });
        let own = folder.path().to_str().unwrap();
        let options = ["--scenarios", own, "--only", &format!("own/{slug}"), "--deadline", "2000"];
        let ended = grade_at(&hostile.address(), &options).exits(1);
        assert!(ended.stdout.contains(says), "{}", ended.stdout);
        assert!(hostile.sent() > at_least, "it has sent {} octets only, which shows nothing", hostile.sent());
    };
    check("endless-list", "- use: login\n- C: LIST\n- S: +OK\n", "more than 33554432 octets", 32 << 20);
    check("endless-quit", "- use: login\n- use: quit\n", "+OK and another thing", 4 << 20);
}

fn escapes(command: &str) -> Answer {
    match command {
        "CAPA" => Answer::Octets(b"+OK <b>\x1b[31m\r\n\x1b[2JX\r\n.\r\n".to_vec()),
        _ => Answer::Octets(b"+OK 0 0 <script>alert(1)</script>\x1b]0;x\x07\x9b31m\r\n".to_vec()),
    }
}

#[test]
fn escapes_and_markup_do_not_reach_the_terminal() {
    let manner =
        Manner::Answers { greeting: b"+OK <script>alert(1)</script>\x1b[31m \xe2\x80\xae\r\n", answer: escapes };
    for format in ["terminal", "jsonl", "junit"] {
        let ended = grade(manner, &["--format", format, "--only", "rfc1939/commands", "--only", "rfc2449"]).exits(1);
        assert!(ended.stdout.contains("x1B[31m"), "{}", ended.stdout);
        assert!(format != "junit" || !ended.stdout.contains("<script>"), "{}", ended.stdout);
    }
}

fn echoes(command: &str) -> Answer {
    match command.split_once(' ') {
        Some(("PASS", password)) => Answer::Octets(format!("-ERR [AUTH] `{password}` is wrong\r\n").into_bytes()),
        _ if command == "CAPA" => Answer::Octets(b"-ERR\r\n".to_vec()),
        _ => Answer::Octets(b"+OK\r\n".to_vec()),
    }
}

#[test]
fn a_refused_login() {
    let manner = Manner::Answers {
        greeting: b"+OK\r\n",
        answer: |command| match command.split_once(' ') {
            Some(("PASS", _)) => Answer::Octets(b"-ERR [AUTH] no\r\n".to_vec()),
            _ if command == "CAPA" => Answer::Octets(b"-ERR\r\n".to_vec()),
            _ => Answer::Octets(b"+OK\r\n".to_vec()),
        },
    };
    check(manner, &[], &["login as `u` is refused at PASS: -ERR [AUTH] no", "check --user and the password"]);
    // One that says the password in its refusal.
    check(
        Manner::Answers { greeting: b"+OK\r\n", answer: echoes },
        &[],
        &["login as `u` is refused at PASS: -ERR [AUTH] `********` is wrong"],
    );
}

#[test]
fn nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let ended = grade_at(&free, &[]).exits(3);
    ended.complains(&[&format!("error: cannot connect to {free}: Connection refused"), "is the server running"]);
}

#[track_caller]
fn check_spawn(command: &str, why: &[&str]) {
    let ended = run(&mut pop3spec(&["run", "--only", "rfc1939/stat", "--spawn", command])).exits(3);
    assert_eq!(ended.complains(why).complains(&["error: ", "\n  help: "]).stdout, "");
}

#[test]
fn commands_that_start_no_server() {
    check_spawn(
        "sh -c 'echo cannot read its settings >&2; echo \"\u{1b}[31mgood bye\"; exit 7'",
        &[
            "the target did not start",
            "exit status: 7",
            "its last words:",
            "cannot read its settings",
            "\\x1B[31mgood bye",
        ],
    );
    check_spawn("false", &["exit status: 1", "it printed nothing"]);
    check_spawn(
        "pop3spec-no-such-program --port {port}",
        &["`pop3spec-no-such-program`: No such file", "is the program installed"],
    );
}

#[test]
fn a_command_that_listens_on_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let id = folder.path().join("id");
    check_spawn(
        &format!("sh -c 'echo $$ > {}; exec tail -f /dev/null'", id.display()),
        &["cannot connect to sh at 127.0.0.1:", "Connection refused", "is the server running"],
    );
    let id = std::fs::read_to_string(id).unwrap();
    assert!(!std::path::Path::new("/proc").join(id.trim()).exists(), "{id} still runs");
}

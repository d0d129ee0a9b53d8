//! What options change on the wire.

use crate::client::Server;

/// The capabilities before a login and behind it.
#[track_caller]
fn announced(server: &Server) -> [Vec<String>; 2] {
    let before = server.greeted().lists("CAPA");
    [before, server.logged_in("user", "secret").lists("CAPA")]
}

/// Asserts what the options add to the capabilities of a server without any, and
/// what they take away, before a login and behind it alike.
#[track_caller]
fn check(options: &[&str], added: &[&str], taken: &[&str]) {
    let plain = announced(&Server::start(&[]));
    for (plain, got) in plain.iter().zip(announced(&Server::start(options))) {
        let only_in = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|line| !those.contains(line)).cloned().collect()
        };
        assert_eq!(only_in(&got, plain), added, "{options:?}");
        assert_eq!(only_in(plain, &got), taken, "{options:?}");
    }
}

#[test]
fn what_is_announced() {
    check(&["--utf8"], &["UTF8"], &[]);
    check(&["--utf8", "user"], &["UTF8 USER"], &[]);
    check(&["--utf8", "--withhold", "UTF8"], &[], &[]);
    check(&["--lang"], &["LANG"], &[]);
    check(&["--login-delay", "60"], &["LOGIN-DELAY 60"], &[]);
    check(&["--expire", "30"], &["EXPIRE 30"], &[]);
    check(&["--expire", "Never"], &["EXPIRE NEVER"], &[]);
    check(&["--implementation", "toy (1.0)"], &["IMPLEMENTATION toy (1.0)"], &[]);
    check(&["--withhold", "TOP", "--without", "uidl"], &[], &["TOP", "UIDL"]);
    check(&["--withhold", "PIPELINING"], &[], &["PIPELINING"]);
    check(&["--without", "AUTH-RESP-CODE"], &[], &["AUTH-RESP-CODE"]);
    check(&["--without", "RESP-CODES"], &[], &["RESP-CODES", "AUTH-RESP-CODE"]);
    check(&["--without", "SASL"], &[], &["SASL PLAIN"]);
    check(&["--withhold", "plain"], &[], &["SASL PLAIN"]);
    let two = ["--mechanism", "LOGIN", "--mechanism", "CRAM-MD5", "--withhold"];
    check(&[&two[..], &["LOGIN"]].concat(), &["SASL CRAM-MD5"], &["SASL PLAIN"]);
    check(&[&two[..], &["SASL"]].concat(), &[], &["SASL PLAIN"]);
}

/// Asserts how commands are answered, by the first words of the replies.
#[track_caller]
fn dialogue(options: &[&str], exchanges: &[(&str, &str)]) {
    let server = Server::start(options);
    let mut client = server.greeted();
    exchanges.iter().for_each(|(command, reply)| client.says(command, reply));
}

const PLAIN: &str = "AUTH PLAIN AHVzZXIAc2VjcmV0";
const LOGIN: [(&str, &str); 2] = [("USER user", "+OK"), ("PASS secret", "+OK")];

#[test]
fn what_is_there() {
    let check = |options: &[&str], exchanges: &[(&str, &str)]| {
        dialogue(options, &[&LOGIN[..], exchanges].concat());
    };
    let no_such_message = [("TOP 1 0", "-ERR no such message"), ("UIDL 1", "-ERR no such message")];
    check(&[], &no_such_message);
    check(&["--withhold", "TOP", "--withhold", "UIDL"], &no_such_message);
    let not_there = "-ERR command not available";
    check(&["--without", "TOP", "--without", "UIDL"], &[("TOP 1 0", not_there), ("UIDL", not_there)]);
    check(&["--without", "CAPA"], &[("CAPA", not_there)]);
    dialogue(&[], &[(PLAIN, "+OK")]);
    dialogue(&["--withhold", "PLAIN"], &[(PLAIN, "+OK")]);
    dialogue(&["--withhold", "SASL"], &[(PLAIN, "+OK")]);
    dialogue(&["--without", "PLAIN"], &[(PLAIN, "-ERR")]);
    dialogue(&["--without", "USER"], &[("USER user", "-ERR"), (PLAIN, "+OK")]);
    dialogue(&["--lang", "de"], &[("LANG *", "+OK de "), ("NOOP", "-ERR ")]);
    dialogue(&["--lang"], &[("LANG *", "+OK en ")]);
    let umlaut = [("USER j\u{FC}rgen", "+OK"), ("PASS x", "+OK")];
    dialogue(&["--account", "ju\u{308}rgen:x", "--utf8", "user"], &umlaut);
    dialogue(&["--account", "ju\u{308}rgen:x", "--utf8"], &[("USER j\u{FC}rgen", "-ERR")]);
    let wrong = |reply| [("USER user", "+OK"), ("PASS wrong", reply)];
    dialogue(&["--withhold", "RESP-CODES"], &wrong("-ERR [AUTH] "));
    dialogue(&["--without", "RESP-CODES"], &wrong("-ERR name or password"));
    dialogue(&["--without", "AUTH-RESP-CODE"], &wrong("-ERR name or password"));
}

#[test]
fn apop_and_its_timestamp() {
    let greeting = |options| Server::start(options).connect().line();
    assert!(greeting(&[]).ends_with('>'));
    assert!(!greeting(&["--without", "apop"]).contains('<'));
}

#[test]
fn passwords_under_tls_only() {
    let options = ["--stls", "--plaintext-under-tls", "--mechanism", "LOGIN", "--mechanism", "CRAM-MD5"];
    let server = Server::start(&options);
    let capabilities = server.greeted().lists("CAPA");
    assert!(capabilities.contains(&"SASL CRAM-MD5".to_owned()), "{capabilities:?}");
    assert!(!capabilities.contains(&"USER".to_owned()), "{capabilities:?}");
    dialogue(&options, &[("USER user", "-ERR"), ("AUTH LOGIN", "-ERR"), ("AUTH CRAM-MD5", "+ ")]);
}

#[test]
fn one_login_in_a_while() {
    let server = Server::start(&["--login-delay", "3600", "--account", "a:x", "--account", "b:x"]);
    server.logged_in("a", "x").says("QUIT", "+OK");
    let mut again = server.greeted();
    again.says("USER a", "+OK");
    again.says("PASS x", "-ERR [LOGIN-DELAY]");
    again.says("USER b", "+OK");
    again.says("PASS x", "+OK");
}

/// What was retrieved goes at QUIT.
#[test]
fn nothing_stays_that_was_retrieved() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("alice")).unwrap();
    for name in ["1.eml", "2.eml"] {
        std::fs::write(folder.path().join("alice").join(name), "Subject: x\n\ny\n").unwrap();
    }
    let root = folder.path().to_str().unwrap();
    for (expire, left) in [("0", "+OK 1 "), ("1", "+OK 2 ")] {
        let server = Server::start(&["--root", root, "--root-password", "pw", "--expire", expire]);
        let mut client = server.logged_in("alice", "pw");
        assert_eq!(client.lists("RETR 1").len(), 1, "up to the empty line");
        assert_eq!([client.line(), client.line()], ["y", "."]);
        client.says("QUIT", "+OK");
        server.logged_in("alice", "pw").says("STAT", left);
    }
}

/// The password of `--account` is the one that counts, whatever `--root` holds.
#[test]
fn an_account_with_mail_below_the_root() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("alice")).unwrap();
    std::fs::write(folder.path().join("alice/1.eml"), "Subject: x\n\ny\n").unwrap();
    let server = Server::start(&["--root", folder.path().to_str().unwrap(), "--account", "alice:own"]);
    server.logged_in("alice", "own").says("STAT", "+OK 1 ");
}

#[test]
fn silence_ends_a_session() {
    let mut server = Server::start(&["--autologout", "1"]);
    let mut client = server.greeted();
    assert_eq!(client.rest(), "");
    server.program.wait_until(|program| program.so_far.stderr.contains("accounts: "));
    let note = "note: with --autologout 1 clients are logged out before the 600 seconds that RFC 1939 section 3";
    assert!(server.program.so_far.stderr.contains(note), "{}", server.program.so_far.stderr);
    let mut server = Server::start(&["--autologout", "600"]);
    server.program.wait_until(|program| program.so_far.stderr.contains("accounts: "));
    assert!(!server.program.so_far.stderr.contains("note: "));
}

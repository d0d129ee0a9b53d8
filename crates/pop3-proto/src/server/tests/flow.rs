//! What goes out in pieces, what begins anew, and what ends.

use super::*;
use crate::server::transfer::CHUNK;

#[test]
fn failed_logins_end_a_session() {
    let mut host = TestHost::new(&[]);
    let config = ServerConfig { failed_logins: 3, ..config() };
    let wrong = "USER u\r\nPASS x\r\n";
    let (output, next) =
        talk(config.clone(), &mut host, format!("{wrong}{wrong}AUTH PLAIN AHUAeA==\r\n{wrong}").as_bytes());
    assert_eq!((statuses(&output).as_str(), next), ("+-+--", Next::Close(Ending::FailedLogins)));
    assert_eq!(host.log, ["release"]);
    let (output, next) = talk(config, &mut TestHost::new(&[]), format!("{wrong}{wrong}{LOGIN}").as_bytes());
    assert_eq!((statuses(&output).as_str(), next), ("+-+-++", Next::Read));
}

#[test]
fn a_listing_goes_out_in_pieces() {
    let messages: Vec<&'static [u8]> = vec![b"a: 1\r\n\r\n"; 20_000];
    let mut host = TestHost::new(&messages);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let input = format!("{LOGIN}DELE 1\r\nLIST\r\nNOOP\r\n").into_bytes();
    let mut rest = input.as_slice();
    let mut listing = Vec::new();
    loop {
        let next = session.advance(&mut rest, Duration::ZERO, &mut host, &mut out);
        assert!(out.len() <= CHUNK + 1024);
        if next != Next::Again {
            break;
        }
        listing.append(&mut out);
    }
    let listing = String::from_utf8(listing).unwrap();
    let lines: String = (2..=20_000).map(|number| format!("{number} 8\r\n")).collect();
    assert!(listing.ends_with(&format!("+OK 19999 messages (159992 octets)\r\n{lines}.\r\n+OK\r\n")));
}

#[test]
fn starttls_forgets_what_was_said_in_clear() {
    let mut host = TestHost::new(&[]);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let now = Duration::ZERO;
    let mut clear = b"USER u\r\nSTLS\r\nCAPA\r\nUS".as_slice();
    while session.advance(&mut clear, now, &mut host, &mut out) == Next::Again {}
    assert_eq!(clear, b"");
    out.clear();
    session.handshake_done(now);
    let mut inside = b"ER u\r\nPASS p\r\nSTLS\r\nUSER u\r\nPASS p\r\n".as_slice();
    while session.advance(&mut inside, now, &mut host, &mut out) == Next::Again {}
    assert_eq!(statuses(&String::from_utf8(out).unwrap()), "---++");
    assert!(!session.capabilities().contains(&Capability::Stls));
}

#[test]
fn the_timer_ends_a_session_without_update_and_without_a_word() {
    let mut host = TestHost::new(&[b"a\r\n"]);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let minute = |n: u64| Duration::from_secs(60 * n);
    let mut input = format!("{LOGIN}DELE 1\r\n").into_bytes();
    let mut rest = input.as_slice();
    while session.advance(&mut rest, minute(1), &mut host, &mut out) == Next::Again {}
    assert_eq!(session.deadline(), minute(11));
    // Octets that are no command yet do not count; a command does, even a bad one.
    assert_eq!(session.advance(&mut b"XY".as_slice(), minute(5), &mut host, &mut out), Next::Read);
    assert_eq!(session.deadline(), minute(11));
    assert_eq!(session.tick(minute(10), &mut host), None);
    assert_eq!(session.advance(&mut b"ZZ\r\n".as_slice(), minute(10), &mut host, &mut out), Next::Again);
    assert_eq!(session.tick(minute(19), &mut host), None);
    out.clear();
    assert_eq!(session.tick(minute(20), &mut host), Some(Ending::Autologout));
    assert_eq!((out.as_slice(), host.log.as_slice()), (b"".as_slice(), ["release".to_owned()].as_slice()));
    // Failure is sticky.
    input.clear();
    assert_eq!(
        session.advance(&mut b"NOOP\r\n".as_slice(), minute(21), &mut host, &mut out),
        Next::Close(Ending::Autologout)
    );
}

#[test]
fn a_large_message_goes_out_in_pieces() {
    let message: &'static [u8] = Box::leak(b"x\r\n".repeat(100_000).into_boxed_slice());
    let mut host = TestHost::new(&[message]);
    let mut out = Vec::new();
    let mut session = ServerSession::new(config(), Duration::ZERO, &mut out);
    let input = format!("{LOGIN}RETR 1\r\nNOOP\r\n").into_bytes();
    let mut rest = input.as_slice();
    let mut total = 0;
    loop {
        let next = session.advance(&mut rest, Duration::ZERO, &mut host, &mut out);
        assert!(out.len() <= 2 * CHUNK + 1024);
        total += out.len();
        if next != Next::Again {
            break;
        }
        out.clear();
    }
    assert!(total > message.len());
}

#[test]
fn a_flood_of_bad_commands_ends() {
    let mut host = TestHost::new(&[]);
    let (output, next) = talk(config(), &mut host, "X\r\n".repeat(1000).as_bytes());
    assert_eq!((output.lines().count(), next), (100, Next::Close(Ending::BadCommands)));
}

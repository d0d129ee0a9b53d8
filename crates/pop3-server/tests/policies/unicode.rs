//! Names and passwords in UTF-8 (RFC 6856 section 2.2).

use pop3_proto::server::{Availability, ServerConfig};
use pop3_server::account::Account;
use pop3_server::store::Store;

use crate::line::{Line, Way, at, config};

const WRONG: &str = "-ERR [AUTH] ";

fn with_user() -> ServerConfig {
    ServerConfig { utf8: Availability::Offered, utf8_user: true, ..config() }
}

/// Accounts as somebody wrote them down, none of them prepared.
fn store() -> Store {
    let store = Store::with_id("s");
    for (name, password) in [
        ("\u{AA}", "pass\u{AA}"),
        ("ju\u{308}rgen", "gro\u{308}\u{DF}e"),
        ("I\u{AD}X", "soft\u{AD}hyphen"),
        ("\u{3A9}mega", "plain"),
        ("ascii", "\u{2168}"),
    ] {
        store.add_account(name, Account::new(password));
    }
    store
}

#[track_caller]
fn check(way: Way, name: &str, password: &str, want: &str) {
    check_in(&store(), way, name, password, want);
}

#[track_caller]
fn check_in(store: &Store, way: Way, name: &str, password: &str, want: &str) {
    let mut line = Line::with(with_user(), store, at(0));
    let reply = line.logs_in(way, name, password, at(0));
    assert!(reply.starts_with(want), "{way:?} {name:?} {password:?}: {reply}");
}

/// Both sides are prepared, whatever form each has.
#[test]
fn names_and_passwords_are_compared_prepared() {
    let check = |names: &[&str], passwords: &[&str]| {
        for name in names {
            for password in passwords {
                check(Way::Password, name, password, "+OK");
                check(Way::Plain, name, password, "+OK");
            }
            // The digest is over the prepared password, the name is prepared here.
            check(Way::Apop, name, passwords[0], "+OK");
            check(Way::Password, name, "other", WRONG);
        }
    };
    check(&["a", "\u{AA}"], &["passa", "pass\u{AA}"]);
    check(&["j\u{FC}rgen", "ju\u{308}rgen"], &["gr\u{F6}\u{DF}e", "gro\u{308}\u{DF}e"]);
    check(&["IX", "I\u{AD}X", "\u{2168}"], &["softhyphen", "soft\u{AD}hyphen"]);
    check(&["\u{3A9}mega", "\u{2126}mega"], &["plain", "pl\u{AD}ain"]);
    check(&["ascii", "a\u{AD}scii"], &["IX", "\u{2168}"]);
}

/// A client that computes the digest over a password as it stands is at fault.
#[test]
fn a_digest_over_the_password_unprepared_is_wrong() {
    check(Way::Apop, "\u{AA}", "passa", "+OK");
    check(Way::Apop, "\u{AA}", "pass\u{AA}", WRONG);
    check(Way::Apop, "ascii", "\u{2168}", WRONG);
}

/// Letter case is kept, and letters that only look alike differ.
#[test]
fn what_preparation_does_not_make_equal() {
    check(Way::Password, "\u{3C9}mega", "plain", WRONG);
    check(Way::Password, "ix", "softhyphen", WRONG);
    check(Way::Password, "jurgen", "gr\u{F6}\u{DF}e", WRONG);
    check(Way::Password, "j\u{FC}rgen", "gr\u{F6}sse", WRONG);
}

/// RFC 4013 section 2.3, and 2.4 for both directions at once.
#[test]
fn prohibited_characters_are_refused() {
    // Behind mapping and normalization (RFC 3454 section 2): a space that is not ASCII
    // is one that is by then, and U+0340 is U+0300.
    let prohibited = ["\u{200E}", "\u{2028}", "\u{E000}", "\u{FDD0}", "\u{FFFD}", "\u{2FF0}", "\u{E0001}", "\u{627}1"];
    for text in prohibited {
        // Nor does it help that they are in what is kept.
        let (store, with) = (Store::with_id("s"), format!("odd{text}"));
        store.add_account(&with, Account::new("plain"));
        store.add_account("plain", Account::new(&with));
        store.add_account("sound", Account::new("plain"));
        for way in Way::ALL {
            check_in(&store, way, &with, "plain", WRONG);
            check_in(&store, way, "plain", &with, WRONG);
            check_in(&store, way, "sound", "plain", "+OK");
        }
    }
    // A control character may not even stand in a command.
    check(Way::Password, "ascii\u{80}", "IX", "-ERR");
    // Nothing is left of it.
    check(Way::Password, "\u{AD}", "plain", WRONG);
    check(Way::Password, "ascii", "\u{AD}", WRONG);
}

/// RFC 3629: what is no UTF-8 is refused where it stands.
#[test]
fn what_is_no_utf_8_is_refused() {
    for octets in [&b"\xFF"[..], b"\xC0\x80", b"\xED\xA0\x80", b"\xF4\x90\x80\x80", b"j\xFCrgen", b"\xC3"] {
        let mut line = Line::with(with_user(), &store(), at(0));
        let user = line.hears(&[b"USER ", octets, b"\r\n"].concat(), at(0));
        assert!(user.starts_with("-ERR"), "{octets:?}: {user}");
        line.says("USER ascii", at(0), "+OK");
        let pass = line.hears(&[b"PASS ", octets, b"\r\n"].concat(), at(0));
        assert!(pass.starts_with("-ERR"), "{octets:?}: {pass}");
        assert!(line.logs_in(Way::Password, "ascii", "\u{2168}", at(0)).starts_with("+OK"));
    }
}

/// Before UTF8 is sent they may be used, and without the argument USER they may not.
#[test]
fn only_where_it_is_announced() {
    let announced = with_user();
    let without = [
        config(),
        ServerConfig { utf8: Availability::Offered, ..config() },
        ServerConfig { utf8_user: true, ..config() },
        ServerConfig { utf8: Availability::UnderTls, utf8_user: true, ..config() },
    ];
    let login = |config: &ServerConfig, way, name| {
        let mut line = Line::with(config.clone(), &store(), at(0));
        line.logs_in(way, name, if name == "ascii" { "IX" } else { "passa" }, at(0))
    };
    for way in [Way::Password, Way::Apop] {
        assert!(login(&announced, way, "\u{AA}").starts_with("+OK"));
        for config in &without {
            let reply = login(config, way, "\u{AA}");
            assert!(reply.starts_with("-ERR") && !reply.starts_with(WRONG), "{way:?}: {reply}");
            assert!(login(config, way, "ascii").starts_with("+OK"), "{way:?}");
        }
    }
}

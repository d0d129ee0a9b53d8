//! AUTH by every mechanism: what lets a client in, and what does not.

mod external;
mod keys;
mod plus;
mod scram;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use md5::Md5;
use pop3_server::account::Account;
use pop3_server::sasl::Mechanism;
use pop3_server::store::Store;
use pop3_server::{Server, StartError};

use crate::peer::{Peer, duplex};

const IN: &str = "+OK maildrop has 1 messages (3 octets)\r\n";
const WRONG: &str = "-ERR [AUTH] name or password is wrong\r\n";
const CANCELLED: &str = "-ERR authentication cancelled\r\n";
const NOT_BASE64: &str = "-ERR response is not base64\r\n";

/// What a client says next.
#[derive(Clone, Copy)]
enum Say {
    /// Octets to be encoded; `|` stands for `%x01`.
    Octets(&'static str),
    /// A line as it is.
    Line(&'static str),
    /// The answer that the password gives to the last challenge.
    Answer(fn(&mut Client) -> String),
}
use Say::{Answer, Line, Octets};

/// What a mechanism's client remembers.
struct Client {
    password: &'static str,
    challenge: String,
    bare: String,
    signature: String,
}

fn server() -> Server {
    let store = Store::new();
    store.add_account("alice", Account::new("secret").with_token("ya29.token").with_proxies(&["bob b"]));
    store.add_account("bob b", Account::new("pass word").with_token("other"));
    store.add_account("j\u{FC}rgen", Account::new("pass\u{F1}"));
    store.add_account("ju\u{308}rgen", Account::new("shadowed"));
    store.add_account("I\u{AD}X", Account::new("nine"));
    store.add_account("guest", Account::new("unguessable"));
    for name in store.names() {
        store.deliver(&name, b"x\n").unwrap();
    }
    Server::builder().store(store).mechanisms(&Mechanism::ALL).anonymous("guest").build().unwrap()
}

fn encoded(text: &str) -> String {
    STANDARD.encode(text.replace('|', "\u{1}"))
}

/// Begins with `first`, goes on with each of `says` after a challenge, and holds
/// the last reply against `want`. After a failure, the session must take USER
/// and PASS as ever.
async fn check(first: &str, says: &[Say], password: &'static str, want: &str) {
    let server = server();
    let mut peer = duplex(&server);
    peer.line().await;
    let mut client = Client { password, challenge: String::new(), bare: String::new(), signature: String::new() };
    peer.send(first).await;
    for say in says {
        let line = peer.line().await;
        let challenge = line.strip_prefix("+ ").and_then(|rest| rest.strip_suffix("\r\n"));
        assert!(challenge.is_some(), "no challenge in {first:?}: {line:?}");
        client.challenge = String::from_utf8(STANDARD.decode(challenge.unwrap()).unwrap()).unwrap();
        let line = match say {
            Octets(text) => encoded(text),
            Line(line) => (*line).to_owned(),
            Answer(answer) => STANDARD.encode(answer(&mut client)),
        };
        peer.send(&line).await;
    }
    let reply = peer.line().await;
    assert_eq!(reply, want, "{first:?}, password {password:?}");
    if reply.starts_with("-ERR") {
        let store = server.store();
        assert!(store.names().iter().all(|name| !store.is_locked(name).unwrap()), "{first:?}");
        peer.log_in().await;
    }
}

fn cram_md5(client: &mut Client) -> String {
    assert!(pop3_proto::apop::is_timestamp(client.challenge.as_bytes()), "{}", client.challenge);
    let mut mac = Hmac::<Md5>::new_from_slice(client.password.as_bytes()).unwrap();
    mac.update(client.challenge.as_bytes());
    mac.finalize().into_bytes().iter().map(|octet| format!("{octet:02x}")).collect()
}

#[tokio::test]
async fn login() {
    let check = async |says: &[Say], want: &str| check("AUTH LOGIN", says, "", want).await;
    check(&[Octets("alice"), Octets("secret")], IN).await;
    check(&[Octets("bob b"), Octets("pass word")], IN).await;
    check(&[Octets("ju\u{308}rgen"), Octets("passn\u{303}")], IN).await;
    check(&[Octets("IX"), Octets("nine")], IN).await;
    check(&[Octets("ju\u{308}rgen"), Octets("shadowed")], WRONG).await;
    check(&[Octets("alice"), Octets("wrong")], WRONG).await;
    check(&[Octets("alice"), Octets("")], WRONG).await;
    check(&[Octets("alice"), Octets("secret\0")], WRONG).await;
    check(&[Octets("nobody"), Octets("secret")], WRONG).await;
    check(&[Octets("")], WRONG).await;
    check(&[Octets("ali\0ce")], WRONG).await;
    check(&[Line("/w==")], WRONG).await;
    check(&[Octets("alice"), Line("*")], CANCELLED).await;
    check(&[Line("*")], CANCELLED).await;
    check(&[Octets("alice"), Line("c2VjcmV0=")], NOT_BASE64).await;
}

#[tokio::test]
async fn plain_as_somebody_else() {
    let check = async |message: &'static str, want: &str| {
        check(&format!("AUTH PLAIN {}", STANDARD.encode(message)), &[], "", want).await;
        check("AUTH PLAIN", &[Octets(message)], "", want).await;
    };
    check("\0alice\0secret", IN).await;
    check("alice\0alice\0secret", IN).await;
    check("alice\0bob b\0pass word", IN).await;
    check("alice\0bob b\0secret", WRONG).await;
    check("bob b\0alice\0secret", WRONG).await;
    check("guest\0bob b\0pass word", WRONG).await;
    check("nobody\0alice\0secret", WRONG).await;
    check("alice\0nobody\0secret", WRONG).await;
    check("Alice\0alice\0secret", WRONG).await;
}

#[tokio::test]
async fn a_server_that_sends_first_takes_no_initial_response() {
    check("AUTH LOGIN YWxpY2U=", &[], "", WRONG).await;
    check("AUTH LOGIN =", &[], "", WRONG).await;
    check("AUTH CRAM-MD5 =", &[], "", WRONG).await;
    check("AUTH CRAM-MD5 YWxpY2U=", &[], "", WRONG).await;
}

#[tokio::test]
async fn cram_md5_over_the_challenge() {
    let alice: Say = Answer(|client| format!("alice {}", cram_md5(client)));
    let check =
        async |say: Say, password: &'static str, want: &str| check("auth cram-md5", &[say], password, want).await;
    check(alice, "secret", IN).await;
    check(Answer(|client| format!("bob b {}", cram_md5(client))), "pass word", IN).await;
    check(Answer(|client| format!("j\u{FC}rgen {}", cram_md5(client))), "pass\u{F1}", IN).await;
    check(alice, "wrong", WRONG).await;
    check(alice, "", WRONG).await;
    check(Answer(|client| format!("nobody {}", cram_md5(client))), "secret", WRONG).await;
    check(Answer(|client| format!("nobody {}", cram_md5(client))), "no such account", WRONG).await;
    check(Answer(|client| format!("alice {}", cram_md5(client).to_uppercase())), "secret", WRONG).await;
    check(Answer(|client| format!("alice {} ", cram_md5(client))), "secret", WRONG).await;
    check(Answer(cram_md5), "secret", WRONG).await;
    check(Octets("alice b913a602c7eda7a495b4e6e7334d3890"), "", WRONG).await;
    check(Line(""), "", WRONG).await;
    check(Line("*"), "", CANCELLED).await;
    check(Line("?"), "", NOT_BASE64).await;
}

#[tokio::test]
async fn a_digest_serves_for_one_challenge() {
    let server = server();
    let mut answers: Vec<String> = Vec::new();
    for _ in 0..2 {
        let mut peer = duplex(&server);
        peer.line().await;
        let challenge = async |peer: &mut Peer<_>| {
            peer.send("AUTH CRAM-MD5").await;
            let line = peer.line().await;
            STANDARD.decode(line.trim_start_matches("+ ").trim_end()).unwrap()
        };
        let challenge = String::from_utf8(challenge(&mut peer).await).unwrap();
        let mut client = Client { password: "secret", challenge, bare: String::new(), signature: String::new() };
        let answer = STANDARD.encode(format!("alice {}", cram_md5(&mut client)));
        if let Some(old) = answers.first() {
            peer.send(old).await;
            assert_eq!(peer.line().await, WRONG);
        } else {
            peer.send(&answer).await;
            assert_eq!(peer.line().await, IN);
            peer.send("QUIT").await;
            peer.rest().await;
        }
        answers.push(answer);
    }
}

#[tokio::test]
async fn anonymous() {
    check("AUTH ANONYMOUS c2lyaGM=", &[], "", IN).await;
    check("AUTH ANONYMOUS =", &[], "", IN).await;
    check("AUTH ANONYMOUS", &[Octets("alice@example.org")], "", IN).await;
    check("AUTH ANONYMOUS", &[Line("")], "", IN).await;
    check("AUTH ANONYMOUS", &[Octets("@example.org")], "", WRONG).await;
    check("AUTH ANONYMOUS", &[Octets("a\0b")], "", WRONG).await;
    check("AUTH ANONYMOUS", &[Line("*")], "", CANCELLED).await;
    check("AUTH ANONYMOUS", &[Line("?")], "", NOT_BASE64).await;
}

#[tokio::test]
async fn anonymous_needs_an_account() {
    let anonymous = || Server::builder().account("guest", "x").mechanisms(&[Mechanism::Anonymous]);
    let check = |built: Result<Server, StartError>, want| {
        let refused = matches!(built, Err(StartError::NoAnonymousAccount));
        assert_eq!(refused, want);
    };
    check(anonymous().build(), true);
    check(anonymous().anonymous("nobody").build(), true);
    check(anonymous().anonymous("guest").build(), false);
}

const FOR_OAUTHBEARER: Say = Answer(|client| {
    assert_eq!(client.challenge, r#"{"status":"invalid_token"}"#);
    "\u{1}".to_owned()
});

#[tokio::test]
async fn oauthbearer() {
    let both = async |message: &'static str, says: &[Say], want: &str| {
        check(&format!("AUTH OAUTHBEARER {}", encoded(message)), says, "", want).await;
        let says = [&[Octets(message)], says].concat();
        check("AUTH OAUTHBEARER", &says, "", want).await;
    };
    both("n,a=alice,|host=localhost|port=110|auth=Bearer ya29.token||", &[], IN).await;
    both("n,a=alice,|auth=bearer ya29.token||", &[], IN).await;
    both("y,,|auth=Bearer ya29.token||", &[], IN).await;
    both("n,a=alice,|auth=Bearer wrong||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,a=alice,|auth=Bearer wrong||", &[Line("*")], CANCELLED).await;
    both("n,a=alice,|auth=Bearer wrong||", &[Octets("n,a=alice,|auth=Bearer ya29.token||")], WRONG).await;
    both("n,a=alice,|auth=Bearer secret||", &[FOR_OAUTHBEARER], WRONG).await;
    // The token of one that may act as alice, and one's own for somebody else.
    both("n,a=alice,|auth=Bearer other||", &[], IN).await;
    both("n,a=bob b,|auth=Bearer ya29.token||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,a=guest,|auth=Bearer unguessable||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,a=nobody,|auth=Bearer ya29.token||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,,|auth=Bearer wrong||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,a=alice,|auth=||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,a=guest,|auth=Bearer ||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,,|auth=||", &[FOR_OAUTHBEARER], WRONG).await;
    both("n,a=alice,|auth=Bearer ya29.token|", &[], WRONG).await;
    both("n,a=alice,|host=localhost||", &[], WRONG).await;
    both("p=tls-unique,a=alice,|auth=Bearer ya29.token||", &[], WRONG).await;
    both("|", &[], WRONG).await;
    check("AUTH OAUTHBEARER =", &[], "", WRONG).await;
    check("AUTH OAUTHBEARER", &[Line("*")], "", CANCELLED).await;
    check("AUTH OAUTHBEARER", &[Line("?")], "", NOT_BASE64).await;
}

const FOR_XOAUTH2: Say = Answer(|client| {
    assert!(client.challenge.starts_with(r#"{"status":"401","#), "{}", client.challenge);
    String::new()
});

#[tokio::test]
async fn xoauth2() {
    let both = async |message: &'static str, says: &[Say], want: &str| {
        check(&format!("AUTH XOAUTH2 {}", encoded(message)), says, "", want).await;
        let says = [&[Octets(message)], says].concat();
        check("AUTH XOAUTH2", &says, "", want).await;
    };
    both("user=alice|auth=Bearer ya29.token||", &[], IN).await;
    both("user=bob b|auth=Bearer other||", &[], IN).await;
    both("user=alice|auth=Bearer wrong||", &[FOR_XOAUTH2], WRONG).await;
    both("user=alice|auth=Bearer wrong||", &[Line("*")], CANCELLED).await;
    both("user=alice|auth=Bearer other||", &[], IN).await;
    both("user=bob b|auth=Bearer ya29.token||", &[FOR_XOAUTH2], WRONG).await;
    both("user=nobody|auth=Bearer ya29.token||", &[FOR_XOAUTH2], WRONG).await;
    both("user=guest|auth=Bearer unguessable||", &[FOR_XOAUTH2], WRONG).await;
    both("user=alice|auth=Bearer ya29.token|", &[], WRONG).await;
    both("user=alice|auth=Bearer ||", &[], WRONG).await;
    both("user=|auth=Bearer ya29.token||", &[], WRONG).await;
    check("AUTH XOAUTH2 =", &[], "", WRONG).await;
    check("AUTH XOAUTH2", &[Line("*")], "", CANCELLED).await;
    check("AUTH XOAUTH2", &[Line("?")], "", NOT_BASE64).await;
}

#[tokio::test]
async fn a_token_needs_an_account() {
    let built = Server::builder().account("alice", "secret").token("alice", "x").token("bob", "y").build();
    assert!(matches!(built, Err(StartError::TokenWithoutAccount { name }) if name == "bob"));
    let server = Server::builder().account("alice", "secret").token("alice", "x");
    let server = server.mechanisms(&[Mechanism::OauthBearer]).build().unwrap();
    let mut peer = duplex(&server);
    peer.line().await;
    peer.send(&format!("AUTH OAUTHBEARER {}", encoded("n,,|auth=Bearer x||"))).await;
    assert_eq!(peer.line().await, "+OK maildrop has 0 messages (0 octets)\r\n");
}

#[tokio::test]
async fn mechanisms_are_announced_as_given_and_no_others_are_there() {
    let server = Server::builder()
        .account("alice", "secret")
        .mechanisms(&[Mechanism::ScramSha256, Mechanism::Plain])
        .build()
        .unwrap();
    let mut peer = duplex(&server);
    peer.line().await;
    peer.send("CAPA").await;
    let capabilities = peer.until("\r\n.\r\n").await;
    assert!(capabilities.contains("\r\nSASL SCRAM-SHA-256 PLAIN\r\n"), "{capabilities}");
    peer.send("AUTH LOGIN").await;
    assert_eq!(peer.line().await, "-ERR no such mechanism\r\n");
    // Without a word about it, PLAIN alone.
    let server = Server::builder().account("alice", "secret").build().unwrap();
    let mut peer = duplex(&server);
    peer.line().await;
    peer.send("CAPA").await;
    let capabilities = peer.until("\r\n.\r\n").await;
    assert!(capabilities.contains("\r\nSASL PLAIN\r\n"), "{capabilities}");
}

#[tokio::test]
async fn a_maildrop_that_is_open_elsewhere() {
    let server = server();
    let mut other = duplex(&server);
    other.line().await;
    other.log_in().await;
    let mut peer = duplex(&server);
    peer.line().await;
    for (message, want) in [
        ("n,a=alice,|auth=Bearer ya29.token||", "-ERR [IN-USE] maildrop already locked\r\n"),
        ("n,a=bob b,|auth=Bearer other||", IN),
    ] {
        peer.send(&format!("AUTH OAUTHBEARER {}", encoded(message))).await;
        assert_eq!(peer.line().await, want);
    }
}

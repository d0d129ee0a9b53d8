//! Who does not have the secret learns nothing of an account: not that it is
//! there, nor in what state.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_server::Server;
use pop3_server::account::{Account, LoginMethod, LoginMethods, Policies};
use pop3_server::maildrop::OutOfOrder;
use pop3_server::sasl::{Iterations, Mechanism, ScramHash, ScramKeys};
use pop3_server::store::Store;

use crate::peer::{Peer, duplex};

/// What a client sends for a name, the answers to challenges last. `{r}` stands
/// for the nonce of the server's challenge, `|` for `%x01`.
const WAYS: [&[&str]; 11] = [
    &["USER {name}", "PASS wrong"],
    &["APOP {name} c4c9334bac560ecc979e58001b3e22fb"],
    &["AUTH PLAIN", "\0{name}\0wrong"],
    &["AUTH PLAIN", "{name}\0someone\0wrong"],
    &["AUTH LOGIN", "{name}", "wrong"],
    &["AUTH CRAM-MD5", "{name} b913a602c7eda7a495b4e6e7334d3890"],
    &["AUTH SCRAM-SHA-1", "n,,n={name},r=mine", "c=biws,r={r},p=AAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    &["AUTH SCRAM-SHA-256", "n,,n={name},r=mine", "c=biws,r={r},p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    &["AUTH SCRAM-SHA-256", "n,a={name},n=someone,r=mine", "c=biws,r={r},p=AAAA"],
    &["AUTH OAUTHBEARER", "n,a={name},|auth=Bearer wrong||", "|"],
    &["AUTH XOAUTH2", "user={name}|auth=Bearer wrong||", ""],
];

const NAMES: [&str; 10] =
    ["usable", "apop", "password", "sasl", "keys", "broken", "locked", "delayed", "full", "guest"];

fn store() -> Store {
    let only = |method| Account::new("right").with_methods(LoginMethods::Only(vec![method]));
    let keys = [ScramHash::Sha1, ScramHash::Sha256]
        .map(|hash| ScramKeys::derive(hash, "right", b"0123456789abcdef", Iterations::LEAST).unwrap());
    let delay = Policies { login_delay: Some(1 << 20), ..Policies::default() };
    let store = Store::new();
    store.add_account("usable", Account::new("right").with_token("token"));
    store.add_account("apop", only(LoginMethod::Apop));
    store.add_account("password", only(LoginMethod::Password));
    store.add_account("sasl", only(LoginMethod::Sasl));
    store.add_account("keys", Account::from_keys(keys.to_vec()));
    store.add_account("delayed", Account::new("right").with_policies(delay));
    for name in ["broken", "locked", "full", "guest"] {
        store.add_account(name, Account::new("right"));
    }
    store.deliver("full", b"x\n").unwrap();
    store.set_out_of_order("broken", Some(OutOfOrder::UntilMended)).unwrap();
    store
}

/// All replies to a way of logging in, what is new each time made the same.
async fn replies(server: &Server, way: &[&str], name: &str) -> Vec<String> {
    let mut peer = duplex(server);
    peer.line().await;
    let (mut replies, mut nonce) = (Vec::new(), String::new());
    for (index, line) in way.iter().enumerate() {
        let line = line.replace("{name}", name).replace("{r}", &nonce).replace('|', "\u{1}");
        let encoded = way[0].starts_with("AUTH") && index > 0;
        peer.send(&if encoded { STANDARD.encode(line) } else { line }).await;
        let reply = peer.line().await;
        let challenge = reply.strip_prefix("+ ").map(|rest| STANDARD.decode(rest.trim_end()).unwrap());
        let Some(challenge) = challenge.map(|octets| String::from_utf8(octets).unwrap()) else {
            replies.push(reply);
            continue;
        };
        if let Some((r, rest)) = challenge.strip_prefix("r=").and_then(|rest| rest.split_once(',')) {
            nonce = r.to_owned();
            let (salt, count) = rest.split_once(',').unwrap();
            let salt = STANDARD.decode(salt.strip_prefix("s=").unwrap()).unwrap();
            replies.push(format!("nonce {}, salt {}, {count}", r.len(), salt.len()));
        } else {
            let is_timestamp = challenge.starts_with('<');
            replies.push(if is_timestamp { "timestamp".to_owned() } else { challenge });
        }
    }
    replies
}

async fn logs_in(server: &Server, name: &str) -> (Peer<tokio::io::DuplexStream>, String) {
    let mut peer = duplex(server);
    peer.line().await;
    peer.send(&format!("USER {name}")).await;
    peer.line().await;
    peer.send("PASS right").await;
    let reply = peer.line().await;
    (peer, reply)
}

#[tokio::test]
async fn every_name_is_answered_as_nobody_is() {
    let server = Server::builder().store(store()).mechanisms(&Mechanism::ALL).anonymous("guest").build().unwrap();
    let (mut before, _) = logs_in(&server, "delayed").await;
    before.send("QUIT").await;
    before.rest().await;
    let (_session, _) = logs_in(&server, "locked").await;
    for way in WAYS {
        let nobody = replies(&server, way, "nobody").await;
        assert!(nobody.last().unwrap().starts_with("-ERR [AUTH]"), "{nobody:?}");
        for name in NAMES {
            assert_eq!(replies(&server, way, name).await, nobody, "{name} {way:?}");
        }
    }
    // The control: with the secret, they are told.
    for (name, want) in [
        ("usable", "+OK"),
        ("apop", "-ERR [AUTH]"),
        ("password", "+OK"),
        ("keys", "+OK"),
        ("broken", "-ERR [SYS/PERM]"),
        ("locked", "-ERR [IN-USE]"),
        ("delayed", "-ERR [LOGIN-DELAY]"),
        ("nobody", "-ERR [AUTH]"),
    ] {
        let (_, reply) = logs_in(&server, name).await;
        assert!(reply.starts_with(want), "{name}: {reply}");
    }
}

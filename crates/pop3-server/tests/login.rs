//! The client of `pop3-proto` logs in here, by every method that both have: two
//! pieces of code that share the grammar and no more must agree.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use pop3_proto::client::{ClientSession, Limits, ObservedReply};
use pop3_proto::login::{Identity, InitialResponse, Login, Mechanism, Method, Reply, Step, Surroundings};
use pop3_proto::state::State;
use pop3_server::Server;
use pop3_server::account::Account;
use pop3_server::sasl;
use pop3_server::store::Store;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

/// No login takes more replies.
const REPLIES: usize = 8;

const POLICIES: [InitialResponse; 2] = [InitialResponse::IfItFits, InitialResponse::Never];

struct Wire {
    stream: DuplexStream,
    session: ClientSession,
    input: Vec<u8>,
}

impl Wire {
    fn new(server: &Server) -> Self {
        let (stream, end) = tokio::io::duplex(64 * 1024);
        let server = server.clone();
        tokio::spawn(async move { server.serve_stream(end).await });
        Self { stream, session: ClientSession::new(Limits::default()), input: Vec::new() }
    }

    async fn send(&mut self, octets: &[u8]) {
        self.session.sent(octets);
        self.stream.write_all(octets).await.unwrap();
    }

    async fn reply(&mut self) -> ObservedReply {
        loop {
            let mut rest = self.input.as_slice();
            let read = self.session.receive(&mut rest).unwrap();
            let taken = self.input.len() - rest.len();
            self.input.drain(..taken);
            if let Some(reply) = read {
                assert_eq!(reply.deviations, [], "{reply:?}");
                return reply;
            }
            assert_ne!(self.stream.read_buf(&mut self.input).await.unwrap(), 0, "the server has closed");
        }
    }
}

fn server() -> Server {
    let store = Store::new();
    store.add_account("alice", Account::new("secret").with_token("ya29.token"));
    store.add_account("bob b", Account::new("pass word").with_token("other"));
    store.add_account("a,b=c", Account::new("=,").with_token("third"));
    store.add_account("j\u{FC}rgen", Account::new("pass\u{F1}").with_token("fourth"));
    store.add_account("guest", Account::new("unguessable"));
    Server::builder().store(store).mechanisms(&sasl::Mechanism::ALL).anonymous("guest").build().unwrap()
}

/// Logs in and says how it ended. No deviation is there to be seen, and a second
/// login on the same connection works after a refusal.
async fn log_in(server: &Server, method: Method, identity: &Identity, policy: InitialResponse) -> Step {
    let mut wire = Wire::new(server);
    let greeting = wire.reply().await.line;
    let nonce = "a9/Kx+3%".to_owned();
    let surroundings = Surroundings { greeting, nonce, initial_response: policy, ..Surroundings::default() };
    let mut login = Login::new(method, identity, surroundings).unwrap();
    let mut step = login.start();
    for _ in 0..REPLIES {
        let Step::Send(line) = &step else { break };
        wire.send(line.octets()).await;
        let reply = wire.reply().await;
        step = login.next(Reply::from(&reply));
    }
    assert_eq!(login.deviations(), [], "{method}");
    let state = if step == Step::Done { State::Transaction } else { State::Authorization };
    assert_eq!(wire.session.state(), state, "{method}: {step:?}");
    if step == Step::Refused {
        wire.send(b"USER alice\r\nPASS secret\r\n").await;
        wire.reply().await;
        wire.reply().await;
        assert_eq!(wire.session.state(), State::Transaction, "{method}");
    }
    wire.send(b"QUIT\r\n").await;
    wire.reply().await;
    step
}

/// The mechanisms of both sides that an identity with password and token can use.
fn methods() -> Vec<Method> {
    let both = Mechanism::ALL.into_iter().filter(|mechanism| sasl::Mechanism::from_name(mechanism.name()).is_some());
    let own = both.filter(|mechanism| !mechanism.binds_channel() && !matches!(mechanism, Mechanism::External));
    own.map(Method::Auth).chain([Method::UserPass, Method::Apop]).collect()
}

fn people() -> [Identity; 4] {
    [
        Identity::new("alice", "secret").with_token("ya29.token"),
        Identity::new("bob b", "pass word").with_token("other"),
        Identity::new("a,b=c", "=,").with_token("third"),
        Identity::new("j\u{FC}rgen", "pass\u{F1}").with_token("fourth"),
    ]
}

/// What the arguments of USER and APOP cannot hold: a space, and anything but ASCII
/// (RFC 1939 section 3).
fn can_say(method: Method, identity: &Identity) -> bool {
    match method {
        Method::Auth(_) => true,
        Method::UserPass | Method::Apop => identity.name.is_ascii() && !identity.name.contains(' '),
    }
}

#[tokio::test]
async fn whoever_has_the_secret_comes_in_by_every_method() {
    let server = server();
    assert!(methods().len() >= 10, "{:?}", methods());
    for method in methods() {
        for identity in people().iter().filter(|identity| can_say(method, identity)) {
            for policy in POLICIES {
                let step = log_in(&server, method, identity, policy).await;
                assert_eq!(step, Step::Done, "{method} as {identity:?}, {policy:?}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_has_not_is_refused() {
    let server = server();
    let wrong = [
        Identity::new("alice", "Secret").with_token("ya29.tokem"),
        Identity::new("nobody", "secret").with_token("nothing"),
        Identity::new("guest", "secret").with_token("ya29.token"),
    ];
    for method in methods() {
        if method == Method::Auth(Mechanism::Anonymous) {
            continue;
        }
        for identity in &wrong {
            for policy in POLICIES {
                let step = log_in(&server, method, identity, policy).await;
                assert_eq!(step, Step::Refused, "{method} as {identity:?}, {policy:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_authorization_identity_is_ones_own_or_refused() {
    let server = server();
    let takes = [Mechanism::Plain, Mechanism::ScramSha1, Mechanism::ScramSha256, Mechanism::OauthBearer];
    for mechanism in takes {
        let alice = Identity::new("alice", "secret").with_token("ya29.token");
        for (authzid, want) in [("alice", Step::Done), ("bob b", Step::Refused)] {
            let identity = alice.clone().acting_as(authzid);
            let step = log_in(&server, Method::Auth(mechanism), &identity, InitialResponse::IfItFits).await;
            assert_eq!(step, want, "{mechanism:?} as {authzid}");
        }
    }
}

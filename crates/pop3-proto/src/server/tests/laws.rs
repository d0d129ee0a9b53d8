//! Laws that hold for every configuration and every client.

use proptest::prelude::*;

use super::*;
use crate::client::{Answers, ClientSession, Limits, ObservedReply};

/// Server and client of one session. What the server says is cut into pieces
/// before the client reads it.
struct Pair {
    server: ServerSession,
    client: ClientSession,
    replies: Vec<ObservedReply>,
}

impl Pair {
    fn new(config: ServerConfig, piece: usize) -> Self {
        let mut out = Vec::new();
        let server = ServerSession::new(config, Duration::ZERO, &mut out);
        let mut pair = Self { server, client: ClientSession::new(Limits::default()), replies: Vec::new() };
        pair.hear(&out, piece);
        pair
    }

    /// Sends a flight of lines in pieces; the last word of the server.
    fn send(&mut self, flight: &[u8], piece: usize, host: &mut TestHost) -> Next {
        self.client.sent(flight);
        let mut next = Next::Read;
        for octets in flight.chunks(piece) {
            let mut input = octets;
            let mut out = Vec::new();
            for _ in 0..10_000 {
                next = self.server.advance(&mut input, Duration::ZERO, host, &mut out);
                if next != Next::Again {
                    break;
                }
            }
            self.hear(&out, piece);
            match next {
                Next::Read => {}
                // What is left of the flight is never heard.
                Next::StartTls => {
                    self.server.handshake_done(Duration::ZERO);
                    self.client.handshake_done();
                    return next;
                }
                Next::Close(_) => return next,
                Next::Again => panic!("the session does not come to rest"),
            }
        }
        next
    }

    fn hear(&mut self, octets: &[u8], piece: usize) {
        for octets in octets.chunks(piece) {
            let mut input = octets;
            while let Some(reply) = self.client.receive(&mut input).unwrap() {
                self.replies.push(reply);
            }
        }
    }
}

/// Anything, of any length, with a taste for what could do harm.
fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,20}",
        "[a-z]{0,3}<[a-z]@[a-z]>[a-z]{0,3}",
        "[<>@.\\[\\] \r\nüé\u{85}]{0,20}",
        (0_usize..700).prop_map(|count| "x".repeat(count)),
        (0_usize..300).prop_map(|count| "ü ".repeat(count)),
    ]
}

fn availability() -> impl Strategy<Value = Availability> {
    let all = [Availability::Offered, Availability::UnderTls, Availability::Withheld, Availability::Absent];
    prop::sample::select(all.to_vec())
}

prop_compose! {
    fn odd_config()(
        greeting in odd_text(),
        implementation in prop::option::of(odd_text()),
        names in prop::collection::vec(odd_text(), 0..4),
        timestamp in prop::option::of("<[0-9a-z.]{1,300}@[a-z]{1,100}>"),
        availabilities in prop::collection::vec(availability(), 9),
        utf8_user: bool,
        per_user: bool,
        login_delay in prop::option::of(any::<u64>()),
        expire in prop::option::of(prop_oneof![Just(Retention::Never), any::<u32>().prop_map(Retention::Days)]),
    ) -> ServerConfig {
        let plain = OfferedMechanism { name: "PLAIN".to_owned(), availability: availabilities[0] };
        let odd = names.into_iter().map(|name| OfferedMechanism { name, availability: Availability::Offered });
        ServerConfig {
            greeting,
            implementation,
            timestamp,
            mechanisms: odd.chain([plain]).collect(),
            user: availabilities[1],
            capa: availabilities[2],
            top: availabilities[3],
            uidl: availabilities[4],
            resp_codes: availabilities[5],
            auth_resp_code: availabilities[6],
            utf8: availabilities[7],
            lang: availabilities[8],
            utf8_user,
            login_delay: login_delay.map(|strictest| Announced { strictest, per_user }),
            expire: expire.map(|strictest| Announced { strictest, per_user }),
            tls: Tls::Available,
            ..ServerConfig::default()
        }
    }
}

/// Lines that get somewhere, lines that nearly do, and others.
fn any_line() -> impl Strategy<Value = String> {
    let words = [
        "USER u",
        "PASS p",
        "PASS x",
        "APOP u 0",
        "AUTH PLAIN",
        "AUTH PLAIN AHUAcA==",
        "AHUAcA==",
        "AHUAeA==",
        "*",
        "",
        "CAPA",
        "STLS",
        "UTF8",
        "LANG",
        "LANG es",
        "LANG *",
        "LANG x-",
        "STAT",
        "LIST",
        "LIST 1",
        "UIDL",
        "UIDL 2",
        "RETR 1",
        "RETR 2",
        "RETR 3",
        "TOP 1 0",
        "TOP 2 1",
        "DELE 1",
        "RSET",
        "NOOP",
        "QUIT now",
        " QUIT",
        "LIST ",
        "retr",
        "USER ü",
        "PASS ü",
        "XTND ü",
    ];
    prop_oneof![
        20 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => Just("QUIT".to_owned()),
        1 => "[ -~]{0,12}",
        1 => (240_usize..700).prop_map(|count| format!("USER {}", "x".repeat(count))),
    ]
}

proptest! {
    /// Whatever strings a server is given and whatever a client says: our own
    /// reader finds nothing off, each line has one reply, both sides are in the
    /// same state, and first lines and capabilities are legal. Pieces do not matter.
    #[test]
    fn server_and_client_agree(
        config in odd_config(),
        flights in prop::collection::vec(prop::collection::vec(any_line(), 1..5), 0..12),
        piece in 1_usize..600,
    ) {
        let mut host = TestHost::new(&["Subject: größer\r\n\r\n.\r\n".as_bytes(), b"a: b\r\n\r\n.b"]);
        let timestamp = config.timestamp.clone();
        let mut pair = Pair::new(config, piece);
        for lines in &flights {
            let flight: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            let next = pair.send(flight.as_bytes(), piece, &mut host);
            if let Next::Close(ending) = next {
                if matches!(ending, Ending::Quit | Ending::Update) {
                    prop_assert_eq!(pair.client.state(), State::Ended);
                }
                break;
            }
            prop_assert_eq!(pair.server.state(), pair.client.state(), "{:?}", lines);
            prop_assert_eq!(pair.client.unanswered(), 0);
            prop_assert_eq!(pair.client.unfinished(), None);
        }
        let greeting = &pair.replies[0];
        prop_assert_eq!(apop::timestamp(&greeting.line), timestamp.as_deref().map(str::as_bytes));
        for reply in &pair.replies {
            prop_assert_eq!(&reply.deviations, &[], "{}", String::from_utf8_lossy(&reply.line));
            prop_assert!(reply.answers != Answers::Nothing && reply.line.len() + 2 <= 512);
            prop_assert!(std::str::from_utf8(&reply.line).is_ok());
            if reply.answers == Answers::Line(b"CAPA".to_vec()) && reply.body.is_some() {
                for line in reply.lines() {
                    let capability = Capability::parse(line);
                    let is_known = capability.is_some_and(|known| !matches!(known, Capability::Other { .. }));
                    prop_assert!(is_known && line.len() + 2 <= 512, "{}", String::from_utf8_lossy(line));
                }
            }
        }
    }
}

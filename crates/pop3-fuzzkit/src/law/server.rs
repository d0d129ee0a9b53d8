//! A server's session answers any octets, and loses no mail.

pub(crate) mod host;
mod judge;

use std::time::Duration;

use pop3_proto::line::BareLf;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{Availability, Ending, Next, ServerConfig, ServerSession, Tls};
use pop3_proto::state::State;

use crate::Broken;
use crate::dialogue::Dialogue;
use crate::pieces::Cutting;
use host::{MESSAGES, TwoMessages};
use judge::Step;

const LAW: &str = "server_session";

/// The octet that ends the plaintext behind STLS here: what a TLS handshake
/// record begins with (RFC 8446 section 5.1). No handshake is run; what the
/// client said before it belongs to the plaintext and must stay unheard.
const HANDSHAKE: u8 = 0x16;

/// The octets as what a client says, in arbitrary pieces, to a maildrop of two
/// messages (name `u`, password `p`):
///
/// - every complete line has exactly one reply, as long as the session lives;
/// - every reply is well formed, its first line of at most 512 octets;
/// - the state goes along [`pop3_proto::state::TABLE`], or the line was refused;
/// - RETR, TOP, LIST and STAT tell of the same messages;
/// - only QUIT in the TRANSACTION state removes, and exactly what was marked;
/// - what was said in clear behind STLS is not heard;
/// - the output is bounded by the input and the maildrop;
/// - nothing of this depends on how the octets arrive.
///
/// # Errors
/// The law is broken.
pub fn server_session(input: &[u8]) -> Result<(), Broken> {
    session_of(|_| {}, input)
}

/// [`server_session`] for a dialogue made from the octets as
/// [`Dialogue::from_octets`] has it: two octets are a command.
///
/// # Errors
/// The law is broken.
pub fn server_dialogue(data: &[u8]) -> Result<(), Broken> {
    server_session(&Dialogue::from_octets(data).0)
}

/// How a server is set up, and how it fares in UPDATE.
#[derive(Clone, Copy, Debug)]
enum Setup {
    /// Everything on offer.
    Rich,
    /// USER and PASS under TLS; LF ends lines; little patience; UPDATE fails.
    Poor,
}

impl Setup {
    fn config(self) -> ServerConfig {
        match self {
            Self::Rich => ServerConfig {
                timestamp: Some("<1896.697170952@dbc.mtview.ca.us>".to_owned()),
                mechanisms: vec!["PLAIN".into(), "LOGIN".into()],
                tls: Tls::Available,
                utf8: Availability::Offered,
                utf8_user: true,
                lang: Availability::Offered,
                implementation: Some("pop3spec".to_owned()),
                ..ServerConfig::default()
            },
            Self::Poor => {
                ServerConfig { tls: Tls::Active, bare_lf: BareLf::EndsLine, bad_commands: 5, ..ServerConfig::default() }
            }
        }
    }

    fn host(self) -> TwoMessages {
        TwoMessages::new(match self {
            Self::Rich => Ok(()),
            Self::Poor => Err(pop3_proto::server::UpdateFailed),
        })
    }
}

/// A defect put into a reply on its way out, to see it caught.
type Defect = fn(&mut Vec<u8>);

fn session_of(defect: Defect, input: &[u8]) -> Result<(), Broken> {
    for setup in [Setup::Rich, Setup::Poor] {
        let whole = run(setup, Cutting::Whole, defect, input)?;
        judge::judge(&setup.config(), &whole)
            .map_err(|sentence| broken(format!("{sentence} ({setup:?})"), input, &whole))?;
        for cutting in [Cutting::Octets, Cutting::ByContent] {
            let cut = run(setup, cutting, defect, input)?;
            if cut != whole {
                let sentence = format!("in pieces ({cutting:?}, {setup:?}) the session goes another way");
                return Err(broken(sentence, input, &whole)
                    .with("S in pieces", &cut.steps.iter().flat_map(|step| step.reply.clone()).collect::<Vec<_>>()));
            }
        }
    }
    Ok(())
}

/// A session as it went.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Session {
    greeting: Vec<u8>,
    steps: Vec<Step>,
    ending: Ending,
    /// What UPDATE removed, and how often the lock was let go.
    removed: Vec<MessageNumber>,
    let_go: usize,
}

fn broken(sentence: String, input: &[u8], session: &Session) -> Broken {
    let mut broken = Broken::new(LAW, sentence).with("octets", input).with("S", &session.greeting);
    for step in &session.steps {
        broken = broken.with("C", &step.line).with("S", &step.reply);
    }
    broken
}

fn run(setup: Setup, cutting: Cutting<'_>, defect: Defect, stream: &[u8]) -> Result<Session, Broken> {
    let mut host = setup.host();
    let config = setup.config();
    let bare_lf = config.bare_lf;
    let mut out = Vec::new();
    let mut session = ServerSession::new(config, Duration::ZERO, &mut out);
    let mut seen = Session {
        greeting: std::mem::take(&mut out),
        steps: Vec::new(),
        ending: Ending::Disconnected,
        removed: Vec::new(),
        let_go: 0,
    };
    let (mut at, mut pieces, mut line_start) = (0, 0, 0);
    let mut ends = line_end_at(stream, line_start, bare_lf);
    let mut closed = false;
    while at < stream.len() && !closed {
        let end = cutting.end(stream, at, pieces);
        pieces += 1;
        let mut piece = stream.get(at..end).unwrap_or_default();
        at = end;
        loop {
            let before = (session.state(), piece.len());
            let next = session.advance(&mut piece, Duration::ZERO, &mut host, &mut out);
            let taken = before.1 - piece.len();
            if taken > 0 && next != Next::Read {
                // A line was taken, and this is where its reply begins.
                let Some(line_end) = ends.filter(|line_end| *line_end <= end) else {
                    return Err(broken("a reply came before the end of its line".to_owned(), stream, &seen));
                };
                if next != Next::StartTls && !matches!(next, Next::Close(_)) && line_end != end - piece.len() {
                    return Err(broken("a line was taken beyond its end".to_owned(), stream, &seen));
                }
                seen.steps.push(Step {
                    line: stream.get(line_start..line_end).unwrap_or_default().to_vec(),
                    before: before.0,
                    after: session.state(),
                    marked: marks(&session),
                    reply: Vec::new(),
                });
                line_start = line_end;
                ends = line_end_at(stream, line_start, bare_lf);
            }
            if let Some(step) = seen.steps.last_mut() {
                step.reply.append(&mut out);
            }
            match next {
                Next::Again => {}
                Next::Read if ends.is_some_and(|line_end| line_end <= end) => {
                    return Err(broken("a complete line has no reply".to_owned(), stream, &seen));
                }
                Next::Read => break,
                Next::StartTls => {
                    let clear = stream.get(line_start..).unwrap_or_default();
                    let clear = clear.iter().position(|octet| *octet == HANDSHAKE);
                    at = clear.map_or(stream.len(), |clear| line_start + clear + 1);
                    line_start = at;
                    ends = line_end_at(stream, line_start, bare_lf);
                    if at <= stream.len() && clear.is_some() {
                        session.handshake_done(Duration::ZERO);
                    }
                    break;
                }
                Next::Close(ending) => {
                    seen.ending = ending;
                    closed = true;
                    break;
                }
            }
        }
    }
    session.disconnect(&mut host);
    let again = session.advance(&mut b"NOOP\r\n".as_slice(), Duration::ZERO, &mut host, &mut out);
    if again != Next::Close(seen.ending) || !out.is_empty() {
        return Err(broken(format!("behind the end ({:?}) it does {again:?}", seen.ending), stream, &seen));
    }
    for step in &mut seen.steps {
        defect(&mut step.reply);
    }
    (seen.removed, seen.let_go) = host.into_account();
    Ok(seen)
}

fn marks(session: &ServerSession) -> Vec<bool> {
    let numbers = (0..MESSAGES.len()).filter_map(MessageNumber::from_index);
    let logged_in = matches!(session.state(), State::Transaction);
    numbers.map(|number| logged_in && session.is_marked(number)).collect()
}

/// Where the line that begins here ends, line end included.
fn line_end_at(stream: &[u8], start: usize, bare_lf: BareLf) -> Option<usize> {
    let line = stream.get(start..)?;
    let ends = |at: usize| bare_lf == BareLf::EndsLine || line.get(..at).is_some_and(|so_far| so_far.ends_with(b"\r"));
    let lf = line.iter().enumerate().find(|(at, octet)| **octet == b'\n' && ends(*at));
    lf.map(|(at, _)| start + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LOGIN: &str = "USER u\r\nPASS p\r\n";

    proptest! {
        #[test]
        fn holds_for_commands(data in proptest::collection::vec(any::<u8>(), 0..60)) {
            server_dialogue(&data)?;
        }

        #[test]
        fn holds_for_anything(data in proptest::collection::vec(any::<u8>(), 0..120)) {
            server_session(&data)?;
            server_session(&[LOGIN.as_bytes(), &data].concat())?;
        }
    }

    #[test]
    fn what_was_said_in_clear_behind_stls_is_not_heard() {
        let input = b"STLS\r\nUSER u\r\n\x16PASS p\r\nSTLS\r\nQUIT\r\n";
        server_session(input).unwrap();
        let session = run(Setup::Rich, Cutting::Whole, |_| {}, input).unwrap();
        let replies: Vec<_> = session.steps.iter().map(|step| step.reply[..3].to_vec()).collect();
        assert_eq!(replies, [b"+OK", b"-ER", b"-ER", b"+OK"]);
    }

    #[test]
    fn the_law_sees_whole_sessions() {
        let check = |setup, input: &str, ending, removed: &[u32]| {
            let session = run(setup, Cutting::ByContent, |_| {}, format!("{LOGIN}{input}").as_bytes()).unwrap();
            let numbers: Vec<_> = removed.iter().filter_map(|number| MessageNumber::new(*number)).collect();
            assert_eq!((session.ending, session.removed, session.let_go), (ending, numbers, 1), "{input}");
        };
        check(Setup::Rich, "DELE 1\r\nDELE 2\r\nQUIT\r\n", Ending::Update, &[1, 2]);
        check(Setup::Rich, "DELE 1\r\nRSET\r\nDELE 2\r\nQUIT\r\n", Ending::Update, &[2]);
        check(Setup::Rich, "DELE 1\r\n", Ending::Disconnected, &[]);
        check(Setup::Poor, "DELE 1\nQUIT\n", Ending::Update, &[]);
        check(Setup::Poor, "\n\n\n\n\n\n", Ending::BadCommands, &[]);
    }

    #[test]
    fn wrong_servers_are_caught() {
        let check = |defect: Defect, input: &str, sentence: &str| {
            let input = format!("{LOGIN}{input}");
            server_session(input.as_bytes()).unwrap();
            let broken = session_of(defect, input.as_bytes()).unwrap_err();
            assert!(broken.sentence().contains(sentence), "{broken}");
        };
        check(|reply| reply.extend_from_within(..), "NOOP\r\n", "behind its reply");
        check(Vec::clear, "NOOP\r\n", "no first line");
        check(|reply| reply.truncate(reply.len() - 2), "NOOP\r\n", "no first line");
        check(|reply| reply.splice(3..3, vec![b' '; 600]).for_each(drop), "", "512");
        check(|reply| reply.make_ascii_lowercase(), "", "status indicator");
        check(
            |reply| {
                if reply.ends_with(b"\r\n.\r\n") {
                    reply.truncate(reply.len() - 3);
                }
            },
            "UIDL\r\n",
            "terminating line",
        );
        check(
            |reply| *reply = String::from_utf8_lossy(reply).replace("\r\n..", "\r\n.").into_bytes(),
            "RETR 1\r\n",
            "terminating line",
        );
        check(
            |reply| *reply = String::from_utf8_lossy(reply).replace("\r\n...", "\r\n....").into_bytes(),
            "RETR 1\r\n",
            "message 1",
        );
        check(|reply| *reply = String::from_utf8_lossy(reply).replace("-ERR", "+OK").into(), "USER u\r\n", "goes from");
        check(|reply| *reply = String::from_utf8_lossy(reply).replace("+OK 2 ", "+OK 3 ").into(), "STAT\r\n", "STAT");
    }
}

//! A client can read anything that calls itself a server.

use pop3_proto::client::{ClientError, ClientSession, Limits, ObservedReply};
use pop3_proto::state::State;

use crate::Broken;
use crate::pieces::Cutting;

const LAW: &str = "client_reads_any_octets";

/// Small, so that the fuzzer reaches them.
const LIMITS: Limits = Limits { status_line: 600, body: 1000 };

/// What a client makes of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reading {
    replies: Vec<ObservedReply>,
    failed: Option<ClientError>,
    state: State,
    unanswered: usize,
}

/// A client: the octets that it sent, and the server's octets in pieces.
type Client = fn(&[u8], &[&[u8]]) -> Reading;

/// Up to the first NUL, what the client sent; behind it, what the server says.
/// Without a NUL it all comes from the server, and the client sent nothing.
///
/// - Replies, deviations, state and failure do not depend on how it arrives;
/// - the replies lie end to end from the first octet, and deviations in them;
/// - a reply without deviations is what its parts, written again, give;
/// - a reply answers the lines sent in their order, and none twice;
/// - what is kept keeps to the limits, and a failure stays.
///
/// # Errors
/// The law is broken.
pub fn client_reads_any_octets(data: &[u8]) -> Result<(), Broken> {
    reads_any_octets_of(client, data)
}

fn reads_any_octets_of(client: Client, data: &[u8]) -> Result<(), Broken> {
    let (sent, said) = match data.iter().position(|octet| *octet == 0) {
        Some(nul) => (data.get(..nul).unwrap_or_default(), data.get(nul + 1..).unwrap_or_default()),
        None => (b"".as_slice(), data),
    };
    let broken = |sentence: String| Err(Broken::new(LAW, sentence).with("C", sent).with("S", said));
    let whole = client(sent, &[said]);
    for cutting in [Cutting::Octets, Cutting::ByContent] {
        let cut = client(sent, &cutting.pieces(said));
        if cut != whole {
            return broken(format!("in pieces ({cutting:?}) it reads {cut:?}, not {whole:?}"));
        }
    }
    let mut read = 0;
    for reply in &whole.replies {
        if reply.octets.start != read || reply.octets.end <= read {
            return broken(format!("a reply spans {:?}, the one before ends at {read}", reply.octets));
        }
        read = reply.octets.end;
        let span = usize::try_from(reply.octets.start).ok().zip(usize::try_from(read).ok());
        let Some(octets) = span.and_then(|(start, end)| said.get(start..end)) else {
            return broken(format!("a reply ends at {read}, behind all that was said"));
        };
        if let Some(stray) = reply.deviations.iter().find(|observed| !reply.octets.contains(&observed.at)) {
            return broken(format!("{stray:?} lies outside its reply {:?}", reply.octets));
        }
        if reply.line.len() > LIMITS.status_line || reply.body.as_ref().is_some_and(|body| body.len() > LIMITS.body) {
            return broken("a reply is kept beyond the limits".to_owned());
        }
        if reply.deviations.is_empty() && written(reply) != octets {
            return broken(format!("{reply:?} has no deviations, but is not what was said"));
        }
    }
    let lines = sent.windows(2).filter(|pair| pair == b"\r\n").count();
    let answers = whole.replies.iter().filter(|reply| is_answer(reply)).count();
    if answers + whole.unanswered > lines {
        return broken(format!("{lines} lines were sent, {answers} answered, {} still wait", whole.unanswered));
    }
    Ok(())
}

fn is_answer(reply: &ObservedReply) -> bool {
    use pop3_proto::client::Answers;
    matches!(reply.answers, Answers::Line(_) | Answers::ExchangeLine(_))
}

fn client(sent: &[u8], pieces: &[&[u8]]) -> Reading {
    let mut session = ClientSession::new(LIMITS);
    session.sent(sent);
    let mut replies = Vec::new();
    let mut failed = None;
    for piece in pieces {
        let mut input = *piece;
        loop {
            match session.receive(&mut input) {
                Ok(Some(reply)) => replies.push(reply),
                Ok(None) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
    }
    if failed.is_some() {
        failed = session.receive(&mut b"+OK\r\n".as_slice()).err();
    }
    Reading { replies, failed, state: session.state(), unanswered: session.unanswered() }
}

/// A reply with its body, as RFC 1939 section 3 writes it.
fn written(reply: &ObservedReply) -> Vec<u8> {
    let mut octets = [reply.line.as_slice(), b"\r\n"].concat();
    if let Some(body) = &reply.body {
        let mut line_begins = true;
        for (at, octet) in body.iter().enumerate() {
            if line_begins && *octet == b'.' {
                octets.push(b'.');
            }
            octets.push(*octet);
            line_begins = body.get(..=at).is_some_and(|so_far| so_far.ends_with(b"\r\n"));
        }
        octets.extend_from_slice(b".\r\n");
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn data() -> impl Strategy<Value = Vec<u8>> {
        let sent = "((LIST|CAPA|RETR 1|LIST 1|AUTH|AUTH PLAIN|STLS|QUIT|USER a|PASS b|=|x)\r\n){0,6}";
        let said = "(\\+OK|-ERR|\\+|\\+ok| |\\.|\\.\\.|a|\t|\r\n|\n|\r){0,40}";
        (sent, said).prop_map(|(sent, said)| format!("{sent}\0+OK\r\n{said}").into_bytes())
    }

    proptest! {
        #[test]
        fn holds(data in data()) {
            client_reads_any_octets(&data)?;
        }

        #[test]
        fn holds_for_anything(data: Vec<u8>) {
            client_reads_any_octets(&data)?;
        }
    }

    /// Reads each piece with a client of its own.
    fn forgetful(sent: &[u8], pieces: &[&[u8]]) -> Reading {
        let mut reading = client(sent, &[]);
        for piece in pieces {
            reading.replies.extend(client(sent, &[piece]).replies);
        }
        reading
    }

    /// Leaves the byte-stuffing in.
    fn literal(sent: &[u8], pieces: &[&[u8]]) -> Reading {
        let mut reading = client(sent, pieces);
        for body in reading.replies.iter_mut().filter_map(|reply| reply.body.as_mut()) {
            if body.starts_with(b".") {
                body.insert(0, b'.');
            }
        }
        reading
    }

    /// Answers a line twice.
    fn double(sent: &[u8], pieces: &[&[u8]]) -> Reading {
        let reading = client(sent, pieces);
        Reading { unanswered: reading.unanswered + 1, ..reading }
    }

    #[test]
    fn wrong_clients_are_caught() {
        let check = |wrong: Client, data: &[u8], sentence: &str| {
            client_reads_any_octets(data).unwrap();
            let broken = reads_any_octets_of(wrong, data).unwrap_err();
            assert!(broken.sentence().contains(sentence), "{broken}");
        };
        check(forgetful, b"NOOP\r\n\0+OK\r\n+OK\r\n", "in pieces");
        check(literal, b"RETR 1\r\n\0+OK\r\n+OK\r\n..\r\n.\r\n", "no deviations");
        check(double, b"NOOP\r\n\0+OK\r\n+OK\r\n", "still wait");
    }
}

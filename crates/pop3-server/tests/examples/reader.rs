//! The RFC's own server lines through the reader.

use pop3_proto::client::{Answers, ClientSession, Limits, ObservedReply};
use pop3_proto::reply::Status;

use crate::dialogue::{Event, Exchange, Sent, in_exchange};
use crate::format::Example;
use crate::understood;

/// It reads each reply whole, for what it is, with no deviations but those that
/// the example names, and comes to the state that the example names.
pub(crate) fn replay(example: &Example) -> Result<(), String> {
    let mut state = None;
    for session in &example.sessions {
        let mut reader = ClientSession::new(Limits::default());
        for (index, exchange) in session.iter().enumerate() {
            if exchange.events.contains(&Event::Tls) {
                reader.handshake_done();
            }
            let in_exchange = in_exchange(session, index);
            read(&mut reader, exchange, in_exchange).map_err(|why| format!("line {}: {why}", exchange.at))?;
        }
        state = Some(reader.state());
    }
    match state {
        Some(state) if state.to_string() == example.ends => Ok(()),
        other => Err(format!("the reader ends in {other:?}, not {}", example.ends)),
    }
}

fn read(reader: &mut ClientSession, exchange: &Exchange, in_exchange: bool) -> Result<(), String> {
    let answers = match &exchange.sent {
        Sent::Nothing => Answers::Greeting,
        Sent::Line(line) | Sent::LeftOut(line) => {
            reader.sent(format!("{line}\r\n").as_bytes());
            let line = line.clone().into_bytes();
            if in_exchange { Answers::ExchangeLine(line) } else { Answers::Line(line) }
        }
    };
    let mut input = exchange.reply.as_slice();
    let reply = reader.receive(&mut input).map_err(|why| why.to_string())?.ok_or("the reader waits for more")?;
    if !input.is_empty() {
        return Err(format!("the reader stops before \"{}\"", input.escape_ascii()));
    }
    if reply.answers != answers {
        return Err(format!("it is read as the answer to {:?}, not {answers:?}", reply.answers));
    }
    if reader.unanswered() != 0 || reader.unfinished().is_some() {
        return Err("the reader thinks that more is to come".to_owned());
    }
    let mut got: Vec<String> = reply.deviations.iter().map(|observed| format!("{:?}", observed.deviation)).collect();
    got.dedup();
    let want = &exchange.deviations;
    if got != *want {
        return Err(format!("the reader finds {got:?}, the example names {want:?}"));
    }
    understood::check(&exchange.sent, &reply)?;
    same_octets(&reply, &exchange.reply)
}

/// What was read, written again in the plainest way, is what was there.
fn same_octets(reply: &ObservedReply, octets: &[u8]) -> Result<(), String> {
    let status: &[u8] = match reply.status {
        Some(Status::Ok) => b"+OK",
        Some(Status::Err) => b"-ERR",
        Some(Status::Continue) => b"+",
        None => b"",
    };
    if !octets.starts_with(status) {
        return Err(format!("the reader takes it for {}", status.escape_ascii()));
    }
    let mut again = [&reply.line[..], b"\r\n"].concat();
    for line in reply.body.as_deref().unwrap_or_default().split_inclusive(|octet| *octet == b'\n') {
        if line.starts_with(b".") {
            again.push(b'.');
        }
        again.extend_from_slice(line);
    }
    if reply.body.is_some() {
        again.extend_from_slice(b".\r\n");
    }
    if again == octets { Ok(()) } else { Err(format!("the reader reads \"{}\"", again.escape_ascii())) }
}

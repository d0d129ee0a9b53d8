//! Logging in on a connection, by whatever method.

use std::time::Duration;

use pop3_proto::auth::ClientLine;
use pop3_proto::client::ObservedReply;
use pop3_proto::escape::escape;
use pop3_proto::login::{Login, Reply, Step};
use pop3_proto::reply::Status;
use pop3_scenario::scenario::Chunking;

use crate::account::Seed;
use crate::clock;
use crate::connection::{Arrival, Connection, Taken};

/// How a login came out, with what was said.
#[derive(Debug)]
pub(crate) struct Story {
    /// Both sides, a line each, escaped, without secrets.
    pub(crate) lines: Vec<String>,
    /// The line sent last, as it may be shown.
    pub(crate) last: String,
    /// The last reply.
    pub(crate) reply: Option<ObservedReply>,
    /// What came in place of a reply.
    pub(crate) cut_short: Option<Arrival>,
}

/// Octets of one line that are shown.
const SHOWN: usize = 600;

/// Drives a login to its end, or until no reply comes: `patience` is the longest
/// silence, and the longest time for one reply.
pub(crate) async fn drive(
    connection: &mut Connection,
    login: &mut Login,
    chunking: Chunking,
    patience: (Duration, Duration),
) -> Story {
    let mut story = Story { lines: Vec::new(), last: String::new(), reply: None, cut_short: None };
    let mut step = login.start();
    while let Step::Send(line) = &step {
        story.last = line.shown().to_owned();
        story.lines.push(format!("C: {}", story.last));
        if connection.send(line.octets(), chunking).await == Taken::Stalled {
            story.cut_short = Some(Arrival::Silence(None));
            break;
        }
        match connection.reply_within(patience.0, patience.1).await {
            Arrival::Reply(reply) => {
                step = login.next(Reply::from(&*reply));
                story.lines.push(told(&reply));
                story.reply = Some(*reply);
            }
            other => {
                story.cut_short = Some(other);
                break;
            }
        }
    }
    story
}

/// A nonce for SCRAM, another each time.
pub(crate) fn nonce() -> String {
    Seed(clock::fresh_seed()).word("nonce")
}

/// A reply, a challenge in clear beside its base64.
fn told(reply: &ObservedReply) -> String {
    let line = escape(reply.line.get(..SHOWN).unwrap_or(&reply.line));
    match (reply.status, ClientLine::parse(reply.text())) {
        (Some(Status::Continue), ClientLine::Response(challenge)) if !challenge.is_empty() => {
            format!("S: {line} ({})", escape(challenge.get(..SHOWN).unwrap_or(&challenge)))
        }
        _ => format!("S: {line}"),
    }
}

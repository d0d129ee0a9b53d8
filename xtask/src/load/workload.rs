//! What clients do, and how fast they get it done.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use thiserror::Error;

use super::connection::{BUFFER, Broken, Connection, Reply, Segment};
use super::mail::{Mail, PASSWORD};
use crate::clock;

/// What a client does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workload {
    /// Connects, USER, PASS, STAT, UIDL, RETR of a short message, QUIT, each
    /// command after the reply to the one before.
    Session,
    /// The same, with all that follows the login in one segment.
    PipelinedSession,
    /// In one session: RETR of the long message.
    Retr,
    /// In one session: RETR of the long message, four commands in one segment.
    PipelinedRetr,
}

/// RETR commands in one segment.
const PIPELINED: usize = 4;

impl Workload {
    pub(super) const ALL: [Self; 4] = [Self::Session, Self::PipelinedSession, Self::Retr, Self::PipelinedRetr];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::PipelinedSession => "session, pipelined",
            Self::Retr => "RETR",
            Self::PipelinedRetr => "RETR, pipelined",
        }
    }

    pub(super) fn is_session(self) -> bool {
        matches!(self, Self::Session | Self::PipelinedSession)
    }
}

/// The dialogue of one client.
#[derive(Clone, Debug)]
struct Script {
    begin: Vec<Segment>,
    /// Between login and QUIT, until the time is over; empty when sessions are
    /// what is repeated.
    again: Option<Segment>,
    /// Octets of messages in one turn.
    octets: usize,
    end: Segment,
}

impl Script {
    /// For a client of a server where each account holds `mail`.
    fn new(workload: Workload, mail: &Mail, client: usize) -> Self {
        let mut begin = login(client);
        let quit = ("QUIT".to_owned(), Reply::Positive);
        let (first, last) = (mail.messages().first(), mail.messages().last());
        let message = if workload.is_session() { first } else { last };
        let number = if workload.is_session() { 1 } else { mail.count() };
        let (sent, octets) = message.map(|message| (Arc::clone(&message.sent), message.octets())).unwrap_or_default();
        let retr = (format!("RETR {number}"), Reply::Message(sent));
        let looking = [
            ("STAT".to_owned(), Reply::Words(format!("{} {}", mail.count(), mail.octets()))),
            ("UIDL".to_owned(), Reply::Listing(mail.count())),
        ];
        match workload {
            Workload::Session => {
                begin.extend(looking.into_iter().chain([retr]).map(|command| segment([command])));
                Self { begin, again: None, octets, end: segment([quit]) }
            }
            Workload::PipelinedSession => {
                let end = segment(looking.into_iter().chain([retr, quit]));
                Self { begin, again: None, octets, end }
            }
            Workload::Retr => Self { begin, again: Some(segment([retr])), octets, end: segment([quit]) },
            Workload::PipelinedRetr => {
                let again = segment(std::iter::repeat_n(retr, PIPELINED));
                Self { begin, again: Some(again), octets: octets * PIPELINED, end: segment([quit]) }
            }
        }
    }

    fn play(&self, address: SocketAddr, buffer: &mut [u8], stop: &AtomicBool) -> Result<Done, Broken> {
        let mut connection = Connection::open(address, buffer)?;
        self.begin.iter().try_for_each(|segment| connection.exchange(segment))?;
        let mut done = Done { sessions: 1, octets: 0 };
        match &self.again {
            None => done.octets += self.octets,
            Some(again) => loop {
                connection.exchange(again)?;
                done.octets += self.octets;
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            },
        }
        connection.exchange(&self.end)?;
        connection.ended()?;
        Ok(done)
    }
}

/// Greeting and login of a client's account.
pub(super) fn login(client: usize) -> Vec<Segment> {
    let greeting = Segment { octets: Vec::new(), replies: vec![Reply::Positive] };
    let user = segment([(format!("USER {}", Mail::account(client)), Reply::Positive)]);
    let pass = segment([(format!("PASS {PASSWORD}"), Reply::Positive)]);
    vec![greeting, user, pass]
}

fn segment(commands: impl IntoIterator<Item = (String, Reply)>) -> Segment {
    let mut segment = Segment { octets: Vec::new(), replies: Vec::new() };
    for (command, reply) in commands {
        segment.octets.extend_from_slice(command.as_bytes());
        segment.octets.extend_from_slice(b"\r\n");
        segment.replies.push(reply);
    }
    segment
}

/// What clients got done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Done {
    sessions: usize,
    /// Of messages, byte-stuffing and terminating lines not counted.
    octets: usize,
}

/// What all clients got done, and how long it took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) sessions: usize,
    pub(super) octets: usize,
    pub(super) time: Duration,
}

/// A server that gave a wrong answer, or none.
#[derive(Debug, Error)]
#[error("client {client} at {address}: {source}")]
pub(super) struct Failed {
    client: usize,
    address: SocketAddr,
    source: Broken,
}

/// Lets so many clients do this for about so long, each in a maildrop of its own
/// that holds `mail`. Every client does it once at least.
///
/// # Errors
/// The first client that got a wrong answer.
pub(super) fn measure(
    address: SocketAddr,
    workload: Workload,
    mail: &Mail,
    clients: usize,
    time: Duration,
) -> Result<Sample, Failed> {
    let (stop, ready) = (AtomicBool::new(false), Barrier::new(clients + 1));
    let (results, arrived) = mpsc::channel();
    thread::scope(|scope| {
        for client in 0..clients {
            let (results, stop, ready) = (results.clone(), &stop, &ready);
            scope.spawn(move || {
                let script = Script::new(workload, mail, client);
                let mut buffer = vec![0; BUFFER];
                ready.wait();
                let mut all = Done::default();
                let result = loop {
                    match script.play(address, &mut buffer, stop) {
                        Ok(done) => {
                            all.sessions += done.sessions;
                            all.octets += done.octets;
                        }
                        Err(source) => break Err(Failed { client, address, source }),
                    }
                    if stop.load(Ordering::Relaxed) {
                        break Ok(all);
                    }
                };
                let _ = results.send(result);
            });
        }
        drop(results);
        ready.wait();
        let begin = clock::now();
        // Nothing arrives before the time is over, unless a client failed.
        let early = arrived.recv_timeout(time).ok();
        stop.store(true, Ordering::Relaxed);
        let mut sample = Sample { sessions: 0, octets: 0, time: Duration::ZERO };
        for result in early.into_iter().chain(arrived) {
            let done = result?;
            sample.sessions += done.sessions;
            sample.octets += done.octets;
        }
        sample.time = begin.elapsed();
        Ok(sample)
    })
}

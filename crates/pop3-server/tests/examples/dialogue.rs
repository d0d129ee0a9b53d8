//! The dialogue of an example, line by line; `format.rs` says what the lines are.

use std::time::Duration;

use crate::format::Setup;
use crate::host::message;

/// A line of the client, if there is one, and the reply to it.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    /// Its line in the dialogue.
    pub(crate) at: usize,
    /// What happens before.
    pub(crate) events: Vec<Event>,
    pub(crate) sent: Sent,
    /// The reply as the RFC has it, with line ends.
    pub(crate) reply: Vec<u8>,
    pub(crate) differences: Vec<(Difference, String)>,
    pub(crate) deviations: Vec<String>,
    /// How many lines of the server the RFC prints for it.
    pub(crate) printed: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The greeting answers nothing.
    Nothing,
    Line(String),
    /// A line that the RFC leaves out.
    LeftOut(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Lock(String),
    Unlock(String),
    Tls,
    Wait(Duration),
}

/// How our server's reply differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// These lines of a list are there, too.
    Also(Vec<String>),
    /// It has this response code.
    Code(String),
    /// These lines of a list are not there.
    Lacks(Vec<String>),
    /// It has this status indicator.
    Status(String),
}

/// The sessions in a dialogue.
pub(crate) fn read(server: &Setup, text: &str) -> Result<Vec<Vec<Exchange>>, String> {
    let mut dialogue = Dialogue { server, sessions: vec![Vec::new()], events: Vec::new() };
    for (index, line) in text.lines().enumerate() {
        let (kind, rest) = line.split_once(':').unwrap_or_default();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        dialogue.line(index + 1, kind, rest).map_err(|why| format!("line {} of the dialogue: {why}", index + 1))?;
    }
    Ok(dialogue.sessions)
}

/// Whether a line to `session` stands in an AUTH exchange: the reply before it
/// was a challenge.
pub(crate) fn in_exchange(session: &[Exchange], index: usize) -> bool {
    index
        .checked_sub(1)
        .and_then(|before| session.get(before))
        .is_some_and(|before| before.reply.starts_with(b"+") && !before.reply.starts_with(b"+OK"))
}

/// A dialogue as far as it has been read.
#[derive(Debug)]
struct Dialogue<'a> {
    server: &'a Setup,
    sessions: Vec<Vec<Exchange>>,
    events: Vec<Event>,
}

impl Dialogue<'_> {
    fn line(&mut self, at: usize, kind: &str, rest: &str) -> Result<(), String> {
        let session = self.sessions.last_mut().expect("one at least");
        if session.is_empty() && matches!(kind, "C" | "L") {
            self.begin(at);
        }
        match kind {
            "C" => self.push(at, Sent::Line(rest.to_owned()), Vec::new()),
            "L" => self.push(at, Sent::LeftOut(rest.to_owned()), b"+OK\r\n".to_vec()),
            "S" => {
                if self.sessions.last().is_some_and(Vec::is_empty) {
                    self.push(at, Sent::Nothing, Vec::new());
                }
                let octets = match rest.strip_suffix("\\s") {
                    Some(before) => format!("{before} \r\n"),
                    None => format!("{rest}\r\n"),
                };
                self.reply(octets.as_bytes())?;
            }
            "M" => {
                let octets = self.message(rest).ok_or("no such message")?;
                self.reply(&octets)?;
            }
            "E" => match rest.split_once(' ').unwrap_or((rest, "")) {
                ("tls", "") => self.events.push(Event::Tls),
                ("lock", name) => self.events.push(Event::Lock(name.to_owned())),
                ("unlock", name) => self.events.push(Event::Unlock(name.to_owned())),
                ("wait", seconds) => {
                    let seconds = seconds.parse().map_err(|_| format!("no number of seconds: {seconds}"))?;
                    self.events.push(Event::Wait(Duration::from_secs(seconds)));
                }
                ("new", "session") => self.sessions.push(Vec::new()),
                _ => return Err(format!("no such event: {rest}")),
            },
            "D" => {
                let (difference, why) = reasoned(rest)?;
                let difference = Difference::read(difference).ok_or("no such difference")?;
                self.last()?.differences.push((difference, why.to_owned()));
            }
            "R" => {
                let (name, _) = reasoned(rest)?;
                self.last()?.deviations.push(name.to_owned());
            }
            _ => return Err("neither C, S, M, L, E, D nor R".to_owned()),
        }
        Ok(())
    }

    /// What the RFC leaves out at the beginning of a session.
    fn begin(&mut self, at: usize) {
        let timestamp = self.server.timestamp.as_deref().unwrap_or_default();
        self.push(at, Sent::Nothing, format!("+OK ready {timestamp}\r\n").into_bytes());
        if let Some(name) = &self.server.log_in {
            let secret = self.server.accounts.get(name).map(|account| account.secret.as_str()).unwrap_or_default();
            self.push(at, Sent::LeftOut(format!("USER {name}")), b"+OK\r\n".to_vec());
            self.push(at, Sent::LeftOut(format!("PASS {secret}")), b"+OK\r\n".to_vec());
        }
    }

    fn push(&mut self, at: usize, sent: Sent, reply: Vec<u8>) {
        let exchange = Exchange {
            at,
            events: std::mem::take(&mut self.events),
            sent,
            reply,
            differences: Vec::new(),
            deviations: Vec::new(),
            printed: 0,
        };
        self.sessions.last_mut().expect("one at least").push(exchange);
    }

    fn reply(&mut self, octets: &[u8]) -> Result<(), String> {
        let last = self.last()?;
        last.reply.extend_from_slice(octets);
        last.printed += 1;
        Ok(())
    }

    fn last(&mut self) -> Result<&mut Exchange, String> {
        self.sessions.last_mut().and_then(|session| session.last_mut()).ok_or_else(|| "nothing before it".to_owned())
    }

    /// A message of whoever logs in; there is one account with mail at most.
    fn message(&self, arguments: &str) -> Option<Vec<u8>> {
        let (number, lines) = arguments.split_once(' ').map_or((arguments, None), |(a, b)| (a, Some(b)));
        let number: usize = number.parse().ok()?;
        let account = self.server.accounts.values().find(|account| !account.messages.is_empty())?;
        let whole = message(account, number)?;
        let whole = String::from_utf8(whole).ok()?;
        let (header, body) = whole.split_once("\r\n\r\n")?;
        let lines = lines.map_or(Some(usize::MAX), |lines| lines.parse().ok())?;
        let body: String = body.split_inclusive('\n').take(lines).collect();
        let sent = format!("{header}\r\n\r\n{body}");
        let stuffed =
            sent.split_inclusive('\n').map(|line| if line.starts_with('.') { "." } else { "" }.to_owned() + line);
        Some(stuffed.collect::<String>().into_bytes())
    }
}

impl Difference {
    fn read(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ')?;
        let list = || rest.split(", ").map(str::to_owned).collect();
        Some(match kind {
            "also" => Self::Also(list()),
            "code" => Self::Code(rest.to_owned()),
            "lacks" => Self::Lacks(list()),
            "status" => Self::Status(rest.to_owned()),
            _ => return None,
        })
    }
}

/// `what | why`, where the reason names an RFC.
fn reasoned(text: &str) -> Result<(&str, &str), String> {
    let (what, why) = text.split_once(" | ").ok_or("there is no reason behind \" | \"")?;
    if why.contains("RFC ") { Ok((what, why)) } else { Err("the reason names no RFC".to_owned()) }
}

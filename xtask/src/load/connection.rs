//! One connection: sends segments, and looks at every octet that comes back.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use pop3_proto::escape::escape;
use thiserror::Error;

/// The longest silence of a server.
const PATIENCE: Duration = Duration::from_secs(20);

/// Octets read at once at most.
pub(super) const BUFFER: usize = 256 * 1024;

/// Octets that are sent at once, and the replies to them.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) octets: Vec<u8>,
    pub(super) replies: Vec<Reply>,
}

/// What a reply must be.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// `+OK`, any text.
    Positive,
    /// `+OK`, these words, and any text behind a space.
    Words(String),
    /// `+OK`, and so many lines that begin with a number, from 1, and have a
    /// second word.
    Listing(usize),
    /// `+OK`, and exactly these octets.
    Message(Arc<[u8]>),
}

/// Why a connection is no measurement. The server is at fault, or the machine.
#[derive(Debug, Error)]
pub(super) enum Broken {
    #[error("{doing}: {source}")]
    Io { doing: &'static str, source: std::io::Error },
    #[error("the server closed the connection where a reply was due")]
    Closed,
    #[error("expected {expected}, got {came}")]
    Reply { expected: String, came: String },
    #[error("octet {at} of a message is {came}, not {expected}")]
    Octets { at: usize, expected: String, came: String },
    #[error("the server sent {came} behind its last reply")]
    TooMuch { came: String },
}

/// A connection, with a buffer that outlives it.
pub(super) struct Connection<'b> {
    stream: TcpStream,
    buffer: &'b mut [u8],
    from: usize,
    to: usize,
}

impl<'b> Connection<'b> {
    /// Connects; `buffer` holds the longest line at least.
    pub(super) fn open(address: SocketAddr, buffer: &'b mut [u8]) -> Result<Self, Broken> {
        let stream = TcpStream::connect(address).map_err(io("connecting"))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(io("connecting"))?;
        Ok(Self { stream, buffer, from: 0, to: 0 })
    }

    /// Sends a segment and reads the replies.
    pub(super) fn exchange(&mut self, segment: &Segment) -> Result<(), Broken> {
        if !segment.octets.is_empty() {
            self.stream.write_all(&segment.octets).map_err(io("sending"))?;
        }
        segment.replies.iter().try_for_each(|reply| self.reply(reply))
    }

    /// The end of the connection, which must be all that comes.
    pub(super) fn ended(mut self) -> Result<(), Broken> {
        if self.from == self.to && self.fill()? == 0 {
            return Ok(());
        }
        Err(Broken::TooMuch { came: shown(self.buffer.get(self.from..self.to).unwrap_or_default()) })
    }

    fn reply(&mut self, reply: &Reply) -> Result<(), Broken> {
        let line = self.line()?;
        let text = line.strip_prefix(b"+OK").filter(|text| text.first().is_none_or(|octet| *octet == b' '));
        let right = match reply {
            Reply::Words(words) => text.is_some_and(|text| has_words(text, words.as_bytes())),
            _ => text.is_some(),
        };
        if !right {
            let expected = match reply {
                Reply::Words(words) => format!("`+OK {words}`"),
                _ => "`+OK`".to_owned(),
            };
            return Err(Broken::Reply { expected, came: shown(line) });
        }
        match reply {
            Reply::Positive | Reply::Words(_) => Ok(()),
            Reply::Listing(count) => self.listing(*count),
            Reply::Message(octets) => self.message(octets),
        }
    }

    fn listing(&mut self, count: usize) -> Result<(), Broken> {
        for number in 1..=count {
            let line = self.line()?;
            let mut words = line.splitn(2, |octet| *octet == b' ');
            let is_numbered = words.next().is_some_and(|word| word == number.to_string().as_bytes());
            if !is_numbered || words.next().is_none_or(<[u8]>::is_empty) {
                return Err(Broken::Reply { expected: format!("line {number} of a listing"), came: shown(line) });
            }
        }
        match self.line()? {
            b"." => Ok(()),
            line => Err(Broken::Reply { expected: "the terminating line".to_owned(), came: shown(line) }),
        }
    }

    fn message(&mut self, octets: &[u8]) -> Result<(), Broken> {
        let mut at = 0;
        while let Some(rest) = octets.get(at..).filter(|rest| !rest.is_empty()) {
            if self.from == self.to && self.fill()? == 0 {
                return Err(Broken::Closed);
            }
            let came = self.buffer.get(self.from..self.to).unwrap_or_default();
            let length = came.len().min(rest.len());
            let (came, rest) = (&came[..length], &rest[..length]);
            if came != rest {
                let wrong = came.iter().zip(rest).take_while(|(came, expected)| came == expected).count();
                let from = |octets: &[u8]| shown(octets.get(wrong..length.min(wrong + 20)).unwrap_or_default());
                return Err(Broken::Octets { at: at + wrong, expected: from(rest), came: from(came) });
            }
            at += length;
            self.from += length;
        }
        Ok(())
    }

    /// A line without its CRLF.
    fn line(&mut self) -> Result<&[u8], Broken> {
        let mut seen = 0;
        loop {
            let waiting = self.buffer.get(self.from + seen..self.to).unwrap_or_default();
            if let Some(lf) = memchr::memchr(b'\n', waiting) {
                let (from, to) = (self.from, self.from + seen + lf);
                self.from = to + 1;
                let line = self.buffer.get(from..to).unwrap_or_default();
                let bare = || Broken::Reply { expected: "a line that ends in CRLF".to_owned(), came: shown(line) };
                return line.strip_suffix(b"\r").ok_or_else(bare);
            }
            seen = self.to - self.from;
            if self.fill()? == 0 {
                return Err(Broken::Closed);
            }
        }
    }

    /// Reads what there is behind what waits; 0 at the end.
    fn fill(&mut self) -> Result<usize, Broken> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
        } else if self.to == self.buffer.len() {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        let room = self.buffer.get_mut(self.to..).unwrap_or_default();
        if room.is_empty() {
            return Err(Broken::Reply { expected: "a line".to_owned(), came: "one without end".to_owned() });
        }
        let octets = self.stream.read(room).map_err(io("reading"))?;
        self.to += octets;
        Ok(octets)
    }
}

/// Whether the text behind `+OK` is these words, or these and more.
fn has_words(text: &[u8], words: &[u8]) -> bool {
    let rest = text.strip_prefix(b" ").and_then(|text| text.strip_prefix(words));
    rest.is_some_and(|rest| rest.first().is_none_or(|octet| *octet == b' '))
}

fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> Broken {
    move |source| Broken::Io { doing, source }
}

/// The beginning of what came, as a person can read it.
fn shown(octets: &[u8]) -> String {
    format!("`{}`", escape(octets.get(..80).unwrap_or(octets)))
}

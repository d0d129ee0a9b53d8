//! What a fault may do, and when.

use std::sync::Arc;
use std::time::Duration;

use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{Listed, ServerConfig, ServerSession, Tls};
use pop3_proto::state::State;

use super::memory::Memory;
use super::sabotage::Saboteur;
use super::{CommandLine, Fault, Planted, Sabotage, Tally};
use crate::host::StoreHost;
use crate::maildrop::Message;
use crate::sasl::SaslSettings;
use crate::store::Store;

/// A fault at work on one connection.
pub(crate) trait Filter: Send {
    /// The connection is there; the session is not begun.
    fn on_connect(&mut self, _config: &mut ServerConfig) {}

    /// What the mechanisms of AUTH on this connection get from outside.
    fn on_mechanisms(&mut self, _settings: &mut Arc<SaslSettings>) {}

    /// The greeting, before it is sent.
    fn greeting(&mut self, _greeting: &mut Vec<u8>) {}

    /// Whether the greeting waits for the client's first octets.
    fn greets_late(&self) -> bool {
        false
    }

    /// What one read brought, before it is cut into lines.
    fn on_read(&mut self, _octets: &mut Vec<u8>) {}

    /// A line, before the session hears it; those of an AUTH exchange come to
    /// [`Filter::before_response`].
    fn before_line(&mut self, _line: &CommandLine<'_>, _view: &View<'_>) -> Before {
        Before::Pass
    }

    /// A client's line in an AUTH exchange, before the session hears it.
    fn before_response(&mut self, _line: &CommandLine<'_>, _view: &View<'_>) -> Before {
        Before::Pass
    }

    /// The whole reply to a line, before it is sent.
    fn after_reply(&mut self, _line: &CommandLine<'_>, _reply: &mut Vec<u8>, _view: &View<'_>) {}

    /// What came behind STLS in clear; what is returned is executed under TLS.
    fn on_stls(&mut self, _rest: &[u8]) -> Vec<u8> {
        Vec::new()
    }

    /// How what is sent is cut into writes.
    fn pieces(&self) -> Pieces {
        Pieces::Replies
    }

    /// Asked behind each reply: how late it is sent.
    fn late(&self) -> Option<Duration> {
        None
    }

    /// Asked behind each reply: whether the connection is closed now, as if it broke.
    fn breaks_off(&self) -> bool {
        false
    }

    /// The session ended by QUIT.
    fn at_close(&mut self) -> Closing {
        Closing::Now
    }

    /// The session ends without QUIT, and still holds its maildrop.
    fn on_disconnect(&mut self, _view: &View<'_>) {}

    /// The autologout timer has run out, and [`Filter::on_disconnect`] comes next; `out` is
    /// sent before the connection is closed.
    fn on_autologout(&mut self, _out: &mut Vec<u8>, _view: &View<'_>) {}

    /// When the session ends, if that is before its timer runs out.
    fn ends_at(&self) -> Option<Duration> {
        None
    }
}

/// What becomes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// The session hears it.
    Pass,
    /// The session hears these instead.
    Instead(Vec<(Vec<u8>, Heard)>),
    /// The session does not hear it, and this is the reply.
    Answer(Vec<u8>),
    /// As [`Before::Answer`], and a TLS handshake behind it.
    AnswerThenTls(Vec<u8>),
    /// Nobody hears it.
    Swallow,
    /// The connection is closed without a reply.
    Close,
}

/// Whether the client gets the reply to a line that it did not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    Yes,
    No,
}

/// One line in place of another.
pub(crate) fn rewrite(line: impl Into<Vec<u8>>) -> Before {
    Before::Instead(vec![(line.into(), Heard::Yes)])
}

/// How what is sent is cut into writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pieces {
    /// Each reply is one.
    Replies,
    /// The first thousand octets of a reply one by one, the rest in small odd pieces.
    Octets,
    /// A write ends between every CR and LF.
    CutInCrlf,
    /// Replies are kept until the client sends no more for now.
    WhenIdle,
    /// Each reply is one, and only one session of the server writes at a time.
    InTurn,
}

/// What happens behind QUIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// The connection is closed.
    Now,
    /// It is left open.
    Never,
    /// Lines that are here already are answered first.
    AfterAnswers,
}

/// What a filter sees of a session.
pub(crate) struct View<'a> {
    pub(crate) session: &'a ServerSession,
    pub(crate) host: &'a StoreHost,
    pub(crate) tls: Tls,
    /// The number of this session on its server.
    pub(crate) number: u64,
    /// What earlier sessions have left.
    pub(crate) memory: &'a Memory,
}

impl View<'_> {
    pub(crate) fn state(&self) -> State {
        self.session.state()
    }

    pub(crate) fn in_transaction(&self) -> bool {
        self.state() == State::Transaction
    }

    pub(crate) fn store(&self) -> &Store {
        self.host.store()
    }

    /// The messages as listed at login, with their numbers.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (MessageNumber, &Listed)> {
        let numbered = self.session.listed().iter().enumerate();
        numbered.filter_map(|(index, listed)| Some((MessageNumber::from_index(index)?, listed)))
    }

    pub(crate) fn is_marked(&self, number: MessageNumber) -> bool {
        self.session.is_marked(number)
    }

    pub(crate) fn marked(&self) -> Vec<MessageNumber> {
        self.listed().map(|(number, _)| number).filter(|number| self.is_marked(*number)).collect()
    }

    pub(crate) fn unmarked(&self) -> Vec<MessageNumber> {
        self.listed().map(|(number, _)| number).filter(|number| !self.is_marked(*number)).collect()
    }

    /// A message of the session's snapshot.
    pub(crate) fn message(&self, number: MessageNumber) -> Option<&Message> {
        self.host.messages().get(number.index())
    }
}

/// What makes a filter for each connection.
pub(crate) type MakeFilter = fn() -> Box<dyn Filter>;

/// How a server departs from the plain honest one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Departures {
    /// Deliberate defects.
    pub(crate) faults: Vec<Planted>,
    /// Filters of legal variations.
    pub(crate) varied: Vec<MakeFilter>,
    /// Where replies are counted, and perhaps one of them spoiled.
    pub(crate) sabotage: Option<(Tally, Option<Sabotage>)>,
    /// What sessions leave for those after them.
    pub(crate) memory: Memory,
}

/// The filters of one connection.
pub(crate) struct Faults {
    filters: Vec<Box<dyn Filter>>,
}

impl Faults {
    /// Those of the session with this number; `None` for the plain honest server.
    pub(crate) fn new(departures: &Departures, session: u64) -> Option<Self> {
        // Those of the reply as such stand first in the list and come last here, so
        // that no other fault writes a reply anew behind them.
        let here = departures.faults.iter().filter(|planted| planted.is_in(session));
        let mut faults: Vec<Fault> = here.map(|planted| planted.fault).collect();
        faults.sort_unstable_by(|one, other| other.cmp(one));
        faults.dedup();
        // What a variation does is part of the server that has the faults.
        let filters = departures.varied.iter().map(|make| make()).chain(faults.into_iter().map(Fault::filter));
        let saboteur = departures.sabotage.iter().map(|(tally, sabotage)| {
            let saboteur: Box<dyn Filter> = Box::new(Saboteur::new(tally.clone(), *sabotage));
            saboteur
        });
        let filters: Vec<_> = filters.chain(saboteur).collect();
        (!filters.is_empty()).then_some(Self { filters })
    }

    pub(crate) fn each(&mut self) -> impl Iterator<Item = &mut Box<dyn Filter>> {
        self.filters.iter_mut()
    }

    pub(crate) fn greets_late(&self) -> bool {
        self.filters.iter().any(|filter| filter.greets_late())
    }

    /// The first fault that does something with the line decides.
    pub(crate) fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let does = |before: &Before| *before != Before::Pass;
        self.each().map(|filter| filter.before_line(line, view)).find(does).unwrap_or(Before::Pass)
    }

    /// The same for a line of an AUTH exchange.
    pub(crate) fn before_response(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let does = |before: &Before| *before != Before::Pass;
        self.each().map(|filter| filter.before_response(line, view)).find(does).unwrap_or(Before::Pass)
    }

    pub(crate) fn pieces(&self) -> Pieces {
        let cut = |pieces: &Pieces| *pieces != Pieces::Replies;
        self.filters.iter().map(|filter| filter.pieces()).find(cut).unwrap_or(Pieces::Replies)
    }

    pub(crate) fn breaks_off(&self) -> bool {
        self.filters.iter().any(|filter| filter.breaks_off())
    }

    /// How late a reply is sent: as late as the filter that waits longest has it.
    pub(crate) fn late(&self) -> Option<Duration> {
        self.filters.iter().filter_map(|filter| filter.late()).max()
    }

    /// When the session ends, if a filter says so.
    pub(crate) fn ends_at(&self) -> Option<Duration> {
        self.filters.iter().filter_map(|filter| filter.ends_at()).min()
    }

    pub(crate) fn on_stls(&mut self, rest: &[u8]) -> Vec<u8> {
        self.each().flat_map(|filter| filter.on_stls(rest)).collect()
    }

    pub(crate) fn at_close(&mut self) -> Closing {
        self.each().map(|filter| filter.at_close()).find(|closing| *closing != Closing::Now).unwrap_or(Closing::Now)
    }
}

/// A fault that changes what the session hears.
pub(crate) struct OnLine(pub(crate) fn(&CommandLine<'_>, &View<'_>) -> Before);

impl Filter for OnLine {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        (self.0)(line, view)
    }
}

/// A fault that changes what the client hears.
pub(crate) struct OnReply(pub(crate) fn(&CommandLine<'_>, &mut Vec<u8>, &View<'_>));

impl Filter for OnReply {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        (self.0)(line, reply, view);
    }
}

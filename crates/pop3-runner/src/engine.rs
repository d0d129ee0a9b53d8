//! Plays one scenario.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use pop3_proto::escape::escape;
use pop3_proto::state::State;
use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::{Choice, Finding};
use pop3_scenario::scenario::{Chunking, CloseHow, Scenario, Step};
use pop3_scenario::source::Span;
use pop3_scenario::value::{Captures, Value};
use pop3_scenario::verdict::{Level, Verdict};
use pop3_spec::ruling::Chosen;
use pop3_spec::transcript;
use tokio::sync::{Barrier, Mutex};

use crate::clock::Clock;
use crate::connection::{Arrival, Connection, Order};

mod auth;
mod clauses;
mod control;
mod expect;
mod login;
mod opening;
mod part;
mod path;
mod steps;
mod tls;
mod turns;

pub(crate) use part::{Access, Act, Opening, Part};

/// What came of a scenario.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// When it began, in milliseconds from the start of the run; its transcript counts from here.
    pub(crate) began_ms: u64,
    pub(crate) findings: Vec<Finding>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) transcript: Vec<transcript::Connection>,
    /// Why nothing can be said, with `inconclusive` or `error`.
    pub(crate) stopped: Option<(Verdict, String)>,
}

impl Outcome {
    /// The verdict: the gravest thing that happened.
    pub(crate) fn verdict(&self) -> Verdict {
        let findings = self.findings.iter().map(|finding| finding.verdict);
        let choices = self.choices.iter().map(|choice| choice.verdict);
        let broken = findings.chain(choices).max().unwrap_or(Verdict::Pass);
        match &self.stopped {
            // A breach seen before time ran out stays a breach.
            Some((stopped, _)) if broken != Verdict::Fail => broken.max(*stopped),
            _ => broken,
        }
    }
}

/// Why a list of steps was left.
#[derive(Debug)]
enum Stop {
    /// A broken must; its finding is recorded.
    Broken,
    /// The target has not what the steps ask for.
    Unsupported(String),
    /// Time ran out, or the connection could not be made.
    Inconclusive(String),
    /// The scenario's fault, or ours.
    Ours(String),
}

impl Stop {
    /// Of two branches that were left, the reason with the greater number counts.
    fn gravity(&self) -> u8 {
        match self {
            Self::Broken => 0,
            Self::Unsupported(_) => 1,
            Self::Inconclusive(_) => 2,
            Self::Ours(_) => 3,
        }
    }
}

type Played = Result<(), Stop>;

/// One play of one scenario.
pub(crate) struct Engine<'a> {
    access: &'a Access,
    scenario: &'a Scenario,
    rulings: &'a Chosen,
    opening: Opening,
    chunking: Chunking,
    /// Whether writes wait for those behind them, as [`Delivery::Coalesced`] has it.
    coalesces: bool,
    messages: &'a [Vec<u8>],
    act: Act<'a>,
    clock: Clock,
    order: Order,
    captures: RefCell<Captures>,
    connections: RefCell<BTreeMap<String, Rc<Mutex<Connection>>>>,
    /// Connections that nobody attends to, kept open to the end.
    left: RefCell<Vec<Rc<Mutex<Connection>>>>,
    outcome: RefCell<Outcome>,
    /// Rounds of `retry` that are being played, one inside the other.
    rounds: Cell<usize>,
    /// What these rounds captured, with the values before.
    learned: RefCell<Vec<(String, Option<Value>)>>,
}

/// Where a step is played.
#[derive(Clone)]
struct Scope {
    /// The session of steps that name none.
    session: String,
    /// The barriers of the `parallel` around.
    barriers: Rc<BTreeMap<String, Rc<Barrier>>>,
    /// Sessions with octets held back, in the order in which they began to. Each
    /// branch of a `parallel` has its own, so that none ends another's segment.
    holding: Rc<RefCell<Vec<String>>>,
    /// The path of names to the steps.
    path: String,
}

impl Scope {
    /// What steps are played in that nothing is around, with this path.
    fn outermost(path: String) -> Self {
        Self { session: String::new(), barriers: Rc::default(), holding: Rc::default(), path }
    }
}

impl<'a> Engine<'a> {
    /// Plays steps with these captures to start from.
    pub(crate) async fn play(part: Part<'a>, captures: Captures) -> Outcome {
        let Part { access, scenario, rulings, steps, opening, chunking, messages, act } = part;
        let engine = Engine {
            access,
            scenario,
            rulings,
            opening,
            chunking: chunking.unwrap_or_else(|| access.delivery.chunking()),
            coalesces: chunking.is_none() && access.delivery == Delivery::Coalesced,
            messages,
            act,
            clock: Clock::start(),
            order: Order::default(),
            captures: RefCell::new(captures),
            connections: RefCell::default(),
            left: RefCell::default(),
            outcome: RefCell::default(),
            rounds: Cell::default(),
            learned: RefCell::default(),
        };
        let scope = Scope::outermost(String::new());
        let played = engine.within_budget(engine.steps(steps, &scope)).await;
        let released = engine.release(&scope).await;
        let played = played.and(released);
        if played.is_ok() {
            engine.closing_sentinels().await;
        }
        engine.hang_up().await;
        let mut outcome = engine.outcome.into_inner();
        outcome.stopped = match played {
            Ok(()) | Err(Stop::Broken) => None,
            Err(Stop::Unsupported(why)) => Some((Verdict::Unsupported, why)),
            Err(Stop::Inconclusive(why)) => Some((Verdict::Inconclusive, why)),
            Err(Stop::Ours(why)) => Some((Verdict::Error, why)),
        };
        outcome
    }

    /// The same scenario with captures as they are now and no connection yet.
    fn apart(&self) -> Self {
        Engine {
            order: self.order.clone(),
            captures: self.captures.clone(),
            connections: RefCell::default(),
            left: RefCell::default(),
            outcome: RefCell::default(),
            rounds: Cell::default(),
            learned: RefCell::default(),
            ..*self
        }
    }

    /// Plays steps one after the other.
    fn steps<'s>(&'s self, steps: &'s [Step], scope: &'s Scope) -> LocalBoxFuture<'s, Played> {
        Box::pin(async move {
            let mut names = path::Names::default();
            for step in steps {
                let inside = names.of(step, scope).map(|name| scope.within(&name));
                self.step(step, inside.as_ref().unwrap_or(scope)).await?;
            }
            Ok(())
        })
    }

    /// Plays no longer than the scenario's budget.
    async fn within_budget(&self, play: impl Future<Output = Played>) -> Played {
        let Some(budget) = self.scenario.budget else { return play.await };
        match tokio::time::timeout(self.deadline(budget), play).await {
            Ok(played) => played,
            Err(_) => {
                let budget = pop3_scenario::slow::minutes(budget);
                Err(Stop::Inconclusive(format!("it was not at its end when its budget of {budget} was over")))
            }
        }
    }

    /// A claimed time, scaled.
    fn scaled(&self, time: Duration) -> Duration {
        time.mul_f64(self.access.time_scale)
    }

    /// A time until which something may come, scaled. Where times are made short, a
    /// machine is not faster for that.
    fn deadline(&self, time: Duration) -> Duration {
        let scaled = self.scaled(time);
        if self.access.time_scale < 1.0 { scaled + self.access.patience.silence } else { scaled }
    }

    fn session_of(step: &Step, scope: &Scope) -> String {
        step.session.clone().unwrap_or_else(|| scope.session.clone())
    }

    /// The open connection of a session.
    fn connection(&self, session: &str) -> Result<Rc<Mutex<Connection>>, Stop> {
        self.connections.borrow().get(session).cloned().ok_or_else(|| {
            let name = if session.is_empty() { "the session".to_owned() } else { format!("session `{session}`") };
            Stop::Ours(format!("{name} is not open at this step; put `open` or `use: greeting` before it"))
        })
    }

    /// Takes a connection out of play; its transcript is kept.
    async fn retire(&self, session: &str) {
        let connection = self.connections.borrow_mut().remove(session);
        if let Some(connection) = connection {
            self.end(&connection).await;
        }
    }

    async fn end(&self, connection: &Mutex<Connection>) {
        let mut connection = connection.lock().await;
        connection.close(CloseHow::Fin).await;
        let transcript = std::mem::take(&mut connection.transcript);
        self.outcome.borrow_mut().transcript.push(transcript);
    }

    /// Every connection that is still open ends with a command whose reply and
    /// close are certain, so that a reply too many or too few shows.
    async fn closing_sentinels(&self) {
        let open: Vec<_> = self.connections.borrow().values().cloned().collect();
        for connection in open {
            let mut connection = connection.lock().await;
            let mute = connection.is_closed() || connection.is_half_closed();
            if mute || matches!(connection.state(), State::Ended | State::Handshake) {
                continue;
            }
            let cancel = (connection.state() == State::Exchange).then_some(&b"*\r\n"[..]);
            for line in cancel.into_iter().chain([&b"QUIT\r\n"[..]]) {
                match self.coalesces {
                    true => connection.hold(line),
                    false => drop(connection.send(line, self.chunking).await),
                }
            }
            // More replies than this have been seen to be too many by then.
            for _ in 0..16 {
                if !matches!(connection.reply().await, Arrival::Reply(_)) {
                    break;
                }
            }
        }
    }

    async fn hang_up(&self) {
        let sessions: Vec<String> = self.connections.borrow().keys().cloned().collect();
        for session in sessions {
            self.retire(&session).await;
        }
        for connection in self.left.take() {
            self.end(&connection).await;
        }
    }

    /// The grade that holds: the scenario's, unless the run reads its ruling otherwise.
    fn graded(&self, verdict: Verdict, ruling: Option<&str>) -> Verdict {
        verdict.read_as(ruling.and_then(|id| self.rulings.reading(id)))
    }

    /// Records a finding; a broken must ends the play. Where a ruling is read so
    /// that it is none, nothing happens.
    fn broken(&self, finding: Broken<'_>) -> Played {
        let level = finding.level.unwrap_or(self.scenario.level);
        let Some(level) = Level::broken_as(self.graded(level.when_broken(), finding.ruling)) else { return Ok(()) };
        let requirement = finding.requirement.or_else(|| self.scenario.requirements.first().map(String::as_str));
        self.outcome.borrow_mut().findings.push(Finding {
            verdict: level.when_broken(),
            level,
            requirement: requirement.unwrap_or_default().to_owned(),
            ruling: finding.ruling.map(str::to_owned),
            place: finding.span.place(),
            session: finding.session.to_owned(),
            summary: finding.summary,
            command: finding.command,
            expected: finding.expected,
            actual: finding.actual,
            advice: finding.advice,
        });
        if level == Level::Must { Err(Stop::Broken) } else { Ok(()) }
    }

    /// The scenario cannot go on: a fault of the scenario, unless something that
    /// was already found missing is why.
    fn cannot(&self, why: String) -> Stop {
        let outcome = self.outcome.borrow();
        // A choice of the run may have taken the finding away; what it was about is missing still.
        let chosen = |choice: &Choice| choice.ruling.as_ref().is_some_and(|id| self.rulings.reading(id).is_some());
        let explained = !outcome.findings.is_empty() || outcome.choices.iter().any(chosen);
        if explained { Stop::Broken } else { Stop::Ours(why) }
    }
}

/// What is needed for a finding.
struct Broken<'f> {
    span: &'f Span,
    session: &'f str,
    level: Option<Level>,
    requirement: Option<&'f str>,
    ruling: Option<&'f str>,
    summary: String,
    command: Option<String>,
    expected: String,
    actual: String,
    advice: Option<String>,
}

/// The last line sent on a connection, escaped.
fn last_command(connection: &Connection) -> Option<String> {
    let sent = connection.last_sent()?;
    let sent = sent.strip_suffix(b"\r\n").unwrap_or(sent);
    let line = sent.rsplit(|octet| *octet == b'\n').next().unwrap_or(sent);
    const SHOWN: usize = 200;
    Some(escape(line.get(..SHOWN).unwrap_or(line)))
}

//! A scenario as the runner sees it: checked, with every step tied to its place.

mod account;
mod auth;
mod connection;
mod control;
mod sending;
mod tls;
mod wait;

use std::time::Duration;

use crate::expression::Expression;
use crate::pattern::{Pattern, Template};
use crate::source::{SourceFile, Span};
use crate::verdict::{Level, Verdict};

pub use account::AccountWish;
pub use auth::{Alteration, AnyAuth, Auth, AuthOutcome, ChannelBinding};
pub use connection::{CloseHow, Connect, EofExpectation, OpenTls, SilentExpectation};
pub use control::{Branch, Condition, Foreach, ForeachValues, Retry, Use, When};
pub use sending::{Chunking, Payload, PayloadContent};
pub use tls::{CertificateFact, TlsExpectation, TlsOffer, TlsOutcome, TlsVersion};
pub use wait::Wait;

/// A dialogue with a question to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its path below the catalogue without `.yaml`; never reused.
    pub id: String,
    /// Raised when the verdict on some server may change.
    pub rev: u32,
    /// One line for lists.
    pub title: String,
    /// Why it matters to a person's mail; empty when not given.
    pub why: String,
    /// What goes wrong in practice, and on which servers it was seen; empty when not given.
    pub practice: String,
    /// How the author of a server mends it; empty when not given.
    pub fix: String,
    /// Ids of the requirements it covers; the first one is the default of its assertions.
    pub requirements: Vec<String>,
    /// Default level of its assertions.
    pub level: Level,
    /// `severity: security`.
    pub security: bool,
    /// CVE names, where it fits.
    pub cve: Vec<String>,
    /// What the target must offer for the question to make sense.
    pub needs: Needs,
    /// Fixture mail, in order: the nth is message-number n. `None` when the
    /// scenario works with whatever the maildrop holds; an empty list asks for
    /// an empty maildrop.
    pub mailbox: Option<Vec<String>>,
    /// The account that it wants; `None` for any.
    pub account: Option<AccountWish>,
    /// Ways in which the scenario is varied; each makes a result of its own.
    pub axes: Axes,
    /// How often it is repeated in one run; a breach in any round counts.
    pub repeat: u32,
    /// Slugs of the seeded faults that it must detect.
    pub kills: Vec<String>,
    /// When it runs.
    pub tier: Tier,
    /// In tier slow: the longest that it may take. Who waits for it is told this number.
    pub budget: Option<Duration>,
    /// Whether it may change the maildrop of a correct server.
    pub destructive: bool,
    /// The dialogue.
    pub steps: Vec<Step>,
    /// The file it came from.
    pub source: SourceFile,
}

/// Steps shared by scenarios, brought in by `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Its name: the file's stem below `fragments/`.
    pub name: String,
    /// One line for lists.
    pub title: String,
    /// The steps. A step without a session takes the session of the `use`.
    pub steps: Vec<Step>,
    /// The file it came from.
    pub source: SourceFile,
}

/// What a target must offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Capabilities that CAPA must announce (or the target's profile claim), upper
    /// case: tags, or a tag and one of its arguments (`SASL PLAIN`).
    pub capa: Vec<String>,
    /// Words of the target's claimed profile.
    pub profile: Vec<String>,
    /// Actions on the target.
    pub hook: Vec<Hook>,
    /// TLS, if the dialogue needs it.
    pub tls: Option<TlsNeed>,
    /// Whether a second account is needed, the captures `neighbour` and
    /// `neighbour_password`.
    pub neighbour: bool,
}

/// The TLS that a scenario needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsNeed {
    /// An upgrade by STLS on the plain port.
    Stls,
    /// A port with TLS from the first octet.
    Implicit,
}

/// Ways in which one scenario becomes several results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axes {
    /// How everything it sends is cut into segments; empty means whole only.
    pub chunking: Vec<Chunking>,
}

/// When a scenario runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Always: takes milliseconds.
    #[default]
    Gate,
    /// In a full run: takes up to seconds.
    Full,
    /// Real time: minutes.
    Slow,
}

/// An action on the target, outside the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hook {
    /// End the server without warning.
    Kill,
    /// End it and start it again on the same maildrops.
    Restart,
    /// Put one more message into the maildrop.
    Deliver,
}

/// One step: one verb, in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub verb: Verb,
    /// The `b` of `C@b`; `None` for the only (or first) session.
    pub session: Option<String>,
    /// Where the step stands. Steps of a fragment keep the fragment's place.
    pub span: Span,
}

/// What a step does.
#[expect(clippy::large_enum_variant, reason = "steps are few, and boxes would be in every reader's way")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `C:` send the text and CRLF.
    Command(Template),
    /// `S:` expect one reply.
    Reply(Box<ReplyExpectation>),
    /// `send:` exact octets.
    Send(Payload),
    /// `open:` connect; the greeting is a reply of its own.
    Open(Connect),
    /// `close:` end our side.
    Close(CloseHow),
    /// `eof:` the target closes the connection in time.
    Eof(EofExpectation),
    /// `silent:` the target sends nothing for so long.
    Silent(SilentExpectation),
    /// `wait:` let time go by, in a scenario of tier slow only.
    Wait(Wait),
    /// `tls:` start the handshake on the open connection and expect its outcome.
    Tls(TlsExpectation),
    /// `auth:` a whole exchange, worked out.
    Auth(Box<Auth>),
    /// `auth: any`, a login by whatever method the target is known to take.
    AuthAny(AnyAuth),
    /// `sentinel:` the next reply must answer this command.
    Sentinel(Sentinel),
    /// `one_of:` graded alternatives decided by one observed event.
    OneOf(Vec<Alternative>),
    /// `check:` arithmetic over captures.
    Check(Check),
    /// `parallel:` branches side by side; ends when all have ended.
    Parallel(Vec<Branch>),
    /// `barrier:` wait until every other branch that names it has come here.
    Barrier(String),
    /// `retry:` repeat the steps until they hold, or time is up.
    Retry(Retry),
    /// `foreach:` the steps once for each value.
    Foreach(Foreach),
    /// `when:` the steps only if the condition holds.
    When(When),
    /// `use:` the steps of a fragment.
    Use(Use),
    /// `hook:` an action on the target.
    Hook(Hook),
}

/// What `S:` expects of one reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyExpectation {
    /// The status indicator.
    pub status: Status,
    /// What the text behind the status begins with (all of it when `exact`).
    /// After the pattern the text ends, or a space follows.
    pub text: Option<Pattern>,
    /// No text beyond the pattern: not even a trailing space.
    pub exact: bool,
    /// The response code without brackets, such as `IN-USE` or `SYS/TEMP`,
    /// compared without regard to case; a code matches its sub-codes.
    pub code: Option<String>,
    /// Every line of the multi-line response matches this pattern.
    pub each: Option<Pattern>,
    /// Collect the captures of `each` as lists `into.name`, or the raw lines as
    /// list `into` when there is no `each`.
    pub into: Option<String>,
    /// The number of lines.
    pub count: Option<Expression>,
    /// The lines, one pattern for one line.
    pub lines: Option<Vec<Pattern>>,
    /// `lines` may come in any order, and other lines may stand between.
    pub unordered: bool,
    /// The content of a multi-line response after removal of byte-stuffing.
    pub body: Option<BodyExpectation>,
    /// The list to which the time that the reply took is added, in whole milliseconds.
    pub took: Option<String>,
    /// Level of this assertion; `None` for the scenario's.
    pub level: Option<Level>,
    /// Requirement of this assertion; `None` for the scenario's first.
    pub requirement: Option<String>,
}

/// The status indicator expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// `+OK`
    #[default]
    Ok,
    /// `-ERR`
    Err,
    /// `+`, a challenge in AUTH.
    Continue,
    /// `+OK` or `-ERR`: any orderly reply.
    Any,
}

/// What a body must be. All members given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyExpectation {
    /// Equals this message of the scenario's mailbox (message-number when it
    /// was provisioned), CRLF line ends, byte for byte.
    pub message: Option<Expression>,
    /// Compare only this part with `message`.
    pub part: Part,
    /// Only so many lines of the body proper, as TOP sends them.
    pub top: Option<Expression>,
    /// Contains this text.
    pub contains: Option<Template>,
    /// Its length in octets.
    pub octets: Option<Expression>,
    /// Equals an earlier captured body.
    pub same_as: Option<String>,
    /// Capture it (octets; `len(name)` is its length).
    pub into: Option<String>,
}

/// Part of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Header, empty line and body.
    #[default]
    Whole,
    /// Up to the first empty line, without it.
    Header,
    /// Behind the first empty line.
    Body,
}

/// `sentinel: CMD`, `expect: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentinel {
    /// The command, sent with CRLF.
    pub command: Template,
    /// What its reply looks like; must tell it from replies to earlier commands.
    pub expect: ReplyExpectation,
}

/// One graded alternative of `one_of`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its id, recorded when taken.
    pub id: String,
    /// The event that decides for it.
    pub event: AlternativeEvent,
    /// The verdict when taken.
    pub verdict: Verdict,
    /// A sentence for the report.
    pub note: Option<String>,
    /// The ruling that the grade rests on.
    pub ruling: Option<String>,
    /// Requirement; `None` for the scenario's first.
    pub requirement: Option<String>,
    /// Steps that follow when taken.
    pub then: Vec<Step>,
    /// Where it stands.
    pub span: Span,
}

/// The one event that decides between alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlternativeEvent {
    /// A reply that matches.
    Reply(Box<ReplyExpectation>),
    /// The target closes.
    Eof(EofExpectation),
    /// Nothing comes for so long.
    Silent(SilentExpectation),
    /// The outcome of a handshake started by this step.
    Tls(TlsOutcome),
}

/// `check: expr`, or a map with a level of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What must be true.
    pub that: Expression,
    /// Its text in the file, for messages.
    pub text: String,
    /// A sentence for the report when it is not.
    pub note: Option<String>,
    /// Level; `None` for the scenario's.
    pub level: Option<Level>,
    /// Requirement; `None` for the scenario's first.
    pub requirement: Option<String>,
    /// The ruling that the grade rests on.
    pub ruling: Option<String>,
}

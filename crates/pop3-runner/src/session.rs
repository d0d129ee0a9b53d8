//! Plays scenarios one by one: mail, controls, verdict, transcript.

use std::cell::RefCell;
use std::time::Duration;

use futures_util::FutureExt as _;
use pop3_proto::auth;
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::event::ScenarioFinished;
use pop3_scenario::fixture::{Fixture, canonical};
use pop3_scenario::scenario::{Fragment, Hook, OpenTls, Scenario, Tier, TlsNeed};
use pop3_scenario::value::{Captures, OF_NEIGHBOUR, Value};
use pop3_scenario::verdict::Verdict;
use pop3_spec::ruling::Chosen;
use pop3_spec::transcript::{self, ClosedBy, Deliveries, History, Maildrops, What};
use tokio::sync::Mutex;

use crate::account::{Account, Seed};
use crate::clock::Clock;
use crate::engine::{Access, Engine, Opening, Outcome, Part};
use crate::invariants::Watch;
use crate::plan::{Planned, opens};
use crate::target::{Provisioning, Target, Unfilled};
use crate::transcript::{Secrets, printed};

/// How long after its connections a process may end that ended them.
const ENDS_WITHIN: Duration = Duration::from_millis(250);

/// Whose maildrops a scenario opens.
#[derive(Clone, Copy)]
struct Owners<'a> {
    account: &'a Account,
    /// Where the scenario asks for a second account.
    neighbour: Option<&'a Account>,
    /// How often the server had ended when the play began.
    deaths: usize,
}

/// What all scenarios of a run share.
pub(crate) struct Session<'r> {
    pub(crate) target: &'r mut Target,
    pub(crate) access: Access,
    /// For scenarios that need TLS: it knows what is announced there.
    pub(crate) access_under_tls: Access,
    /// Factor for the times of scenarios of tier slow.
    pub(crate) slow_scale: f64,
    pub(crate) catalogue: &'r Catalogue,
    pub(crate) rulings: &'r Chosen,
    pub(crate) seed: Seed,
    pub(crate) nonce: String,
    pub(crate) clock: Clock,
    pub(crate) watch: RefCell<Watch>,
    /// Held while a server that has ended is started again.
    pub(crate) reviving: Mutex<()>,
}

impl Session<'_> {
    /// Plays one scenario in one variant, between its controls.
    pub(crate) async fn play(&self, planned: &Planned<'_>, account: &Account, index: usize) -> ScenarioFinished {
        let scenario = planned.scenario;
        let at_ms = self.clock.elapsed_ms();
        let neighbour = self.target.neighbour(self.seed, index).filter(|_| scenario.needs.neighbour);
        let others = neighbour.iter().map(|neighbour| neighbour.password.as_str()).chain(account.token.as_deref());
        let secrets = others.fold(Secrets::of(&account.password), |secrets, other| secrets.and(Secrets::of(other)));
        let owners = Owners { account, neighbour: neighbour.as_ref(), deaths: self.target.deaths() };
        let mut result = self.blank(planned, at_ms);
        let messages = match self.provision(scenario, owners).await {
            Ok(messages) => messages,
            Err(Unfilled::Cannot(why)) => {
                return ScenarioFinished { verdict: Verdict::Skipped, reason: Some(why), ..result };
            }
            Err(Unfilled::Failed(why)) => {
                result.verdict = Verdict::Inconclusive;
                result.reason = Some(format!("the maildrop could not be filled: {}", secrets.mask(&why)));
                return result;
            }
        };
        // The login of a control would begin the delay that the scenario asks about; it has one of its own.
        let alone = scenario.needs.capa.iter().any(|tag| tag == "LOGIN-DELAY");
        let control = (!alone && scenario.is_negative(self.rulings)).then(|| self.control(scenario)).flatten();
        // The play before may have left its session to die, and the server may not have seen it yet.
        if self.target.has_one_account()
            && !alone
            && control.is_none()
            && let Some(control) = self.control(scenario)
        {
            let _ = self.control_fails(control, scenario, owners, &secrets, &planned.id).await;
        }
        if let Some(control) = control
            && let Some((verdict, why)) = self.control_fails(control, scenario, owners, &secrets, &planned.id).await
        {
            result.verdict = verdict;
            result.reason = Some(format!("the positive control before it failed, so it could show nothing: {why}"));
            result.elapsed_ms = self.clock.elapsed_ms().saturating_sub(at_ms);
            return result;
        }
        let act = |hook| self.act(hook, account).boxed_local();
        let usual = if scenario.needs.tls.is_some() { &self.access_under_tls } else { &self.access };
        let time_scale = if scenario.tier == Tier::Slow { self.slow_scale } else { usual.time_scale };
        let part = Part {
            access: &Access { time_scale, ..usual.clone() },
            scenario,
            rulings: self.rulings,
            steps: &scenario.steps,
            opening: self.opening(scenario),
            chunking: planned.chunking,
            messages: &messages,
            act: &act,
        };
        let outcome = self.rounds(part, &planned.id, owners, &secrets).await;
        result.verdict = outcome.verdict();
        let chosen = || outcome.choices.iter().find(|choice| choice.verdict == result.verdict)?.note.clone();
        let undecided = matches!(result.verdict, Verdict::Unsupported | Verdict::Inconclusive);
        let noted = if undecided { chosen() } else { None };
        result.reason = outcome.stopped.as_ref().map(|(_, why)| secrets.mask(why)).or(noted);
        result.played_at_ms = Some(outcome.began_ms);
        result.transcript = outcome.transcript.iter().map(|connection| printed(connection, &secrets)).collect();
        result.findings = outcome.findings;
        result.findings.iter_mut().for_each(|finding| secrets.mask_finding(finding));
        result.choices = outcome.choices;
        // What minutes of waiting have brought out, such as a maildrop that stays locked, would
        // fail the control too, and must not be lost in that.
        let gravest = if scenario.tier == Tier::Slow { Verdict::Skipped } else { Verdict::Warn };
        if let Some(control) = control.filter(|_| result.verdict <= gravest)
            && let Some((verdict, why)) = self.control_fails(control, scenario, owners, &secrets, &planned.id).await
        {
            result.verdict = verdict;
            result.reason =
                Some(format!("the positive control behind it failed, so its refusals may mean nothing: {why}"));
        }
        if matches!(result.verdict, Verdict::Fail | Verdict::Warn) {
            result.why.clone_from(&scenario.why);
            result.fix.clone_from(&scenario.fix);
        }
        result.elapsed_ms = self.clock.elapsed_ms().saturating_sub(at_ms);
        result
    }

    /// Plays a scenario as often as it asks for; what came of its gravest round.
    /// Every round is watched, and none goes on behind a breach.
    async fn rounds(&self, part: Part<'_>, id: &str, owners: Owners<'_>, secrets: &Secrets) -> Outcome {
        let scenario = part.scenario;
        let mut gravest = Outcome::default();
        for round in 0..scenario.repeat.max(1) {
            // What an earlier round did to the maildrop is no matter of the next.
            if round > 0
                && (scenario.destructive || scenario.needs.hook.contains(&Hook::Deliver))
                && let Err(why) = self.provision(scenario, owners).await
            {
                let why = format!("the maildrop could not be filled again: {}", secrets.mask(&why.into_words()));
                gravest.stopped = Some((Verdict::Inconclusive, why));
                break;
            }
            let began_ms = self.clock.elapsed_ms();
            let outcome = Engine::play(part, self.captures(owners)).await;
            let outcome = Outcome { began_ms, ..self.watched(part, outcome, owners.deaths, id, secrets).await };
            if round == 0 || outcome.verdict() > gravest.verdict() {
                gravest = outcome;
            }
            if gravest.verdict() > Verdict::Info {
                break;
            }
        }
        gravest
    }

    /// Plays the positive control; why it failed, if it did, and what verdict
    /// that leaves: `error`, or `inconclusive` where the target gave no answer. The
    /// maildrop of a session that was cut off may be locked for a moment, so it is
    /// tried again until the deadline.
    async fn control_fails(
        &self,
        control: &Fragment,
        scenario: &Scenario,
        owners: Owners<'_>,
        secrets: &Secrets,
        id: &str,
    ) -> Option<(Verdict, String)> {
        let clock = Clock::start();
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            let part = Part {
                access: &self.access,
                scenario,
                rulings: self.rulings,
                steps: &control.steps,
                opening: if self.access.refuses_clear { Opening::Protected } else { Opening::Clear },
                chunking: None,
                messages: &[],
                act: &|_| futures_util::future::ready(Err("a control acts on nothing".to_owned())).boxed_local(),
            };
            let outcome = Engine::play(part, self.captures(owners)).await;
            if outcome.verdict() == Verdict::Pass {
                self.watched(part, outcome, owners.deaths, id, secrets).await;
                return None;
            }
            if clock.elapsed() >= self.access.patience.silence {
                let finding = outcome.findings.first().map(|finding| {
                    format!("{}; expected {}, got {}", finding.summary, finding.expected, finding.actual)
                });
                let silent = matches!(outcome.stopped, Some((Verdict::Inconclusive, _))) && finding.is_none();
                let verdict = if silent { Verdict::Inconclusive } else { Verdict::Error };
                let why = finding.or_else(|| outcome.stopped.map(|(_, why)| why)).unwrap_or_default();
                return Some((verdict, secrets.mask(&why)));
            }
        }
    }

    /// Holds the transcript of a play against the always-on checks, unless the server
    /// ended meanwhile: the checks would blame this dialogue for what another one did.
    async fn watched(
        &self,
        part: Part<'_>,
        mut outcome: Outcome,
        deaths: usize,
        id: &str,
        secrets: &Secrets,
    ) -> Outcome {
        // An end that a hook brought about is what the scenario is about.
        if (outcome.transcript.iter().any(is_cut_off) || outcome.verdict() > Verdict::Skipped)
            && self.dies_within(ENDS_WITHIN, deaths).await
        {
            return outcome;
        }
        let own = self.target.provisioning != Provisioning::None;
        let delivers = part.scenario.needs.hook.contains(&Hook::Deliver);
        let history = History {
            connections: std::mem::take(&mut outcome.transcript),
            // Mail that is somebody's may come and go without us.
            maildrops: match own {
                true if part.scenario.needs.neighbour => Maildrops::Named,
                true => Maildrops::One,
                false => Maildrops::Shared,
            },
            deliveries: if own && !delivers { Deliveries::None } else { Deliveries::Possible },
            announced: part.access.capabilities.as_ref().clone(),
        };
        self.watch.borrow_mut().see(id, &history, part.access.patience.limits, secrets);
        Outcome { transcript: history.connections, ..outcome }
    }

    /// Where nobody is let in without TLS, everything but what is about STLS goes there.
    fn opening(&self, scenario: &Scenario) -> Opening {
        match scenario.needs.tls {
            None if self.access.refuses_clear => Opening::Protected,
            _ => Opening::Clear,
        }
    }

    /// The control on the same kind of connection as the scenario's.
    fn control(&self, scenario: &Scenario) -> Option<&Fragment> {
        let name = match scenario.needs.tls {
            // Where the handshake is the question, a control that needs it would fail with it.
            Some(TlsNeed::Implicit) if opens(scenario, &[OpenTls::Implicit]) => "control-tls",
            _ if self.access.plain.is_none() => "control-tls",
            Some(_) | None => "control",
        };
        self.catalogue.fragments.get(name).or_else(|| self.catalogue.fragments.get("control"))
    }

    fn captures(&self, owners: Owners<'_>) -> Captures {
        let mut captures = Captures::new();
        let [of_name, of_password] = OF_NEIGHBOUR;
        let neighbour = owners.neighbour.into_iter();
        let neighbour = neighbour
            .flat_map(|neighbour| [(of_name, neighbour.name.clone()), (of_password, neighbour.password.clone())]);
        let words = [
            ("user", owners.account.name.clone()),
            ("password", owners.account.password.clone()),
            ("nobody", format!("nobody{}", &self.seed.word("nobody"))),
            ("wrong", self.seed.word("wrong")),
            ("nonce", self.nonce.clone()),
            ("user_base64", response(owners.account.name.as_bytes())),
            ("password_base64", response(owners.account.password.as_bytes())),
        ];
        let token = owners.account.token.iter().map(|token| ("token", token.clone()));
        for (name, value) in words.into_iter().chain(neighbour).chain(token) {
            captures.set(name, Value::Octets(value.into_bytes()));
        }
        captures
    }

    /// Whether the server has ended by itself since it had so often, or does so soon. The end
    /// of a connection may show a moment before that of the process.
    pub(crate) async fn dies_within(&self, within: Duration, deaths: usize) -> bool {
        let clock = Clock::start();
        let mut ticks = tokio::time::interval(Duration::from_millis(10));
        while self.target.can_end() {
            ticks.tick().await;
            let _ = self.target.check_alive();
            if self.target.deaths() > deaths || clock.elapsed() >= within {
                break;
            }
        }
        self.target.deaths() > deaths
    }

    /// Starts a server that has ended again.
    pub(crate) async fn revive(&self) -> Result<(), String> {
        let _one = self.reviving.lock().await;
        if self.target.check_alive().is_ok() {
            return Ok(());
        }
        self.target.start_again().await
    }

    /// Does something to the target.
    async fn act(&self, hook: Hook, account: &Account) -> Result<(), String> {
        match hook {
            Hook::Deliver => {
                let message = format!("Subject: one more ({})\r\n\r\nDelivered during a session.\r\n", self.nonce);
                self.target.deliver(account, message.as_bytes()).await.map_err(Unfilled::into_words)
            }
            Hook::Kill => self.target.kill().await,
            Hook::Restart => {
                self.target.kill().await?;
                self.target.start_again().await
            }
        }
    }

    /// Fills the maildrops; the canonical octets of what is in the first.
    async fn provision(&self, scenario: &Scenario, owners: Owners<'_>) -> Result<Vec<Vec<u8>>, Unfilled> {
        if self.target.provisioning == Provisioning::None {
            return Ok(Vec::new());
        }
        // A scenario that works with anything gets something.
        let names = scenario.mailbox.clone().unwrap_or_else(|| vec!["plain".to_owned(), "two-lines".to_owned()]);
        let find = |name: &String| {
            let missing = || Unfilled::Failed(format!("there is no fixture `{name}` in the catalogue"));
            self.catalogue.fixtures.get(name).ok_or_else(missing)
        };
        let fixtures: Vec<&Fixture> = names.iter().map(find).collect::<Result<_, _>>()?;
        let stored: Vec<Vec<u8>> =
            fixtures.iter().zip(1..).map(|(fixture, number)| fixture.octets_as(number)).collect();
        self.target.fill(owners.account, &stored).await?;
        if let Some(neighbour) = owners.neighbour {
            let message = format!("Subject: of the neighbour ({})\r\n\r\nNobody else may read this.\r\n", self.nonce);
            self.target.fill(neighbour, &[message.into_bytes()]).await?;
        }
        Ok(stored.into_iter().map(canonical).collect())
    }

    fn blank(&self, planned: &Planned<'_>, at_ms: u64) -> ScenarioFinished {
        let scenario = planned.scenario;
        ScenarioFinished {
            id: planned.id.clone(),
            rev: scenario.rev,
            title: scenario.title.clone(),
            file: scenario.source.path.to_string(),
            verdict: Verdict::Pass,
            reason: None,
            level: scenario.level,
            security: scenario.security,
            requirements: scenario.requirements.clone(),
            why: String::new(),
            fix: String::new(),
            at_ms,
            elapsed_ms: 0,
            played_at_ms: None,
            findings: Vec::new(),
            choices: Vec::new(),
            transcript: Vec::new(),
        }
    }

    /// The result of a scenario that is not played.
    pub(crate) fn left_out(&self, planned: &Planned<'_>, verdict: Verdict, why: String) -> ScenarioFinished {
        ScenarioFinished { verdict, reason: Some(why), ..self.blank(planned, self.clock.elapsed_ms()) }
    }
}

/// Whether a connection ended otherwise than by QUIT or by us.
fn is_cut_off(connection: &transcript::Connection) -> bool {
    let last = connection.entries.last().map(|entry| &entry.what);
    let sent = connection.entries.iter().rev().find_map(|entry| match &entry.what {
        What::Sent(octets) => Some(octets.to_ascii_uppercase()),
        _ => None,
    });
    let by_quit = sent.is_some_and(|sent| sent.ends_with(b"QUIT\r\n"));
    !by_quit && matches!(last, Some(What::Closed(ClosedBy::Server | ClosedBy::Reset) | What::TlsFailed(_)))
}

/// A text as a response of a SASL exchange, without its line end.
fn response(text: &[u8]) -> String {
    let mut line = Vec::new();
    auth::write_response(text, &mut line);
    String::from_utf8_lossy(line.trim_ascii_end()).into_owned()
}

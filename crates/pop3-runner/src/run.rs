//! A run from the first connection to the last event.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use pop3_proto::client::Limits;
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::event::{
    self, CitedRequirement, Event, RunFinished, RunStarted, ScenarioFinished, ScenarioStarted, TargetReady,
};
use pop3_scenario::fixture::Fixture;
use pop3_scenario::scenario::{Chunking, Fragment, Scenario, TlsNeed};
use pop3_scenario::value::{Captures, Value};
use pop3_scenario::verdict::{Exit, Verdict};
use pop3_spec::registry::Registry;
use rustls_pki_types::ServerName;

use crate::account::{Account, Seed};
use crate::clock::{self, Clock};
use crate::connection::Patience;
use crate::engine::{Access, Engine, Outcome, Part};
use crate::error::RunError;
use crate::invariants::Watch;
use crate::plan::{Planned, Possibilities, Selection};
use crate::preflight;
use crate::target::{Provisioning, Target, TargetSpec};
use crate::tls;
use crate::transcript::{Secrets, printed};

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server.
    pub target: TargetSpec,
    /// Which scenarios.
    pub selection: Selection,
    /// The number that derives accounts and passwords; `None` for a fresh one.
    pub seed: Option<u64>,
    /// The longest silence where octets are due.
    pub deadline: Duration,
    /// Factor for every time, also those that scenarios claim.
    pub time_scale: f64,
    /// Scenarios at the same time at most; `None` for the target's own limit.
    pub jobs: Option<usize>,
    /// Run scenarios that may remove mail also where the mail is somebody's.
    pub allow_delete: bool,
    /// How much is read of one reply.
    pub limits: Limits,
}

impl Options {
    /// Everything against the embedded server.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            target: TargetSpec::Embedded { faults: Vec::new() },
            selection: Selection::default(),
            seed: None,
            deadline: Duration::from_secs(5),
            time_scale: 1.0,
            jobs: None,
            allow_delete: false,
            limits: Limits::default(),
        }
    }
}

/// Runs scenarios and reports each event as it happens.
///
/// # Errors
/// Why there is no run, or no complete one. Verdicts are no errors.
pub async fn run(
    options: &Options,
    catalogue: &Catalogue,
    registry: &Registry,
    on_event: &mut dyn FnMut(Event),
) -> Result<Exit, RunError> {
    let clock = Clock::start();
    let seed = Seed(options.seed.unwrap_or_else(clock::fresh_seed));
    let planned = options.selection.plan(&catalogue.scenarios)?;
    // One account for each result, and one for the first look.
    let mut target = Target::start(&options.target, seed, planned.len() + 1).await?;
    let result = run_on(&mut target, options, catalogue, registry, &planned, seed, clock, on_event).await;
    target.stop().await;
    result
}

#[expect(clippy::too_many_arguments, reason = "the one place where all parts of a run meet")]
async fn run_on(
    target: &mut Target,
    options: &Options,
    catalogue: &Catalogue,
    registry: &Registry,
    planned: &[Planned<'_>],
    seed: Seed,
    clock: Clock,
    on_event: &mut dyn FnMut(Event),
) -> Result<Exit, RunError> {
    let mut access = access(target, options)?;
    let nonce = seed.word("nonce");
    let first = target.account(seed, 0);
    let own = target.provisioning == Provisioning::OwnAccounts;
    if own {
        let message =
            format!("Subject: {nonce}\r\n\r\nThis message tells the runner that it speaks to the right server.\r\n");
        target.fill(&first, &[message.into_bytes()]).map_err(RunError::Internal)?;
    }
    let shown = preflight::check(target, &access, &first, own.then_some(nonce.as_str())).await?;
    let mut capabilities = shown.capabilities.clone();
    capabilities.extend(target.profile.iter().cloned());
    let possibilities = Possibilities {
        provisioning: target.provisioning,
        allow_delete: options.allow_delete,
        plain: target.plain.is_some(),
        implicit: target.implicit.is_some(),
        stls: target.plain.is_some() && target.stls.unwrap_or_else(|| capabilities.contains("STLS")),
        capabilities: capabilities.clone(),
    };
    access.capabilities = Rc::new(capabilities);
    let obstacles: Vec<_> = planned.iter().map(|planned| possibilities.obstacle(planned.scenario)).collect();
    let claims = claims(target, &shown);
    on_event(Event::RunStarted(RunStarted {
        format: event::FORMAT.to_owned(),
        suite: env!("CARGO_PKG_VERSION").to_owned(),
        started: clock::rfc3339(clock::unix_seconds()),
        target: target.name.clone(),
        target_description: target.description.clone(),
        target_options: target.options.clone(),
        selected: planned.len() + claims.len(),
        left_out: obstacles.iter().flatten().count(),
        seed: seed.0,
        requirements: cited(planned, registry),
    }));
    on_event(Event::TargetReady(TargetReady {
        greeting: shown.greeting.clone(),
        capabilities: shown.listed.clone(),
        at_ms: clock.elapsed_ms(),
    }));

    let session = Session { target, access, catalogue, seed, nonce, clock, watch: RefCell::default() };
    let emit = RefCell::new(on_event);
    let verdicts = RefCell::new(Vec::new());
    let finish = |result: ScenarioFinished| {
        verdicts.borrow_mut().push(result.verdict);
        (emit.borrow_mut())(Event::ScenarioFinished(Box::new(result)));
    };
    claims.into_iter().for_each(&finish);
    let jobs = options.jobs.unwrap_or(usize::MAX).min(session.target.concurrency).max(1);
    let plays = planned.iter().zip(&obstacles).enumerate().map(|(index, (planned, obstacle))| {
        let (session, emit) = (&session, &emit);
        async move {
            if let Some((verdict, why)) = obstacle {
                return session.left_out(planned, *verdict, why.clone());
            }
            let started = ScenarioStarted { id: planned.id.clone(), at_ms: session.clock.elapsed_ms() };
            (emit.borrow_mut())(Event::ScenarioStarted(started));
            session.play(planned, index + 1).await
        }
    });
    stream::iter(plays)
        .buffer_unordered(jobs)
        .for_each(|result| {
            finish(result);
            std::future::ready(())
        })
        .await;

    let mut aborted = None;
    let Session { target, watch, .. } = session;
    if let Err(why) = target.check_alive() {
        aborted = Some(Secrets::of(&first.password).mask(&why));
    }
    let mut verdicts = verdicts.into_inner();
    for result in watch.into_inner().finish() {
        verdicts.push(result.verdict);
        (emit.borrow_mut())(Event::InvariantFinished(Box::new(result)));
    }
    let exit = match (&aborted, Exit::from_verdicts(verdicts)) {
        (Some(_), Exit::Clean | Exit::Internal) => Exit::Target,
        (_, exit) => exit,
    };
    (emit.borrow_mut())(Event::RunFinished(RunFinished { elapsed_ms: clock.elapsed_ms(), exit, aborted }));
    Ok(exit)
}

fn access(target: &Target, options: &Options) -> Result<Access, RunError> {
    let tls_name = ServerName::try_from(target.tls_name.clone())
        .map_err(|_| RunError::Usage(format!("`{}` is no host name or address", target.tls_name)))?;
    let silence = options.deadline.mul_f64(options.time_scale);
    Ok(Access {
        plain: target.plain,
        implicit: target.implicit,
        tls: tls::client_config(&target.trust).map_err(RunError::Usage)?,
        tls_name,
        capabilities: Rc::default(),
        patience: Patience { silence, whole: silence * 4, limits: options.limits },
        time_scale: options.time_scale,
    })
}

/// What all scenarios of a run share.
struct Session<'r> {
    target: &'r mut Target,
    access: Access,
    catalogue: &'r Catalogue,
    seed: Seed,
    nonce: String,
    clock: Clock,
    watch: RefCell<Watch>,
}

impl Session<'_> {
    async fn play(&self, planned: &Planned<'_>, index: usize) -> ScenarioFinished {
        let scenario = planned.scenario;
        let at_ms = self.clock.elapsed_ms();
        let account = self.target.account(self.seed, index);
        let secrets = Secrets::of(&account.password);
        let mut result = self.blank(planned, at_ms);
        let messages = match self.provision(scenario, &account) {
            Ok(messages) => messages,
            Err(why) => {
                result.verdict = Verdict::Inconclusive;
                result.reason = Some(format!("the maildrop could not be filled: {why}"));
                return result;
            }
        };
        let control = scenario.is_negative().then(|| self.control(scenario)).flatten();
        if let Some(control) = control {
            if let Some(why) = self.control_fails(control, scenario, &account, &secrets, &planned.id).await {
                result.verdict = Verdict::Error;
                result.reason = Some(format!("the positive control before it failed, so it could show nothing: {why}"));
                result.elapsed_ms = self.clock.elapsed_ms().saturating_sub(at_ms);
                return result;
            }
        }
        let deliver = || self.deliver(&account);
        let part = Part {
            access: &self.access,
            scenario,
            steps: &scenario.steps,
            chunking: planned.chunking,
            messages: &messages,
            deliver: &deliver,
        };
        let mut outcome = Outcome::default();
        for _ in 0..scenario.repeat.max(1) {
            outcome = Engine::play(part, self.captures(&account)).await;
            if outcome.verdict() > Verdict::Info {
                break;
            }
        }
        let limits = self.access.patience.limits;
        for connection in &outcome.transcript {
            self.watch.borrow_mut().see(&planned.id, connection, limits, &secrets);
        }
        result.verdict = outcome.verdict();
        result.reason = outcome.stopped.as_ref().map(|(_, why)| secrets.mask(why));
        result.transcript = outcome.transcript.iter().map(|connection| printed(connection, &secrets)).collect();
        result.findings = outcome.findings;
        result.findings.iter_mut().for_each(|finding| secrets.mask_finding(finding));
        result.choices = outcome.choices;
        if let Some(control) = control.filter(|_| result.verdict <= Verdict::Warn) {
            if let Some(why) = self.control_fails(control, scenario, &account, &secrets, &planned.id).await {
                result.verdict = Verdict::Error;
                result.reason =
                    Some(format!("the positive control behind it failed, so its refusals may mean nothing: {why}"));
            }
        }
        result.elapsed_ms = self.clock.elapsed_ms().saturating_sub(at_ms);
        result
    }

    /// Plays the positive control; why it failed, if it did. The maildrop of a
    /// session that was cut off may be locked for a moment, so it is tried again
    /// until the deadline.
    async fn control_fails(
        &self,
        control: &Fragment,
        scenario: &Scenario,
        account: &Account,
        secrets: &Secrets,
        id: &str,
    ) -> Option<String> {
        let clock = Clock::start();
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            let part = Part {
                access: &self.access,
                scenario,
                steps: &control.steps,
                chunking: Chunking::Whole,
                messages: &[],
                deliver: &|| Err("the control delivers nothing".to_owned()),
            };
            let outcome = Engine::play(part, self.captures(account)).await;
            if outcome.verdict() == Verdict::Pass {
                for connection in &outcome.transcript {
                    self.watch.borrow_mut().see(id, connection, self.access.patience.limits, secrets);
                }
                return None;
            }
            if clock.elapsed() >= self.access.patience.silence {
                let finding = outcome.findings.first().map(|finding| {
                    format!("{}; expected {}, got {}", finding.summary, finding.expected, finding.actual)
                });
                let why = finding.or(outcome.stopped.map(|(_, why)| why)).unwrap_or_default();
                return Some(secrets.mask(&why));
            }
        }
    }

    /// The control on the same kind of connection as the scenario's.
    fn control(&self, scenario: &Scenario) -> Option<&Fragment> {
        let name = match scenario.needs.tls {
            Some(TlsNeed::Implicit) => "control-tls",
            _ if self.access.plain.is_none() => "control-tls",
            // Also where STLS is the question: a control that needs it would fail with it.
            Some(TlsNeed::Stls) | None => "control",
        };
        self.catalogue.fragments.get(name).or_else(|| self.catalogue.fragments.get("control"))
    }

    fn captures(&self, account: &Account) -> Captures {
        let mut captures = Captures::new();
        let words = [
            ("user", account.name.clone()),
            ("password", account.password.clone()),
            ("nobody", format!("nobody{}", &self.seed.word("nobody"))),
            ("wrong", self.seed.word("wrong")),
            ("nonce", self.nonce.clone()),
        ];
        for (name, value) in words {
            captures.set(name, Value::Octets(value.into_bytes()));
        }
        captures
    }

    /// Delivers one more message.
    fn deliver(&self, account: &Account) -> Result<(), String> {
        let message = format!("Subject: one more ({})\r\n\r\nDelivered during a session.\r\n", self.nonce);
        self.target.deliver(account, message.as_bytes())
    }

    /// Fills the maildrop; the canonical octets of what is in it.
    fn provision(&self, scenario: &Scenario, account: &Account) -> Result<Vec<Vec<u8>>, String> {
        if self.target.provisioning == Provisioning::None {
            return Ok(Vec::new());
        }
        // A scenario that works with anything gets something.
        let names = scenario.mailbox.clone().unwrap_or_else(|| vec!["plain".to_owned(), "two-lines".to_owned()]);
        let find = |name: &String| {
            self.catalogue.fixtures.get(name).ok_or_else(|| format!("there is no fixture `{name}` in the catalogue"))
        };
        let fixtures: Vec<&Fixture> = names.iter().map(find).collect::<Result<_, _>>()?;
        let stored: Vec<Vec<u8>> = fixtures.iter().map(|fixture| fixture.octets()).collect();
        self.target.fill(account, &stored)?;
        Ok(fixtures.iter().map(|fixture| fixture.canonical()).collect())
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
            at_ms,
            elapsed_ms: 0,
            findings: Vec::new(),
            choices: Vec::new(),
            transcript: Vec::new(),
        }
    }

    fn left_out(&self, planned: &Planned<'_>, verdict: Verdict, why: String) -> ScenarioFinished {
        ScenarioFinished { verdict, reason: Some(why), ..self.blank(planned, self.clock.elapsed_ms()) }
    }
}

/// A capability that the target file claims and CAPA does not announce is a
/// failure of the target, or of the claim.
fn claims(target: &Target, shown: &preflight::Shown) -> Vec<ScenarioFinished> {
    let missing: Vec<&str> =
        target.profile.iter().filter(|tag| !shown.capabilities.contains(*tag)).map(String::as_str).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let reason = format!("claimed by the target file and not announced by CAPA: {}", missing.join(", "));
    vec![ScenarioFinished {
        id: "target/claimed-profile".to_owned(),
        rev: 1,
        title: "CAPA announces what the target file claims".to_owned(),
        file: String::new(),
        verdict: Verdict::Fail,
        reason: Some(reason),
        level: pop3_scenario::verdict::Level::Must,
        security: false,
        requirements: Vec::new(),
        at_ms: 0,
        elapsed_ms: 0,
        findings: Vec::new(),
        choices: Vec::new(),
        transcript: Vec::new(),
    }]
}

/// The requirements that the log must explain, in the order of the registry.
fn cited(planned: &[Planned<'_>], registry: &Registry) -> Vec<CitedRequirement> {
    let mut ids: BTreeMap<&str, ()> = BTreeMap::new();
    for planned in planned {
        ids.extend(planned.scenario.requirements.iter().map(|id| (id.as_str(), ())));
        planned.scenario.for_each_step(|step| ids.extend(step.requirement().map(|id| (id, ()))));
    }
    ids.extend(pop3_spec::invariant::ALL.iter().map(|invariant| (invariant.requirement, ())));
    let cited = registry.iter().filter(|requirement| ids.contains_key(requirement.id.as_str()));
    cited
        .map(|requirement| CitedRequirement {
            id: requirement.id.clone(),
            rfc: requirement.rfc,
            section: requirement.section.clone(),
            text: requirement.text.clone(),
        })
        .collect()
}

//! A run from the first connection to the last event.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use pop3_proto::client::Limits;
use pop3_proto::login::Method;
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::{
    self, ChosenRuling, CitedRequirement, Event, RunFinished, RunStarted, ScenarioFinished, TargetReady,
};
use pop3_scenario::value::OAUTH;
use pop3_scenario::verdict::{Exit, Verdict};
use pop3_spec::registry::Registry;
use pop3_spec::ruling::Chosen;
use rustls_pki_types::ServerName;

use crate::account::{Account, Seed};
use crate::clock::{self, Clock};
use crate::connection::Patience;
use crate::course::Course;
use crate::engine::Access;
use crate::error::RunError;
use crate::plan::{Planned, Possibilities, Selection, exceptions_are_known};
use crate::preflight;
use crate::session::Session;
use crate::slow::{self, Times};
use crate::target::{EmbeddedTarget, Methods, Provisioning, Target, TargetSpec};
use crate::tls;
use crate::transcript::Secrets;

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server.
    pub target: TargetSpec,
    /// Which scenarios.
    pub selection: Selection,
    /// The number that derives accounts and passwords; `None` for a fresh one.
    pub seed: Option<u64>,
    /// The longest silence where octets are due; `None` for what the target file says, or [`DEADLINE`].
    pub deadline: Option<Duration>,
    /// Factor for every time, also those that scenarios claim. Below 1 it is for the
    /// embedded server only: then what takes minutes is shorter, in scenarios of tier
    /// slow and in the server's timers, and nothing else is.
    pub time_scale: f64,
    /// Scenarios at the same time at most; `None` for the target's own limit.
    pub jobs: Option<usize>,
    /// Capabilities that the target has, whatever CAPA says, in any letter case.
    pub claims: Vec<String>,
    /// Run scenarios that may remove mail also where the mail is somebody's.
    pub allow_delete: bool,
    /// How much is read of one reply.
    pub limits: Limits,
    /// How what is sent goes to the network, where a scenario does not say so.
    pub delivery: Delivery,
    /// Rulings that are read otherwise than by default.
    pub rulings: Chosen,
}

impl Options {
    /// Everything against the embedded server.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            target: TargetSpec::Embedded(EmbeddedTarget::default()),
            selection: Selection::default(),
            seed: None,
            deadline: None,
            time_scale: 1.0,
            jobs: None,
            claims: Vec::new(),
            allow_delete: false,
            limits: Limits::default(),
            delivery: Delivery::default(),
            rulings: Chosen::default(),
        }
    }
}

/// The longest silence where nothing else is said.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// A factor of times with which the tier slow takes seconds against the embedded server.
pub const QUICK_SLOW_TIER: f64 = 1.0 / 200.0;

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
    let exits = run_in_turn(options, &[options.delivery], catalogue, registry, on_event).await?;
    exits.into_iter().next().ok_or_else(|| RunError::Internal("no run was asked for".to_owned()))
}

/// Runs the same scenarios again and again on one server, once for each delivery, which
/// stand in place of the one of the options. Each run has its header and its footer.
///
/// # Errors
/// As [`run`]; what the runs before it showed has been reported.
pub async fn run_in_turn(
    options: &Options,
    deliveries: &[Delivery],
    catalogue: &Catalogue,
    registry: &Registry,
    on_event: &mut dyn FnMut(Event),
) -> Result<Vec<Exit>, RunError> {
    let seed = Seed(options.seed.unwrap_or_else(clock::fresh_seed));
    let planned = options.selection.plan(&catalogue.scenarios)?;
    if let TargetSpec::Spawn { file, .. } = &options.target {
        exceptions_are_known(&file.cannot, &catalogue.scenarios)?;
    }
    let times = Times::of(options, &planned)?;
    // One account for each result, and one for the first look.
    let accounts = accounts(&planned, seed)?;
    let with_neighbours = (1..).zip(&planned).filter(|(_, planned)| planned.scenario.needs.neighbour);
    let neighbours =
        std::iter::once(0).chain(with_neighbours.map(|(index, _)| index)).map(|index| seed.neighbour(index));
    let all: Vec<Account> = accounts.iter().cloned().chain(neighbours).collect();
    let mut target = Target::start(&options.target, &all, times.slow).await?;
    for tag in &options.claims {
        target.profile.insert(tag.to_uppercase());
        target.options.push_str(&format!(" --claim {}", shlex::try_quote(tag).unwrap_or_default()));
    }
    if options.time_scale != 1.0 {
        target.options = format!("{} --time-scale {}", target.options, options.time_scale).trim_start().to_owned();
    }
    let mut exits = Vec::new();
    for delivery in deliveries {
        let options = Options { delivery: *delivery, ..options.clone() };
        exits.push(run_on(&mut target, &options, catalogue, registry, (&planned, &accounts), seed, on_event).await);
        if exits.last().is_some_and(Result::is_err) {
            break;
        }
    }
    target.stop().await;
    exits.into_iter().collect()
}

async fn run_on(
    target: &mut Target,
    options: &Options,
    catalogue: &Catalogue,
    registry: &Registry,
    (planned, accounts): (&[Planned<'_>], &[Account]),
    seed: Seed,
    on_event: &mut dyn FnMut(Event),
) -> Result<Exit, RunError> {
    let clock = Clock::start();
    let times = Times::of(options, planned)?;
    let mut access = access(target, options, times)?;
    let nonce = seed.word("nonce");
    let accounts: Vec<Account> = accounts.iter().map(|made| target.account(made)).collect();
    let Some((first, accounts)) = accounts.split_first() else {
        return Err(RunError::Internal("there is no account".to_owned()));
    };
    let own = target.provisioning == Provisioning::OwnAccounts;
    if own {
        let message =
            format!("Subject: {nonce}\r\n\r\nThis message tells the runner that it speaks to the right server.\r\n");
        fill_first(target, first, message.into_bytes()).await?;
    }
    let shown = preflight::check(target, &access, first, own.then_some(nonce.as_str())).await?;
    let mut capabilities = shown.capabilities.clone();
    capabilities.extend(target.profile.iter().cloned());
    capabilities.extend(first.token.iter().map(|_| OAUTH.to_owned()));
    let stls = target.plain.is_some() && target.stls.unwrap_or_else(|| capabilities.contains("STLS"));
    let under_tls: BTreeSet<String> = capabilities.union(&shown.under_tls).cloned().collect();
    if shown.refuses_clear {
        capabilities.clone_from(&under_tls);
        access.refuses_clear = true;
    }
    let possibilities = Possibilities {
        provisioning: target.provisioning,
        allow_delete: options.allow_delete,
        neighbours: target.neighbour(seed, 0).is_some(),
        hooks: target.hooks(),
        cannot: target.cannot.clone(),
        implicit: target.implicit.is_some(),
        plain: target.plain.is_some(),
        refuses_clear: shown.refuses_clear,
        stls,
        capabilities: capabilities.clone(),
        under_tls: under_tls.clone(),
    };
    access.capabilities = Rc::new(capabilities);
    access.methods = shown.methods;
    let access_under_tls = Access { capabilities: Rc::new(under_tls), ..access.clone() };
    let obstacle = |(planned, account): (&Planned<'_>, &Account)| {
        let wishes = planned.scenario.account.is_some();
        let cannot = || wishes.then(|| target.cannot_have(account)).flatten().map(|why| (Verdict::Skipped, why));
        possibilities.obstacle(planned.scenario).or_else(cannot)
    };
    let obstacles: Vec<_> = planned.iter().zip(accounts).map(obstacle).collect();
    let claims = claims(target, &shown);
    on_event(Event::RunStarted(Box::new(RunStarted {
        format: event::FORMAT.to_owned(),
        suite: env!("CARGO_PKG_VERSION").to_owned(),
        started: clock::rfc3339(clock::unix_seconds()),
        target: target.name.clone(),
        target_version: target.version.clone(),
        target_description: target.description.clone(),
        target_options: target.options.clone(),
        selected: planned.len() + claims.len(),
        left_out: obstacles.iter().flatten().count(),
        seed: seed.0,
        requirements: cited(planned, registry),
        delivery: options.delivery,
        rulings: chosen(&options.rulings),
        slow: slow::announced(planned, &obstacles, target.concurrency, times.slow),
    })));
    on_event(Event::TargetReady(TargetReady {
        greeting: shown.greeting.clone(),
        capabilities: shown.listed.clone(),
        at_ms: clock.elapsed_ms(),
    }));

    let session = Session {
        target,
        access,
        access_under_tls,
        slow_scale: times.slow,
        catalogue,
        rulings: &options.rulings,
        seed,
        nonce,
        clock,
        watch: RefCell::default(),
        reviving: tokio::sync::Mutex::default(),
    };
    let emit = RefCell::new(on_event);
    let verdicts = RefCell::new(Vec::new());
    let finish = |result: ScenarioFinished| {
        verdicts.borrow_mut().push(result.verdict);
        (emit.borrow_mut())(Event::ScenarioFinished(Box::new(result)));
    };
    claims.into_iter().for_each(&finish);
    let ended_before = session.target.deaths();
    let course =
        Course { session: &session, planned, obstacles: &obstacles, accounts, jobs: options.jobs, ended_before };
    let begun = |started| (emit.borrow_mut())(Event::ScenarioStarted(started));
    let given_up = course.run(&begun, &finish).await;
    let ended = given_up.or_else(|| session.target.check_alive().err());
    let aborted = ended.map(|why| Secrets::of(&first.password).mask(&why));

    let mut verdicts = verdicts.into_inner();
    let asked = verdicts.iter().any(|verdict| !matches!(verdict, Verdict::Skipped | Verdict::Unsupported));
    for mut result in session.watch.into_inner().finish() {
        result.verdict = result.verdict.read_as(options.rulings.reading_of_check(&result.id));
        verdicts.push(result.verdict);
        (emit.borrow_mut())(Event::InvariantFinished(Box::new(result)));
    }
    let exit = match (&aborted, Exit::from_verdicts(verdicts)) {
        (Some(_), Exit::Clean | Exit::Internal) => Exit::Target,
        // Green would claim that something was asked.
        (None, Exit::Clean) if !asked => Exit::NothingSelected,
        (_, exit) => exit,
    };
    (emit.borrow_mut())(Event::RunFinished(RunFinished { elapsed_ms: clock.elapsed_ms(), exit, aborted }));
    Ok(exit)
}

/// Puts the message for the first look into its maildrop. A server that fills its maildrops
/// itself may still be starting.
async fn fill_first(target: &Target, account: &Account, message: Vec<u8>) -> Result<(), RunError> {
    let messages = [message];
    let clock = Clock::start();
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    loop {
        ticks.tick().await;
        let Err(why) = target.fill(account, &messages).await else { return Ok(()) };
        let why = Secrets::of(&account.password).mask(&why.into_words());
        if let Err(ended) = target.check_alive() {
            return Err(RunError::NotStarted {
                why: Secrets::of(&account.password).mask(&ended),
                help: preflight::BY_HAND.to_owned(),
            });
        }
        if clock.elapsed() >= target.ready_within {
            return Err(RunError::NotStarted {
                why: format!("the first maildrop of the target `{}` could not be filled: {why}", target.name),
                help: "look at `mail:` in the target file, and at the server's log".to_owned(),
            });
        }
    }
}

/// An account for each result, behind one for the first look.
fn accounts(planned: &[Planned<'_>], seed: Seed) -> Result<Vec<Account>, RunError> {
    let made = planned.iter().enumerate().map(|(index, planned)| {
        let wish = planned.scenario.account.as_ref();
        seed.account(index + 1).wished(wish).map_err(|why| RunError::Internal(format!("{}: {why}", planned.id)))
    });
    std::iter::once(Ok(seed.account(0))).chain(made).collect()
}

fn access(target: &Target, options: &Options, times: Times) -> Result<Access, RunError> {
    let tls_name = ServerName::try_from(target.tls_name.clone())
        .map_err(|_| RunError::Usage(format!("`{}` is no host name or address", target.tls_name)))?;
    let silence = options.deadline.or(target.deadline).unwrap_or(DEADLINE).mul_f64(times.usual);
    Ok(Access {
        plain: target.plain,
        implicit: target.implicit,
        tls: tls::client_config(&target.trust).map_err(RunError::Usage)?,
        trust: target.trust.clone(),
        tls_name,
        capabilities: Rc::default(),
        refuses_clear: false,
        // What the first look finds replaces these.
        methods: Methods { usual: Method::UserPass, under_tls: Method::UserPass },
        patience: Patience { silence, whole: silence * 4, limits: options.limits },
        time_scale: times.usual,
        delivery: options.delivery,
        at_once: options.jobs.unwrap_or(usize::MAX).min(target.concurrency),
    })
}

/// A capability that is claimed and that CAPA does not announce is a failure of
/// the target, or of the claim. A server without CAPA can announce nothing.
fn claims(target: &Target, shown: &preflight::Shown) -> Vec<ScenarioFinished> {
    let missing: Vec<&str> = target.profile.iter().filter(|tag| !shown.announces(tag)).map(String::as_str).collect();
    if missing.is_empty() || shown.listed.is_empty() {
        return Vec::new();
    }
    let reason = format!("claimed and not announced by CAPA: {}", missing.join(", "));
    vec![own_result("target/claimed-profile", "CAPA announces what the target claims", reason)]
}

/// A failure that is no scenario's.
pub(crate) fn own_result(id: &str, title: &str, reason: String) -> ScenarioFinished {
    ScenarioFinished {
        id: id.to_owned(),
        rev: 1,
        title: title.to_owned(),
        file: String::new(),
        verdict: Verdict::Fail,
        reason: Some(reason),
        level: pop3_scenario::verdict::Level::Must,
        security: false,
        requirements: Vec::new(),
        why: String::new(),
        fix: String::new(),
        at_ms: 0,
        elapsed_ms: 0,
        played_at_ms: None,
        findings: Vec::new(),
        choices: Vec::new(),
        transcript: Vec::new(),
    }
}

/// The choices that the log must tell.
fn chosen(rulings: &Chosen) -> Vec<ChosenRuling> {
    let rulings = rulings.iter();
    rulings
        .map(|(id, otherwise)| ChosenRuling { id: id.to_owned(), chosen: otherwise.chosen, default: otherwise.default })
        .collect()
}

/// The requirements that the log must explain, in the order of the registry.
fn cited(planned: &[Planned<'_>], registry: &Registry) -> Vec<CitedRequirement> {
    let mut ids: BTreeMap<&str, ()> = BTreeMap::new();
    for planned in planned {
        ids.extend(planned.scenario.requirements.iter().map(|id| (id.as_str(), ())));
        planned.scenario.for_each_step(|step| ids.extend(step.requirement().map(|id| (id, ()))));
    }
    ids.extend(pop3_spec::invariant::ALL.iter().flat_map(|invariant| invariant.requirements).map(|id| (*id, ())));
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

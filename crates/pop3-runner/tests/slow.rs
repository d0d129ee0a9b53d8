//! What takes minutes, played in seconds: on the embedded server, whose timers run by
//! the same factor as the scenarios' waits. A verdict on any other takes real time.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;
use std::path::Path;

use pop3_runner::account::Account;
use pop3_runner::plan::Selection;
use pop3_runner::target::{AddressTarget, AddressTls, EmbeddedTarget, TargetSpec};
use pop3_runner::tls::Trust;
use pop3_runner::{Options, QUICK_SLOW_TIER, run};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::event::{Event, ScenarioFinished, SlowPart};
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Verdict;
use pop3_spec::registry::Registry;

fn catalogue() -> Catalogue {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let (catalogue, diagnostics) = Catalogue::load_dir(&root, None);
    assert!(diagnostics.is_empty(), "{}", diagnostics.iter().map(ToString::to_string).collect::<String>());
    catalogue
}

/// The tier slow alone, on the embedded server.
fn options(target: EmbeddedTarget, time_scale: f64) -> Options {
    let selection = Selection { from: Tier::Slow, tier: Tier::Slow, ..Selection::default() };
    Options { target: TargetSpec::Embedded(target), selection, seed: Some(1), time_scale, ..Options::embedded() }
}

/// Plays, and once more with times four times as long what did not come out as it
/// should: a loaded machine must not decide.
async fn play(target: EmbeddedTarget, is_right: impl Fn(&ScenarioFinished) -> bool) -> BTreeMap<String, Verdict> {
    let mut results = BTreeMap::new();
    let mut only = Vec::new();
    for time_scale in [QUICK_SLOW_TIER, QUICK_SLOW_TIER * 4.0] {
        let mut options = options(target.clone(), time_scale);
        options.selection.only = std::mem::take(&mut only);
        let mut on_event = |event| {
            if let Event::ScenarioFinished(result) = event {
                only.extend((!is_right(&result)).then(|| result.id.clone()));
                results.insert(result.id.clone(), result.verdict);
            }
        };
        run(&options, &catalogue(), &Registry::default(), &mut on_event).await.unwrap();
        if only.is_empty() {
            break;
        }
    }
    results
}

#[tokio::test]
async fn the_honest_server_passes() {
    let right = |result: &ScenarioFinished| matches!(result.verdict, Verdict::Pass | Verdict::Unsupported);
    let results = play(EmbeddedTarget::default(), right).await;
    let passes = results.values().filter(|verdict| **verdict == Verdict::Pass).count();
    assert!(passes >= 7, "{results:?}");
    let others: Vec<_> = results.iter().filter(|(_, verdict)| **verdict != Verdict::Pass).collect();
    let needs_delay = |(id, verdict): &(&String, &Verdict)| {
        id.starts_with("rfc2449/login-delay/") && **verdict == Verdict::Unsupported
    };
    assert!(others.iter().all(needs_delay), "{others:?}");
}

#[tokio::test]
async fn a_delay_between_logins_ends_as_announced() {
    let variations = vec!["login-delay".parse().unwrap()];
    let target = EmbeddedTarget { variations, ..EmbeddedTarget::default() };
    let asked = |id: &str| id.starts_with("rfc2449/login-delay/");
    let results = play(target, |result| !asked(&result.id) || result.verdict == Verdict::Pass).await;
    let results: Vec<_> = results.iter().filter(|(id, _)| asked(id)).collect();
    assert!(results.len() >= 2 && results.iter().all(|(_, verdict)| **verdict == Verdict::Pass), "{results:?}");
}

/// Each fault that a slow scenario names is found by it, and by a verdict against the
/// server. The tests above are the control.
#[tokio::test]
async fn faults_of_timers_are_found() {
    let catalogue = catalogue();
    let slow = || catalogue.scenarios.iter().filter(|scenario| scenario.tier == Tier::Slow);
    let kills: Vec<(&str, &str)> =
        slow().flat_map(|scenario| scenario.kills.iter().map(|kill| (kill.as_str(), scenario.id.as_str()))).collect();
    assert!(kills.len() >= 7, "{kills:?}");
    let found = kills.iter().map(|(kill, id)| async move {
        let target = EmbeddedTarget { faults: vec![kill.parse().unwrap()], ..EmbeddedTarget::default() };
        let is_found = |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn);
        let results = play(target, |result| result.id != *id || is_found(result.verdict)).await;
        (!is_found(results[*id])).then(|| format!("{kill}: {id} says {}", results[*id]))
    });
    let missed: Vec<String> = futures_util::future::join_all(found).await.into_iter().flatten().collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// Ten minutes of another server are ten minutes.
#[tokio::test]
async fn a_factor_below_one_is_for_the_embedded_server() {
    let target = TargetSpec::Address(AddressTarget {
        host: "127.0.0.1:1".to_owned(),
        address: "127.0.0.1:1".parse().unwrap(),
        tls: AddressTls::Plain,
        account: Account::new("a", "b"),
        trust: Trust::Anybody,
        options: String::new(),
    });
    let options = Options { target, ..options(EmbeddedTarget::default(), 0.5) };
    let error = run(&options, &catalogue(), &Registry::default(), &mut |_| {}).await.err().unwrap();
    assert!(error.to_string().contains("takes ten minutes"), "{error}");
}

/// A small catalogue: a slow scenario with this body, and a quick one.
fn small(body: &str) -> Catalogue {
    let head = |id: &str| format!("format: pop3-scenario/1\nid: t/{id}\ntitle: A test\nmailbox: []\n");
    let files = [
        ("t/slow.yaml", head("slow") + body),
        ("t/quick.yaml", head("quick") + "steps: [{open: {}}, {S: +OK}]\n"),
        ("fragments/control.yaml", "format: pop3-fragment/1\ntitle: T\nsteps: [{open: {}}, {S: +OK}]\n".to_owned()),
    ];
    let (catalogue, diagnostics) = Catalogue::load(files.map(|(path, text)| (path.to_owned(), text)), None);
    assert!(diagnostics.is_empty(), "{}", diagnostics.iter().map(ToString::to_string).collect::<String>());
    catalogue
}

async fn events(options: &Options, catalogue: &Catalogue) -> Vec<Event> {
    let mut events = Vec::new();
    run(options, catalogue, &Registry::default(), &mut |event| events.push(event)).await.unwrap();
    events
}

fn results(events: &[Event]) -> Vec<&ScenarioFinished> {
    let finished = events.iter().filter_map(|event| match event {
        Event::ScenarioFinished(result) => Some(&**result),
        _ => None,
    });
    finished.collect()
}

#[tokio::test]
async fn a_slow_scenario_waits_beside_the_rest_and_is_announced() {
    let catalogue = small("tier: slow\nbudget: 11m\nsteps: [{open: {}}, {S: +OK}, {silent: 10m}]\n");
    let mut options = options(EmbeddedTarget::default(), QUICK_SLOW_TIER);
    options.selection.from = Tier::Gate;
    // One place, and the waiting takes none.
    options.jobs = Some(1);
    let events = events(&options, &catalogue).await;
    let Event::RunStarted(header) = &events[0] else { unreachable!("the first event is the header") };
    assert_eq!(header.slow, Some(SlowPart { scenarios: 1, at_once: 1, longest_ms: 3300 }));
    let ends: Vec<_> = results(&events).iter().map(|result| (result.id.as_str(), result.verdict)).collect();
    assert_eq!(ends, [("t/quick", Verdict::Pass), ("t/slow", Verdict::Pass)]);
}

#[tokio::test]
async fn over_its_budget_a_scenario_is_inconclusive() {
    // The second wait is longer than anybody knows before the run.
    let body = "tier: slow\nbudget: 1s\nsteps:\n- open: {}\n- S: \"+OK {:word} {:word} {rest:rest}\"\n- wait: {seconds: len(rest) + 60}\n";
    let options =
        Options { deadline: Some(std::time::Duration::from_millis(50)), ..options(EmbeddedTarget::default(), 1.0) };
    let events = events(&options, &small(body)).await;
    let results = results(&events);
    assert_eq!(results[0].verdict, Verdict::Inconclusive);
    let reason = results[0].reason.as_deref().unwrap();
    assert_eq!(reason, "it was not at its end when its budget of 1 second was over");
    // What was said until then is kept.
    assert!(!results[0].transcript.is_empty());
}

#[tokio::test]
async fn a_number_that_nobody_waits_for_is_inconclusive() {
    let body = "tier: slow\nbudget: 1m\nsteps: [{open: {}}, {S: +OK}, {wait: {seconds: 3601}}]\n";
    let events = events(&options(EmbeddedTarget::default(), 1.0), &small(body)).await;
    let results = results(&events);
    assert_eq!(results[0].verdict, Verdict::Inconclusive);
    assert!(results[0].reason.as_deref().unwrap().contains("3601 s"), "{:?}", results[0].reason);
}

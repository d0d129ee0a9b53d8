//! A check that has never failed is not yet a check: every seeded fault is
//! detected by every scenario whose `kills` names it, and by at least one.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use pop3_runner::plan::Selection;
use pop3_runner::target::{EmbeddedTarget, TargetSpec};
use pop3_runner::{Options, RunError, run};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::event::Event;
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Verdict;
use pop3_server::fault::Fault;
use pop3_spec::registry::{Registry, is_requirement_file};

/// Faults that show at the first look, with exit code 3, before any scenario is
/// played. No other fault may be detected so: that would hide scenarios that miss it.
const AT_FIRST_LOOK: [&str; 3] = ["capa-unterminated", "negative-greeting", "no-greeting-until-spoken-to"];

/// Faults that always-on checks see and no assertion of a scenario can. The self-test
/// has them detected too.
const ONLY_ALWAYS_ON: [&str; 6] = [
    "lang-texts-latin-1",
    "reply-bare-lf",
    "reply-with-eight-bit",
    "status-line-too-long",
    "status-lower-case",
    "text-without-space",
];

const QUICK: Duration = Duration::from_millis(700);
const PATIENT: Duration = Duration::from_secs(5);

fn catalogue() -> (Catalogue, Registry) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let files = std::fs::read_dir(root.join("requirements")).unwrap().filter_map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        is_requirement_file(&name).then(|| (name, std::fs::read_to_string(&path).unwrap()))
    });
    let registry = Registry::load(files).unwrap();
    let known = registry.iter().map(|requirement| requirement.id.clone()).collect();
    let (catalogue, diagnostics) = Catalogue::load_dir(&root, Some(known));
    assert!(diagnostics.is_empty(), "{}", diagnostics.iter().map(ToString::to_string).collect::<String>());
    (catalogue, registry)
}

/// Verdicts by scenario id (variants joined: the gravest), and of the always-on checks.
async fn verdicts(
    catalogue: &Catalogue,
    registry: &Registry,
    faults: &[&str],
    only: Vec<String>,
    deadline: Duration,
) -> BTreeMap<String, Verdict> {
    let options = Options {
        target: TargetSpec::Embedded(EmbeddedTarget {
            faults: faults.iter().map(|slug| slug.parse().unwrap()).collect(),
            ..EmbeddedTarget::default()
        }),
        selection: Selection { only, skip: Vec::new(), tier: Tier::Slow },
        seed: Some(1),
        deadline,
        ..Options::embedded()
    };
    let mut verdicts = BTreeMap::new();
    let mut note = |id: &str, verdict: Verdict| {
        let id = id.split('[').next().unwrap().to_owned();
        let before = verdicts.entry(id).or_insert(verdict);
        *before = verdict.max(*before);
    };
    let mut on_event = |event| match event {
        Event::ScenarioFinished(result) => note(&result.id, result.verdict),
        Event::InvariantFinished(result) => {
            note(&result.id, result.verdict);
            // A breach in a scenario's dialogue is that scenario's catch.
            result.examples.iter().for_each(|example| note(&example.scenario, result.verdict));
        }
        _ => {}
    };
    let at_first_look = faults.iter().any(|slug| AT_FIRST_LOOK.contains(slug));
    match run(&options, catalogue, registry, &mut on_event).await {
        Ok(_) if at_first_look => panic!("{faults:?}: the first look passes; take it off the list"),
        Ok(_) => verdicts,
        Err(RunError::WrongTarget { .. }) if at_first_look => {
            options.selection.only.into_iter().map(|id| (id, Verdict::Fail)).collect()
        }
        Err(error) => panic!("{faults:?}: {error}"),
    }
}

/// A seeded fault counts as detected by a breach, graded by its level, not by
/// silence or by an error of ours.
fn detects(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Warn)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_detected_by_every_scenario_that_claims_it() {
    let (catalogue, registry) = catalogue();
    let mut missed = Vec::new();
    let unknown =
        catalogue.scenarios.iter().flat_map(|scenario| scenario.kills.iter().map(move |kill| (scenario, kill)));
    for (scenario, kill) in unknown {
        if kill.parse::<Fault>().is_err() {
            missed.push(format!("{} names the fault `{kill}`, which does not exist", scenario.id));
        }
    }
    for fault in Fault::ALL {
        let claims: Vec<String> = catalogue
            .scenarios
            .iter()
            .filter(|scenario| scenario.kills.iter().any(|kill| kill == fault.slug()))
            .map(|scenario| scenario.id.clone())
            .collect();
        if claims.is_empty() && ONLY_ALWAYS_ON.contains(&fault.slug()) {
            continue;
        }
        if claims.is_empty() {
            missed.push(format!("no scenario claims to detect `{}`", fault.slug()));
            continue;
        }
        // Faults that swallow a reply are waited for, and the server is in this
        // process; but a loaded machine must not decide, so misses get more time.
        let mut left = claims;
        let mut seen = BTreeMap::new();
        for deadline in [QUICK, PATIENT] {
            if !left.is_empty() {
                seen = verdicts(&catalogue, &registry, &[fault.slug()], left.clone(), deadline).await;
                left.retain(|id| !seen.get(id).is_some_and(|verdict| detects(*verdict)));
            }
        }
        for id in left {
            missed.push(format!("`{}` is not detected by {id}: {:?}", fault.slug(), seen.get(&id)));
        }
    }
    assert!(missed.is_empty(), "{} gaps:\n{}", missed.len(), missed.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_honest_server_passes_everything() {
    let (catalogue, registry) = catalogue();
    let verdicts = verdicts(&catalogue, &registry, &[], Vec::new(), PATIENT).await;
    assert!(verdicts.len() > 100, "only {} results", verdicts.len());
    let not: Vec<_> = verdicts.iter().filter(|(_, verdict)| **verdict > Verdict::Info).collect();
    assert!(not.is_empty(), "{not:#?}");
}

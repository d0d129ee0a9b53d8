//! TCP carries octets and not lines: however a run cuts what it sends, every verdict
//! is the same, for the same reason, and a defect is found where it is.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;
use std::path::Path;

use pop3_runner::plan::Selection;
use pop3_runner::target::{EmbeddedTarget, TargetSpec};
use pop3_runner::{Options, run};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::{Event, ScenarioFinished};
use pop3_scenario::scenario::Scenario;
use pop3_scenario::verdict::Verdict;
use pop3_spec::registry::{Registry, is_requirement_file};

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

/// What must not depend on the delivery: the verdict, the places of the findings, the
/// alternatives taken.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    verdict: Verdict,
    places: Vec<String>,
    choices: Vec<String>,
}

impl From<&ScenarioFinished> for Outcome {
    fn from(result: &ScenarioFinished) -> Self {
        let place = |place: &pop3_scenario::event::Place| format!("{}:{}:{}", place.file, place.line, place.column);
        let mut choices: Vec<String> =
            result.choices.iter().map(|choice| format!("{}: {}", choice.step, choice.id)).collect();
        // Branches of a `parallel` take turns as they come.
        choices.sort();
        let places = result.findings.iter().map(|finding| place(&finding.place)).collect();
        Self { verdict: result.verdict, places, choices }
    }
}

/// The outcomes by id: of everything on the honest server, and on one with a fault of
/// the scenarios that must find it. Always-on checks have a verdict and nothing else.
async fn outcomes(
    catalogue: &Catalogue,
    registry: &Registry,
    fault: Option<&str>,
    delivery: Delivery,
) -> BTreeMap<String, Outcome> {
    let faults = fault.iter().map(|slug| slug.parse().unwrap()).collect();
    let kills = |scenario: &&Scenario| scenario.kills.iter().any(|slug| fault == Some(slug.as_str()));
    let only = catalogue.scenarios.iter().filter(kills).map(|scenario| scenario.id.clone()).collect();
    let selection = Selection { only, ..Selection::default() };
    let target = TargetSpec::Embedded(EmbeddedTarget { faults, ..EmbeddedTarget::default() });
    let options = Options { target, selection, seed: Some(1), delivery, ..Options::embedded() };
    let mut outcomes = BTreeMap::new();
    let mut on_event = |event| match event {
        Event::RunStarted(header) => assert_eq!(header.delivery, delivery),
        Event::ScenarioFinished(result) => drop(outcomes.insert(result.id.clone(), Outcome::from(&*result))),
        Event::InvariantFinished(result) => {
            let outcome = Outcome { verdict: result.verdict, places: Vec::new(), choices: Vec::new() };
            outcomes.insert(result.id, outcome);
        }
        _ => {}
    };
    run(&options, catalogue, registry, &mut on_event).await.unwrap();
    outcomes
}

/// Faults in what a server says, which must be found however it is asked. Those in how
/// it takes segments have scenarios that cut by themselves.
const FAULTS: [&str; 4] =
    ["stat-octets-off", "top-without-blank-line", "delete-on-disconnect", "extra-argument-ignored"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verdicts_do_not_depend_on_how_octets_are_delivered() {
    let (catalogue, registry) = catalogue();
    let mut differ = Vec::new();
    for fault in std::iter::once(None).chain(FAULTS.map(Some)) {
        let whole = outcomes(&catalogue, &registry, fault, Delivery::Whole).await;
        let broken = whole.values().filter(|outcome| outcome.verdict.needs_attention()).count();
        assert_eq!(broken > 0, fault.is_some(), "{fault:?}: {broken} broken of {}", whole.len());
        for delivery in Delivery::ALL.into_iter().skip(1) {
            let other = outcomes(&catalogue, &registry, fault, delivery).await;
            assert!(whole.keys().eq(other.keys()), "{fault:?} {delivery}");
            let pairs = whole.iter().zip(other.values()).filter(|((_, whole), other)| whole != other);
            differ.extend(
                pairs.map(|((id, whole), other)| format!("{fault:?} {id}: {whole:?}\n    {delivery}: {other:?}")),
            );
        }
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
}

//! A suite is believed when it stays silent on what is legal: the whole catalogue
//! on the honest server in each of its legal variations.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pop3_runner::plan::Selection;
use pop3_runner::target::{EmbeddedTarget, TargetSpec};
use pop3_runner::{Options, run};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::event::Event;
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Verdict;
use pop3_server::variation::{Expected, Variation};
use pop3_spec::registry::{Registry, is_requirement_file};

/// Variations at the same time.
const AT_ONCE: usize = 4;

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

/// Whether the suite may say so of a server that is right: a result that leaves
/// the server alone, or a warning that the variation's row names.
fn is_right(expected: Expected, id: &str, verdict: Verdict) -> bool {
    match verdict {
        Verdict::Pass | Verdict::Info | Verdict::Unsupported | Verdict::Skipped => true,
        Verdict::Warn => expected.allows_warning(id.split('[').next().unwrap_or(id)),
        Verdict::Inconclusive => expected == Expected::Undecided,
        Verdict::Fail | Verdict::Error => false,
    }
}

/// What the suite says of a variation and should not, and how much it says in all.
async fn findings(catalogue: &Catalogue, registry: &Registry, variation: Option<Variation>) -> (Vec<String>, usize) {
    let options = Options {
        target: TargetSpec::Embedded(EmbeddedTarget {
            variations: variation.into_iter().collect(),
            ..EmbeddedTarget::default()
        }),
        selection: Selection { only: Vec::new(), skip: Vec::new(), tier: Tier::Slow },
        seed: Some(1),
        deadline: Duration::from_secs(10),
        ..Options::embedded()
    };
    let expected = variation.map_or(Expected::Silence, Variation::expected);
    let slug = variation.map_or("plain", Variation::slug);
    let (mut wrong, mut passed, mut warned) = (Vec::new(), 0, Vec::new());
    let mut note = |id: &str, verdict: Verdict, why: String| {
        passed += usize::from(verdict == Verdict::Pass);
        if verdict == Verdict::Warn {
            warned.push(id.split('[').next().unwrap_or(id).to_owned());
        }
        if !is_right(expected, id, verdict) {
            wrong.push(format!("{slug}: {id} says {verdict:?}: {why}"));
        }
    };
    let mut on_event = |event| match event {
        Event::ScenarioFinished(result) => {
            let why = result.findings.iter().map(|finding| format!("\n    {finding:?}")).collect();
            note(&result.id, result.verdict, why);
        }
        Event::InvariantFinished(result) => note(&result.id, result.verdict, format!("{:?}", result.examples.first())),
        _ => {}
    };
    if let Err(error) = run(&options, catalogue, registry, &mut on_event).await {
        wrong.push(format!("{slug}: {error}"));
    }
    if let Expected::Warnings(ids) = expected {
        let silent = ids.iter().filter(|id| !warned.iter().any(|warned| warned == *id));
        wrong.extend(silent.map(|id| format!("{slug}: {id} does not warn; take it off the row")));
    }
    (wrong, passed)
}

/// All runs, some at a time, each with a clock and a server of its own.
fn findings_of_all(variations: &[Option<Variation>]) -> Vec<(Vec<String>, usize)> {
    let (catalogue, registry) = catalogue();
    let next = AtomicUsize::new(0);
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut mine = Vec::new();
        while let Some(variation) = variations.get(next.fetch_add(1, Ordering::Relaxed)) {
            mine.push(runtime.block_on(findings(&catalogue, &registry, *variation)));
        }
        mine
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
fn the_suite_is_silent_on_every_legal_variation() {
    let all: Vec<_> = Variation::ALL.iter().copied().map(Some).chain([None]).collect();
    let found = findings_of_all(&all);
    let wrong: Vec<&str> = found.iter().flat_map(|(wrong, _)| wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} false alarms:\n{}", wrong.len(), wrong.join("\n"));
    // Silence because nothing was asked proves nothing.
    assert!(found.iter().all(|(_, passed)| *passed > 80), "{found:?}");
}

//! Invariants rest on rows of the registry and on rulings, and are not graded above
//! them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use pop3_spec::invariant::ALL;
use pop3_spec::registry::Registry;
use pop3_spec::requirement::Strength;
use pop3_spec::ruling::Rulings;

fn scenarios() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

fn registry() -> Registry {
    let files = std::fs::read_dir(scenarios().join("requirements")).unwrap().map(|entry| entry.unwrap().path());
    let yaml = files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let texts = yaml.map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    });
    Registry::load(texts).unwrap()
}

fn grade(strength: Strength) -> u8 {
    match strength {
        Strength::Must | Strength::MustNot => 2,
        Strength::Should | Strength::ShouldNot => 1,
        Strength::May => 0,
    }
}

#[test]
fn no_invariant_asks_for_more_than_its_requirements() {
    let registry = registry();
    let mut seen = 0;
    for invariant in ALL {
        assert!(!invariant.requirements.is_empty(), "{}", invariant.id);
        for id in invariant.requirements {
            let requirement = registry.by_id(id);
            assert!(requirement.is_some(), "{} cites {id}, which the registry lacks", invariant.id);
            let binding = requirement.unwrap().binding();
            assert!(grade(invariant.binding) <= grade(binding), "{}: {id} is a {binding} only", invariant.id);
            seen += 1;
        }
    }
    assert!(seen > ALL.len());
}

#[test]
fn invariants_and_rulings_name_each_other() {
    let path = scenarios().join("rulings.yaml");
    let rulings = Rulings::load("rulings.yaml", &std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(ALL.iter().filter(|invariant| invariant.ruling.is_some()).count() > 5);
    for invariant in ALL {
        assert_eq!(
            invariant.ruling,
            rulings.of_check(invariant.id).map(|ruling| ruling.id.as_str()),
            "{}",
            invariant.id
        );
    }
}

//! A suite is believed when it stays silent on what is legal: the whole catalogue
//! on the honest server in each of its legal variations.

use std::path::Path;

use pop3_runner::self_test::{Exceptions, Scope, self_test};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::matrix::Rule;
use pop3_scenario::verdict::Verdict;
use pop3_server::variation::Variation;
use pop3_spec::registry::{Registry, is_requirement_file};

#[test]
fn the_suite_is_silent_on_every_legal_variation() {
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
    let text = std::fs::read_to_string(root.join("self-test.yaml")).unwrap();
    let exceptions = Exceptions::load("self-test.yaml", &text).unwrap();

    let scope = Scope { faults: Vec::new(), assertions: false, ..Scope::whole() };
    let matrix = self_test(&scope, &catalogue, &registry, &exceptions, &|_, _| {}).unwrap();
    let said = matrix.problems.iter().filter(|problem| problem.rule == Rule::VariationSilent);
    let said: Vec<&str> = said.map(|problem| problem.what.as_str()).collect();
    assert!(said.is_empty(), "{} false alarms:\n{}", said.len(), said.join("\n"));
    assert_eq!(matrix.variations.len(), Variation::ALL.len());
    for row in &matrix.variations {
        // No exception lets a server that is right be called wrong.
        for remark in &row.remarks {
            assert!(remark.verdict < Verdict::Fail, "{}: {} says {}", row.slug, remark.by, remark.verdict);
        }
        // Silence because nothing was asked proves nothing.
        assert!(row.not_asked < matrix.scenarios.len() / 2, "{}: {} are not asked", row.slug, row.not_asked);
    }
}

//! Scenario ids are their paths; scenarios cite requirements and rulings that
//! exist, requirements cite rulings that exist, and what a ruling decides by
//! default is what the scenarios have.

use std::collections::BTreeSet;

use pop3_scenario::Catalogue;
use pop3_scenario::diagnostic::Diagnostic;
use pop3_scenario::lint;
use pop3_spec::registry::{Registry, is_requirement_file};
use pop3_spec::ruling::Rulings;

use crate::error::Problem;
use crate::tree::TextFile;

const REQUIREMENTS: &str = "scenarios/requirements/";
const RULINGS: &str = "scenarios/rulings.yaml";

pub(super) fn problems(files: &[TextFile]) -> Vec<Problem> {
    let (requirements, catalogue): (Vec<&TextFile>, Vec<&TextFile>) =
        files.iter().partition(|file| file.path.starts_with(REQUIREMENTS));
    if let Some(stray) = requirements.iter().find(|file| !is_requirement_file(file.name())) {
        return vec![Problem::new(&stray.path, "is no requirement file, which nothing reads; name it rfcNNNN.yaml")];
    }
    let registry = Registry::load(requirements.iter().map(|file| (file.path.clone(), file.text.clone())));
    let registry = match registry {
        Ok(registry) => registry,
        Err(error) => return vec![Problem::new(REQUIREMENTS, error.to_string())],
    };
    let ids: BTreeSet<String> = registry.iter().map(|requirement| requirement.id.to_string()).collect();
    let files = catalogue.iter().map(|file| {
        let path = file.path.strip_prefix("scenarios/").unwrap_or(&file.path);
        (path.to_owned(), file.text.clone())
    });
    let (loaded, diagnostics) = Catalogue::load(files, Some(ids));
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let mut problems: Vec<Problem> = errors.map(problem).collect();
    let text = catalogue.iter().find(|file| file.path == RULINGS).map(|file| file.text.as_str());
    match text.map_or_else(|| Ok(Rulings::default()), |text| Rulings::load(RULINGS, text)) {
        Ok(rulings) => {
            let found = lint::rulings(&loaded.scenarios, &rulings);
            problems.extend(found.iter().map(problem));
            problems.extend(unresolved(&registry, &rulings));
        }
        Err(error) => problems.push(Problem::new(RULINGS, error.to_string())),
    }
    problems
}

fn problem(diagnostic: &Diagnostic) -> Problem {
    let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    Problem::new(format!("scenarios/{}", diagnostic.location()), format!("{}{help}", diagnostic.message))
}

/// Requirements that rest on a ruling which is not there.
fn unresolved(registry: &Registry, rulings: &Rulings) -> Vec<Problem> {
    let cited = registry.iter().filter_map(|requirement| Some((requirement, requirement.ruling.as_deref()?)));
    let missing = cited.filter(|(_, id)| rulings.by_id(id).is_none());
    missing
        .map(|(requirement, id)| {
            let place = format!("{REQUIREMENTS}rfc{}.yaml", requirement.rfc);
            let text =
                format!("{}: ruling `{id}` is not in {RULINGS}; add it there, or correct the id", requirement.id);
            Problem::new(place, text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    const REGISTRY: &str = "format: pop3-requirements/1\nrfc: 0\ntitle: POP3\nsections:\n  '5': The TRANSACTION State\n\
        requirements:\n- id: rfc0-5-noop\n  side: server\n  section: '5'\n  level: implied\n  strength: must\n  text: NOOP is answered.\n  \
        observe: '+OK comes.'\n  class: [wire]\n";

    fn scenario(id: &str, requirement: &str) -> String {
        format!(
            "format: pop3-scenario/1\nid: {id}\nrev: 1\ntitle: NOOP is answered\nrequirements: [{requirement}]\n\
             level: must\ntier: gate\ndestructive: false\nsteps:\n- open: {{}}\n- S: +OK\n- C: QUIT\n- S: +OK\n- eof: {{}}\n"
        )
    }

    #[test]
    fn ids_are_paths_and_citations_exist() {
        let check = |id: &str, requirement: &str, want: &str| {
            let got: Vec<String> = problems(&[
                file("scenarios/requirements/rfc0.yaml", REGISTRY),
                file("scenarios/rfc1939/noop.yaml", &scenario(id, requirement)),
            ])
            .iter()
            .map(ToString::to_string)
            .collect();
            let found =
                got.iter().any(|problem| problem.contains(want) && problem.starts_with("scenarios/rfc1939/noop.yaml:"));
            assert!(if want.is_empty() { got.is_empty() } else { found }, "{id} {requirement}: {got:?}");
        };
        check("rfc1939/noop", "rfc0-5-noop", "");
        check("rfc1939/other", "rfc0-5-noop", "rfc1939/other");
        check("rfc1939/noop", "rfc0-5-nothing", "rfc0-5-nothing");
    }

    #[test]
    fn requirement_files_are_named_for_their_rfc() {
        let got = problems(&[file("scenarios/requirements/pop3.yaml", REGISTRY)]);
        let want = "is no requirement file, which nothing reads; name it rfcNNNN.yaml";
        assert_eq!(got, [Problem::new("scenarios/requirements/pop3.yaml", want)]);
    }

    #[test]
    fn rulings_and_citations_agree() {
        let check = |registry: &str, rulings: &[&str], steps: &str, want: &[&str]| {
            let row = |id: &&str| {
                format!("- {{id: {id}, question: q, options: [warn], texts: t, default: warn, why: w, effect: e}}\n")
            };
            let rows = format!("format: pop3-rulings/1\nrulings:\n{}", rulings.iter().map(row).collect::<String>());
            let text = scenario("rfc1939/noop", "rfc0-5-noop").replace("- C: QUIT", &format!("{steps}- C: QUIT"));
            let mut files =
                vec![file("scenarios/requirements/rfc0.yaml", registry), file("scenarios/rfc1939/noop.yaml", &text)];
            files.extend((!rulings.is_empty()).then(|| file(RULINGS, &rows)));
            let got: Vec<String> = problems(&files).iter().map(ToString::to_string).collect();
            assert_eq!(got.len(), want.len(), "{steps}: {got:?}");
            for (got, want) in got.iter().zip(want) {
                assert!(got.contains(want), "{steps}: {got}, expected {want}");
            }
        };
        let taken = "- C: NOOP x\n- one_of:\n  - {id: refused, S: -ERR, verdict: pass}\n  \
            - {id: taken, S: +OK, verdict: warn, ruling: a-11}\n";
        let checked = "- check: {that: 1 == 1, level: should, ruling: a-12}\n";
        let both = format!("{taken}{checked}");
        let missing = "scenarios/rfc1939/noop.yaml:15:5: no ruling is called `a-11`";
        check(REGISTRY, &[], "", &[]);
        check(REGISTRY, &["a-11"], taken, &[]);
        check(REGISTRY, &["a-11", "a-12"], &both, &[]);
        check(REGISTRY, &[], taken, &[missing]);
        check(REGISTRY, &["a-12"], &both, &[missing]);
        check(REGISTRY, &["a-11"], &both, &["no ruling is called `a-12`"]);
        // A ruling may wait for its first scenario.
        check(REGISTRY, &["a-11", "a-12"], checked, &[]);
        check(REGISTRY, &["a-1"], "", &["scenarios/rulings.yaml: id `a-1` is no ruling's id"]);
        let against = taken.replace("warn", "info");
        check(REGISTRY, &["a-11"], &against, &["noop.yaml:15:5: the grade is `info`, and ruling a-11 decides `warn`"]);
        let resting = format!("{REGISTRY}  ruling: a-11\n");
        check(&resting, &["a-11"], "", &[]);
        let unresolved = "rfc0.yaml: rfc0-5-noop: ruling `a-11` is not in scenarios/rulings.yaml";
        check(&resting, &["a-12"], "", &[unresolved]);
        check(&resting, &[], "", &[unresolved]);
        // A scenario that does not load cites nothing.
        check(REGISTRY, &["a-11"], "- nonsense: 1\n", &["nonsense"]);
    }
}

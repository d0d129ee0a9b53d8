//! Scenario ids are their paths; scenarios cite requirements and rulings that
//! exist, and no ruling is there without a scenario that rests on it.

use std::collections::BTreeSet;

use pop3_scenario::Catalogue;
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
    let mut problems: Vec<Problem> = errors
        .map(|diagnostic| {
            let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
            let text = format!("{}{help}", diagnostic.message);
            Problem::new(format!("scenarios/{}", diagnostic.location()), text)
        })
        .collect();
    let text = catalogue.iter().find(|file| file.path == RULINGS).map(|file| file.text.as_str());
    match text.map_or_else(|| Ok(Rulings::default()), |text| Rulings::load(RULINGS, text)) {
        Ok(rulings) => {
            // Scenarios that do not load cite nothing: no reason to blame a ruling.
            let sound = problems.is_empty();
            problems.extend(rulings_agree(&loaded, &rulings, sound));
        }
        Err(error) => problems.push(Problem::new(RULINGS, error.to_string())),
    }
    problems
}

/// Rulings cited and not there, and (when all scenarios are loaded) the reverse.
fn rulings_agree(catalogue: &Catalogue, rulings: &Rulings, all_loaded: bool) -> Vec<Problem> {
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    // A set, since the steps of one fragment come by many scenarios.
    let mut problems: BTreeSet<Problem> = BTreeSet::new();
    for scenario in &catalogue.scenarios {
        scenario.for_each_step(|step| {
            for (id, span) in step.rulings() {
                cited.insert(id);
                if rulings.by_id(id).is_none() {
                    let place = format!("scenarios/{}:{}:{}", span.file.path, span.line, span.column);
                    let text = format!("ruling `{id}` is not in {RULINGS}; add it there, or correct the id");
                    problems.insert(Problem::new(place, text));
                }
            }
        });
    }
    let idle = rulings.iter().filter(|ruling| all_loaded && !cited.contains(ruling.id.as_str()));
    problems.extend(idle.map(|ruling| {
        let text =
            format!("ruling `{}` is cited by no scenario; cite it where a grade rests on it, or remove it", ruling.id);
        Problem::new(RULINGS, text)
    }));
    problems.into_iter().collect()
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
        let check = |rulings: Option<&[&str]>, steps: &str, want: &[&str]| {
            let rows = |ids: &[&str]| {
                let row = |id: &&str| {
                    format!("- {{id: {id}, question: q, options: [warn], texts: t, default: warn, why: w}}\n")
                };
                format!("format: pop3-rulings/1\nrulings:\n{}", ids.iter().map(row).collect::<String>())
            };
            let text = scenario("rfc1939/noop", "rfc0-5-noop").replace("- C: QUIT", &format!("{steps}- C: QUIT"));
            let mut files =
                vec![file("scenarios/requirements/rfc0.yaml", REGISTRY), file("scenarios/rfc1939/noop.yaml", &text)];
            files.extend(rulings.map(|ids| file(RULINGS, &rows(ids))));
            let got: Vec<String> = problems(&files).iter().map(ToString::to_string).collect();
            assert_eq!(got.len(), want.len(), "{steps}: {got:?}");
            for (got, want) in got.iter().zip(want) {
                assert!(got.contains(want), "{steps}: {got}, expected {want}");
            }
        };
        let taken = "- C: NOOP x\n- one_of:\n  - {id: refused, S: -ERR, verdict: pass}\n  \
            - {id: taken, S: +OK, verdict: warn, ruling: a-11}\n";
        let checked = "- check: {that: 1 == 1, ruling: a-12}\n";
        let both = format!("{taken}{checked}");
        let missing = "scenarios/rfc1939/noop.yaml:15:5: ruling `a-11` is not in scenarios/rulings.yaml";
        check(None, "", &[]);
        check(Some(&["a-11"]), taken, &[]);
        check(Some(&["a-11", "a-12"]), &both, &[]);
        check(None, taken, &[missing]);
        check(Some(&["a-12"]), &both, &[missing]);
        check(Some(&["a-11"]), &both, &["ruling `a-12` is not in"]);
        check(Some(&["a-11", "a-12"]), checked, &["scenarios/rulings.yaml: ruling `a-11` is cited by no scenario"]);
        check(Some(&["a-1"]), "", &["scenarios/rulings.yaml: id `a-1` is no ruling's id"]);
        // A scenario that does not load cites nothing.
        check(Some(&["a-11"]), "- nonsense: 1\n", &["nonsense"]);
    }
}

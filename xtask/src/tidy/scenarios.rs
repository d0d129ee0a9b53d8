//! Scenario ids are their paths, and cite requirements that exist.

use std::collections::BTreeSet;

use pop3_scenario::Catalogue;
use pop3_spec::registry::Registry;

use crate::error::Problem;
use crate::tree::TextFile;

const REQUIREMENTS: &str = "scenarios/requirements/";

pub(super) fn problems(files: &[TextFile]) -> Vec<Problem> {
    let (requirements, catalogue): (Vec<&TextFile>, Vec<&TextFile>) =
        files.iter().partition(|file| file.path.starts_with(REQUIREMENTS));
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
    let (_, diagnostics) = Catalogue::load(files, Some(ids));
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    errors
        .map(|diagnostic| {
            let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
            let text = format!("{}{help}", diagnostic.message);
            Problem::new(format!("scenarios/{}", diagnostic.location()), text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    const REGISTRY: &str = "format: pop3-requirements/1\nrfc: 1939\ntitle: POP3\nrequirements:\n\
        - id: rfc1939-5-noop\n  side: server\n  section: '5'\n  level: implied\n  strength: must\n  text: NOOP is answered.\n  \
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
                file("scenarios/requirements/rfc1939.yaml", REGISTRY),
                file("scenarios/rfc1939/noop.yaml", &scenario(id, requirement)),
            ])
            .iter()
            .map(ToString::to_string)
            .collect();
            let found =
                got.iter().any(|problem| problem.contains(want) && problem.starts_with("scenarios/rfc1939/noop.yaml:"));
            assert!(if want.is_empty() { got.is_empty() } else { found }, "{id} {requirement}: {got:?}");
        };
        check("rfc1939/noop", "rfc1939-5-noop", "");
        check("rfc1939/other", "rfc1939-5-noop", "rfc1939/other");
        check("rfc1939/noop", "rfc1939-5-nothing", "rfc1939-5-nothing");
    }
}

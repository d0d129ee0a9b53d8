//! `pop3spec explain REQUIREMENT`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::scenario::Scenario;
use pop3_server::fault::Fault;
use pop3_spec::invariant;
use pop3_spec::registry::Registry;
use pop3_spec::requirement::{Level, Requirement};
use pop3_spec::ruling::Rulings;

use super::section;

pub(super) fn requirement(id: &str, catalogue: &Catalogue, registry: &Registry, rulings: &Rulings) -> Option<String> {
    let requirement = registry.by_id(id)?;
    let mut text = format!("{id}\n{}\n{}\n\n{}\n", place(requirement, registry), level(requirement), requirement.text);
    let _ = writeln!(text, "\nOn the wire: {}", requirement.observe);
    let class: Vec<&str> = requirement.class.iter().map(|class| class.as_str()).collect();
    let _ = writeln!(text, "To see it: {}", class.join(", "));
    if let Some(since) = &requirement.since {
        let _ = writeln!(text, "Since: {since}");
    }
    if let Some(reason) = &requirement.withdrawn {
        let _ = writeln!(text, "Withdrawn: {reason}");
    }

    let cited =
        |scenario: &Scenario| scenario.requirements.iter().any(|cited| cited == id) || scenario.cites().contains(id);
    let scenarios: Vec<&Scenario> = catalogue.scenarios.iter().filter(|scenario| cited(scenario)).collect();
    section(&mut text, "Scenarios", scenarios.iter().map(|scenario| scenario.id.as_str()));
    let checks = invariant::ALL.iter().filter(|invariant| invariant.requirements.contains(&id));
    let checks: Vec<String> = checks.map(|invariant| format!("{}  {}", invariant.id, invariant.title)).collect();
    section(&mut text, "Always-on checks", checks.iter().map(String::as_str));
    section(&mut text, "Rulings", rulings_of(requirement, &scenarios, rulings).iter().map(String::as_str));
    let faults = Fault::ALL.iter().filter(|fault| fault.requirements().contains(&id));
    let faults: Vec<String> = faults.map(|fault| format!("{}  {}", fault.slug(), fault.symptom())).collect();
    section(&mut text, "Seeded faults", faults.iter().map(String::as_str));
    if let Some(other) = &requirement.asked_as {
        let _ = writeln!(text, "\nAsked as {other}, which says the same.");
    }
    if let Some(unasked) = &requirement.unasked {
        let _ = writeln!(text, "\nNothing asks for it ({}): {}", unasked.because, unasked.why.trim());
    } else if scenarios.is_empty() && checks.is_empty() && requirement.asked_as.is_none() && requirement.is_in_force() {
        let _ = writeln!(text, "\nNo scenario and no always-on check cites it yet.");
    }
    Some(text)
}

/// `RFC 1939 section 3 (Basic Operation), server side`
fn place(requirement: &Requirement, registry: &Registry) -> String {
    let title = registry.section_title(requirement.rfc, &requirement.section);
    // A section without number has its title for a name.
    let title = title.filter(|title| *title != requirement.section);
    let title = title.map(|title| format!(" ({title})")).unwrap_or_default();
    format!("{}{title}, {} side", requirement.clause(), requirement.side)
}

/// The keyword, or what the prose comes to without one.
fn level(requirement: &Requirement) -> String {
    match requirement.level {
        Level::Implied => {
            format!("Level: {} (implied by prose or grammar, without the keyword)", requirement.binding())
        }
        _ => format!("Level: {}", requirement.binding()),
    }
}

/// The ruling on its own reading, and those on which grades rest in scenarios
/// that are about it, each once.
fn rulings_of(requirement: &Requirement, scenarios: &[&Scenario], rulings: &Rulings) -> Vec<String> {
    let mut cited: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let about = scenarios.iter().filter(|scenario| scenario.requirements.first() == Some(&requirement.id));
    for scenario in about {
        for grade in scenario.grades_by_ruling() {
            cited.entry(grade.ruling).or_insert(Some(&scenario.id));
        }
    }
    cited.extend(requirement.ruling.as_deref().map(|ruling| (ruling, None)));
    let line = |(id, scenario): (&str, Option<&str>)| {
        let question = rulings.by_id(id).map(|ruling| format!("  {}", ruling.question)).unwrap_or_default();
        let place = scenario.map(|scenario| format!(" (in {scenario})")).unwrap_or_default();
        format!("{id}{question}{place}")
    };
    cited.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::*;

    const ROWS: &str = "format: pop3-requirements/1\nrfc: 1939\ntitle: POP3\nsections:\n  '3': Basic Operation\n\
        requirements:\n- id: rfc1939-3-status-upper-case\n  side: server\n  section: '3'\n  level: must\n  \
        text: Capital letters.\n  observe: Look.\n  class: [wire, needs-tls]\n  ruling: a-02\n";

    /// Nothing cites these.
    const INVENTED: &str = "format: pop3-requirements/1\nrfc: 0\ntitle: None\nsections:\n  Notes: Notes\n\
        requirements:\n- id: rfc0-notes-client-idle\n  side: client\n  section: Notes\n  level: implied\n  strength: should-not\n  \
        text: Idle.\n  observe: Look.\n  class: [wire]\n\
        - id: rfc0-notes-old\n  side: server\n  section: Notes\n  level: may\n  \
        text: Old.\n  observe: Look.\n  class: [wire]\n  since: 0.2.0\n  withdrawn: Said twice.\n";

    const RULINGS: &str = include_str!("../../../../scenarios/rulings.yaml");

    fn scenario(slug: &str, requirements: &str) -> (String, String) {
        let head = format!("format: pop3-scenario/1\nid: own/{slug}\nrev: 1\ntitle: T\nrequirements: {requirements}\n");
        let steps = "level: may\ntier: gate\ndestructive: false\nsteps:\n- open: {}\n- S: +OK\n- C: NOOP x\n- one_of:\n  \
            - {id: refused, S: -ERR, verdict: pass}\n  - {id: taken, S: +OK, verdict: info, ruling: a-11}\n\
            - C: QUIT\n- S: {status: +OK, requirement: rfc1939-3-status-upper-case}\n- eof: {}\n";
        (format!("own/{slug}.yaml"), head + steps)
    }

    fn explain(id: &str) -> Option<String> {
        let requirements = [("rfc1939.yaml", ROWS), ("rfc0.yaml", INVENTED)];
        let files = requirements.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let registry = Registry::load(files).unwrap();
        let about = "[rfc1939-3-status-upper-case]";
        let files = [scenario("about", about), scenario("in-a-step", "[]")];
        let (catalogue, found) = Catalogue::load(files, None);
        assert!(!found.iter().any(pop3_scenario::diagnostic::Diagnostic::is_error), "{found:?}");
        let rulings = Rulings::load("rulings.yaml", RULINGS).unwrap();
        requirement(id, &catalogue, &registry, &rulings)
    }

    #[test]
    fn an_unknown_one_is_not_explained() {
        assert_eq!(explain("rfc0-3-nothing"), None);
    }

    #[test]
    fn a_withdrawn_one_tells_why() {
        assert_data_eq!(
            explain("rfc0-notes-old").unwrap(),
            str![[r#"
rfc0-notes-old
RFC 0 section Notes, server side
Level: may

Old.

On the wire: Look.
To see it: wire
Since: 0.2.0
Withdrawn: Said twice.

"#]]
        );
    }

    #[test]
    fn one_that_nothing_cites_says_so() {
        assert_data_eq!(
            explain("rfc0-notes-client-idle").unwrap(),
            str![[r#"
rfc0-notes-client-idle
RFC 0 section Notes, client side
Level: should-not (implied by prose or grammar, without the keyword)

Idle.

On the wire: Look.
To see it: wire

No scenario and no always-on check cites it yet.

"#]]
        );
    }

    #[test]
    fn all_that_cites_it_is_named() {
        assert_data_eq!(
            explain("rfc1939-3-status-upper-case").unwrap(),
            str![[r#"
rfc1939-3-status-upper-case
RFC 1939 section 3 (Basic Operation), server side
Level: must

Capital letters.

On the wire: Look.
To see it: wire, needs-tls

Scenarios:
    own/about
    own/in-a-step

Always-on checks:
    always/status-upper-case  The status indicators are sent in upper case.

Rulings:
    a-02  Is a message-number [..]?
    a-11  May a server ignore [..]? (in own/about)

Seeded faults:
    status-lower-case  Status indicators are in lower case: `+ok`, `-err`.
...
"#]]
        );
    }
}

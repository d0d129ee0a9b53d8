//! `pop3spec explain`

mod piece;
mod requirement;

use std::fmt::Write as _;

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::diagnostic::{CODES, Code};
use pop3_scenario::scenario::{Scenario, TlsNeed};
use pop3_scenario::slow::minutes;
use pop3_scenario::verdict::Exit;
use pop3_server::fault::Fault;
use pop3_server::variation::Variation;
use pop3_spec::invariant;
use pop3_spec::registry::Registry;
use pop3_spec::requirement::Requirement;
use pop3_spec::ruling::{Reading, Rulings};

use crate::args::ExplainArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure, files, list, run};

pub(crate) fn explain(options: &ExplainArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let registry = files::registry()?;
    let rulings = files::rulings()?;
    let catalogue = files::sound_catalogue(files::Added::folders(&options.scenarios), &registry, terminal)?;
    // Reports show variants in brackets.
    let id = options.id.split_once('[').map_or(options.id.as_str(), |(id, _)| id);
    let text = scenario(id, &catalogue, &registry, &run::scenarios_options(&options.scenarios))
        .or_else(|| requirement::requirement(id, &catalogue, &registry, &rulings))
        .or_else(|| ruling(id, &catalogue, &registry, &rulings))
        .or_else(|| check(id, &registry, &rulings))
        .or_else(|| fault(id, &catalogue, &registry))
        .or_else(|| variation(id))
        .or_else(|| piece::piece(id, &catalogue))
        .or_else(|| code(id));
    let Some(text) = text else {
        return Err(Failure::usage(unknown(id, &catalogue, &registry, &rulings)));
    };
    terminal.print(&text)?;
    Ok(Ended::Exit(Exit::Clean))
}

/// `folders` are the options that add the user's own, for the command at the end.
fn scenario(id: &str, catalogue: &Catalogue, registry: &Registry, folders: &str) -> Option<String> {
    let scenario = catalogue.scenario(id)?;
    let mut text = format!("{id}\n{}\n\n", scenario.title);
    text.push_str("What is asked:\n");
    for id in &scenario.requirements {
        if let Some(requirement) = registry.by_id(id) {
            let _ = writeln!(
                text,
                "{id} ({}, {})\n    {}",
                requirement.clause(),
                requirement.binding().as_str(),
                requirement.text
            );
        }
    }
    for (heading, words) in
        [("Why it matters", &scenario.why), ("In practice", &scenario.practice), ("How to fix it", &scenario.fix)]
    {
        if !words.is_empty() {
            let _ = writeln!(text, "\n{heading}: {words}");
        }
    }
    let kills: Vec<String> = kills(scenario).map(|fault| format!("{}  {}", fault.slug(), fault.symptom())).collect();
    section(&mut text, "Servers that it catches (seeded faults)", kills.iter().map(String::as_str));
    let _ = writeln!(
        text,
        "\nLevel: {}   Tier: {}   Revision: {}",
        scenario.level.as_str(),
        scenario.budget.map_or_else(
            || list::tier(scenario.tier).to_owned(),
            |budget| format!("{} ({} at most)", list::tier(scenario.tier), minutes(budget))
        ),
        scenario.rev
    );
    let _ = writeln!(text, "Mailbox: {}", mailbox(scenario));
    let needs: Vec<String> = needs(scenario);
    if !needs.is_empty() {
        let _ = writeln!(text, "Needs: {}", needs.join(", "));
    }
    let _ = writeln!(text, "\nThe dialogue ({}):\n", scenario.source.path);
    piece::steps(&mut text, &scenario.source);
    let _ = writeln!(text, "\nRun just this one: pop3spec run --only {id}{folders}");
    Some(text)
}

fn kills(scenario: &Scenario) -> impl Iterator<Item = Fault> {
    scenario.kills.iter().filter_map(|slug| slug.parse().ok())
}

fn needs(scenario: &Scenario) -> Vec<String> {
    let mut needs = scenario.needs.capa.clone();
    needs.extend(scenario.needs.profile.iter().cloned());
    needs.extend(scenario.needs.hook.iter().map(|hook| format!("hook {hook:?}").to_lowercase()));
    needs.extend(scenario.needs.tls.map(|tls| match tls {
        TlsNeed::Stls => "TLS by STLS".to_owned(),
        TlsNeed::Implicit => "a port with TLS from the first octet".to_owned(),
    }));
    if scenario.needs.neighbour {
        needs.push("a second account".to_owned());
    }
    needs
}

/// The fixtures that it finds; equal ones in a row are counted.
fn mailbox(scenario: &Scenario) -> String {
    let Some(fixtures) = &scenario.mailbox else { return "whatever the maildrop holds".to_owned() };
    let runs = fixtures.chunk_by(|a, b| a == b).filter_map(|run| Some((run.first()?, run.len())));
    let words: Vec<String> = runs
        .map(|(name, n)| match n {
            1 => name.clone(),
            n => format!("{name} ({n} times)"),
        })
        .collect();
    if words.is_empty() { "empty".to_owned() } else { words.join(", ") }
}

fn ruling(id: &str, catalogue: &Catalogue, registry: &Registry, rulings: &Rulings) -> Option<String> {
    let ruling = rulings.by_id(id)?;
    let mut text = format!("{id}\n{}\n\nWhat the texts say: {}\n\n", ruling.question, ruling.texts);
    let options: Vec<&str> = ruling.options.iter().map(|option| option.as_str()).collect();
    let _ = writeln!(text, "Default: {}   Options: {}", ruling.default, options.join(", "));
    if ruling.options.contains(&Reading::Graded) {
        let _ = writeln!(text, "    graded: each outcome has the verdict that its scenario gives it");
    }
    let _ = writeln!(text, "Why: {}\n\nIn verdicts: {}", ruling.why, ruling.effect);
    if let Some(seen) = &ruling.seen {
        let _ = writeln!(text, "Servers: {seen}");
    }
    let scenarios = catalogue.scenarios.iter().filter(|scenario| scenario.rests_on(id));
    section(&mut text, "Scenarios", scenarios.map(|scenario| scenario.id.as_str()));
    let rests = |requirement: &&Requirement| requirement.ruling.as_deref() == Some(id);
    section(&mut text, "Requirements", registry.iter().filter(rests).map(|requirement| requirement.id.as_str()));
    section(&mut text, "Always-on checks", ruling.checks.iter().map(String::as_str));
    if let Some(other) = ruling.options.iter().find(|option| **option != ruling.default) {
        let _ = writeln!(text, "\nChoose otherwise: pop3spec run --ruling {id}={other}");
    }
    Some(text)
}

fn check(id: &str, registry: &Registry, rulings: &Rulings) -> Option<String> {
    let invariant = invariant::ALL.iter().find(|invariant| invariant.id == id)?;
    let mut text = format!("{id}\n{}\n\nWatched in every dialogue of a run.\n", invariant.title);
    for requirement in invariant.requirements.iter().filter_map(|id| registry.by_id(id)) {
        let _ = writeln!(text, "\n{} ({})\n    {}", requirement.id, requirement.clause(), requirement.text);
    }
    if let Some(ruling) = rulings.of_check(id) {
        let _ = writeln!(text, "\nRuling: {} {}", ruling.id, ruling.question);
    }
    Some(text)
}

fn fault(id: &str, catalogue: &Catalogue, registry: &Registry) -> Option<String> {
    let fault: Fault = id.parse().ok()?;
    let mut text = format!("{id}\n{}\n", fault.symptom());
    for requirement in fault.requirements().iter().filter_map(|id| registry.by_id(id)) {
        let _ = writeln!(text, "\nBreaks {} ({})\n    {}", requirement.id, requirement.clause(), requirement.text);
    }
    let kills = catalogue.scenarios.iter().filter(|scenario| scenario.kills.iter().any(|kill| kill == id));
    section(&mut text, "Detected by", kills.map(|scenario| scenario.id.as_str()));
    let _ = writeln!(text, "\nSee it: pop3spec run --fault {id}, or pop3spec serve --fault {id}");
    Some(text)
}

fn variation(id: &str) -> Option<String> {
    let variation: Variation = id.parse().ok()?;
    Some(format!(
        "{id}\n{}\n\nA legal variation ({}): the suite has nothing to say of it.\n\nSee it: pop3spec run --variation {id}, or pop3spec serve --variation {id}\n",
        variation.what(),
        variation.clause(),
    ))
}

/// A code of `pop3spec lint`.
fn code(id: &str) -> Option<String> {
    let Code { code, about, meaning } = Code::named(id)?;
    let severity = if *about == "warnings" { "A warning of" } else { "An error of" };
    Some(format!("{code}\n{severity} `pop3spec lint`.\n\n{meaning}\n\nThe format of scenarios: docs/format.md\n"))
}

fn section<'t>(text: &mut String, heading: &str, items: impl Iterator<Item = &'t str>) {
    let items: Vec<&str> = items.collect();
    if !items.is_empty() {
        let _ = writeln!(text, "\n{heading}:");
        items.iter().for_each(|item| {
            let _ = writeln!(text, "    {item}");
        });
    }
}

fn unknown(id: &str, catalogue: &Catalogue, registry: &Registry, rulings: &Rulings) -> String {
    let all = catalogue.scenarios.iter().map(|scenario| scenario.id.as_str());
    let all = all.chain(registry.iter().map(|requirement| requirement.id.as_str()));
    let all = all.chain(rulings.iter().map(|ruling| ruling.id.as_str()));
    let all = all
        .chain(invariant::ALL.iter().map(|invariant| invariant.id))
        .chain(Fault::ALL.iter().map(|fault| fault.slug()))
        .chain(CODES.iter().map(|code| code.code))
        .chain(catalogue.fragments.keys().chain(catalogue.fixtures.keys()).map(String::as_str));
    let nearest = all.max_by(|a, b| strsim::jaro_winkler(a, id).total_cmp(&strsim::jaro_winkler(b, id)));
    let nearest = nearest.map(|nearest| format!("did you mean `{nearest}`? ")).unwrap_or_default();
    format!(
        "nothing is called `{id}`\n  help: {nearest}`pop3spec list`, `list requirements`, `list rulings`, `list checks`, `list faults`, `list fragments` and `list fixtures` show all ids"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULINGS: &str = "format: pop3-rulings/1\nrulings:\n\
        - id: a-11\n  question: May NOOP have an argument?\n  options: [graded, warn]\n  \
        texts: None says so.\n  default: warn\n  why: Nobody depends on it.\n  \
         effect: A positive answer is a warning.\n  seen: Some ignore it.\n";

    fn scenario(id: &str, ruling: &str) -> (String, String) {
        let head = format!("format: pop3-scenario/1\nid: {id}\nrev: 1\ntitle: T\nrequirements: []\n");
        let steps = format!(
            "level: may\ntier: gate\ndestructive: false\nsteps:\n- open: {{}}\n- S: +OK\n- C: NOOP x\n- one_of:\n  \
             - {{id: refused, S: -ERR, verdict: pass}}\n  - {{id: taken, S: +OK, verdict: warn, ruling: {ruling}}}\n\
             - C: QUIT\n- S: +OK\n- eof: {{}}\n"
        );
        (format!("{id}.yaml"), head + &steps)
    }

    fn catalogue() -> Catalogue {
        let files = [scenario("rfc1939/noop/argument", "a-11"), scenario("rfc1939/noop/other", "a-12")];
        let (catalogue, found) = Catalogue::load(files, None);
        assert!(!found.iter().any(pop3_scenario::diagnostic::Diagnostic::is_error), "{found:?}");
        catalogue
    }

    #[test]
    fn a_ruling_is_explained_with_the_scenarios_that_cite_it() {
        let rulings = Rulings::load("rulings.yaml", RULINGS).unwrap();
        let want = "a-11\nMay NOOP have an argument?\n\nWhat the texts say: None says so.\n\n\
            Default: warn   Options: graded, warn\n    graded: each outcome has the verdict that its scenario gives it\n\
            Why: Nobody depends on it.\n\nIn verdicts: A positive answer is a warning.\nServers: Some ignore it.\n\n\
            Scenarios:\n    rfc1939/noop/argument\n\n\
            Choose otherwise: pop3spec run --ruling a-11=graded\n";
        assert_eq!(ruling("a-11", &catalogue(), &Registry::default(), &rulings).as_deref(), Some(want));
        assert_eq!(ruling("a-12", &catalogue(), &Registry::default(), &rulings), None);
    }

    #[test]
    fn the_nearest_id_may_be_that_of_a_ruling() {
        let rulings = Rulings::load("rulings.yaml", RULINGS).unwrap();
        let message = unknown("a-1l", &catalogue(), &Registry::default(), &rulings);
        assert!(message.contains("did you mean `a-11`?") && message.contains("`list rulings`"), "{message}");
    }

    #[test]
    fn the_built_in_rulings_load() {
        assert!(files::rulings().is_ok_and(|rulings| rulings.by_id("a-11").is_some()));
    }
}

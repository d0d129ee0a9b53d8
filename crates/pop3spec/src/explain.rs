//! `pop3spec explain`

use std::fmt::Write as _;

use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::scenario::Scenario;
use pop3_scenario::verdict::Exit;
use pop3_server::fault::Fault;
use pop3_spec::invariant;
use pop3_spec::registry::Registry;

use crate::args::ExplainArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure, files, list};

pub(crate) fn explain(options: &ExplainArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let registry = files::registry()?;
    let catalogue = files::sound_catalogue(&options.scenarios, &registry)?;
    // Reports show variants in brackets.
    let id = options.id.split_once('[').map_or(options.id.as_str(), |(id, _)| id);
    let text = scenario(id, &catalogue, &registry)
        .or_else(|| requirement(id, &catalogue, &registry))
        .or_else(|| check(id, &registry))
        .or_else(|| fault(id, &catalogue, &registry));
    let Some(text) = text else {
        return Err(Failure::usage(unknown(id, &catalogue, &registry)));
    };
    terminal.print(&text)?;
    Ok(Ended::Exit(Exit::Clean))
}

fn scenario(id: &str, catalogue: &Catalogue, registry: &Registry) -> Option<String> {
    let scenario = catalogue.scenario(id)?;
    let mut text = format!("{id}\n{}\n\n", scenario.title);
    if !scenario.why.is_empty() {
        let _ = writeln!(text, "Why it matters: {}\n", scenario.why.trim());
    }
    for id in &scenario.requirements {
        if let Some(requirement) = registry.by_id(id) {
            let _ = writeln!(text, "{id} ({}, {})\n    {}", requirement.clause(), requirement.binding().as_str(), requirement.text);
        }
    }
    let _ = writeln!(text, "\nLevel: {}   Tier: {}   Revision: {}", scenario.level.as_str(), list::tier(scenario.tier), scenario.rev);
    let needs: Vec<String> = needs(scenario);
    if !needs.is_empty() {
        let _ = writeln!(text, "Needs: {}", needs.join(", "));
    }
    if !scenario.kills.is_empty() {
        let _ = writeln!(text, "Detects the seeded faults: {}", scenario.kills.join(", "));
    }
    let _ = writeln!(text, "\nThe dialogue ({}):\n", scenario.source.path);
    let steps = scenario.source.text.lines().skip_while(|line| !line.starts_with("steps:")).skip(1);
    steps.for_each(|line| {
        let _ = writeln!(text, "    {line}");
    });
    let _ = writeln!(text, "\nRun just this one: pop3spec run --only {id}");
    Some(text)
}

fn needs(scenario: &Scenario) -> Vec<String> {
    let mut needs = scenario.needs.capa.clone();
    needs.extend(scenario.needs.profile.iter().cloned());
    needs.extend(scenario.needs.hook.iter().map(|hook| format!("hook {hook:?}").to_lowercase()));
    needs.extend(scenario.needs.tls.map(|tls| format!("TLS ({tls:?})")));
    needs
}

fn requirement(id: &str, catalogue: &Catalogue, registry: &Registry) -> Option<String> {
    let requirement = registry.by_id(id)?;
    let mut text = format!("{id}\n{}, {} side, {}\n\n", requirement.clause(), requirement.side, requirement.binding());
    let _ = writeln!(text, "{}\n\nOn the wire: {}", requirement.text, requirement.observe);
    if let Some(ruling) = &requirement.ruling {
        let _ = writeln!(text, "Ruling: {ruling}");
    }
    let cites = |scenario: &&Scenario| {
        let mut cites = scenario.requirements.iter().any(|cited| cited == id);
        scenario.for_each_step(|step| cites |= step.requirement() == Some(id));
        cites
    };
    section(&mut text, "Scenarios", catalogue.scenarios.iter().filter(cites).map(|scenario| scenario.id.as_str()));
    let checks = invariant::ALL.iter().filter(|invariant| invariant.requirement == id);
    section(&mut text, "Always-on checks", checks.map(|invariant| invariant.id));
    let faults = Fault::ALL.iter().filter(|fault| fault.requirement() == id);
    section(&mut text, "Seeded faults", faults.map(|fault| fault.slug()));
    Some(text)
}

fn check(id: &str, registry: &Registry) -> Option<String> {
    let invariant = invariant::ALL.iter().find(|invariant| invariant.id == id)?;
    let mut text = format!("{id}\n{}\n\nWatched in every dialogue of a run.\n", invariant.title);
    if let Some(requirement) = registry.by_id(invariant.requirement) {
        let _ = writeln!(text, "\n{} ({})\n    {}", requirement.id, requirement.clause(), requirement.text);
    }
    Some(text)
}

fn fault(id: &str, catalogue: &Catalogue, registry: &Registry) -> Option<String> {
    let fault: Fault = id.parse().ok()?;
    let mut text = format!("{id}\n{}\n", fault.symptom());
    if let Some(requirement) = registry.by_id(fault.requirement()) {
        let _ = writeln!(text, "\nBreaks {} ({})\n    {}", requirement.id, requirement.clause(), requirement.text);
    }
    let kills = catalogue.scenarios.iter().filter(|scenario| scenario.kills.iter().any(|kill| kill == id));
    section(&mut text, "Detected by", kills.map(|scenario| scenario.id.as_str()));
    let _ = writeln!(text, "\nSee it: pop3spec run --fault {id}, or pop3spec serve --fault {id}");
    Some(text)
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

fn unknown(id: &str, catalogue: &Catalogue, registry: &Registry) -> String {
    let all = catalogue.scenarios.iter().map(|scenario| scenario.id.as_str());
    let all = all.chain(registry.iter().map(|requirement| requirement.id.as_str()));
    let all = all.chain(invariant::ALL.iter().map(|invariant| invariant.id)).chain(Fault::ALL.iter().map(|fault| fault.slug()));
    let nearest = all.max_by(|a, b| strsim::jaro_winkler(a, id).total_cmp(&strsim::jaro_winkler(b, id)));
    let nearest = nearest.map(|nearest| format!("did you mean `{nearest}`? ")).unwrap_or_default();
    format!("nothing is called `{id}`\n  help: {nearest}`pop3spec list`, `list requirements`, `list checks` and `list faults` show all ids")
}

//! From a scenario back to the text of its file.
//!
//! The law: reading what was written gives the same scenario, places aside.
//! Comments and layout of the original are not kept.

mod account;
mod auth;
mod reply;
mod step;
mod text;

use std::fmt::Write as _;

use crate::scenario::{Branch, Hook, Needs, Scenario, Step, Tier, TlsNeed, Verb};
use crate::source::{SourceFile, Span};
use crate::verdict::Level;

use text::{list, scalar};

/// The scenario as YAML. Steps of fragments are written as their `use`.
#[must_use]
pub fn scenario(scenario: &Scenario) -> String {
    let mut out = String::new();
    let mut line = |key: &str, value: String| {
        let _ = writeln!(out, "{key}: {value}");
    };
    line("format", "pop3-scenario/1".to_owned());
    line("id", scalar(&scenario.id));
    line("rev", scenario.rev.to_string());
    line("title", scalar(&scenario.title));
    for (key, text) in [("why", &scenario.why), ("practice", &scenario.practice), ("fix", &scenario.fix)] {
        if !text.is_empty() {
            line(key, scalar(text));
        }
    }
    if !scenario.requirements.is_empty() {
        line("requirements", list(&scenario.requirements));
    }
    if scenario.level != Level::default() {
        line("level", scenario.level.as_str().to_owned());
    }
    if scenario.security {
        line("severity", "security".to_owned());
    }
    if !scenario.cve.is_empty() {
        line("cve", list(&scenario.cve));
    }
    if scenario.needs != Needs::default() {
        line("needs", needs(&scenario.needs));
    }
    if let Some(mailbox) = &scenario.mailbox {
        line("mailbox", messages(mailbox));
    }
    if let Some(account) = &scenario.account {
        line("account", account::account(account));
    }
    if !scenario.axes.chunking.is_empty() {
        let names: Vec<String> = scenario.axes.chunking.iter().map(|chunking| chunking.name()).collect();
        line("axes", format!("{{chunking: {}}}", list(&names)));
    }
    if scenario.repeat != 1 {
        line("repeat", scenario.repeat.to_string());
    }
    if !scenario.kills.is_empty() {
        line("kills", list(&scenario.kills));
    }
    match scenario.tier {
        Tier::Gate => {}
        Tier::Full => line("tier", "full".to_owned()),
        Tier::Slow => line("tier", "slow".to_owned()),
    }
    if let Some(budget) = scenario.budget {
        line("budget", text::duration(budget));
    }
    if scenario.destructive {
        line("destructive", "true".to_owned());
    }
    out.push_str("steps:\n");
    step::steps(&scenario.steps, 2, &mut out);
    out
}

/// The steps of a branch, as items of a list, without the name of its session: the same
/// text for branches that play the same.
#[must_use]
pub fn branch(branch: &Branch) -> String {
    fn forget(steps: &mut [Step], session: &str) {
        for step in steps {
            step.session.take_if(|named| named == session);
            crate::walk::inner_mut(step, &mut |steps| forget(steps, session));
        }
    }
    let mut steps = branch.steps.clone();
    forget(&mut steps, &branch.name);
    let mut out = String::new();
    step::steps(&steps, 0, &mut out);
    out
}

/// The scenario without its places, for comparing what two files say.
#[must_use]
pub fn without_places(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    let nowhere = Span { file: SourceFile::new("", ""), line: 0, column: 0, width: 0 };
    scenario.source = nowhere.file.clone();
    forget(&mut scenario.steps, &nowhere);
    scenario
}

fn forget(steps: &mut [Step], nowhere: &Span) {
    for step in steps {
        step.span = nowhere.clone();
        if let Verb::OneOf(alternatives) = &mut step.verb {
            alternatives.iter_mut().for_each(|alternative| alternative.span = nowhere.clone());
        }
        crate::walk::inner_mut(step, &mut |steps| forget(steps, nowhere));
    }
}

/// The items of `mailbox`: more than a few equal ones in a row are one with `times`.
fn messages(mailbox: &[String]) -> String {
    const ONE_BY_ONE: usize = 3;
    let items = mailbox.chunk_by(|a, b| a == b).flat_map(|run| match run {
        [name, ..] if run.len() > ONE_BY_ONE => vec![format!("{{fixture: {}, times: {}}}", scalar(name), run.len())],
        run => run.iter().map(|name| scalar(name)).collect(),
    });
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn needs(needs: &Needs) -> String {
    let mut members = Vec::new();
    if !needs.capa.is_empty() {
        members.push(format!("capa: {}", list(&needs.capa)));
    }
    if !needs.profile.is_empty() {
        members.push(format!("profile: {}", list(&needs.profile)));
    }
    if !needs.hook.is_empty() {
        let hooks: Vec<&str> = needs.hook.iter().map(|hook| hook.as_str()).collect();
        members.push(format!("hook: {}", list(&hooks)));
    }
    match needs.tls {
        Some(TlsNeed::Stls) => members.push("tls: stls".to_owned()),
        Some(TlsNeed::Implicit) => members.push("tls: implicit".to_owned()),
        None => {}
    }
    if needs.neighbour {
        members.push("neighbour: true".to_owned());
    }
    format!("{{{}}}", members.join(", "))
}

impl Hook {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Restart => "restart",
            Self::Deliver => "deliver",
        }
    }
}

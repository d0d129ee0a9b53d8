//! Which scenarios run, in which variants, and which are left out and why.

use std::collections::BTreeSet;

use pop3_scenario::scenario::{Chunking, Hook, OpenTls, Scenario, Tier, TlsNeed, Verb};
use pop3_scenario::verdict::Verdict;

use crate::error::RunError;
use crate::target::Provisioning;
use crate::target::file::Cannot;

/// What the user selected.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Patterns of ids to run; empty for all.
    pub only: Vec<String>,
    /// Patterns of ids to leave out.
    pub skip: Vec<String>,
    /// The lowest tier to run.
    pub from: Tier,
    /// The highest tier to run.
    pub tier: Tier,
}

/// A result to produce.
#[derive(Clone, Debug)]
pub struct Planned<'c> {
    /// The scenario.
    pub scenario: &'c Scenario,
    /// How its octets are cut, where an axis of the scenario varies it.
    pub chunking: Option<Chunking>,
    /// Its id with the variant in brackets.
    pub id: String,
}

impl Selection {
    /// The results to produce, in order of id.
    ///
    /// # Errors
    /// The user's fault: a pattern that fits no scenario, or nothing left.
    pub fn plan<'c>(&self, scenarios: &'c [Scenario]) -> Result<Vec<Planned<'c>>, RunError> {
        for pattern in self.only.iter().chain(&self.skip) {
            is_known(pattern, scenarios, "")?;
        }
        let selected = scenarios.iter().filter(|scenario| {
            let named = self.only.iter().any(|pattern| fits(pattern, &scenario.id));
            // What is named exactly runs whatever its tier.
            let exactly = self.only.iter().any(|pattern| without_variant(pattern) == scenario.id);
            (self.only.is_empty() || named)
                && (exactly || (self.from..=self.tier).contains(&scenario.tier))
                && !self.skip.iter().any(|pattern| fits(pattern, &scenario.id))
        });
        let planned: Vec<Planned<'c>> = selected.flat_map(variants).collect();
        if planned.is_empty() {
            return Err(RunError::NothingSelected(
                "the patterns and the tier leave nothing over; `pop3spec list` shows all ids and tiers".to_owned(),
            ));
        }
        Ok(planned)
    }
}

/// Looks whether the exceptions of a target file are of scenarios that there are.
///
/// # Errors
/// The fault of whoever wrote the target file: a pattern that fits none.
pub(crate) fn exceptions_are_known(cannot: &[Cannot], scenarios: &[Scenario]) -> Result<(), RunError> {
    let mut patterns = cannot.iter().flat_map(|cannot| &cannot.scenarios);
    patterns.try_for_each(|pattern| is_known(pattern, scenarios, "target file: `cannot: {scenarios}`: "))
}

fn is_known(pattern: &str, scenarios: &[Scenario], place: &str) -> Result<(), RunError> {
    if scenarios.iter().any(|scenario| fits(pattern, &scenario.id)) {
        return Ok(());
    }
    Err(RunError::Usage(format!(
        "{place}no scenario is called `{pattern}`\n  help: `pop3spec list` shows all ids; a pattern is an id, a folder such as `rfc1939/retr`, or has `*` in it"
    )))
}

/// The results of one scenario.
fn variants(scenario: &Scenario) -> Vec<Planned<'_>> {
    if scenario.axes.chunking.is_empty() {
        return vec![Planned { scenario, chunking: None, id: scenario.id.clone() }];
    }
    let variant = |chunking: &Chunking| Planned {
        scenario,
        chunking: Some(*chunking),
        id: format!("{}[chunking={}]", scenario.id, chunking.name()),
    };
    scenario.axes.chunking.iter().map(variant).collect()
}

fn without_variant(pattern: &str) -> &str {
    pattern.split_once('[').map_or(pattern, |(pattern, _)| pattern)
}

/// Whether a pattern names a scenario: its id (perhaps with a variant), a folder
/// above it, or a pattern with `*` for any characters.
pub(crate) fn fits(pattern: &str, id: &str) -> bool {
    let pattern = without_variant(pattern).trim_end_matches('/');
    if pattern == id || id.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/')) {
        return true;
    }
    if !pattern.contains('*') {
        return false;
    }
    let mut rest = id;
    let mut parts = pattern.split('*').peekable();
    if let Some(start) = parts.next() {
        let Some(behind) = rest.strip_prefix(start) else { return false };
        rest = behind;
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.is_empty()
}

/// What the target can do, and what the user allows.
#[derive(Clone, Debug)]
pub(crate) struct Possibilities {
    pub(crate) provisioning: Provisioning,
    pub(crate) allow_delete: bool,
    pub(crate) plain: bool,
    /// Whether nobody is let in without TLS.
    pub(crate) refuses_clear: bool,
    /// Whether there is a second account for a scenario.
    pub(crate) neighbours: bool,
    /// The actions that the target offers.
    pub(crate) hooks: Vec<Hook>,
    /// What its target file says that it cannot do.
    pub(crate) cannot: Vec<Cannot>,
    pub(crate) implicit: bool,
    pub(crate) stls: bool,
    pub(crate) capabilities: BTreeSet<String>,
    /// With what is announced under TLS only.
    pub(crate) under_tls: BTreeSet<String>,
}

impl Possibilities {
    /// Why a scenario cannot run here, if it cannot.
    pub(crate) fn obstacle(&self, scenario: &Scenario) -> Option<(Verdict, String)> {
        let skipped = |why: &str| Some((Verdict::Skipped, why.to_owned()));
        if self.provisioning == Provisioning::None {
            if scenario.mailbox.is_some() {
                return skipped("it needs mail of its own in the maildrop, and this target's is somebody's");
            }
            if !self.allow_delete && (scenario.destructive || scenario.deletes()) {
                return skipped("it sends DELE, and the mail is somebody's (--allow-delete runs it all the same)");
            }
            if self.refuses_clear && opens(scenario, &[OpenTls::None]) {
                return skipped(
                    "it may send the password in the clear, which this target refuses, and the password is somebody's",
                );
            }
            // RFC 1939 section 8 lets a server remove what was retrieved.
            if !self.allow_delete && scenario.retrieves() {
                return skipped(
                    "it sends RETR, which some servers take as leave to remove the message (--allow-delete runs it all the same)",
                );
            }
        }
        let named = |cannot: &&Cannot| cannot.scenarios.iter().any(|pattern| fits(pattern, &scenario.id));
        if let Some(cannot) = self.cannot.iter().find(named) {
            return skipped(&cannot.why);
        }
        if let Some(hook) = scenario.needs.hook.iter().find(|hook| !self.hooks.contains(hook)) {
            return skipped(&format!("the target offers no hook `{}`", hook.as_str()));
        }
        if scenario.needs.neighbour && !self.neighbours {
            return skipped("it needs a second account, and the target has one only");
        }
        if scenario.needs.tls == Some(TlsNeed::Stls) && !self.stls {
            return Some((Verdict::Unsupported, "the target has no STLS".to_owned()));
        }
        if (scenario.needs.tls == Some(TlsNeed::Implicit) || opens(scenario, &[OpenTls::Implicit, OpenTls::Later]))
            && !self.implicit
        {
            return skipped("the target has no port with implicit TLS");
        }
        if opens(scenario, &[OpenTls::None]) && !self.plain {
            return skipped("the target has no port without TLS");
        }
        let known = if scenario.needs.tls.is_some() { &self.under_tls } else { &self.capabilities };
        let missing = |tag: &&String| !known.contains(tag.as_str());
        if let Some(tag) = scenario.needs.capa.iter().chain(&scenario.needs.profile).find(missing) {
            return Some((Verdict::Unsupported, format!("the target neither announces nor claims {tag}")));
        }
        None
    }
}

/// Whether a step opens a connection in one of these ways. The usual one does with
/// whatever port the target has.
pub(crate) fn opens(scenario: &Scenario, ways: &[OpenTls]) -> bool {
    let mut found = false;
    scenario.for_each_step(|step| found |= matches!(&step.verb, Verb::Open(connect) if ways.contains(&connect.tls)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let check = |pattern: &str, id: &str, want| assert_eq!(fits(pattern, id), want, "{pattern} {id}");
        check("rfc1939/stat/counts", "rfc1939/stat/counts", true);
        check("rfc1939/stat/counts[chunking=bytewise]", "rfc1939/stat/counts", true);
        check("rfc1939/stat", "rfc1939/stat/counts", true);
        check("rfc1939/stat/", "rfc1939/stat/counts", true);
        check("rfc1939/sta", "rfc1939/stat/counts", false);
        check("*/stat/*", "rfc1939/stat/counts", true);
        check("*counts", "rfc1939/stat/counts", true);
        check("rfc*stat*nts", "rfc1939/stat/counts", true);
        check("*list*", "rfc1939/stat/counts", false);
        check("stat*", "rfc1939/stat/counts", false);
    }
}

//! Sessions are opened before they are used, and belong to one branch each.

use std::collections::{BTreeMap, BTreeSet};

use super::Site;
use crate::diagnostic::Findings;
use crate::scenario::{AlternativeEvent, Branch, CloseHow, Scenario, Step, Verb};
use crate::source::Span;

/// Reports sessions used before they are opened or after they were closed, and
/// branches and barriers that cannot meet. After a branch that may have opened a
/// session it counts as open.
pub(super) fn check(scenario: &Scenario, findings: &mut Findings) {
    Walk { open: BTreeSet::new(), seen: BTreeSet::new(), findings, site: Site::SCENARIO, in_branch: false }
        .steps(&scenario.steps);
}

struct Walk<'w, 's> {
    open: BTreeSet<&'s str>,
    /// Sessions that were open at some time.
    seen: BTreeSet<&'s str>,
    findings: &'w mut Findings,
    site: Site<'s>,
    in_branch: bool,
}

fn session(step: &Step) -> &str {
    step.session.as_deref().unwrap_or_default()
}

impl<'s> Walk<'_, 's> {
    fn steps(&mut self, steps: &'s [Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &'s Step) {
        match &step.verb {
            Verb::Open(_) => {
                self.open.insert(session(step));
                self.seen.insert(session(step));
            }
            Verb::Command(_)
            | Verb::Reply(_)
            | Verb::Send(_)
            | Verb::Silent(_)
            | Verb::Tls(_)
            | Verb::Auth(_)
            | Verb::AuthAny(_)
            | Verb::Sentinel(_) => self.need(step),
            Verb::Close(CloseHow::Half | CloseHow::Tls) => self.need(step),
            Verb::Close(CloseHow::Fin | CloseHow::Rst | CloseHow::Leave) | Verb::Eof(_) => {
                self.need(step);
                self.open.remove(session(step));
            }
            Verb::OneOf(alternatives) => {
                self.need(step);
                let before = self.open.clone();
                let mut after = BTreeSet::new();
                for alternative in alternatives {
                    self.open.clone_from(&before);
                    if matches!(alternative.event, AlternativeEvent::Eof(_)) {
                        self.open.remove(session(step));
                    }
                    self.steps(&alternative.then);
                    after.append(&mut self.open);
                }
                self.open = after;
            }
            Verb::Parallel(branches) => self.parallel(branches, step),
            Verb::Retry(retry) => self.steps(&retry.steps),
            Verb::Foreach(foreach) => self.perhaps(&foreach.steps),
            Verb::When(when) => self.perhaps(&when.steps),
            Verb::Use(used) => {
                let outside = self.site;
                self.site = outside.inside(step, &used.fragment);
                self.steps(&used.steps);
                self.site = outside;
            }
            Verb::Barrier(name) if !self.in_branch => {
                let message = format!(
                    "{}the barrier `{name}` stands outside of `parallel`, where nobody can meet it",
                    self.site.preface()
                );
                self.findings.error_help(
                    self.site.place(&step.span),
                    "lonely-barrier",
                    message,
                    "put it into two branches of `parallel`",
                );
            }
            Verb::Check(_) | Verb::Barrier(_) | Verb::Hook(_) | Verb::Wait(_) => {}
        }
    }

    /// Steps that may not run.
    fn perhaps(&mut self, steps: &'s [Step]) {
        let mut before = self.open.clone();
        self.steps(steps);
        self.open.append(&mut before);
    }

    fn need(&mut self, step: &'s Step) {
        let name = session(step);
        if self.open.contains(name) {
            return;
        }
        let at = if name.is_empty() { String::new() } else { format!("@{name}") };
        let which = if name.is_empty() { "the session".to_owned() } else { format!("the session `{name}`") };
        let (what, help) = if self.seen.contains(name) {
            ("used after it was closed", format!("open it again: `- open{at}: {{}}`"))
        } else {
            ("used before it is opened", format!("begin with `- open{at}: {{}}` or `- use{at}: login`"))
        };
        self.findings.error_help(
            self.site.place(&step.span),
            "session-not-open",
            format!("{}{which} is {what}", self.site.preface()),
            help,
        );
        // Once is enough.
        self.open.insert(name);
        self.seen.insert(name);
    }

    fn parallel(&mut self, branches: &'s [Branch], step: &'s Step) {
        if self.in_branch {
            let message = format!("{}`parallel` inside a branch of `parallel`", self.site.preface());
            self.findings.error_help(
                self.site.place(&step.span),
                "nested-parallel",
                message,
                "put all branches side by side",
            );
            return;
        }
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        let mut barriers: BTreeMap<&str, (usize, &Span)> = BTreeMap::new();
        for branch in branches {
            let mut own_barriers = BTreeMap::new();
            let mut own_sessions = BTreeMap::new();
            crate::walk::every(&branch.steps, &mut |step| match &step.verb {
                Verb::Barrier(name) => drop(own_barriers.insert(name.as_str(), &step.span)),
                Verb::Check(_)
                | Verb::Parallel(_)
                | Verb::Hook(_)
                | Verb::Wait(_)
                | Verb::Retry(_)
                | Verb::Foreach(_)
                | Verb::When(_)
                | Verb::Use(_) => {}
                _ => drop(own_sessions.insert(session(step), &step.span)),
            });
            for (name, span) in own_barriers {
                barriers.entry(name).or_insert((0, span)).0 += 1;
            }
            for (name, span) in own_sessions {
                if let Some(owner) = owners.insert(name, &branch.name).filter(|owner| *owner != branch.name) {
                    let message = format!("the branches `{owner}` and `{}` both use the session `{name}`", branch.name);
                    self.findings.error_help(
                        self.site.place(span),
                        "shared-session",
                        message,
                        "give each branch a session of its own",
                    );
                }
            }
        }
        for (name, (count, span)) in barriers {
            if count < 2 {
                let message = format!("only one branch comes to the barrier `{name}`");
                self.findings.error_help(
                    self.site.place(span),
                    "lonely-barrier",
                    message,
                    "name it in another branch too",
                );
            }
        }
        self.in_branch = true;
        let before = self.open.clone();
        let mut after = BTreeSet::new();
        for branch in branches {
            self.open.clone_from(&before);
            self.steps(&branch.steps);
            after.append(&mut self.open);
        }
        self.open = after;
        self.in_branch = false;
    }
}

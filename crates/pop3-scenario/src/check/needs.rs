//! What the steps do is declared in the header, so that a scenario is left out
//! where the target cannot do it, and not failed.

use super::{Site, top};
use crate::diagnostic::Findings;
use crate::expression::Expression;
use crate::scenario::{
    AlternativeEvent, Auth, Condition, Connect, OpenTls, ReplyExpectation, Scenario, Step, TlsNeed, Verb, When,
};

/// Reports hooks, TLS and fixture messages that the header does not announce.
pub(super) fn check(scenario: &Scenario, findings: &mut Findings) {
    Walk { scenario, findings, site: Site::SCENARIO, only_with: Vec::new() }.steps(&scenario.steps);
}

struct Walk<'w, 's> {
    scenario: &'s Scenario,
    findings: &'w mut Findings,
    site: Site<'s>,
    /// The capabilities that the steps around ask for.
    only_with: Vec<&'s str>,
}

impl<'s> Walk<'_, 's> {
    fn steps(&mut self, steps: &'s [Step]) {
        steps.iter().for_each(|step| self.step(step));
    }

    fn step(&mut self, step: &'s Step) {
        let needs = &self.scenario.needs;
        match &step.verb {
            Verb::Hook(hook) if !needs.hook.contains(hook) => {
                let name = hook.as_str();
                self.refuse(
                    step,
                    format!("the hook `{name}` is used and not declared"),
                    format!("add `needs: {{hook: [{name}]}}` to the header"),
                );
            }
            Verb::Open(Connect { tls: OpenTls::Implicit | OpenTls::Later, .. })
                if needs.tls != Some(TlsNeed::Implicit) =>
            {
                self.refuse(
                    step,
                    "the port with TLS is used and not declared".to_owned(),
                    "add `needs: {tls: implicit}` to the header".to_owned(),
                );
            }
            Verb::Tls(_) if needs.tls.is_none() && !self.only_with.contains(&"STLS") => {
                self.refuse(
                    step,
                    "TLS is used and not declared".to_owned(),
                    "add `needs: {tls: stls}` to the header".to_owned(),
                );
            }
            Verb::Auth(auth) => self.auth(auth, step),
            Verb::Reply(reply) => self.message(reply, step),
            Verb::Sentinel(sentinel) => self.message(&sentinel.expect, step),
            Verb::OneOf(alternatives) => {
                for alternative in alternatives {
                    if let AlternativeEvent::Reply(reply) = &alternative.event {
                        self.message(reply, step);
                    }
                }
            }
            _ => {}
        }
        let outside = (self.site, self.only_with.len());
        match &step.verb {
            Verb::Use(used) => self.site = self.site.inside(step, &used.fragment),
            Verb::When(When { condition: Condition::Capa(tag), .. }) => self.only_with.push(tag),
            _ => {}
        }
        let mut inside: Vec<&'s [Step]> = Vec::new();
        crate::walk::inner(step, &mut |steps| inside.push(steps));
        inside.into_iter().for_each(|steps| self.steps(steps));
        self.site = outside.0;
        self.only_with.truncate(outside.1);
    }

    fn auth(&mut self, auth: &Auth, step: &'s Step) {
        let name = auth.mechanism.name();
        let capability = format!("SASL {name}");
        let declared = self.scenario.needs.capa.contains(&capability);
        if !declared && !self.only_with.contains(&capability.as_str()) {
            let help = format!("add `needs: {{capa: [{capability}]}}` to the header");
            self.refuse(step, format!("the mechanism {name} is used and not declared"), help);
        }
        if auth.mechanism.binds_channel() && self.scenario.needs.tls.is_none() {
            let help = "add `needs: {tls: stls}` or `needs: {tls: implicit}` to the header".to_owned();
            self.refuse(step, format!("{name} binds to TLS, and TLS is not declared"), help);
        }
    }

    fn message(&mut self, reply: &ReplyExpectation, step: &'s Step) {
        let Some(message) = reply.body.as_ref().and_then(|body| body.message.as_ref()) else { return };
        let place = self.site.place(&step.span);
        match &self.scenario.mailbox {
            None => self.findings.error_help(
                place,
                "undeclared-need",
                "`message` compares with a message of the scenario's mailbox, and the scenario has none",
                "add `mailbox: [plain]` to the header",
            ),
            Some(mailbox) => {
                let Expression::Number(number) = message else { return };
                if !usize::try_from(*number).is_ok_and(|number| (1..=mailbox.len()).contains(&number)) {
                    let text = format!("the mailbox has no message {number}; it has {}", mailbox.len());
                    self.findings.error_help(
                        place,
                        "unknown-message",
                        text,
                        "the nth fixture of `mailbox` is message n, from 1",
                    );
                }
            }
        }
    }

    fn refuse(&mut self, step: &'s Step, message: String, help: String) {
        let place = if self.site.used_at.is_some() { self.site.place(&step.span).clone() } else { step.span.clone() };
        let place = if place.line == 0 { top(&self.scenario.source) } else { place };
        self.findings.error_help(&place, "undeclared-need", format!("{}{message}", self.site.preface()), help);
    }
}

//! `account:`.

use super::Decoder;
use crate::pattern::Template;
use crate::scenario::AccountWish;
use crate::yaml::Node;

/// The longest name or password, in octets: what RFC 4616 section 2 lets a field have,
/// and something beyond.
const LONGEST: usize = 1024;

impl Decoder<'_> {
    pub(super) fn account(&mut self, node: &Node) -> Option<AccountWish> {
        let mut fields = self.fields("`account`", node)?;
        let user = fields.get("user");
        let password = fields.get("password");
        if user.is_none() && password.is_none() {
            let message = "`account` has neither `user` nor `password`";
            self.findings.error_help(&node.span, "missing-key", message, "add one of them, or remove `account`");
        }
        let wish = AccountWish {
            user: user.and_then(|text| self.account_text("user", text)),
            password: password.and_then(|text| self.account_text("password", text)),
        };
        // Two scenarios, or two runs of one, must not meet in one maildrop.
        if let (Some(node), Some(text)) = (user, &wish.user)
            && text.uses().filter(|name| *name == "user").count() != 1
        {
            self.findings.error_help(
                &node.span,
                "contradiction",
                "`user` does not have the name in it that the runner has made, and would not be unique",
                "write `${user}` once in it, such as `user: \"${user} and more\"`",
            );
        }
        self.finish(fields);
        Some(wish)
    }

    fn account_text(&mut self, own: &str, node: &Node) -> Option<Template> {
        let template = self.template(&format!("`{own}`"), node)?;
        if let Some(other) = template.uses().find(|name| *name != own) {
            let message = format!("`${{{other}}}` is not known when the account is made");
            let help = format!("only `${{{own}}}` stands for something here: what the runner would have made");
            self.findings.error_help(&node.span, "unresolved-capture", message, help);
        }
        let literal = template.skeleton();
        let text = String::from_utf8_lossy(&literal).replace('\0', "");
        if text.chars().any(char::is_control) {
            let message = format!("`{own}` has a control character in it, which no list of accounts can hold");
            self.findings.error_help(&node.span, "bad-octets", message, "leave it out");
        }
        if literal.len() > LONGEST {
            let message = format!("`{own}` has more than {LONGEST} octets");
            self.findings.error(&node.span, "too-large", message);
        }
        if literal.is_empty() {
            let help = "an account without a name or password cannot be made";
            self.findings.error_help(&node.span, "no-value", format!("`{own}` is empty"), help);
        }
        Some(template)
    }
}

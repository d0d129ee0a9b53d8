//! `auth:`.

use pop3_proto::login::{BindingKind, InitialResponse, Mechanism};

use super::alter::MESSAGES;
use super::{Decoder, Fields, did_you_mean};
use crate::scenario::{AnyAuth, Auth, AuthOutcome, ChannelBinding, Verb};
use crate::yaml::{Content, Node};

/// In place of a mechanism: whatever the target is known to take.
pub(crate) const ANY: &str = "any";
pub(crate) const RESPONSES: [(&str, InitialResponse); 3] =
    [("auto", InitialResponse::IfItFits), ("yes", InitialResponse::Required), ("no", InitialResponse::Never)];
pub(crate) const BINDINGS: [(&str, ChannelBinding); 3] = [
    ("tls-exporter", ChannelBinding::Bound(BindingKind::TlsExporter)),
    ("tls-server-end-point", ChannelBinding::Bound(BindingKind::TlsServerEndPoint)),
    ("believed-absent", ChannelBinding::BelievedAbsent),
];
pub(crate) const ENDINGS: [(&str, AuthOutcome); 2] = [("ok", AuthOutcome::Ok), ("err", AuthOutcome::Err)];

/// Keys of `auth` that say how a mechanism is played, or how it is refused.
const OF_A_MECHANISM: [&str; 11] = [
    "user",
    "password",
    "token",
    "authzid",
    "initial_response",
    "channel_binding",
    "nonce",
    "alter",
    "cancel",
    "expect",
    "code",
];

impl Decoder<'_> {
    /// A mechanism, the word `any`, or a map with one of them.
    pub(super) fn auth(&mut self, node: &Node) -> Option<Verb> {
        if !matches!(node.content, Content::Mapping(_)) {
            if node.text() == Some(ANY) {
                return Some(Verb::AuthAny(AnyAuth::default()));
            }
            let mechanism = self.mechanism(node)?;
            let auth = Auth::new(mechanism);
            self.agree(node, &auth);
            return Some(Verb::Auth(Box::new(auth)));
        }
        let mut fields = self.fields("`auth`", node)?;
        let mechanism = fields.need("mechanism", self);
        if mechanism.and_then(Node::text) == Some(ANY) {
            return Some(Verb::AuthAny(self.any_auth(fields)));
        }
        let mechanism = mechanism.and_then(|mechanism| self.mechanism(mechanism));
        let user = fields.get("user").and_then(|text| self.template("`user`", text));
        let password = fields.get("password").and_then(|text| self.template("`password`", text));
        let token = fields.get("token").and_then(|text| self.template("`token`", text));
        let authzid = fields.get("authzid").and_then(|text| self.template("`authzid`", text));
        let response = fields.get("initial_response");
        let response = response.and_then(|word| self.choice("a value of `initial_response`", word, &RESPONSES));
        let binding = fields.get("channel_binding");
        let binding = binding.and_then(|word| self.choice("a channel binding", word, &BINDINGS));
        let nonce = fields.get("nonce").and_then(|text| self.template("`nonce`", text));
        let alter = fields.get("alter").map(|list| self.alterations(list)).unwrap_or_default();
        let cancel = fields.get("cancel").and_then(|number| self.number("`cancel`", number, 1..=MESSAGES));
        let expect = fields.get("expect").and_then(|word| self.choice("an outcome of `auth`", word, &ENDINGS));
        let code = fields.get("code").and_then(|code| self.response_code(code));
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        let auth = Auth {
            user,
            password,
            token,
            authzid,
            initial_response: response.unwrap_or_default(),
            channel_binding: binding.unwrap_or_default(),
            nonce,
            alter,
            cancel,
            expect: expect.unwrap_or_default(),
            code,
            level,
            requirement,
            ..Auth::new(mechanism?)
        };
        self.agree(node, &auth);
        Some(Verb::Auth(Box::new(auth)))
    }

    /// What may stand beside `any`: nothing that only some methods have, and no
    /// refusal, of which there is a different one with each.
    fn any_auth(&mut self, mut fields: Fields<'_>) -> AnyAuth {
        for name in OF_A_MECHANISM {
            let Some((key, _)) = fields.get_with_key(name) else { continue };
            let message = format!("`{name}` does not go with `{ANY}`");
            let help = format!(
                "`{ANY}` logs the account of the scenario in by whatever method the target takes; remove `{name}`, or name a mechanism"
            );
            self.findings.error_help(&key.span, "contradiction", message, help);
        }
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        AnyAuth { level, requirement }
    }

    fn mechanism(&mut self, node: &Node) -> Option<Mechanism> {
        let text = self.text("`mechanism`", node)?;
        let found = Mechanism::ALL.into_iter().find(|mechanism| mechanism.name() == text);
        if found.is_none() {
            let known: Vec<&str> = Mechanism::ALL.iter().map(|mechanism| mechanism.name()).chain([ANY]).collect();
            let message = format!("`{text}` is not a mechanism that can be worked out");
            let help = match Mechanism::from_name(text) {
                Some(mechanism) => format!("write it in upper case: `{}`", mechanism.name()),
                None if text.eq_ignore_ascii_case(ANY) => format!("write it in lower case: `{ANY}`"),
                None => {
                    format!("{}; any other is written out: `C: AUTH …`, `S: +`, `C: …`", did_you_mean(text, &known))
                }
            };
            self.findings.error_help(&node.span, "unknown-word", message, help);
        }
        found
    }

    /// What one key says of another.
    fn agree(&mut self, node: &Node, auth: &Auth) {
        use Mechanism::{Anonymous, CramMd5, External, Login, OauthBearer, Plain, Xoauth2};
        let Auth { mechanism, .. } = auth;
        let name = mechanism.name();
        let by_token = matches!(mechanism, OauthBearer | Xoauth2);
        let scram = !matches!(mechanism, Plain | Login | CramMd5 | OauthBearer | Xoauth2 | External | Anonymous);
        if by_token && auth.token.is_none() {
            let message = format!("{name} shows a token, and `auth` has no `token`");
            self.findings.error_help(&node.span, "missing-key", message, "add `token: …`");
        }
        let contradictions = [
            (!scram && auth.nonce.is_some(), "`nonce`", "has no nonce of the client's; only SCRAM has"),
            (!by_token && auth.token.is_some(), "`token`", "takes no token; remove `token`"),
            (
                (by_token || matches!(mechanism, External | Anonymous)) && auth.password.is_some(),
                "`password`",
                "shows no password; remove `password`",
            ),
            (
                matches!(mechanism, Login | CramMd5 | Xoauth2 | Anonymous) && auth.authzid.is_some(),
                "`authzid`",
                "has no authorization identity; remove `authzid`",
            ),
            (
                !mechanism.client_first() && auth.initial_response == InitialResponse::Required,
                "`initial_response: yes`",
                "has none, since the server sends first; to send one all the same, write `C: AUTH …`",
            ),
            (
                !mechanism.binds_channel() && matches!(auth.channel_binding, ChannelBinding::Bound(_)),
                "`channel_binding`",
                "binds to no channel, as only mechanisms with -PLUS do",
            ),
            (
                (!scram || mechanism.binds_channel()) && auth.channel_binding == ChannelBinding::BelievedAbsent,
                "`channel_binding: believed-absent`",
                "cannot say so; only SCRAM without -PLUS can",
            ),
        ];
        for (is_wrong, what, why) in contradictions {
            if is_wrong {
                let message = format!("{what} does not go with {name}");
                self.findings.error_help(&node.span, "contradiction", message, format!("{name} {why}"));
            }
        }
        if auth.cancel.is_some() && auth.expect == AuthOutcome::Ok {
            let message = "`auth` is cancelled, and expects to be let in";
            self.findings.error_help(&node.span, "contradiction", message, "add `expect: err`");
        }
        if auth.code.is_some() && auth.expect == AuthOutcome::Ok {
            let message = "`code` is that of a refusal, and `auth` expects none";
            self.findings.error_help(&node.span, "contradiction", message, "add `expect: err`");
        }
    }
}

//! `auth:`, a whole exchange that the runner works out.

use pop3_proto::login::{BindingKind, InitialResponse, Mechanism};

use crate::pattern::Template;
use crate::verdict::Level;

/// `auth: {mechanism, …}`: the AUTH command and its exchange, up to `+OK` or `-ERR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// The mechanism.
    pub mechanism: Mechanism,
    /// Who logs in; `None` for the account of the scenario.
    pub user: Option<Template>,
    /// The password; `None` for that of the account.
    pub password: Option<Template>,
    /// The token of OAUTHBEARER and XOAUTH2; there whenever they are.
    pub token: Option<Template>,
    /// The authorization identity; `None` to leave it to the server.
    pub authzid: Option<Template>,
    /// Whether the client's first message stands in the AUTH command.
    pub initial_response: InitialResponse,
    /// What a SCRAM client says of channel binding.
    pub channel_binding: ChannelBinding,
    /// The client's nonce in SCRAM; `None` for one of the runner's.
    pub nonce: Option<Template>,
    /// What the client says otherwise than the mechanism has it.
    pub alter: Vec<Alteration>,
    /// The message, from 1, in place of which the client cancels.
    pub cancel: Option<usize>,
    /// How it must end.
    pub expect: AuthOutcome,
    /// The response code of the refusal, as in a reply expectation.
    pub code: Option<String>,
    /// Level; `None` for the scenario's.
    pub level: Option<Level>,
    /// Requirement; `None` for the scenario's first.
    pub requirement: Option<String>,
}

impl Auth {
    /// The exchange as it is when nothing else is said.
    #[must_use]
    pub fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            user: None,
            password: None,
            token: None,
            authzid: None,
            initial_response: InitialResponse::default(),
            channel_binding: ChannelBinding::default(),
            nonce: None,
            alter: Vec::new(),
            cancel: None,
            expect: AuthOutcome::default(),
            code: None,
            level: None,
            requirement: None,
        }
    }
}

/// One change to one of the client's messages; what is worked out of the message is worked
/// out of the changed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alteration {
    /// Which of its messages, from 1.
    pub message: usize,
    /// What is replaced where it stands first; `None` to add at the end.
    pub replace: Option<Template>,
    /// What stands there instead.
    pub with: Template,
}

/// `auth: any`: a login by the method that the target is known to take, USER and
/// PASS and APOP included, for scenarios that are about something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnyAuth {
    /// Level of the reply that lets in; `None` for the scenario's.
    pub level: Option<Level>,
    /// Requirement of the same; `None` for the scenario's first.
    pub requirement: Option<String>,
}

/// What a SCRAM client says of channel binding (RFC 5802 section 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChannelBinding {
    /// `n` without `-PLUS`; with it, `tls-exporter`.
    #[default]
    Usual,
    /// `y`: the client has it and believes that the server has not.
    BelievedAbsent,
    /// `p`, of this type; with `-PLUS` only.
    Bound(BindingKind),
}

/// How an exchange must end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthOutcome {
    /// `+OK`, and everything before it as the mechanism has it.
    #[default]
    Ok,
    /// `-ERR`, at whatever point.
    Err,
}

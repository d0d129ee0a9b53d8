//! The form of an example:
//!
//! ```yaml
//! rfc: 1939
//! section: "5"
//! shows: a message marked as deleted cannot be marked again
//! server: {accounts: {mrose: {secret: tanstaaf, messages: [120, 200]}}, log_in: mrose}
//! dialogue: |
//!   C: DELE 1
//!   S: +OK message 1 deleted
//! ends: TRANSACTION
//! ```
//!
//! A line of the dialogue is one of these:
//!
//! | line | is |
//! |---|---|
//! | `C: octets` | a line of the client |
//! | `S: octets` | a line of the server; `\s` at its end is a space |
//! | `M: 1`, `M: 1 10` | message 1 as RETR sends it, byte-stuffed; its top with 10 lines |
//! | `L: octets` | a client's line that the RFC leaves out, and that is answered `+OK` |
//! | `E: tls` | the TLS handshake |
//! | `E: lock NAME`, `E: unlock NAME` | another session has the maildrop, and no longer |
//! | `E: new session` | what follows is said in another session |
//! | `E: wait 900` | so many seconds go by |
//! | `D: what \| why` | what our server answers in another way than the reply above, and by which clause |
//! | `R: name \| why` | a deviation that the reader finds in the reply above |
//!
//! Where a session begins without a greeting, the RFC left it out.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::dialogue::{self, Exchange};

/// One example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    /// Its file.
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) rfc: u32,
    pub(crate) section: String,
    /// What it shows, in our words.
    pub(crate) shows: String,
    #[serde(default)]
    pub(crate) made_from: Origin,
    #[serde(default)]
    pub(crate) server: Setup,
    dialogue: String,
    /// The state that the dialogue leads to.
    pub(crate) ends: String,
    /// The same for our server, where it answers in another way.
    pub(crate) server_ends: Option<String>,
    /// The dialogue, understood.
    #[serde(skip)]
    pub(crate) sessions: Vec<Vec<Exchange>>,
}

/// What an example is a transcription of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    /// Lines of a dialogue.
    #[default]
    Dialogue,
    /// Lines of a dialogue that is in another file already, as an erratum or a
    /// note has them, or as they stand in print against the note.
    Again,
    /// Words: what the text says of a dialogue that it does not print.
    Words,
}

/// The server of an example.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Setup {
    /// The timestamp of the greeting.
    pub(crate) timestamp: Option<String>,
    pub(crate) accounts: BTreeMap<String, Account>,
    /// Whose maildrop is open when the example begins, by USER and PASS.
    pub(crate) log_in: Option<String>,
    /// Mechanisms, in the order in which they are announced.
    pub(crate) mechanisms: Vec<String>,
    /// Those of them that are there under TLS only.
    pub(crate) under_tls: Vec<String>,
    /// A mechanism that the reference server has not.
    pub(crate) stand_in: Option<StandIn>,
    /// The text of IMPLEMENTATION.
    pub(crate) implementation: Option<String>,
    /// Capabilities that the server has not.
    pub(crate) without: Vec<String>,
    pub(crate) tls: Tls,
    /// Seconds from a login to the next.
    pub(crate) login_delay: Option<u64>,
    /// What is announced of EXPIRE.
    pub(crate) expire: Option<String>,
    /// LANG is there, and `LANG *` selects the language of this tag.
    pub(crate) preferred_language: Option<String>,
    /// UTF8 is there.
    pub(crate) utf8: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Account {
    pub(crate) secret: String,
    /// The size of each message in octets.
    pub(crate) messages: Vec<usize>,
    /// The subject of each, if it is not the message-number.
    pub(crate) subject: Option<String>,
    pub(crate) unique_ids: Vec<String>,
    /// Whether marked messages cannot be removed.
    pub(crate) read_only: bool,
    /// Why the maildrop cannot be opened, which no store of ours says by itself.
    pub(crate) broken: Option<Broken>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Broken {
    Temporarily,
    Permanently,
}

/// A mechanism that sends the challenges of the example and lets anybody in who
/// answers as the example has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandIn {
    pub(crate) mechanism: String,
    /// The account entered.
    pub(crate) enters: String,
    /// Why the reference server has no such mechanism.
    pub(crate) why: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tls {
    #[default]
    None,
    Stls,
}

impl Example {
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, String> {
        let mut example: Self = serde_yaml::from_str(text).map_err(|why| why.to_string())?;
        example.name = name.trim_end_matches(".yaml").to_owned();
        let sessions = dialogue::read(&example.server, &example.dialogue)?;
        Ok(Self { sessions, ..example })
    }
}

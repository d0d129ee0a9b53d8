//! The maildrops of a target: how mail comes into them, outside POP3.

use std::path::PathBuf;

use pop3_proto::escape::escape;
use serde::Deserialize;

use crate::account::Account;

mod imap;
pub(super) mod maildir;
mod mbox;
mod program;

pub(super) use maildir::Owner;
pub use mbox::Quoting;
pub(super) use program::Programs;

/// Where the mail of an account lies, or how it gets there: one of `maildir`, `mbox`,
/// `imap` and `command`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The Maildir of `{user}`, such as `{dir}/mail/{user}/Maildir`.
    #[serde(default)]
    pub maildir: Option<String>,
    /// How the lines of a file in the Maildir end.
    #[serde(default)]
    pub line_ends: LineEnds,
    /// The mbox file of `{user}`.
    #[serde(default)]
    pub mbox: Option<String>,
    /// How lines that begin with `From ` stand in it.
    #[serde(default)]
    pub quoting: Quoting,
    /// Host and port of an IMAP server on the same mail: as the account, what is in
    /// INBOX is removed and messages are put there by APPEND.
    #[serde(default)]
    pub imap: Option<String>,
    /// Programs that do it.
    #[serde(default)]
    pub command: Option<MailPrograms>,
    /// Files removed with the messages, so that no index outlives them; names
    /// below the Maildir, or beside the mbox file with `{user}` in them. A trailing
    /// `*` stands for all that begin so.
    #[serde(default)]
    pub forget: Vec<String>,
    /// The user of this machine to whom the files belong, if not the one whom the
    /// server runs as.
    #[serde(default)]
    pub owner: Option<String>,
    /// Octets that no message can have there without being changed, as text. A line
    /// end in front stands for the beginning of a message too.
    #[serde(default)]
    pub without: Vec<String>,
}

/// How the lines of stored mail end.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LineEnds {
    /// As a scenario has them: CRLF, and what is odd stays odd.
    #[default]
    Crlf,
    /// By LF, which the server sends as CRLF. A bare LF cannot be told from a line end there.
    Lf,
}

/// Programs that put mail into a maildrop. `{user}`, `{password}` and `{messages}`, a
/// folder with the files `00001.eml`, `00002.eml` and so on, are replaced.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailPrograms {
    /// Empties the maildrop and puts the messages there, in the order of their names.
    pub fill: Vec<String>,
    /// Adds the messages to what is there; without it nothing is delivered later.
    #[serde(default)]
    pub deliver: Vec<String>,
}

impl Mail {
    /// What is wrong with it, if anything is.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        let ways = [self.maildir.is_some(), self.mbox.is_some(), self.imap.is_some(), self.command.is_some()];
        match ways.into_iter().filter(|way| *way).count() {
            1 if self.command.as_ref().is_some_and(|programs| programs.fill.is_empty()) => {
                Some("`mail: {command: {fill}}` is empty; give the program and its arguments as a list")
            }
            1 => None,
            _ => Some("`mail` needs one of `maildir`, `mbox`, `imap` and `command`"),
        }
    }

    /// Whether messages can be added to a maildrop that has some.
    pub(super) fn delivers(&self) -> bool {
        self.command.as_ref().is_none_or(|programs| !programs.deliver.is_empty())
    }
}

/// Why a maildrop is not filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfilled {
    /// The target cannot hold such a message.
    Cannot(String),
    /// It should have been possible.
    Failed(String),
}

impl Unfilled {
    /// The reason in words.
    #[must_use]
    pub fn into_words(self) -> String {
        match self {
            Self::Cannot(why) | Self::Failed(why) => why,
        }
    }
}

/// The maildrops of a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Store<'s> {
    pub(super) mail: &'s Mail,
    /// The names and the environment of the target file.
    pub(super) programs: Programs<'s>,
    pub(super) owner: Owner,
}

impl Store<'_> {
    /// Puts exactly these messages into a maildrop, in this order.
    pub(super) async fn fill(self, account: &Account, messages: &[Vec<u8>]) -> Result<(), Unfilled> {
        self.can_hold(messages)?;
        let messages = &self.as_stored(messages)[..];
        let names = self.programs.names.clone().with("user", &account.name).with("password", &account.password);
        let Mail { maildir, mbox, quoting, imap, command, forget, .. } = self.mail;
        if let Some(maildir) = maildir {
            let path = PathBuf::from(names.in_command(maildir));
            return maildir::fill(&path, messages, forget, self.owner).map_err(|error| failed("fill", &path, &error));
        }
        if let Some(mbox) = mbox {
            let path = PathBuf::from(names.in_command(mbox));
            let forget: Vec<String> = forget.iter().map(|name| names.in_command(name)).collect();
            return mbox::fill(&path, messages, *quoting, &forget, self.owner)
                .map_err(|error| failed("fill", &path, &error));
        }
        if let Some(address) = imap {
            return imap::fill(&names.in_command(address), account, messages).await;
        }
        let fill = command.as_ref().map(|programs| programs.fill.as_slice()).unwrap_or_default();
        program::run(fill, Programs { names: &names, ..self.programs }, messages).await
    }

    /// Puts one more message into a maildrop.
    pub(super) async fn deliver(self, account: &Account, message: &[u8]) -> Result<(), Unfilled> {
        let names = self.programs.names.clone().with("user", &account.name).with("password", &account.password);
        let Mail { maildir, mbox, quoting, imap, command, .. } = self.mail;
        if let Some(maildir) = maildir {
            let path = PathBuf::from(names.in_command(maildir));
            let stored = self.as_stored(&[message.to_vec()]).concat();
            return maildir::deliver(&path, &stored, self.owner).map_err(|error| failed("deliver into", &path, &error));
        }
        if let Some(mbox) = mbox {
            let path = PathBuf::from(names.in_command(mbox));
            return mbox::deliver(&path, message, *quoting, self.owner)
                .await
                .map_err(|error| failed("deliver into", &path, &error));
        }
        if let Some(address) = imap {
            return imap::deliver(&names.in_command(address), account, message).await;
        }
        let deliver = command.as_ref().map(|programs| programs.deliver.as_slice()).unwrap_or_default();
        program::run(deliver, Programs { names: &names, ..self.programs }, &[message.to_vec()]).await
    }

    /// Whether a line end is one LF there, as it is in an mbox file.
    fn ends_lines_by_lf(self) -> bool {
        self.mail.line_ends == LineEnds::Lf || self.mail.mbox.is_some()
    }

    /// The messages with the line ends of the store.
    fn as_stored(self, messages: &[Vec<u8>]) -> Vec<Vec<u8>> {
        match self.mail.line_ends {
            LineEnds::Crlf => messages.to_vec(),
            LineEnds::Lf => messages.iter().map(|message| by_lf(message)).collect(),
        }
    }

    fn can_hold(self, messages: &[Vec<u8>]) -> Result<(), Unfilled> {
        let by_mbox =
            |message: &Vec<u8>| self.mail.mbox.as_ref().and_then(|_| mbox::cannot_hold(message, self.mail.quoting));
        let odd = |message: &Vec<u8>| {
            let mut lines = message.split_inclusive(|octet| *octet == b'\n');
            let bare = |line: &[u8]| line.ends_with(b"\n") && !line.ends_with(b"\r\n");
            self.ends_lines_by_lf() && lines.any(bare)
        };
        if messages.iter().any(odd) {
            let why = "the maildrops of this target end lines by LF, and cannot hold a line that ends by LF alone";
            return Err(Unfilled::Cannot(why.to_owned()));
        }
        if let Some(what) = messages.iter().find_map(by_mbox) {
            return Err(Unfilled::Cannot(format!(
                "the maildrops of this target are mbox files, which cannot hold {what}"
            )));
        }
        for text in &self.mail.without {
            let holds = |message: &Vec<u8>| {
                let begins = text.strip_prefix('\n').is_some_and(|start| message.starts_with(start.as_bytes()));
                begins || message.windows(text.len().max(1)).any(|octets| octets == text.as_bytes())
            };
            if let Some(at) = messages.iter().position(holds) {
                return Err(Unfilled::Cannot(format!(
                    "the maildrops of this target cannot hold `{}`, which is in message {}",
                    escape(text.as_bytes()),
                    at + 1
                )));
            }
        }
        Ok(())
    }
}

/// A message with each CRLF as LF.
fn by_lf(message: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|octet| *octet == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                text.extend_from_slice(line);
                text.push(b'\n');
            }
            None => text.extend_from_slice(line),
        }
    }
    text
}

fn failed(what: &str, path: &std::path::Path, error: &std::io::Error) -> Unfilled {
    Unfilled::Failed(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::target::names::Names;

    static NAMES: Names = Names::NONE;
    static ENVIRONMENT: BTreeMap<String, String> = BTreeMap::new();

    fn of(mail: &Mail) -> Store<'_> {
        Store { mail, programs: Programs { names: &NAMES, environment: &ENVIRONMENT }, owner: None }
    }

    #[test]
    fn line_ends_are_those_of_the_store() {
        let check = |message: &str, want: Option<&str>| {
            let mail = Mail { line_ends: LineEnds::Lf, ..Mail::default() };
            let store = of(&mail);
            let messages = [message.as_bytes().to_vec()];
            let stored = store.can_hold(&messages).ok().map(|()| store.as_stored(&messages).concat());
            assert_eq!(stored.as_deref(), want.map(str::as_bytes), "{message:?}");
            let mbox = Mail { mbox: Some("m".to_owned()), ..Mail::default() };
            assert_eq!(of(&mbox).can_hold(&messages).is_ok(), want.is_some(), "{message:?} in an mbox file");
        };
        check("S: x\r\n\r\na\r\n", Some("S: x\n\na\n"));
        check("S: x\r\n\r\nno end", Some("S: x\n\nno end"));
        check("S: a\rb\r\n\r\nc\r", Some("S: a\rb\n\nc\r"));
        check("S: x\r\n\r\na\nb\r\n", None);
    }

    #[test]
    fn what_cannot_be_held_is_said() {
        let check = |without: &str, message: &str, holds: bool| {
            let mail = Mail { without: vec![without.to_owned()], ..Mail::default() };
            let judged = of(&mail).can_hold(&[b"Subject: x\n\nplain\n".to_vec(), message.as_bytes().to_vec()]);
            assert_eq!(judged.is_ok(), holds, "{without:?} in {message:?}");
            if let Err(why) = judged {
                assert!(why.into_words().contains("in message 2"));
            }
        };
        check("\nFrom ", "a\nFrom b\n", false);
        check("\nFrom ", "From b\n", false);
        check("\nFrom ", "a From b\n>From c\n", true);
        check("\0", "a\0b", false);
        check("\0", "ab", true);
    }
}

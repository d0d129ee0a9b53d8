//! The mail that both servers hold, and what they must say about it.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::sync::Arc;

use pop3_proto::stuffing::Stuffer;

use crate::error::ChoreError;

/// The password of all accounts.
pub(super) const PASSWORD: &str = "secret";

/// Octets of a short message, about.
const SHORT: usize = 2_000;
/// Octets of the long message, about.
const LONG: usize = 1_000_000;

/// What each maildrop holds: short messages, and perhaps a long one behind them.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    messages: Vec<Message>,
}

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// Its octets, with CRLF.
    octets: Vec<u8>,
    /// What follows the first line of the reply to RETR: stuffed, with the
    /// terminating line.
    pub(super) sent: Arc<[u8]>,
}

impl Mail {
    /// So many short messages, and the long one as the last when that is wanted.
    pub(super) fn new(short: usize, long: bool) -> Self {
        let mut messages: Vec<Message> = (1..=short).map(|number| Message::new(number, SHORT)).collect();
        if long {
            messages.push(Message::new(short + 1, LONG));
        }
        Self { messages }
    }

    /// Number of messages.
    pub(super) fn count(&self) -> usize {
        self.messages.len()
    }

    /// Octets of all messages.
    pub(super) fn octets(&self) -> usize {
        self.messages.iter().map(|message| message.octets.len()).sum()
    }

    /// The messages, in order.
    pub(super) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The account of a client, numbered from 0.
    pub(super) fn account(client: usize) -> String {
        format!("client{client:04}")
    }

    /// Writes the Maildir of each account, `ACCOUNT/Maildir`, below a folder, for
    /// an owner.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(super) fn write(&self, root: &Path, accounts: usize, owner: Option<(u32, u32)>) -> Result<(), ChoreError> {
        for home in (0..accounts).map(|client| root.join(Self::account(client))) {
            let maildir = home.join("Maildir");
            for name in ["cur", "new", "tmp"] {
                let folder = maildir.join(name);
                fs::create_dir_all(&folder).map_err(ChoreError::of_file(&folder))?;
            }
            let mut written = vec![home.clone(), maildir.clone()];
            written.extend(["cur", "new", "tmp"].map(|name| maildir.join(name)));
            for (at, message) in self.messages.iter().enumerate() {
                // As a delivery agent names it: `W` is the size that POP3 tells, which
                // spares a server that reads it from counting line ends.
                let octets = message.octets.len();
                let path =
                    maildir.join("cur").join(format!("{}.M1P1.load,S={octets},W={octets}:2,S", 1_700_000_000 + at));
                fs::write(&path, &message.octets).map_err(ChoreError::of_file(&path))?;
                written.push(path);
            }
            for path in written {
                if let Some((user, group)) = owner {
                    chown(&path, Some(user), Some(group)).map_err(ChoreError::of_file(&path))?;
                }
            }
        }
        Ok(())
    }
}

impl Message {
    fn new(number: usize, length: usize) -> Self {
        let mut octets = format!(
            "From: Load <load@example.org>\r\nTo: you@example.org\r\nSubject: message {number}\r\n\
             Message-ID: <{number}@load.example>\r\nContent-Type: text/plain\r\n\r\n"
        )
        .into_bytes();
        let mut line = 0;
        while octets.len() < length {
            // One line in fifty begins with a dot, so that byte-stuffing is at work.
            let begin = if line % 50 == 0 { "." } else { "" };
            octets.extend_from_slice(
                format!("{begin}{line:06} the quick brown fox jumps over the lazy dog, again and again\r\n").as_bytes(),
            );
            line += 1;
        }
        let mut sent = Vec::new();
        let mut stuffer = Stuffer::new();
        stuffer.push(&octets, &mut sent);
        stuffer.finish(&mut sent);
        Self { octets, sent: sent.into() }
    }

    /// Octets of the message itself.
    pub(super) fn octets(&self) -> usize {
        self.octets.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_stuffed_and_terminated() {
        let mail = Mail::new(2, true);
        assert_eq!(mail.count(), 3);
        let long = &mail.messages()[2];
        assert!((LONG..LONG + 100).contains(&long.octets()));
        assert!(long.sent.len() > long.octets() + 3 && long.sent.ends_with(b"\r\n.\r\n"));
        assert!(long.sent.windows(5).any(|octets| octets == b"\r\n..0"));
    }
}

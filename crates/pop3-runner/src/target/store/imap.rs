//! Filling by IMAP (RFC 3501), for servers whose mail has no form that others may write.

use std::time::Duration;

use async_imap::error::Error;
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Unfilled;
use crate::account::Account;

/// How long it may take to fill one maildrop.
const FILLED_WITHIN: Duration = Duration::from_secs(60);

/// More messages than these are worth asking for another way of putting them there.
const FEW: usize = 50;

/// Messages in one command.
const AT_ONCE: usize = 1000;

/// Why it was not done.
#[derive(Debug)]
enum Stopped {
    /// The server looked at a message and does not take it.
    Refused(String),
    Broken(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl Stopped {
    /// What the refusal of an APPEND means: with a response code, or where it is about the
    /// server itself, that something was amiss with the maildrop and not with the message
    /// (RFC 5530 section 3).
    fn of_append(error: Error) -> Self {
        match error {
            Error::No(why) if why.starts_with("code: None") && !why.contains("System I/O error") => Self::Refused(why),
            error => Self::Broken(error),
        }
    }
}

/// Removes what is in INBOX, and appends these messages.
pub(super) async fn fill(address: &str, account: &Account, messages: &[Vec<u8>]) -> Result<(), Unfilled> {
    within(address, async {
        let mut session = login(address, account).await?;
        let inbox = session.select("INBOX").await?;
        if inbox.exists > 0 {
            session.store("1:*", "+FLAGS.SILENT (\\Deleted)").await?.try_collect::<Vec<_>>().await?;
            session.expunge().await?.try_collect::<Vec<_>>().await?;
        }
        append(&mut session, messages).await?;
        Ok(session.logout().await?)
    })
    .await
}

/// Appends one message to INBOX.
pub(super) async fn deliver(address: &str, account: &Account, message: &[u8]) -> Result<(), Unfilled> {
    within(address, async {
        let mut session = login(address, account).await?;
        append(&mut session, &[message.to_vec()]).await?;
        Ok(session.logout().await?)
    })
    .await
}

async fn within(address: &str, work: impl Future<Output = Result<(), Stopped>>) -> Result<(), Unfilled> {
    match timeout(FILLED_WITHIN, work).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Stopped::Refused(why))) => {
            Err(Unfilled::Cannot(format!("the server does not take it by IMAP: {}", said(&why))))
        }
        Ok(Err(Stopped::Broken(error))) => Err(Unfilled::Failed(format!("IMAP at {address}: {error}"))),
        Err(_) => Err(Unfilled::Failed(format!("IMAP at {address}: not done within {} s", FILLED_WITHIN.as_secs()))),
    }
}

async fn login(address: &str, account: &Account) -> Result<Session<TcpStream>, Error> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut client = Client::new(stream);
    client.read_response().await?.ok_or(Error::ConnectionLost)?;
    client.login(&account.name, &account.password).await.map_err(|(error, _)| error)
}

async fn append(session: &mut Session<TcpStream>, messages: &[Vec<u8>]) -> Result<(), Stopped> {
    let texts: Vec<&str> = messages.iter().map_while(|message| str::from_utf8(message).ok()).collect();
    if messages.len() > FEW && texts.len() == messages.len() {
        let offered = session.capabilities().await?;
        if offered.has_str("MULTIAPPEND") && offered.has_str("LITERAL+") {
            for many in texts.chunks(AT_ONCE) {
                session.run_command_and_check_ok(appended(many)).await.map_err(Stopped::of_append)?;
            }
            return Ok(());
        }
    }
    for message in messages {
        session.append("INBOX", None, None, message).await.map_err(Stopped::of_append)?;
    }
    Ok(())
}

/// One command for many messages (RFC 3502), without waiting in between (RFC 7888).
fn appended(messages: &[&str]) -> String {
    let literals = messages.iter().map(|message| format!(" {{{}+}}\r\n{message}", message.len()));
    std::iter::once("APPEND INBOX".to_owned()).chain(literals).collect()
}

/// What the server said, out of the words that the client library makes of it.
fn said(words: &str) -> &str {
    let text = words.split_once("info: Some(\"").and_then(|(_, text)| text.strip_suffix("\")"));
    text.unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_messages_are_one_command() {
        assert_eq!(appended(&["a\r\n", "\u{e9}"]), "APPEND INBOX {3+}\r\na\r\n {2+}\r\n\u{e9}");
    }

    #[test]
    fn a_refused_message_is_told_from_a_maildrop_that_is_not_at_hand() {
        let check = |error: Error, refused: bool| {
            let text = format!("{error:?}");
            assert_eq!(matches!(Stopped::of_append(error), Stopped::Refused(_)), refused, "{text}");
        };
        check(Error::No("code: None, info: Some(\"Message contains NUL characters\")".to_owned()), true);
        check(Error::No("code: None, info: Some(\"System I/O error\")".to_owned()), false);
        check(Error::No("code: Some(Unknown(\"OVERQUOTA\")), info: Some(\"too much\")".to_owned()), false);
        check(Error::Bad("code: None, info: None".to_owned()), false);
        check(Error::ConnectionLost, false);
    }

    #[test]
    fn the_words_of_the_server_are_found() {
        let check = |words: &str, want: &str| assert_eq!(said(words), want);
        check("code: None, info: Some(\"Message contains NUL characters\")", "Message contains NUL characters");
        check("outcome: x", "outcome: x");
    }
}

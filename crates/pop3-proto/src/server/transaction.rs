//! The TRANSACTION state, and UPDATE at its end.

use std::collections::BTreeSet;

use super::{Column, Ending, Host, Listed, Sending, ServerSession, Text, UpdateFailed};
use crate::command::Keyword;
use crate::message_number::MessageNumber;
use crate::reply::RegisteredCode;
use crate::state::{Input, State};

impl ServerSession {
    pub(super) fn quit(&mut self, host: &mut dyn Host, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Quit);
        if self.state != State::Transaction {
            self.grant(input, Text::Bye, out);
            return self.end(Ending::Quit, host);
        }
        let marked = self.numbers().filter(|number| self.is_marked(*number));
        let removed: BTreeSet<MessageNumber> = marked.chain(self.retrieved.iter().copied()).collect();
        let removed: Vec<MessageNumber> = removed.into_iter().collect();
        match host.update(&removed) {
            Ok(()) => self.grant(input, Text::Bye, out),
            Err(UpdateFailed) => self.deny(input, Some(RegisteredCode::SysTemp), Text::NotRemoved, out),
        }
        self.end(Ending::Update, host);
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = MessageNumber> + use<> {
        (0..self.admission.messages.len()).filter_map(MessageNumber::from_index)
    }

    pub(super) fn maildrop(&self) -> Text {
        let Totals { messages, octets } = self.totals;
        Text::Maildrop { messages, octets }
    }

    /// The message, unless there is none or it is marked as deleted.
    fn find(&self, number: MessageNumber) -> Option<&Listed> {
        if self.is_marked(number) { None } else { self.admission.messages.get(number.index()) }
    }

    pub(super) fn listing(&mut self, column: Column, number: Option<MessageNumber>, out: &mut Vec<u8>) {
        let input = Input::Command(column.keyword());
        if let Some(number) = number {
            let line = self.find(number).map(|listed| column.line(number, listed));
            return match line {
                Some(line) => self.grant_exactly(input, &line, out),
                None => self.deny(input, None, Text::NoSuchMessage, out),
            };
        }
        let Totals { messages, octets } = self.totals;
        self.grant(input, Text::Listing { messages, octets }, out);
        self.sending = Some(Sending::Listing { column, next: 0 });
    }

    pub(super) fn dele(&mut self, number: MessageNumber, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Dele);
        let Some(octets) = self.find(number).map(|listed| listed.octets) else {
            return self.deny(input, None, Text::NoSuchMessage, out);
        };
        self.totals.leave(octets);
        if let Some(marked) = self.marked.get_mut(number.index()) {
            *marked = true;
        }
        self.grant(input, Text::Deleted(number.index() as u64 + 1), out);
    }

    pub(super) fn send(
        &mut self,
        input: Input,
        number: MessageNumber,
        lines: Option<u64>,
        host: &mut dyn Host,
        out: &mut Vec<u8>,
    ) {
        let Some(octets) = self.find(number).map(|listed| listed.octets) else {
            return self.deny(input, None, Text::NoSuchMessage, out);
        };
        let Some(message) = host.message(number) else {
            return self.deny(input, Some(RegisteredCode::SysTemp), Text::Unreadable, out);
        };
        let unicode = self.config.utf8.is_there(self.config.tls);
        if unicode && !self.utf8 && needs_utf8(&message) {
            return self.deny(input, Some(RegisteredCode::Utf8), Text::NeedsUtf8, out);
        }
        self.grant(input, if lines.is_some() { Text::TopFollows } else { Text::Octets(octets) }, out);
        self.sending = Some(Sending::message(number, message, lines));
    }

    pub(super) fn send_on(&mut self, out: &mut Vec<u8>) {
        self.sending = match self.sending.take() {
            Some(Sending::Message(message)) => {
                let (number, whole) = (message.number(), message.is_whole());
                let rest = message.send_on(out);
                if rest.is_none() && whole && self.expires_at_once() {
                    self.retrieved.insert(number);
                }
                rest.map(Sending::Message)
            }
            Some(Sending::Listing { column, next }) => {
                let next = column.send_on(&self.admission.messages, &self.marked, next, out);
                next.map(|next| Sending::Listing { column, next })
            }
            None => None,
        };
    }
}

/// Count and octets of messages. Kept along with the marks, so that STAT and LIST
/// cost the same in a large maildrop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub(super) messages: u64,
    pub(super) octets: u64,
}

impl Totals {
    pub(super) fn of(messages: &[Listed]) -> Self {
        let octets = messages.iter().fold(0, |sum: u64, listed| sum.saturating_add(listed.octets));
        Self { messages: messages.len() as u64, octets }
    }

    /// Without a message of so many octets.
    fn leave(&mut self, octets: u64) {
        self.messages = self.messages.saturating_sub(1);
        self.octets = self.octets.saturating_sub(octets);
    }
}

/// Whether a message may be sent in UTF-8 mode only (RFC 6856 section 2.1): its
/// header has octets above 127. Those of a body are what 8BITMIME allows (RFC
/// 6152), of which nothing needs the mode.
fn needs_utf8(message: &[u8]) -> bool {
    let end = if message.starts_with(b"\r\n") { Some(0) } else { memchr::memmem::find(message, b"\r\n\r\n") };
    !message.get(..end.unwrap_or(message.len())).is_some_and(<[u8]>::is_ascii)
}

#[cfg(test)]
mod tests {
    use super::needs_utf8;

    #[test]
    fn the_header_decides() {
        let check = |message: &str, want| assert_eq!(needs_utf8(message.as_bytes()), want, "{message:?}");
        check("Subject: x\r\n\r\ngrößer\r\n", false);
        check("Subject: größer\r\n\r\nx\r\n", true);
        check("Subject: größer\r\n", true);
        check("\r\ngrößer\r\n\r\n", false);
        check("", false);
        assert!(needs_utf8(b"Subject: gr\xF6\xDFer\r\n\r\n"), "Latin-1");
    }
}

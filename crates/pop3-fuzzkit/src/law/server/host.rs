//! A mail store of two messages, which keeps account of what was asked.

use std::sync::Arc;
use std::time::Duration;

use pop3_proto::apop;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{Admission, Credentials, ExchangeStep, Host, Listed, Refusal, UpdateFailed};
use pop3_proto::unique_id::UniqueId;

/// One message with dots in every place, and one that is all header and needs
/// UTF-8 mode.
pub(super) const MESSAGES: [&[u8]; 2] =
    [b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\na.b\r\n\r\nlast\r\n", b"Subject: no b\xC3\xB6dy\r\n"];

#[derive(Debug)]
pub(crate) struct TwoMessages {
    update: Result<(), UpdateFailed>,
    removed: Vec<MessageNumber>,
    let_go: usize,
    name: Option<Vec<u8>>,
}

impl TwoMessages {
    /// A store whose UPDATE ends so.
    pub(crate) fn new(update: Result<(), UpdateFailed>) -> Self {
        Self { update, removed: Vec::new(), let_go: 0, name: None }
    }

    /// What was removed, and how often the lock was let go.
    pub(super) fn into_account(self) -> (Vec<MessageNumber>, usize) {
        (self.removed, self.let_go)
    }

    fn open(right: bool) -> Result<Admission, Refusal> {
        if !right {
            return Err(Refusal::Credentials);
        }
        let unique_ids = [b"whqtswO00WBw418f9t5JxYwZ".as_slice(), b"QhdPYR:00WBw1Ph7x7"];
        let listed = MESSAGES.iter().zip(unique_ids).map(|(message, unique_id)| {
            UniqueId::new(unique_id).map(|unique_id| Listed { octets: message.len() as u64, unique_id })
        });
        listed.collect::<Result<Vec<_>, _>>().map(Admission::new).map_err(|_| Refusal::Permanently)
    }
}

impl Host for TwoMessages {
    fn log_in(&mut self, credentials: Credentials<'_>, _now: Duration) -> Result<Admission, Refusal> {
        Self::open(match credentials {
            Credentials::Password { name, password } => (name, password) == ("u", "p"),
            Credentials::Digest { name, timestamp, digest } => {
                name == "u" && digest == apop::digest(timestamp.as_bytes(), b"p")
            }
        })
    }

    /// PLAIN in one step, and LOGIN in two, to have more than one challenge.
    fn begin_exchange(
        &mut self,
        mechanism: &str,
        initial_response: Option<&[u8]>,
        now: Duration,
    ) -> Option<ExchangeStep> {
        self.name = (mechanism == "LOGIN").then(Vec::new);
        match (mechanism, initial_response) {
            ("PLAIN" | "LOGIN", Some(response)) => Some(self.continue_exchange(response, now)),
            ("PLAIN", None) => Some(ExchangeStep::Challenge(Vec::new())),
            ("LOGIN", None) => Some(ExchangeStep::Challenge(b"Username:".to_vec())),
            _ => None,
        }
    }

    fn continue_exchange(&mut self, response: &[u8], _now: Duration) -> ExchangeStep {
        match self.name.take() {
            Some(name) if name.is_empty() && !response.is_empty() => {
                self.name = Some(response.to_vec());
                ExchangeStep::Challenge(b"Password:".to_vec())
            }
            Some(name) => ExchangeStep::Done(Self::open((name.as_slice(), response) == (b"u", b"p"))),
            None => ExchangeStep::Done(Self::open(response == b"\0u\0p")),
        }
    }

    fn cancel_exchange(&mut self) {
        self.name = None;
    }

    fn message(&mut self, number: MessageNumber) -> Option<Arc<[u8]>> {
        MESSAGES.get(number.index()).map(|message| Arc::from(*message))
    }

    fn update(&mut self, marked: &[MessageNumber]) -> Result<(), UpdateFailed> {
        self.let_go += 1;
        if self.update.is_ok() {
            self.removed.extend_from_slice(marked);
        }
        self.update
    }

    fn release(&mut self) {
        self.let_go += 1;
    }
}

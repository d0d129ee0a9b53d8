//! Faults of AUTH commands that are refused in words only, or not refused in time (RFC 5034
//! section 4).

use pop3_proto::command::Keyword;

use super::mechanism::{asked, said};
use super::sasl::EMPTY_CHALLENGE;
use super::{Before, CommandLine, Filter, Heard, View, rewrite};

/// A client that cancels when its proof was right is in all the same.
#[derive(Default)]
pub(super) struct CancelledLetsIn {
    proven: bool,
    cancelled: bool,
}

impl Filter for CancelledLetsIn {
    fn before_response(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.cancelled = std::mem::take(&mut self.proven) && line.octets == b"*";
        if self.cancelled { rewrite("") } else { Before::Pass }
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.proven = asked(reply).is_some_and(|challenge| challenge.starts_with("v="));
        if std::mem::take(&mut self.cancelled) {
            *reply = b"-ERR authentication cancelled\r\n".to_vec();
        }
    }
}

/// PLAIN with a wrong password is refused, and the maildrop is open behind it.
#[derive(Default)]
pub(super) struct RefusedLetsIn {
    refused: bool,
}

impl RefusedLetsIn {
    /// The lines that let in whoever is named with a wrong password.
    fn hear(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Option<[Vec<u8>; 2]> {
        let message = said(line)?;
        let (name, password) = message.strip_prefix('\0')?.split_once('\0')?;
        let secret = view.store().secret(name)?;
        self.refused = password != secret;
        self.refused.then(|| [format!("USER {name}").into_bytes(), format!("PASS {secret}").into_bytes()])
    }
}

impl Filter for RefusedLetsIn {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if !line.is(Keyword::Auth) || view.in_transaction() {
            return Before::Pass;
        }
        let lines = self.hear(line, view);
        lines.map_or(Before::Pass, |[user, pass]| Before::Instead(vec![(user, Heard::No), (pass, Heard::Yes)]))
    }

    fn before_response(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let lines = self.hear(line, view);
        lines.map_or(Before::Pass, |[user, pass]| {
            Before::Instead(vec![(b"*".to_vec(), Heard::No), (user, Heard::No), (pass, Heard::Yes)])
        })
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if std::mem::take(&mut self.refused) {
            *reply = b"-ERR [AUTH] name or password is wrong\r\n".to_vec();
        }
    }
}

/// An initial response whose length is no multiple of four is taken for one that goes on,
/// though there is no exchange in which it could.
#[derive(Default)]
pub(super) struct CutInitialResponseAsked {
    waits: bool,
}

impl Filter for CutInitialResponseAsked {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        if std::mem::take(&mut self.waits) {
            return Before::Close;
        }
        let response = line.word(2);
        self.waits = line.is(Keyword::Auth)
            && !view.in_transaction()
            && line.arguments().len() == 2
            && response != b"="
            && !response.len().is_multiple_of(4);
        if self.waits { Before::Answer(EMPTY_CHALLENGE.to_vec()) } else { Before::Pass }
    }
}

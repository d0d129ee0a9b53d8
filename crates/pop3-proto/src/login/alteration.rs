//! What a client says otherwise than its mechanism has it, for testers of servers.

use std::fmt;

/// One change to one message of a client. What depends on the message, such as the proof
/// of SCRAM, is worked out of the changed one, so that nothing else is wrong with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Alteration {
    /// Which of the client's messages, from 1.
    pub message: usize,
    /// The octets that are replaced where they stand first; `None` to add at the end.
    pub replace: Option<Vec<u8>>,
    /// What stands there instead.
    pub with: Vec<u8>,
}

/// Without the octets, which may be a secret.
impl fmt::Debug for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alteration").field("message", &self.message).finish_non_exhaustive()
    }
}

/// The changes to the messages of one exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Alterations {
    all: Vec<Alteration>,
    /// Whether a message had nothing to replace.
    pub(super) missed: bool,
}

impl Alterations {
    pub(super) fn new(all: Vec<Alteration>) -> Self {
        Self { all, missed: false }
    }

    /// The message of this number, changed. That of SCRAM's last one has no proof yet.
    pub(super) fn apply(&mut self, number: usize, mut message: Vec<u8>) -> Vec<u8> {
        for change in self.all.iter().filter(|change| change.message == number) {
            let Some(replace) = &change.replace else {
                message.extend_from_slice(&change.with);
                continue;
            };
            match memchr::memmem::find(&message, replace) {
                Some(at) => drop(message.splice(at..at + replace.len(), change.with.iter().copied())),
                None => self.missed = true,
            }
        }
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_its_kind_is_replaced_in_its_message() {
        let check = |changes: &[(usize, Option<&str>, &str)], want: &str, missed: bool| {
            let octets = |text: &str| text.as_bytes().to_vec();
            let change = |(message, replace, with): &(usize, Option<&str>, &str)| Alteration {
                message: *message,
                replace: replace.map(octets),
                with: octets(with),
            };
            let mut alterations = Alterations::new(changes.iter().map(change).collect());
            let altered = alterations.apply(2, octets("a,b,a"));
            assert_eq!((String::from_utf8(altered).unwrap().as_str(), alterations.missed), (want, missed));
        };
        check(&[], "a,b,a", false);
        check(&[(2, Some("a"), "xy")], "xy,b,a", false);
        check(&[(2, Some("a"), ""), (2, None, "!")], ",b,a!", false);
        check(&[(1, Some("a"), "xy")], "a,b,a", false);
        check(&[(2, Some("c"), "xy")], "a,b,a", true);
    }
}

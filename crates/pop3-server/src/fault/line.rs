//! A client's line as a faulty server looks at it: without the care of the
//! honest parser.

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;

/// A client's line.
#[derive(Clone, Debug)]
pub(crate) struct CommandLine<'a> {
    /// Its octets, without the line end.
    pub(crate) octets: &'a [u8],
    words: Vec<&'a [u8]>,
}

impl<'a> CommandLine<'a> {
    pub(crate) fn new(octets: &'a [u8]) -> Self {
        Self { octets, words: octets.split(|octet| *octet == b' ').collect() }
    }

    /// The keyword, in any letter case.
    pub(crate) fn keyword(&self) -> Option<Keyword> {
        Keyword::from_word(self.word(0))
    }

    pub(crate) fn is(&self, keyword: Keyword) -> bool {
        self.keyword() == Some(keyword)
    }

    /// The word at an index, 0 being the keyword; empty when there is none.
    pub(crate) fn word(&self, index: usize) -> &'a [u8] {
        self.words.get(index).copied().unwrap_or_default()
    }

    pub(crate) fn arguments(&self) -> &[&'a [u8]] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The words behind the keyword, as text; empty when they are no text.
    pub(crate) fn text(&self) -> &'a str {
        let rest = self.octets.get(self.word(0).len() + 1..).unwrap_or_default();
        std::str::from_utf8(rest).unwrap_or_default()
    }

    /// The argument as a number.
    pub(crate) fn count(&self, index: usize) -> Option<u64> {
        std::str::from_utf8(self.word(index)).ok()?.parse().ok()
    }

    /// The first argument as a message-number.
    pub(crate) fn number(&self) -> Option<MessageNumber> {
        MessageNumber::new(u32::try_from(self.count(1)?).ok()?)
    }

    /// Whether the command is this one, for all messages.
    pub(crate) fn is_for_all(&self, keyword: Keyword) -> bool {
        self.is(keyword) && self.arguments().is_empty()
    }

    /// Whether the command is this one, for one message.
    pub(crate) fn is_for_one(&self, keyword: Keyword) -> bool {
        self.is(keyword) && self.arguments().len() == 1
    }
}

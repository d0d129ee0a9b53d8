//! Response codes (RFC 2449 section 8): a client ignores what it does not know.

use pop3_proto::command::Keyword;

use super::text::{first_line, set_first_line};
use crate::fault::{Filter, OnReply};

/// The response code of a reply, brackets left out, and what stands around it.
fn code(reply: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let line = first_line(reply);
    let start = line.iter().position(|octet| *octet == b' ')? + 1;
    let (status, text) = line.split_at_checked(start)?;
    let code = text.strip_prefix(b"[")?;
    let end = code.iter().position(|octet| *octet == b']')?;
    let (code, rest) = code.split_at_checked(end)?;
    Some((status, code, rest.get(1..)?))
}

fn change(reply: &mut Vec<u8>, change: fn(&[u8]) -> Vec<u8>) {
    if let Some((status, old, rest)) = code(reply) {
        let line = [status, b"[", &change(old), b"]", rest].concat();
        set_first_line(reply, &line);
    }
}

pub(super) fn detailed() -> Box<dyn Filter> {
    Box::new(OnReply(|_, reply, _| change(reply, |code| [code, b"/X-DETAIL/7"].concat())))
}

pub(super) fn lower_case() -> Box<dyn Filter> {
    Box::new(OnReply(|_, reply, _| change(reply, <[u8]>::to_ascii_lowercase)))
}

/// Where a reply has no code and its text bears no meaning, it gets one.
pub(super) fn unknown() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| {
        use Keyword as K;
        let meaningless =
            matches!(line.keyword(), Some(K::User | K::Pass | K::Noop | K::Rset | K::Dele | K::Retr | K::Quit));
        let status: &[u8] = match reply.get(..4) {
            Some(b"-ERR") => b"-ERR",
            Some(b"+OK " | b"+OK\r") if meaningless => b"+OK",
            _ => return,
        };
        if code(reply).is_none() {
            let text = first_line(reply).get(status.len()..).unwrap_or_default().to_vec();
            set_first_line(reply, &[status, b" [X-POP3SPEC/NOTE]", &text].concat());
        }
    }))
}
